#include "terms/apr.hpp"

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include "terms/day_count.hpp"
#include "terms/precision.hpp"

namespace saldo::terms {

using foundation::Day;
using foundation::Days;
using foundation::Decimal;
using foundation::Outcome;

namespace {

/// ln(1 + X) is sought between these: X up to some 10^30.
constexpr Quick log_max = 70;

/// Months from one to the other by their names, whatever the days.
int months_between(Day from, Day to) {
    const std::chrono::year_month_day begin{from};
    const std::chrono::year_month_day end{to};
    return static_cast<int>(((end.year() / end.month()) - (begin.year() / begin.month())).count());
}

Interval weeks_and_days(int days, Day from) {
    const int rest = days % 7;
    return {.weeks = days / 7, .days = rest, .days_in_year = rest == 0 ? 365 : days_of_year_ending(from + Days{rest})};
}

Interval by_remark_c(PeriodUnit unit, Day from, Day to) {
    const int days = static_cast<int>((to - from).count());
    if (unit == PeriodUnit::week) return weeks_and_days(days, from);

    const int step = unit == PeriodUnit::year ? 12 : 1;
    int periods = months_between(from, to) / step;
    // Seen from the drawdown, a missing day makes the payment earlier: 31 January to 28 February is a month.
    if (months_later(from, step * periods) == to) return {.months = step * periods};
    if (months_later(to, -step * periods) < from) --periods;
    const Day whole_from = months_later(to, -step * periods);
    const int rest = static_cast<int>((whole_from - from).count());
    return {.months = step * periods, .days = rest, .days_in_year = rest == 0 ? 365 : days_of_year_ending(whole_from)};
}

/// All money at one time. `units` is the sum of the amounts.
struct Term {
    Interval at;
    std::int64_t units;
    Quick years;  // near enough for a slope; values are made from the interval itself
};

Quick years_of(const Interval& at) {
    return static_cast<Quick>(at.months) / 12 + static_cast<Quick>(at.weeks) / 52 +
           static_cast<Quick>(at.days) / static_cast<Quick>(at.days_in_year);
}

/// Flows of one time are one term; they come in an order in which each power is a small step from the one before.
std::vector<Term> terms_of(std::span<const CashFlow> flows) {
    std::vector<Term> terms;
    terms.reserve(flows.size());
    for (const CashFlow& flow : flows) {
        Interval at = flow.at;
        if (at.days == 0) at.days_in_year = 365;
        terms.push_back({at, flow.amount.units(), years_of(at)});
    }
    const auto key = [](const Term& term) {
        return std::tuple{term.at.days_in_year, term.at.weeks, term.at.days, term.at.months};
    };
    std::ranges::sort(terms, {}, key);
    std::vector<Term> sums;
    sums.reserve(terms.size());
    for (const Term& term : terms) {
        if (!sums.empty() && sums.back().at == term.at)
            sums.back().units = (Decimal::of_units(sums.back().units) + Decimal::of_units(term.units)).units();
        else
            sums.push_back(term);
    }
    std::erase_if(sums, [](const Term& term) { return term.units == 0; });
    return sums;
}

/// q^0, q^1, q^2 ... of one base, taken mostly in rising order.
template <class Number>
class Powers {
  public:
    explicit Powers(Number base) : base_(std::move(base)) {}

    const Number& at(int exponent) {
        if (exponent != exponent_) {
            power_ =
                exponent > exponent_ ? power_ * whole_power(base_, exponent - exponent_) : whole_power(base_, exponent);
            exponent_ = exponent;
        }
        return power_;
    }

