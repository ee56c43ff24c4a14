#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "http/request_parser.hpp"

// The letters of HTTP, for those who read heads and bodies. What everybody needs of it is told by request_parser.hpp.

namespace saldo::http {

constexpr char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

constexpr bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// How many of the first characters could be a token's.
std::size_t token_length(std::string_view text);

/// `Name: value`; nothing if the line is none (RFC 9112 section 5).
std::optional<Field> read_field(std::string_view line);

/// The comma-separated elements of a field's value, without the empty ones.
template <class Visit>
void each_element(std::string_view list, Visit&& visit) {
    while (true) {
        const auto comma = list.find(',');
        if (const auto element = trimmed(list.substr(0, comma)); !element.empty()) visit(element);
        if (comma == std::string_view::npos) return;
        list.remove_prefix(comma + 1);
    }
}

}  // namespace saldo::http
