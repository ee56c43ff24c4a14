#include "http/client_address.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <ranges>
#include <stdexcept>

namespace saldo::http {
namespace {

constexpr std::array<std::uint8_t, 12> ipv4_prefix = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};

bool is_ipv4(const IpAddress& address) {
    return std::ranges::equal(ipv4_prefix, address.bytes | std::views::take(12));
}

bool starts_alike(const IpAddress& left, const IpAddress& right, int bits) {
    const auto whole = static_cast<std::size_t>(bits / 8);
    if (!std::equal(left.bytes.begin(), left.bytes.begin() + static_cast<std::ptrdiff_t>(whole), right.bytes.begin())) {
        return false;
    }
    const int rest = bits % 8;
    return rest == 0 || (left.bytes[whole] >> (8 - rest)) == (right.bytes[whole] >> (8 - rest));
}

std::string_view last_element(std::string_view& list) {
    const auto comma = list.rfind(',');
    const auto element = trimmed(comma == std::string_view::npos ? list : list.substr(comma + 1));
    list = comma == std::string_view::npos ? std::string_view{} : list.substr(0, comma);
    return element;
}

std::optional<Scheme> forwarded_scheme(const Head& head) {
    for (const auto& field : head.fields | std::views::reverse) {
        if (!equal_names(field.name, "x-forwarded-proto")) continue;
        auto list = field.value;
        const auto nearest = last_element(list);
        if (equal_names(nearest, "https")) return Scheme::https;
        if (equal_names(nearest, "http")) return Scheme::http;
        return std::nullopt;
    }
    return std::nullopt;
}

IpAddress forwarded_address(const IpAddress& peer, const Head& head, const TrustedProxies& proxies) {
    IpAddress nearest = peer;
    for (const auto& field : head.fields | std::views::reverse) {
        if (!equal_names(field.name, "x-forwarded-for")) continue;
        auto list = field.value;
        while (!list.empty()) {
            if (!proxies.trusts(nearest)) return nearest;
            const auto hop = IpAddress::parse(last_element(list));
            if (!hop) return nearest;
            nearest = *hop;
        }
    }
    return nearest;
}

}  // namespace

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
    std::array<char, INET6_ADDRSTRLEN> terminated{};
    if (text.size() >= terminated.size()) return std::nullopt;
    std::ranges::copy(text, terminated.begin());
    IpAddress address;
    if (inet_pton(AF_INET6, terminated.data(), address.bytes.data()) == 1) return address;
    std::ranges::copy(ipv4_prefix, address.bytes.begin());
    if (inet_pton(AF_INET, terminated.data(), address.bytes.data() + ipv4_prefix.size()) == 1) return address;
    return std::nullopt;
}

std::string IpAddress::text() const {
    std::array<char, INET6_ADDRSTRLEN> out{};
    const bool v4 = is_ipv4(*this);
    inet_ntop(v4 ? AF_INET : AF_INET6, bytes.data() + (v4 ? ipv4_prefix.size() : 0), out.data(), out.size());
    return out.data();
}

TrustedProxies::TrustedProxies(const std::vector<std::string>& networks) {
    for (const std::string_view network : networks) {
        const auto slash = network.find('/');
        const auto address = IpAddress::parse(network.substr(0, slash));
        if (!address) throw std::invalid_argument("not an address or a network: " + std::string(network));
        const int bits_max = is_ipv4(*address) ? 32 : 128;
        int bits = bits_max;
        if (slash != std::string_view::npos) {
            const auto* end = network.data() + network.size();
            const auto [read, error] = std::from_chars(network.data() + slash + 1, end, bits);
            if (error != std::errc{} || read != end || bits < 0 || bits > bits_max) {
                throw std::invalid_argument("not an address or a network: " + std::string(network));
            }
        }
        networks_.push_back({*address, bits + 128 - bits_max});
    }
}

bool TrustedProxies::trusts(const IpAddress& address) const {
    return std::ranges::any_of(
        networks_, [&](const Network& network) { return starts_alike(network.address, address, network.prefix_bits); });
}

Client client_of(const IpAddress& peer, Scheme scheme, const Head& head, const TrustedProxies& proxies) {
    if (!proxies.trusts(peer)) return {peer.text(), scheme};
    return {forwarded_address(peer, head, proxies).text(), forwarded_scheme(head).value_or(scheme)};
}

}  // namespace saldo::http
