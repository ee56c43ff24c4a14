#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "foundation/decimal.hpp"

namespace saldo::foundation {

/// A currency of ISO 4217 by its three letters, with the number of decimals its amounts have.
class Currency {
  public:
    constexpr Currency() = default;
    /// The currency of that code; nothing for a code that is not in ISO 4217's list of currencies in use.
    static std::optional<Currency> parse(std::string_view code);

    std::string_view code() const { return {code_.data(), code_.size()}; }
    int decimals() const { return decimals_; }
    bool operator==(const Currency&) const = default;

  private:
    std::array<char, 3> code_{'E', 'U', 'R'};
    int decimals_ = 2;
};

/// An exact amount: whole minor units (cents) of one currency.
///
/// Amounts of different currencies never meet: `+ - <=>` throw BrokenInvariant, as they do on overflow.
class Money {
  public:
    Money() = default;
    Money(std::int64_t minor, Currency currency) : minor_(minor), currency_(currency) {}
    static Money zero(Currency currency) { return {0, currency}; }

    /// Largest magnitude read from outside: 10 billion of the major unit of a two-decimal currency. Sums of a
    /// purchase's whole life stay far below the limit of 64 bits.
    static constexpr std::int64_t minor_max = 1'000'000'000'000;

    /// Reads a JSON number token in major units. Nothing if it has more decimals than the currency, an exponent, or is
    /// out of range.
    static std::optional<Money> parse(std::string_view token, Currency currency);

    std::int64_t minor() const { return minor_; }
    Currency currency() const { return currency_; }
    bool is_zero() const { return minor_ == 0; }
    bool is_negative() const { return minor_ < 0; }
    bool is_positive() const { return minor_ > 0; }
    /// The fewest decimals that say the amount: `170`, `33.8`, `0`, `-25`.
    std::string text() const { return decimal_text(minor_, currency_.decimals()); }

    Money operator+(Money other) const;
    Money operator-(Money other) const;
    Money operator-() const;
    Money& operator+=(Money other) { return *this = *this + other; }
    Money& operator-=(Money other) { return *this = *this - other; }
    std::strong_ordering operator<=>(Money other) const;
    bool operator==(const Money&) const = default;

  private:
    std::int64_t minor_ = 0;
    Currency currency_{};
};

/// A line's total: (unit price + unit discount) x quantity, rounded once to the minor unit, half away from zero.
/// (Seed 002: `gross_total_price = (gross_unit_price + gross_unit_discount) * quantity`; the discount is negative.)
Money line_total(Decimal unit_price, Decimal unit_discount, std::int64_t quantity, Currency currency);

/// The decimal as an amount, rounded half away from zero.
Money rounded(Decimal value, Currency currency);

}  // namespace saldo::foundation
