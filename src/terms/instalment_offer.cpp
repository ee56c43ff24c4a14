#include "terms/instalment_offer.hpp"

#include <utility>

#include "foundation/outcome.hpp"

namespace saldo::terms {

using foundation::Outcome;

InstalmentOffer offer_of(const InstalmentTerms& terms, CreditConditions conditions, const InstalmentPlan& plan) {
    foundation::ensure(!plan.instalments.empty(), "a plan has at least one instalment");
    const Instalment& first = plan.instalments.front();
    const Instalment& last = plan.instalments.back();
    const auto last_withdrawal = last_withdrawal_day(conditions.regime, plan.created);
    return {.conditions = std::move(conditions),
            .cash_price = plan.credit,
            .total_payable = plan.total(),
            .cost_of_credit = plan.fees(),
            .interest_rate = plan.interest_rate,
            .effective_rate = plan.effective_rate,
            .regular_rate = first.total(),
            .last_rate = last.total(),
            .first_due = first.due,
            .last_due = last.due,
            .last_withdrawal = last_withdrawal,
            .convention = terms.convention,
            .monthly_rate = monthly_rate(terms.convention, plan.interest_rate),
            .first_period_days = static_cast<int>((first.due - plan.created).count()),
            .apr_time = terms.apr_time,
            .first_interval = interval_between(terms.apr_time, PeriodUnit::month, plan.created, first.due),
            .plan = plan};
}

Outcome<std::vector<InstalmentOffer>, PlanRefusal> offers(const InstalmentTerms& terms,
                                                          const CreditConditions& conditions, const OfferWish& wish) {
    foundation::ensure(!wish.instalments || !wish.wished_rate, "a wish is for a number or for a rate");
    foundation::ensure(!terms.months_allowed.empty() && !terms.payment_days.empty(), "these terms offer nothing");
    const int payment_day = wish.payment_day.value_or(terms.payment_days.front());
    const auto of_number = [&](int count) {
        return plan_by_number(
            terms,
            {.calculated = wish.calculated, .credit = wish.credit, .instalments = count, .payment_day = payment_day});
    };
    const auto only =
        [&](const Outcome<InstalmentPlan, PlanRefusal>& plan) -> Outcome<std::vector<InstalmentOffer>, PlanRefusal> {
        if (!plan) return std::unexpected(plan.error());
        return std::vector{offer_of(terms, conditions, *plan)};
    };
    if (wish.instalments) return only(of_number(*wish.instalments));
    if (wish.wished_rate)
        return only(plan_by_rate(terms, {.calculated = wish.calculated,
                                         .credit = wish.credit,
                                         .wished_rate = *wish.wished_rate,
                                         .payment_day = payment_day}));
    std::vector<InstalmentOffer> found;
    std::optional<PlanRefusal> first_refusal;
    for (const int count : terms.months_allowed) {
        const auto plan = of_number(count);
        if (plan)
            found.push_back(offer_of(terms, conditions, *plan));
        else if (!first_refusal)
            first_refusal = plan.error();
    }
    if (found.empty()) return std::unexpected(first_refusal.value());
    return found;
}

}  // namespace saldo::terms
