#include "terms/schedule.hpp"

#include <cstddef>
#include <utility>

#include "terms/day_count.hpp"

namespace saldo::terms {

using foundation::Day;
using foundation::Decimal;
using foundation::ensure;
using foundation::Money;
using foundation::Outcome;

namespace {

struct Period {
    Day begin;
    Day end;
    bool begins_with_drawdown = false;
};

std::int64_t days(Day from, Day to) {
    return (to - from).count();
}

template <class Real>
Bounded<Real> rate_of(Decimal percent) {
    return Bounded<Real>::ratio(percent.units(), 100 * Decimal::scale);
}

template <class Real>
Bounded<Real> share_of_year(DayCount rule, Day from, Day to) {
    const YearFraction fraction = year_fraction(rule, from, to);
    return Bounded<Real>::ratio(fraction.numerator, fraction.denominator);
}

/// What one unit of debt has grown to at a day of the period.
template <class Real>
Bounded<Real> growth(PlanConvention convention, const Bounded<Real>& rate, const Period& period, Day at) {
    const Bounded<Real> one{1};
    switch (convention) {
        case PlanConvention::gateway:
            if (at == period.begin) return Bounded<Real>{1};
            if (period.begins_with_drawdown) return power(one + rate, days(period.begin, at) + 1, 365);
            if (at == period.end) return power(one + rate, 1, 12);
            return power(one + rate, days(period.begin, at), 12 * days(period.begin, period.end));
        case PlanConvention::nominal_monthly:
            return one + rate * Bounded<Real>::ratio(days(period.begin, at), 12 * days(period.begin, period.end));
        case PlanConvention::thirty_360:
            return one + rate * share_of_year<Real>(DayCount::thirty_e_360_isda, period.begin, at);
        case PlanConvention::actual_365:
            return one + rate * share_of_year<Real>(DayCount::actual_365_fixed, period.begin, at);
        case PlanConvention::actual_actual:
            return one + rate * share_of_year<Real>(DayCount::actual_actual_day_end, period.begin, at);
    }
    std::unreachable();
}

/// Interest in cents on the principal's steps from the beginning of the first period to a day in it. The gateway's rate
/// is an effective one: there interest bears interest within the period too, so that a step that changes nothing
/// changes nothing.
template <class Real>
Bounded<Real> interest_until(const ScheduleRequest& request, Day until) {
    const Bounded<Real> rate = rate_of<Real>(request.interest_rate);
    const Period period{request.running.front().from, request.due.front(), request.begins_with_drawdown};
    Bounded<Real> interest{0};
    Bounded<Real> grown{1};
    if (until <= period.begin) return interest;
    for (std::size_t i = 0; i < request.running.size(); ++i) {
        const bool is_last = i + 1 == request.running.size();
        const Day step_end = is_last ? until : std::min(until, request.running[i + 1].from);
        const Bounded<Real> principal{request.running[i].principal.minor()};
        const Bounded<Real> grows_to = growth(request.convention, rate, period, step_end);
        if (request.convention == PlanConvention::gateway)
            interest = (principal + interest) * (grows_to / grown) - principal;
        else
            interest = interest + principal * (grows_to - grown);
        grown = grows_to;
        if (step_end == until) break;
    }
    return interest;
}

CentRules rules_of(const ScheduleRequest& request) {
    if (request.convention != PlanConvention::gateway) return {.last = LastInstalment::evened};
    // Free of interest the gateway rounds half up: 2000 in 24 instalments of 83.33.
    return {.instalment = request.interest_rate.is_zero() ? Rounding::half_up : Rounding::up,
            .interest = InterestRounding::in_the_total};
}

template <class Real>
std::optional<std::vector<Part>> parts_of(const ScheduleRequest& request) {
    const Bounded<Real> rate = rate_of<Real>(request.interest_rate);
    const Bounded<Real> first_interest = interest_until<Real>(request, request.due.front());
    const std::int64_t debt = request.running.back().principal.minor();
    if (debt == 0) {
        const auto interest = whole(first_interest, Rounding::half_up);
        return interest ? std::optional{std::vector<Part>{{*interest, 0}}} : std::nullopt;
    }
    std::vector<Bounded<Real>> later_rates;
    later_rates.reserve(request.due.size() - 1);
    for (std::size_t i = 1; i < request.due.size(); ++i) {
        // Equal months: one power for all.
        const bool as_before = i > 1 && (request.convention == PlanConvention::gateway ||
                                         request.convention == PlanConvention::nominal_monthly);
        const Period period{request.due[i - 1], request.due[i]};
        later_rates.push_back(as_before ? later_rates.back()
                                        : growth(request.convention, rate, period, period.end) - Bounded<Real>{1});
    }
    const Amortisation<Real> amortisation{debt, first_interest, later_rates, rules_of(request)};
    return request.kept_instalment ? amortisation.parts_keeping(request.kept_instalment->minor())
                                   : amortisation.parts();
}

}  // namespace

std::vector<Part> schedule(const ScheduleRequest& request) {
    return without_doubt([&]<class Real>() { return parts_of<Real>(request); });
}

Money accrued_interest(const ScheduleRequest& request, Day until) {
    const std::int64_t minor =
        without_doubt([&]<class Real>() { return whole(interest_until<Real>(request, until), Rounding::half_up); });
    return {minor, request.running.back().principal.currency()};
}

std::vector<Money> spread(Money amount, std::size_t count) {
    const auto parts = static_cast<std::int64_t>(count);
    const std::int64_t up = (amount.minor() + parts - 1) / parts;
    const std::int64_t part = up * (parts - 1) <= amount.minor() ? up : amount.minor() / parts;
    std::vector<Money> amounts(count, Money{part, amount.currency()});
    if (count > 0) amounts.back() = Money{amount.minor() - part * (parts - 1), amount.currency()};
    return amounts;
}

std::vector<CashFlow> cash_flows_of(AprTimeRule rule, Day day, Money debt, const std::vector<Instalment>& instalments) {
    // Which unit an amount has does not matter to the rate: cents are as good.
    const auto flow = [](std::int64_t minor, Interval at) { return CashFlow{Decimal::of_units(minor), at}; };
    std::vector<CashFlow> flows{flow(debt.minor(), {})};
    flows.reserve(instalments.size() + 1);
    for (const Instalment& one : instalments)
        flows.push_back(flow(-one.total().minor(), interval_between(rule, PeriodUnit::month, day, one.due)));
    return flows;
}

Outcome<Decimal, AprRefusal> effective_rate_of(AprTimeRule rule, Day day, Money debt,
                                               const std::vector<Instalment>& instalments) {
    return effective_rate(cash_flows_of(rule, day, debt, instalments), 2);
}

void number_and_balance(Money credit, std::vector<Instalment>& instalments) {
    Money left = credit;
    int number = 0;
    for (Instalment& one : instalments) {
        one.number = ++number;
        left -= one.repayment + one.unscheduled;
        one.residual = left;
    }
    ensure(left.is_zero(), "a plan does not repay its credit");
}

}  // namespace saldo::terms
