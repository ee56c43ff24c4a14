#include "foundation/money.hpp"

#include <algorithm>
#include <iterator>

#include "foundation/outcome.hpp"

namespace saldo::foundation {

namespace {

/// Every active alphabetic code of ISO 4217 (list one), in order; the digit after it is the number of decimals.
constexpr std::string_view currencies[] = {
    "AED2", "AFN2", "ALL2", "AMD2", "AOA2", "ARS2", "AUD2", "AWG2", "AZN2", "BAM2", "BBD2", "BDT2", "BHD3",
    "BIF0", "BMD2", "BND2", "BOB2", "BRL2", "BSD2", "BTN2", "BWP2", "BYN2", "BZD2", "CAD2", "CDF2", "CHF2",
    "CLP0", "CNY2", "COP2", "CRC2", "CUP2", "CVE2", "CZK2", "DJF0", "DKK2", "DOP2", "DZD2", "EGP2", "ERN2",
    "ETB2", "EUR2", "FJD2", "FKP2", "GBP2", "GEL2", "GHS2", "GIP2", "GMD2", "GNF0", "GTQ2", "GYD2", "HKD2",
    "HNL2", "HTG2", "HUF2", "IDR2", "ILS2", "INR2", "IQD3", "IRR2", "ISK0", "JMD2", "JOD3", "JPY0", "KES2",
    "KGS2", "KHR2", "KMF0", "KPW2", "KRW0", "KWD3", "KYD2", "KZT2", "LAK2", "LBP2", "LKR2", "LRD2", "LSL2",
    "LYD3", "MAD2", "MDL2", "MGA2", "MKD2", "MMK2", "MNT2", "MOP2", "MRU2", "MUR2", "MVR2", "MWK2", "MXN2",
    "MYR2", "MZN2", "NAD2", "NGN2", "NIO2", "NOK2", "NPR2", "NZD2", "OMR3", "PAB2", "PEN2", "PGK2", "PHP2",
    "PKR2", "PLN2", "PYG0", "QAR2", "RON2", "RSD2", "RUB2", "RWF0", "SAR2", "SBD2", "SCR2", "SDG2", "SEK2",
    "SGD2", "SHP2", "SLE2", "SOS2", "SRD2", "SSP2", "STN2", "SVC2", "SYP2", "SZL2", "THB2", "TJS2", "TMT2",
    "TND3", "TOP2", "TRY2", "TTD2", "TWD2", "TZS2", "UAH2", "UGX0", "USD2", "UYU2", "UZS2", "VED2", "VES2",
    "VND0", "VUV0", "WST2", "XAD2", "XAF0", "XCD2", "XCG2", "XOF0", "XPF0", "YER2", "ZAR2", "ZMW2", "ZWG2",
};

std::int64_t power_of_ten(int exponent) {
    std::int64_t result = 1;
    for (int i = 0; i < exponent; ++i) result *= 10;
    return result;
}

__extension__ typedef __int128 Wide;

/// `numerator / denominator` to the nearest whole, halves away from zero. Requires denominator > 0.
Wide divide_half_up(Wide numerator, Wide denominator) {
    const Wide towards_zero = numerator / denominator;
    const Wide rest = numerator % denominator;
    if ((rest < 0 ? -rest : rest) * 2 < denominator) return towards_zero;
    return rest < 0 ? towards_zero - 1 : towards_zero + 1;
}

/// Decimal's units in one minor unit of the currency. No currency has more decimals than a Decimal has places.
std::int64_t units_per_minor(Currency currency) {
    return Decimal::scale / power_of_ten(currency.decimals());
}

Money money_of_units(Wide units, Currency currency) {
    const Wide minor = divide_half_up(units, units_per_minor(currency));
    ensure(minor <= INT64_MAX && minor >= INT64_MIN, "an amount overflows");
    return {static_cast<std::int64_t>(minor), currency};
}

void ensure_same(Money left, Money right) {
    ensure(left.currency() == right.currency(), "amounts of two currencies meet");
}

}  // namespace

std::optional<Currency> Currency::parse(std::string_view code) {
    if (code.size() != 3) return std::nullopt;
    const auto* found =
        std::lower_bound(std::begin(currencies), std::end(currencies), code,
                         [](std::string_view entry, std::string_view wanted) { return entry.substr(0, 3) < wanted; });
    if (found == std::end(currencies) || found->substr(0, 3) != code) return std::nullopt;
    Currency currency;
    std::copy(code.begin(), code.end(), currency.code_.begin());
    currency.decimals_ = (*found)[3] - '0';
    return currency;
}

std::optional<Money> Money::parse(std::string_view token, Currency currency) {
    const std::optional<Decimal> decimal = Decimal::parse(token);
    if (!decimal) return std::nullopt;
    const std::int64_t step = units_per_minor(currency);
    if (decimal->units() % step != 0) return std::nullopt;
    const std::int64_t minor = decimal->units() / step;
    if (minor > minor_max || minor < -minor_max) return std::nullopt;
    return Money{minor, currency};
}

Money Money::operator+(Money other) const {
    ensure_same(*this, other);
    std::int64_t sum = 0;
    ensure(!__builtin_add_overflow(minor_, other.minor_, &sum), "a sum of amounts overflows");
    return {sum, currency_};
}

Money Money::operator-(Money other) const {
    ensure_same(*this, other);
    std::int64_t difference = 0;
    ensure(!__builtin_sub_overflow(minor_, other.minor_, &difference), "a difference of amounts overflows");
    return {difference, currency_};
}

Money Money::operator-() const {
    ensure(minor_ != INT64_MIN, "the opposite of an amount overflows");
    return {-minor_, currency_};
}

std::strong_ordering Money::operator<=>(Money other) const {
    ensure_same(*this, other);
    return minor_ <=> other.minor_;
}

Money line_total(Decimal unit_price, Decimal unit_discount, std::int64_t quantity, Currency currency) {
    const Wide unit = static_cast<Wide>(unit_price.units()) + unit_discount.units();
    Wide units = 0;
    ensure(!__builtin_mul_overflow(unit, static_cast<Wide>(quantity), &units), "a line's total overflows");
    return money_of_units(units, currency);
}

Money rounded(Decimal value, Currency currency) {
    return money_of_units(value.units(), currency);
}

}  // namespace saldo::foundation
