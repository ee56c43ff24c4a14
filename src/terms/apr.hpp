#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "foundation/calendar.hpp"
#include "foundation/decimal.hpp"
#include "foundation/outcome.hpp"

namespace saldo::terms {

/// How the time between two dates is measured for the effective annual rate.
enum class AprTimeRule {
    eu_remark_c,  ///< whole periods counted back from the later date, the rest in days (Directive 2008/48/EC, Annex I)
    actual_365,   ///< days over 365
};

/// `eu`, `act/365`: names for settings and explanations, both ways.
std::string_view name_of(AprTimeRule rule);
std::optional<AprTimeRule> apr_time_rule(std::string_view name);

/// The period that the intervals of a credit are counted in: that of its payments.
enum class PeriodUnit { year, month, week };

/// The unit called `year`, `month`, `week`.
std::optional<PeriodUnit> period_unit(std::string_view name);

/// A time from the first drawdown: months / 12 + weeks / 52 + days / days_in_year. Negative before it.
struct Interval {
    int months = 0;
    int weeks = 0;
    int days = 0;
    int days_in_year = 365;
    bool operator==(const Interval&) const = default;
};

/// The interval by the rule.
///
/// Remark (c) as the Commission's services read it (SWD(2012)128, 4.1.1): a whole number of periods has no days; else
/// whole periods are counted back from the later date, and the days before them are days of the year that ends with
/// them. A day of the month that does not exist is the month's last.
Interval interval_between(AprTimeRule rule, PeriodUnit unit, foundation::Day from, foundation::Day to);

/// Money that moves between creditor and consumer: positive to the consumer (a drawdown), negative from them (a
/// payment).
struct CashFlow {
    foundation::Decimal amount;
    Interval at;
    bool operator==(const CashFlow&) const = default;
};

/// Why cash flows have no effective rate.
enum class AprRefusal {
    no_drawdown,   ///< nothing goes to the consumer
    no_payment,    ///< nothing comes back
    no_solution,   ///< no rate makes both sides equal
    out_of_range,  ///< the rate is above 10^30 percent or nearer to -100 percent than a number of it says
};

/// `NO_DRAWDOWN`, and a sentence that says why.
std::string_view name_of(AprRefusal refusal);
std::string_view explain(AprRefusal refusal);

/// The effective annual rate X in percent: sum of amounts x (1 + X)^-t = 0, rounded once, half up, from the unrounded
/// root to `places` decimals (0 to 12). Where several rates solve it, the one nearest to zero. Written with the fewest
/// digits: `6.434412`, `19.4`, `0`.
foundation::Outcome<std::string, AprRefusal> effective_rate_text(std::span<const CashFlow> flows, int places);

/// The same as a decimal, of at most four places; out_of_range above what a Decimal says.
foundation::Outcome<foundation::Decimal, AprRefusal> effective_rate(std::span<const CashFlow> flows, int places);

}  // namespace saldo::terms
