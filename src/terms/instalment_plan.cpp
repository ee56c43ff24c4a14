#include "terms/instalment_plan.hpp"

#include <algorithm>
#include <utility>

#include "terms/day_count.hpp"
#include "terms/precision.hpp"
#include "terms/schedule.hpp"

namespace saldo::terms {

using foundation::Day;
using foundation::Days;
using foundation::Decimal;
using foundation::Money;
using foundation::Outcome;

namespace {

template <class Values>
bool holds(const Values& values, int value) {
    return std::ranges::find(values, value) != values.end();
}

/// What both kinds of wish share.
struct Wish {
    Day calculated;
    Money credit;
    int payment_day;
};

std::optional<PlanRefusal> refusal_of(const InstalmentTerms& terms, const Wish& wish, foundation::Currency currency,
                                      std::optional<int> instalments) {
    if (!wish.credit.is_positive()) return PlanRefusal::credit_not_positive;
    if (wish.credit.minor() > Money::minor_max) return PlanRefusal::credit_too_high;
    if (wish.credit.currency() != terms.service_charge.currency() || currency != wish.credit.currency())
        return PlanRefusal::currency_not_of_the_terms;
    if (instalments &&
        (*instalments < 1 || *instalments > instalments_max || !holds(terms.months_allowed, *instalments)))
        return PlanRefusal::number_of_instalments_not_allowed;
    if (!holds(terms.payment_days, wish.payment_day)) return PlanRefusal::payment_day_not_allowed;
    if (terms.interest_rate > terms.interest_rate_max) return PlanRefusal::interest_rate_too_high;
    return std::nullopt;
}

/// The plan of a wish that nothing speaks against, without a look at the limits for what comes out.
Outcome<InstalmentPlan, PlanRefusal> make(const InstalmentTerms& terms, const Wish& wish, int count) {
    if (wish.credit.minor() < count) return std::unexpected(PlanRefusal::credit_too_small_for_the_number);
    const Day first = first_due_date(wish.calculated, wish.payment_day, terms.days_to_first_due_min);
    const ScheduleRequest request{.convention = terms.convention,
                                  .interest_rate = terms.interest_rate,
                                  .running = {{wish.calculated, wish.credit}},
                                  .begins_with_drawdown = true,
                                  .due = due_dates(first, wish.payment_day, count),
                                  .kept_instalment = std::nullopt};
    const std::vector<Part> parts = schedule(request);
    if (parts.empty()) return std::unexpected(PlanRefusal::never_repaid);

    const foundation::Currency currency = wish.credit.currency();
    const std::vector<Money> fees = spread(terms.service_charge, parts.size());
    InstalmentPlan plan{.created = wish.calculated,
                        .credit = wish.credit,
                        .payment_day = wish.payment_day,
                        .number_agreed = count,
                        .interest_rate = terms.interest_rate,
                        .effective_rate = {},
                        .instalments = {},
                        .running = request.running};
    plan.instalments.reserve(parts.size());
    for (std::size_t i = 0; i < parts.size(); ++i)
        plan.instalments.push_back({.due = request.due[i],
                                    .interest = Money{parts[i].interest, currency},
                                    .repayment = Money{parts[i].repayment, currency},
                                    .fee = fees[i],
                                    .unscheduled = Money::zero(currency),
                                    .residual = Money::zero(currency)});
    number_and_balance(plan.credit, plan.instalments);
    return plan;
}

Outcome<InstalmentPlan, PlanRefusal> within_limits(const InstalmentTerms& terms, InstalmentPlan plan) {
    if (plan.instalments.front().total() < terms.instalment_min)
        return std::unexpected(PlanRefusal::instalment_too_low);
    const auto rate = effective_rate_of(terms.apr_time, plan.created, plan.credit, plan.instalments);
    if (!rate || (terms.effective_rate_max && *rate > *terms.effective_rate_max))
        return std::unexpected(PlanRefusal::effective_rate_too_high);
    plan.effective_rate = *rate;
    return plan;
}

/// Whether the wished rate is more than the interest of a month, so that some number of instalments repays the credit.
bool repays(const InstalmentTerms& terms, Money credit, Money wished_rate) {
    return without_doubt([&]<class Real>() -> std::optional<bool> {
        const Bounded<Real> rate = Bounded<Real>::ratio(terms.interest_rate.units(), 100 * Decimal::scale);
        const Bounded<Real> month = terms.convention == PlanConvention::gateway
                                        ? power(Bounded<Real>{1} + rate, 1, 12) - Bounded<Real>{1}
                                        : rate / Bounded<Real>{12};
        const auto side = sign(Bounded<Real>{wished_rate.minor()} - Bounded<Real>{credit.minor()} * month);
        return side ? std::optional{*side > 0} : std::nullopt;
    });
}

Money sum_of(const std::vector<Instalment>& instalments, Money Instalment::* part, foundation::Currency currency) {
    Money sum = Money::zero(currency);
    for (const Instalment& one : instalments) sum += one.*part;
    return sum;
}

}  // namespace

std::vector<std::string> faults_of(const InstalmentTerms& terms) {
    std::vector<std::string> faults;
    const auto refuse_if = [&](bool wrong, const char* what) {
        if (wrong) faults.emplace_back(what);
    };
    constexpr std::int64_t percent_max = 1000 * Decimal::scale;
    constexpr int days_max = 366;
    const auto outside = [](int low, int high) { return [=](int value) { return value < low || value > high; }; };
    refuse_if(terms.interest_rate.is_negative(), "interest_rate is at least 0");
    refuse_if(terms.interest_rate > terms.interest_rate_max, "interest_rate is at most interest_rate_max");
    refuse_if(terms.interest_rate_max.units() > percent_max, "interest_rate_max is at most 1000");
    refuse_if(terms.effective_rate_max && terms.effective_rate_max->is_negative(), "effective_rate_max is at least 0");
    refuse_if(terms.service_charge.is_negative(), "service_charge is at least 0");
    refuse_if(terms.instalment_min.is_negative(), "instalment_min is at least 0");
    refuse_if(terms.instalment_min.currency() != terms.service_charge.currency(),
              "service_charge and instalment_min are of one currency");
    refuse_if(terms.months_allowed.empty(), "months_allowed: at least one number is needed");
    refuse_if(std::ranges::any_of(terms.months_allowed, outside(1, instalments_max)),
              "months_allowed: each is 1 to 120");
    refuse_if(
        !std::ranges::is_sorted(terms.months_allowed, std::ranges::less_equal{}) && terms.months_allowed.size() > 1,
        "months_allowed rise");
    refuse_if(terms.payment_days.empty(), "payment_days: at least one day is needed");
    refuse_if(std::ranges::any_of(terms.payment_days, outside(1, 31)), "payment_days: each is 1 to 31");
    refuse_if(outside(0, days_max)(terms.days_to_first_due_min), "days_to_first_due_min is 0 to 366");
    return faults;
}

Money InstalmentPlan::interest() const {
    return sum_of(instalments, &Instalment::interest, credit.currency());
}

Money InstalmentPlan::service_charge() const {
    return sum_of(instalments, &Instalment::fee, credit.currency());
}

std::vector<Day> due_dates(Day first_due, int payment_day, int count) {
    const std::chrono::year_month_day first{first_due};
    std::vector<Day> dates;
    dates.reserve(static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i) {
        const std::chrono::year_month month = first.year() / first.month() + std::chrono::months{i};
        const std::chrono::year_month_day date = month / std::chrono::day{static_cast<unsigned>(payment_day)};
        dates.push_back(date.ok() ? Day{date} : Day{month / std::chrono::last});
    }
    return dates;
}

Day first_due_date(Day calculated, int payment_day, int days_min) {
    const Day earliest = calculated + Days{days_min};
    const std::vector<Day> candidates = due_dates(earliest, payment_day, 2);
    return candidates.front() >= earliest ? candidates.front() : candidates.back();
}

Outcome<InstalmentPlan, PlanRefusal> plan_by_number(const InstalmentTerms& terms, const PlanByNumber& wish) {
    const Wish shared{wish.calculated, wish.credit, wish.payment_day};
    if (const auto refusal = refusal_of(terms, shared, wish.credit.currency(), wish.instalments))
        return std::unexpected(*refusal);
    auto plan = make(terms, shared, wish.instalments);
    return plan ? within_limits(terms, *std::move(plan)) : plan;
}

InstalmentPlan plan_as_agreed(const InstalmentTerms& terms, const PlanAsAgreed& agreed) {
    foundation::ensure(agreed.credit.is_positive(), "a plan repays something");
    const Wish wish{agreed.calculated, agreed.credit, agreed.payment_day};
    for (int count = agreed.instalments; count >= 1; --count) {
        auto plan = make(terms, wish, count);
        if (!plan) continue;
        plan->number_agreed = agreed.instalments;
        plan->effective_rate = effective_rate_of(terms.apr_time, plan->created, plan->credit, plan->instalments)
                                   .value_or(agreed.effective_rate);
        return *std::move(plan);
    }
    foundation::ensure(false, "one instalment repays everything");
    std::unreachable();
}

Outcome<InstalmentPlan, PlanRefusal> plan_by_rate(const InstalmentTerms& terms, const PlanByRate& wish) {
    const Wish shared{wish.calculated, wish.credit, wish.payment_day};
    if (const auto refusal = refusal_of(terms, shared, wish.wished_rate.currency(), std::nullopt))
        return std::unexpected(*refusal);
    if (!repays(terms, wish.credit, wish.wished_rate)) return std::unexpected(PlanRefusal::never_repaid);
    for (const int count : terms.months_allowed) {
        auto plan = make(terms, shared, count);
        if (plan && plan->instalments.front().total() <= wish.wished_rate)
            return within_limits(terms, *std::move(plan));
    }
    return std::unexpected(PlanRefusal::wished_rate_too_low);
}

Decimal monthly_rate(PlanConvention convention, Decimal interest_rate) {
    const std::int64_t hundredths = without_doubt([&]<class Real>() {
        const Bounded<Real> rate = Bounded<Real>::ratio(interest_rate.units(), 100 * Decimal::scale);
        const Bounded<Real> month = convention == PlanConvention::gateway
                                        ? power(Bounded<Real>{1} + rate, 1, 12) - Bounded<Real>{1}
                                        : rate / Bounded<Real>{12};
        return whole(month * Bounded<Real>{10'000}, Rounding::half_up);
    });
    return Decimal::of_units(hundredths * (Decimal::scale / 100));
}

}  // namespace saldo::terms