  private:
    Number base_;
    Number power_{1};
    int exponent_ = 0;
};

/// (1 + X)^(-1 / parts): the growth of a part of a year, backwards.
template <class Real>
Bounded<Real> discount(const Bounded<Real>& growth, std::int64_t parts) {
    return power(growth, -1, parts);
}

/// The same of a plain number, by ln(1 + X): what Newton's steps are taken in.
template <class Real>
struct Logarithm {
    Real log;
};
template <class Real>
Real discount(const Logarithm<Real>& growth, std::int64_t parts) {
    using std::exp;
    return exp(Real(-growth.log / Real(parts)));
}

/// Calls `visit` with each term and its present value at a yearly growth of 1 + X.
template <class Growth, class Visit>
void each_present_value(const std::vector<Term>& terms, const Growth& growth, const Visit& visit) {
    using Number = decltype(discount(growth, 1));
    Powers<Number> months{discount(growth, 12)};
    std::optional<Powers<Number>> weeks;
    std::optional<Powers<Number>> days;
    int days_in_year = 0;
    for (const Term& term : terms) {
        Number value = Number(term.units) * months.at(term.at.months);
        if (term.at.weeks != 0) {
            if (!weeks) weeks.emplace(discount(growth, 52));
            value = value * weeks->at(term.at.weeks);
        }
        if (term.at.days != 0) {
            if (term.at.days_in_year != std::exchange(days_in_year, term.at.days_in_year))
                days.emplace(discount(growth, days_in_year));
            value = value * days->at(term.at.days);
        }
        visit(term, value);
    }
}

template <class Growth>
auto present_value(const std::vector<Term>& terms, const Growth& growth) {
    decltype(discount(growth, 1)) sum{0};
    each_present_value(terms, growth, [&](const Term&, const auto& value) { sum = sum + value; });
    return sum;
}

template <class Real>
struct Slope {
    Real value = 0;
    Real slope = 0;  // by ln(1 + X)
};

template <class Real>
Slope<Real> slope_at(const std::vector<Term>& terms, const Real& log_growth) {
    Slope<Real> at;
    each_present_value(terms, Logarithm<Real>{log_growth}, [&](const Term& term, const Real& value) {
        at.value += value;
        at.slope -= value * Real(term.years);
    });
    return at;
}

int sign_of(Quick value) {
    return value > 0 ? 1 : value < 0 ? -1 : 0;
}

/// Two places of ln(1 + X) between which the present value changes its sign.
struct Bracket {
    Quick near_zero;
    Quick far;
    int far_sign;
};

/// With one change of sign along the time there is exactly one root (Descartes' rule, for any real exponents), on the
/// side of zero that the balance tells: steps that double find it. With more, small steps are taken outwards from zero
/// on both sides, and the nearest change wins.
Outcome<Bracket, AprRefusal> bracket(const std::vector<Term>& terms, int balance_sign) {
    std::vector<Term> in_time = terms;
    std::ranges::sort(in_time, {}, &Term::years);
    int changes = 0;
    for (std::size_t i = 1; i < in_time.size(); ++i) changes += (in_time[i].units < 0) != (in_time[i - 1].units < 0);
    if (changes == 0) return std::unexpected(AprRefusal::no_solution);

    const int first_sign = in_time.front().units < 0 ? -1 : 1;
    const bool above = changes > 1 || balance_sign != first_sign;
    const bool below = changes > 1 || balance_sign == first_sign;
    const Slope<Quick> start = slope_at<Quick>(terms, 0);
    const Quick guess = start.slope == 0 ? 1 : std::abs(start.value / start.slope);
    const Quick factor = changes == 1 ? 2.0L : 1.05L;
    const Quick first = changes == 1 ? std::clamp(2 * guess, 1e-12L, 1.0L) : 1e-5L;
    Quick before = 0;
    for (Quick at = first; before < log_max; before = at, at = std::min(at * factor, log_max)) {
        for (const int side : {1, -1}) {
            if (!(side > 0 ? above : below)) continue;
            const Quick far = static_cast<Quick>(side) * at;
            const int sign = sign_of(present_value(terms, Logarithm<Quick>{far}));
            if (sign == -balance_sign) return Bracket{static_cast<Quick>(side) * before, far, sign};
        }
    }
    return std::unexpected(changes == 1 ? AprRefusal::out_of_range : AprRefusal::no_solution);
}

/// Newton's steps, each kept inside the bracket.
Quick root_within(const std::vector<Term>& terms, const Bracket& bracket) {
    Quick low = std::min(bracket.near_zero, bracket.far);
    Quick high = std::max(bracket.near_zero, bracket.far);
    const int high_sign = bracket.far > bracket.near_zero ? bracket.far_sign : -bracket.far_sign;
    Quick at = (low + high) / 2;
    constexpr int steps_max = 200;
    for (int i = 0; i < steps_max; ++i) {
        const Slope<Quick> here = slope_at<Quick>(terms, at);
        if (here.value == 0) return at;
        (sign_of(here.value) == high_sign ? high : low) = at;
        Quick next = here.slope == 0 ? low : at - here.value / here.slope;
        if (!(next > low && next < high)) next = (low + high) / 2;
        // Each step doubles the digits: after one as small as this the next would change nothing that matters.
        if (std::abs(next - at) <= 1e-11L * std::abs(at)) return next;
        at = next;
    }
    return at;
}

template <class Real>
Real sharpened(const std::vector<Term>& terms, Quick root) {
    if constexpr (std::same_as<Real, Quick>) {
        return std::exp(root);
    } else {
        // Each step doubles the digits that are right: 20, 40, 50.
        Real at = root;
        for (int i = 0; i < 4; ++i) {
            const Slope<Real> here = slope_at<Real>(terms, at);
            if (here.slope == 0) break;
            at -= here.value / here.slope;
        }
        return exp(at);
    }
}

/// The rate in units of 10^-places percent, if its rounding is beyond doubt.
///
/// Not the root is rounded but two questions are asked: whether it lies above the lower, and below the upper end of
/// what rounds to a number. The ends are exact, so are the answers.
template <class Real>
std::optional<Real> scaled_rate(const std::vector<Term>& terms, Quick root, int sign_above, int places) {
    using std::floor;
    Real scale = 100;
    for (int i = 0; i < places; ++i) scale *= 10;
    // Numbers up to here are exact, their neighbours and halves too.
    const Real exact_max = std::same_as<Real, Quick> ? Real(1e18L) : Real(1e45L);
    Real candidate = floor(Real((sharpened<Real>(terms, root) - 1) * scale + Real(0.5L)));
    if (candidate > exact_max) return std::nullopt;

    /// Where the rate of `halves` / (2 scale) lies seen from the root: 1 above, -1 below, 0 at it.
    const auto side_of = [&](const Real& halves) -> std::optional<int> {
        const Real numerator = 2 * scale + halves;
        if (numerator <= 0) return -1;
        const Bounded<Real> growth = Bounded<Real>{numerator, 0} / Bounded<Real>{Real(2 * scale), 0};
        const auto side = sign(present_value(terms, growth));
        return side ? std::optional{*side * sign_above} : std::nullopt;
    };
    constexpr int neighbours_max = 8;
    for (int i = 0; i < neighbours_max; ++i) {
        const auto lower = side_of(2 * candidate - 1);
        const auto upper = side_of(2 * candidate + 1);
        if (!lower || !upper) return std::nullopt;
        if (*lower > 0)
            candidate -= 1;
        else if (*upper <= 0)
            candidate += 1;
        else
            return candidate;
    }
    if constexpr (std::same_as<Real, Exact>) return candidate;
    return std::nullopt;
}

std::string whole_text(Quick whole) {
    return std::to_string(static_cast<std::int64_t>(whole));
}

std::string whole_text(const Exact& whole) {
    return static_cast<boost::multiprecision::cpp_int>(whole).str();
}

/// `digits` / 10^places with the fewest digits.
std::string with_point(std::string digits, int places) {
    const bool negative = digits.starts_with('-');
    if (negative) digits.erase(0, 1);
    const auto fraction = static_cast<std::size_t>(places);
    if (digits.size() <= fraction) digits.insert(0, fraction + 1 - digits.size(), '0');
    std::string text = digits.substr(0, digits.size() - fraction) + "." + digits.substr(digits.size() - fraction);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.ends_with('.')) text.pop_back();
    return negative && text != "0" ? "-" + text : text;
}

}  // namespace

