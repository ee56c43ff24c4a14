#include "ledger/basket.hpp"

#include <algorithm>
#include <set>

namespace saldo::ledger {

using foundation::Currency;
using foundation::Decimal;
using foundation::Money;

namespace {

/// What a sum over so many units may be off.
Money allowed_difference(std::int64_t units, Currency currency) {
    return foundation::line_total(Decimal::of_units(2 * Decimal::scale / 100), Decimal{}, units, currency);
}

bool fits(Money given, Money computed, std::int64_t units) {
    const Money allowed = allowed_difference(units, given.currency());
    return given - computed <= allowed && computed - given <= allowed;
}

}  // namespace

Money Line::total_of(std::int64_t part, Currency currency) const {
    return foundation::line_total(gross_unit_price, gross_unit_discount.value_or(Decimal{}), part, currency);
}

bool has_repeated_rate(const std::vector<Vat>& vats) {
    std::set<foundation::Decimal> rates;
    return std::ranges::any_of(vats, [&](const Vat& vat) { return !rates.insert(vat.tax_rate).second; });
}

bool adds_up(const std::vector<Line>& lines, Money gross) {
    if (lines.empty()) return true;
    const Currency currency = gross.currency();
    Money computed = Money::zero(currency);
    std::int64_t units = 0;
    for (const Line& line : lines) {
        const Money total = line.total(currency);
        if (line.gross_total_price &&
            !fits(foundation::rounded(*line.gross_total_price, currency), total, line.quantity))
            return false;
        computed += total;
        units += line.quantity;
    }
    return fits(gross, computed, units);
}

}  // namespace saldo::ledger
