#include "foundation/json_cursor.hpp"

#include <simdjson.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "foundation/outcome.hpp"

namespace saldo::foundation {

namespace {

constexpr std::uint64_t ones = 0x0101010101010101U, tops = ones << 7U;

/// Whether eight octets hold a quote, a backslash or a control character: where a plain run of a string ends.
bool has_end(std::uint64_t octets) {
    const auto has_zero = [](std::uint64_t word) { return (word - ones) & ~word & tops; };
    const std::uint64_t has_control = (octets - ones * 0x20U) & ~octets & tops;
    return (has_control | has_zero(octets ^ ones * '"') | has_zero(octets ^ ones * '\\')) != 0;
}

bool is_plain(char c) {
    return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\';
}

const char* end_of_plain(const char* at, const char* end) {
    std::uint64_t octets = 0;
    for (; end - at >= static_cast<std::ptrdiff_t>(sizeof octets); at += sizeof octets) {
        std::memcpy(&octets, at, sizeof octets);
        if (has_end(octets)) break;
    }
    while (at != end && is_plain(*at)) ++at;
    return at;
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

void put(std::string& out, char32_t point) {
    const auto tail = [&](int shift) { out += static_cast<char>(0x80U | (point >> shift & 0x3FU)); };
    if (point < 0x80) {
        out += static_cast<char>(point);
    } else if (point < 0x800) {
        out += static_cast<char>(0xC0U | point >> 6U);
        tail(0);
    } else if (point < 0x1'0000) {
        out += static_cast<char>(0xE0U | point >> 12U);
        tail(6);
        tail(0);
    } else {
        out += static_cast<char>(0xF0U | point >> 18U);
        tail(12);
        tail(6);
        tail(0);
    }
}

}  // namespace

JsonCursor::JsonCursor(std::string_view text) : at_(text.data()), end_(text.data() + text.size()), is_first_(true) {
    if (!simdjson::validate_utf8(text)) refuse("is not valid UTF-8");
}

std::string_view JsonCursor::string() {
    if (at_ == end_ || *at_ != '"') refuse("has no text where one belongs");
    const char* const from = ++at_;
    at_ = end_of_plain(at_, end_);
    is_first_ = false;
    if (at_ != end_ && *at_ == '"') return {from, static_cast<std::size_t>(at_++ - from)};
    return unescaped(from);
}

std::string_view JsonCursor::unescaped(const char* from) {
    resolved_.clear();
    while (true) {
        resolved_.append(from, at_);
        if (at_ == end_) refuse("has a text that is not closed");
        const char mark = *at_++;
        if (mark == '"') return resolved_;
        if (mark != '\\' || at_ == end_) refuse("has a character in a text that JSON forbids there");
        constexpr std::string_view letters = "\"\\/bfnrtu", meanings = "\"\\/\b\f\n\r\t";
        const std::size_t escape = letters.find(*at_++);
        if (escape == std::string_view::npos) refuse("has an escape that JSON does not know");
        if (escape < meanings.size())
            resolved_ += meanings[escape];
        else
            put(resolved_, code_point());
        from = at_;
        at_ = end_of_plain(at_, end_);
    }
}

char32_t JsonCursor::four_hex_digits() {
    constexpr std::ptrdiff_t digits = 4;
    std::uint32_t value = 0;
    if (end_ - at_ < digits) refuse("has a text that is not closed");
    const auto [rest, error] = std::from_chars(at_, at_ + digits, value, 16);
    if (error != std::errc{} || rest != at_ + digits) refuse("has an escape that JSON does not know");
    at_ = rest;
    return value;
}

/// Behind `\u`: a character beyond the first 65,536 is written as two halves.
char32_t JsonCursor::code_point() {
    const char32_t first = four_hex_digits();
    if (first < 0xD800 || first > 0xDFFF) return first;
    const bool is_high = first < 0xDC00;
    if (!is_high || !take("\\u")) refuse("has half a character");
    const char32_t second = four_hex_digits();
    if (second < 0xDC00 || second > 0xDFFF) refuse("has half a character");
    return 0x1'0000 + ((first - 0xD800) << 10U) + (second - 0xDC00);
}

std::int64_t JsonCursor::integer() {
    const char* const digits = at_ != end_ && *at_ == '-' ? at_ + 1 : at_;
    std::int64_t value = 0;
    const auto [rest, error] = std::from_chars(at_, end_, value);
    if (error != std::errc{} || (*digits == '0' && rest != digits + 1)) refuse("has no whole number where one belongs");
    at_ = rest;  // what is no digit is found to be out of place by the next call
    is_first_ = false;
    return value;
}

Decimal JsonCursor::decimal() {
    const char* const rest = std::find_if_not(at_, end_, [](char c) { return is_digit(c) || c == '-' || c == '.'; });
    const auto value = Decimal::parse({at_, static_cast<std::size_t>(rest - at_)});
    if (!value) refuse("has no decimal number where one belongs");
    at_ = rest;
    is_first_ = false;
    return *value;
}

bool JsonCursor::boolean() {
    is_first_ = false;
    if (take("true")) return true;
    if (take("false")) return false;
    refuse("has no truth value where one belongs");
}

bool JsonCursor::take(std::string_view token) {
    if (!std::string_view(at_, static_cast<std::size_t>(end_ - at_)).starts_with(token)) return false;
    at_ += token.size();
    return true;
}

void JsonCursor::refuse(std::string_view what) {
    ensure(false, "a stored text " + std::string(what));
    std::unreachable();
}

}  // namespace saldo::foundation