Interval interval_between(AprTimeRule rule, PeriodUnit unit, Day from, Day to) {
    if (to < from) {
        const Interval later = interval_between(rule, unit, to, from);
        return {-later.months, -later.weeks, -later.days, later.days_in_year};
    }
    switch (rule) {
        case AprTimeRule::eu_remark_c:
            return by_remark_c(unit, from, to);
        case AprTimeRule::actual_365:
            return {.days = static_cast<int>((to - from).count())};
    }
    std::unreachable();
}

Outcome<std::string, AprRefusal> effective_rate_text(std::span<const CashFlow> flows, int places) {
    foundation::ensure(places >= 0 && places <= 12, "a rate has 0 to 12 decimals");
    if (std::ranges::none_of(flows, [](const CashFlow& flow) { return flow.amount.units() > 0; }))
        return std::unexpected(AprRefusal::no_drawdown);
    if (std::ranges::none_of(flows, [](const CashFlow& flow) { return flow.amount.units() < 0; }))
        return std::unexpected(AprRefusal::no_payment);

    const std::vector<Term> terms = terms_of(flows);
    Decimal balance;
    for (const Term& term : terms) balance = balance + Decimal::of_units(term.units);
    if (balance.is_zero()) return "0";

    const auto found = bracket(terms, balance.is_negative() ? -1 : 1);
    if (!found) return std::unexpected(found.error());
    const Quick root = root_within(terms, *found);
    const int sign_above = found->far > 0 ? found->far_sign : -found->far_sign;
    const std::string digits = without_doubt([&]<class Real>() -> std::optional<std::string> {
        const auto scaled = scaled_rate<Real>(terms, root, sign_above, places);
        if (!scaled) return std::nullopt;
        return whole_text(*scaled);
    });
    return with_point(digits, places);
}

Outcome<Decimal, AprRefusal> effective_rate(std::span<const CashFlow> flows, int places) {
    foundation::ensure(places >= 0 && places <= Decimal::places, "a decimal has 0 to 4 places");
    const auto text = effective_rate_text(flows, places);
    if (!text) return std::unexpected(text.error());
    const auto decimal = Decimal::parse(*text);
    if (!decimal) return std::unexpected(AprRefusal::out_of_range);
    return *decimal;
}

}  // namespace saldo::terms
