#include "gateway/public_address.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <cstddef>

namespace saldo::gateway {

namespace {

template <std::size_t size>
struct Network {
    std::array<std::uint8_t, size> address;
    int bits;
};

template <std::size_t size>
bool contains(const Network<size>& network, const std::array<std::uint8_t, size>& address) {
    const auto whole = static_cast<std::size_t>(network.bits / 8);
    if (!std::equal(address.begin(), address.begin() + static_cast<std::ptrdiff_t>(whole), network.address.begin()))
        return false;
    const int rest = network.bits % 8;
    return rest == 0 || (address.at(whole) ^ network.address.at(whole)) >> (8 - rest) == 0;
}

// iana-ipv4-special-registry: every block that is not globally reachable, and those whose only use is between routers.
constexpr std::array<Network<4>, 16> special_ipv4{{
    {{0, 0, 0, 0}, 8},        // this network
    {{10, 0, 0, 0}, 8},       // private
    {{100, 64, 0, 0}, 10},    // shared with the provider's own network
    {{127, 0, 0, 0}, 8},      // loopback
    {{169, 254, 0, 0}, 16},   // link-local; metadata servers
    {{172, 16, 0, 0}, 12},    // private
    {{192, 0, 0, 0}, 24},     // protocol assignments
    {{192, 0, 2, 0}, 24},     // documentation
    {{192, 31, 196, 0}, 24},  // AS112
    {{192, 88, 99, 0}, 24},   // what 6to4 relays were
    {{192, 168, 0, 0}, 16},   // private
    {{198, 18, 0, 0}, 15},    // benchmarks
    {{198, 51, 100, 0}, 24},  // documentation
    {{203, 0, 113, 0}, 24},   // documentation
    {{224, 0, 0, 0}, 4},      // multicast
    {{240, 0, 0, 0}, 4},      // reserved, and broadcast
}};

constexpr Network<16> global_unicast{{0x20}, 3};
constexpr Network<16> mapped_ipv4{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF}, 96};
constexpr Network<16> nat64{{0, 0x64, 0xFF, 0x9B}, 96};

// iana-ipv6-special-registry, as far as it lies within global unicast.
constexpr std::array<Network<16>, 4> special_ipv6{{
    {{0x20, 0x01, 0x00}, 23},        // protocol assignments; Teredo, whose addresses hide others
    {{0x20, 0x01, 0x0D, 0xB8}, 32},  // documentation
    {{0x20, 0x02}, 16},              // 6to4, whose addresses hide others
    {{0x3F, 0xFF, 0x00}, 20},        // documentation
}};

}  // namespace

bool is_public_address(const Ipv4Address& address) {
    return std::ranges::none_of(special_ipv4, [&](const auto& network) { return contains(network, address); });
}

bool is_public_address(const Ipv6Address& address) {
    if (contains(mapped_ipv4, address) || contains(nat64, address))
        return is_public_address(Ipv4Address{address[12], address[13], address[14], address[15]});
    return contains(global_unicast, address) &&
           std::ranges::none_of(special_ipv6, [&](const auto& network) { return contains(network, address); });
}

bool is_public_address(const std::string& text) {
    Ipv4Address ipv4{};
    if (::inet_pton(AF_INET, text.c_str(), ipv4.data()) == 1) return is_public_address(ipv4);
    Ipv6Address ipv6{};
    return ::inet_pton(AF_INET6, text.c_str(), ipv6.data()) == 1 && is_public_address(ipv6);
}

}  // namespace saldo::gateway
