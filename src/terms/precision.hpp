#pragma once

#include <boost/multiprecision/cpp_bin_float.hpp>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>

namespace saldo::terms {

/// The precision in which everything is computed first: at least 64 bits of mantissa, some 19 digits.
using Quick = long double;
static_assert(std::numeric_limits<Quick>::radix == 2 && std::numeric_limits<Quick>::digits >= 64);

/// The precision in which it is computed again where Quick cannot tell which way to round: 50 digits.
using Exact = boost::multiprecision::cpp_bin_float_50;

/// A real number known up to an error: |true value - value| <= error.
///
/// Every operation carries the bounds of its operands on and adds its own rounding, so that what is rounded to a cent
/// or to a digit in the end is rounded rightly or known to be in doubt. The basic operations of either precision are
/// rounded to the nearest, half an epsilon at most. A power is taken to be off by up to 16 epsilons (glibc documents 1
/// for powl, Boost.Multiprecision computes with guard digits). Twice these are counted, which pays for the rounding of
/// the bounds themselves.
template <class Real>
class Bounded {
  public:
    Bounded() = default;
    /// Exact: 64 bits hold every int64.
    explicit Bounded(std::int64_t whole) : value_(whole) {}
    Bounded(Real value, Real error) : value_(value), error_(error) {}

    static Bounded ratio(std::int64_t numerator, std::int64_t denominator) {
        return Bounded{numerator} / Bounded{denominator};
    }

    const Real& value() const { return value_; }
    const Real& error() const { return error_; }

    friend Bounded operator+(const Bounded& left, const Bounded& right) {
        const Real sum = left.value_ + right.value_;
        return {sum, left.error_ + right.error_ + rounding_of(sum)};
    }
    friend Bounded operator-(const Bounded& left, const Bounded& right) {
        const Real difference = left.value_ - right.value_;
        return {difference, left.error_ + right.error_ + rounding_of(difference)};
    }
    friend Bounded operator*(const Bounded& left, const Bounded& right) {
        const Real product = left.value_ * right.value_;
        return {product, magnitude(left.value_) * right.error_ +
                             left.error_ * (magnitude(right.value_) + right.error_) + rounding_of(product)};
    }
    /// Requires that the divisor is away from zero by more than its error.
    friend Bounded operator/(const Bounded& left, const Bounded& right) {
        const Real quotient = left.value_ / right.value_;
        return {quotient,
                (left.error_ + magnitude(quotient) * right.error_) / (magnitude(right.value_) - right.error_) +
                    rounding_of(quotient)};
    }

    /// base^(numerator/denominator). Requires 0 <= error < base / 2.
    friend Bounded power(const Bounded& base, std::int64_t numerator, std::int64_t denominator) {
        using std::log;
        using std::pow;
        if (numerator == 0) return Bounded{1};
        const Real exponent = Real(numerator) / Real(denominator);
        const Real result = pow(base.value_, exponent);
        // d(b^e) = b^e (e db/b + ln b de). The mean value lies within error / (value - error) of the base, and the
        // first order is doubled for what that moves the power; a relative error of that size is far below 1.
        const Real relative = Real(2) * (magnitude(exponent) * base.error_ / (base.value_ - base.error_) +
                                         magnitude(exponent * log(base.value_)) * epsilon());
        return {result, magnitude(result) * (relative + Real(32) * epsilon())};
    }

  private:
    static Real epsilon() { return std::numeric_limits<Real>::epsilon(); }
    static Real magnitude(const Real& real) { return real < 0 ? Real(-real) : real; }
    static Real rounding_of(const Real& result) { return magnitude(result) * epsilon(); }

    Real value_ = 0;
    Real error_ = 0;
};

/// base^exponent for a whole exponent, by squaring.
template <class Number>
Number whole_power(Number base, std::int64_t exponent) {
    if (exponent < 0) return Number{1} / whole_power(base, -exponent);
    Number result{1};
    for (; exponent > 0; exponent /= 2) {
        if (exponent % 2 == 1) result = result * base;
        if (exponent > 1) base = base * base;
    }
    return result;
}

/// Which way a number goes to the whole.
enum class Rounding { half_up, up, down };

/// The whole number that the true value rounds to (halves go up), as a Real without fraction.
///
/// In Quick nothing, where the error reaches across the place at which the rounding turns. In Exact such a value is
/// held to lie at that place: with 50 digits, amounts and rates of terms meet a tie or miss it by far more.
template <class Real>
std::optional<Real> rounded(const Bounded<Real>& number, Rounding rounding) {
    using std::ceil;
    using std::floor;
    const Real half = Real(1) / Real(2);
    const Real low = number.value() - number.error();
    const Real high = number.value() + number.error();
    const auto round = [&](const Real& real) -> Real {
        switch (rounding) {
            case Rounding::half_up:
                return floor(Real(real + half));
            case Rounding::up:
                return ceil(real);
            case Rounding::down:
                return floor(real);
        }
        return real;
    };
    if (round(low) == round(high)) return round(low);
    if constexpr (std::same_as<Real, Exact>) return rounding == Rounding::up ? round(low) : round(high);
    return std::nullopt;
}

/// The same as an int64. Requires that the number fits.
template <class Real>
std::optional<std::int64_t> whole(const Bounded<Real>& number, Rounding rounding) {
    const std::optional<Real> result = rounded(number, rounding);
    if (!result) return std::nullopt;
    return static_cast<std::int64_t>(*result);
}

/// -1, 0 or 1. In Quick nothing, where the error reaches across zero; in Exact such a value is zero.
template <class Real>
std::optional<int> sign(const Bounded<Real>& number) {
    if (number.value() > number.error()) return 1;
    if (number.value() < -number.error()) return -1;
    if constexpr (std::same_as<Real, Exact>) return 0;
    return std::nullopt;
}

/// What `compute` makes in Quick, or where that is in doubt (nothing) in Exact, which never is.
template <class Compute>
auto without_doubt(const Compute& compute) {
    if (auto quick = compute.template operator()<Quick>()) return *std::move(quick);
    return compute.template operator()<Exact>().value();
}

}  // namespace saldo::terms
