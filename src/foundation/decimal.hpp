#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace saldo::foundation {

/// An exact decimal number of at most four places: a unit price, a discount, a tax rate.
///
/// Value = units() / 10'000. Two decimals of one value are equal however they were written (19, 19.0, 19.0000).
class Decimal {
  public:
    static constexpr int places = 4;
    static constexpr std::int64_t scale = 10'000;
    /// Largest magnitude that is read: 10^14, so that a price times a quantity of up to 10^9 fits 128 bits with ease
    /// and a sum of lines never overflows unnoticed.
    static constexpr std::int64_t units_max = 1'000'000'000'000'000'000;

    constexpr Decimal() = default;
    static constexpr Decimal of_units(std::int64_t units) { return Decimal{units}; }

    /// Reads a JSON number token: `-?digits[.digits]`, at most four places after trailing zeros are dropped. Nothing
    /// for an exponent, a leading zero, more places, or a magnitude beyond `units_max`.
    static std::optional<Decimal> parse(std::string_view token);

    constexpr std::int64_t units() const { return units_; }
    /// The fewest digits that say the value: `170`, `33.8`, `0`, `-2.95`.
    std::string text() const;

    constexpr bool is_negative() const { return units_ < 0; }
    constexpr bool is_zero() const { return units_ == 0; }

    constexpr auto operator<=>(const Decimal&) const = default;
    constexpr bool operator==(const Decimal&) const = default;

    /// Sum and opposite; throw BrokenInvariant on overflow.
    Decimal operator+(Decimal other) const;
    Decimal operator-() const;

  private:
    constexpr explicit Decimal(std::int64_t units) : units_(units) {}
    std::int64_t units_ = 0;
};

/// Writes `value / 10^places` with the fewest decimals that say it.
std::string decimal_text(std::int64_t value, int places);

}  // namespace saldo::foundation
