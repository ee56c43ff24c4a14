#include "foundation/decimal.hpp"

#include <charconv>

#include "foundation/outcome.hpp"

namespace saldo::foundation {

namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

}  // namespace

std::optional<Decimal> Decimal::parse(std::string_view token) {
    const bool negative = token.starts_with('-');
    if (negative) token.remove_prefix(1);

    const std::size_t dot = token.find('.');
    std::string_view whole = token.substr(0, dot);
    std::string_view fraction = dot == std::string_view::npos ? std::string_view{} : token.substr(dot + 1);
    if (whole.empty() || (whole.size() > 1 && whole.front() == '0')) return std::nullopt;
    if (dot != std::string_view::npos && fraction.empty()) return std::nullopt;
    for (char c : whole)
        if (!is_digit(c)) return std::nullopt;
    for (char c : fraction)
        if (!is_digit(c)) return std::nullopt;

    while (fraction.ends_with('0')) fraction.remove_suffix(1);
    if (fraction.size() > static_cast<std::size_t>(places) || whole.size() > 15) return std::nullopt;

    std::int64_t units = 0;
    std::from_chars(whole.data(), whole.data() + whole.size(), units);
    if (units > units_max / scale) return std::nullopt;
    for (int i = 0; i < places; ++i)
        units = units * 10 +
                (static_cast<std::size_t>(i) < fraction.size() ? fraction[static_cast<std::size_t>(i)] - '0' : 0);
    if (units > units_max) return std::nullopt;
    return Decimal{negative ? -units : units};
}

std::string Decimal::text() const {
    return decimal_text(units_, places);
}

Decimal Decimal::operator+(Decimal other) const {
    std::int64_t sum = 0;
    ensure(!__builtin_add_overflow(units_, other.units_, &sum), "a sum of decimals overflows");
    return Decimal{sum};
}

Decimal Decimal::operator-() const {
    ensure(units_ != INT64_MIN, "the opposite of a decimal overflows");
    return Decimal{-units_};
}

std::string decimal_text(std::int64_t value, int places) {
    // The magnitude is unsigned so that the smallest int64 has one too.
    std::uint64_t magnitude = value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
    char digits[48];
    char* end = digits + sizeof digits;
    char* at = end;
    bool significant = false;
    for (int i = 0; i < places; ++i) {
        const auto digit = static_cast<char>('0' + magnitude % 10);
        magnitude /= 10;
        significant = significant || digit != '0';
        if (significant) *--at = digit;
    }
    if (significant) *--at = '.';
    do {
        *--at = static_cast<char>('0' + magnitude % 10);
        magnitude /= 10;
    } while (magnitude != 0);
    if (value < 0) *--at = '-';
    return {at, end};
}

}  // namespace saldo::foundation
