#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "foundation/calendar.hpp"

namespace saldo::terms {

/// How a contract counts the days between two dates, and how long its year is.
enum class DayCount {
    actual_360,
    actual_365_fixed,
    actual_actual_isda,     ///< each calendar year's days by that year's length; a day belongs to its beginning
    actual_actual_day_end,  ///< the same, but a day belongs to its end: 31 December to 1 January is the new year's
    actual_actual_afb,      ///< whole years counted back from the end, the rest by 366 if it holds a 29 February
    thirty_360_bond_basis,  ///< the 31st as the 30th, at the end only behind a 30th or 31st
    thirty_e_360,           ///< the 31st as the 30th at either end
    thirty_e_360_isda,      ///< the last day of any month as the 30th, of February too: what German banks do
    thirty_360_us,          ///< bond basis, and the last of February as the 30th
};

/// A share of a year as an exact fraction. denominator > 0.
struct YearFraction {
    std::int64_t numerator = 0;
    std::int64_t denominator = 1;
    bool operator==(const YearFraction&) const = default;
};

/// Days from `from` to `to` as the rule counts them; negative when `to` lies before.
std::int64_t days_between(DayCount rule, foundation::Day from, foundation::Day to);

/// The years from `from` to `to` as the rule counts them; negative when `to` lies before.
YearFraction year_fraction(DayCount rule, foundation::Day from, foundation::Day to);

/// 366 if the year that ends with `day` holds a 29 February, else 365.
int days_of_year_ending(foundation::Day day);

/// The day `months` later in the calendar; a day of the month that does not exist becomes the month's last.
foundation::Day months_later(foundation::Day day, int months);

bool is_last_of_month(foundation::Day day);

}  // namespace saldo::terms
