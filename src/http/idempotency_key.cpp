#include "http/idempotency_key.hpp"

#include <algorithm>

namespace saldo::http {

using foundation::Outcome;

namespace {

constexpr std::string_view field = "Idempotency-Key";
constexpr std::size_t size_max = 64;

/// The content of a structured field's string (RFC 8941 section 3.3.3); nothing if it is none.
std::optional<std::string> unquoted(std::string_view text) {
    if (text.size() < 2 || text.back() != '"') return std::nullopt;
    std::string content;
    for (std::string_view rest = text.substr(1, text.size() - 2); !rest.empty(); rest.remove_prefix(1)) {
        if (rest[0] == '"') return std::nullopt;
        if (rest[0] == '\\') {
            rest.remove_prefix(1);
            if (rest.empty() || (rest[0] != '"' && rest[0] != '\\')) return std::nullopt;
        }
        content += rest[0];
    }
    return content;
}

bool is_key(std::string_view text) {
    return !text.empty() && text.size() <= size_max &&
           std::ranges::all_of(text, [](char c) { return c >= 0x21 && c <= 0x7e; });
}

}  // namespace

Outcome<std::optional<std::string>, KeyFault> idempotency_key_of(const Request& request) {
    const std::size_t count = request.header_count(field);
    if (count == 0) return std::nullopt;
    if (count > 1) return std::unexpected(KeyFault{"Idempotency-Key is there more than once."});
    const std::string_view value = request.header(field);
    auto key = value.starts_with('"') ? unquoted(value) : std::optional<std::string>(value);
    if (!key || !is_key(*key))
        return std::unexpected(KeyFault{"Idempotency-Key must have 1 to 64 visible ASCII characters."});
    return key;
}

}  // namespace saldo::http
