#include "http/api.hpp"

#include <algorithm>
#include <array>

namespace saldo::http {
namespace {

constexpr std::array all_apis{Api::payment,   Api::transaction_status, Api::order_status,
                              Api::pay_later, Api::hosted_page,        Api::saldo};

/// An audience is copied into its token, and a token has to fit into a header.
constexpr std::size_t audience_bytes_max = 512;

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_host_character(char c) {
    return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'z') || c == '-' || c == '.' || c == '_';
}

bool is_address_character(char c) {
    return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'f') || c == ':' || c == '.';
}

/// The rest of `url` behind its scheme; nothing unless that is http or https.
std::optional<std::string_view> without_scheme(std::string_view url) {
    for (const std::string_view scheme : {std::string_view("https://"), std::string_view("http://")}) {
        if (url.size() < scheme.size()) continue;
        const bool same =
            std::equal(scheme.begin(), scheme.end(), url.begin(), [](char a, char b) { return a == lower(b); });
        if (same) return url.substr(scheme.size());
    }
    return std::nullopt;
}

/// `name`, `name:port`, `[address]` or `[address]:port`.
bool is_host_and_port(std::string_view text) {
    if (text.starts_with('[')) {
        const auto end = text.find(']');
        if (end == std::string_view::npos || end == 1) return false;
        if (!std::ranges::all_of(text.substr(1, end - 1), is_address_character)) return false;
        text.remove_prefix(end + 1);
        if (text.empty()) return true;
        if (text[0] != ':') return false;
    } else {
        const auto name = text.substr(0, text.find(':'));
        if (name.empty() || !std::ranges::all_of(name, is_host_character)) return false;
        text.remove_prefix(name.size());
        if (text.empty()) return true;
    }
    const auto port = text.substr(1);
    return !port.empty() && port.size() <= 5 && std::ranges::all_of(port, is_digit);
}

}  // namespace

std::string_view audience_path(Api api) {
    switch (api) {
        case Api::payment:
            return "/transaction/management";
        case Api::transaction_status:
            return "/transaction/status/v2/transactions";
        case Api::order_status:
            return "/order/status/v2/transactions";
        case Api::pay_later:
            return "/paylater";
        case Api::hosted_page:
            return "";
        case Api::saldo:
            return "/saldo/v1";
    }
    return "";
}

std::optional<Api> api_of_audience(std::string_view url) {
    if (url.size() > audience_bytes_max) return std::nullopt;
    const auto rest = without_scheme(url);
    if (!rest) return std::nullopt;
    const auto authority = rest->substr(0, rest->find('/'));
    if (!is_host_and_port(authority)) return std::nullopt;
    auto path = rest->substr(authority.size());
    if (path == "/") path = "";
    const auto found = std::ranges::find(all_apis, path, audience_path);
    if (found == all_apis.end()) return std::nullopt;
    return *found;
}

}  // namespace saldo::http
