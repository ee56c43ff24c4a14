#include "ledger/instalments.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "ledger/direct_debit.hpp"
#include "terms/instalment_offer.hpp"

namespace saldo::ledger {

using foundation::Day;
using foundation::ensure;
using foundation::Money;
using foundation::Outcome;
using terms::InstalmentPlan;
using terms::PlanRefusal;

namespace {

Refusal refusal_of(PlanRefusal refusal) {
    switch (refusal) {
        case PlanRefusal::number_of_instalments_not_allowed:
            return Refusal::number_of_instalments_not_allowed;
        case PlanRefusal::payment_day_not_allowed:
            return Refusal::payment_day_not_allowed;
        case PlanRefusal::credit_too_small_for_the_number:
            return Refusal::credit_too_small_for_the_number;
        case PlanRefusal::never_repaid:
            return Refusal::never_repaid;
        case PlanRefusal::wished_rate_too_low:
            return Refusal::wished_rate_too_low;
        case PlanRefusal::instalment_too_low:
            return Refusal::instalment_too_low;
        case PlanRefusal::effective_rate_too_high:
            return Refusal::effective_rate_too_high;
        case PlanRefusal::interest_rate_too_high:
        case PlanRefusal::credit_not_positive:
        case PlanRefusal::credit_too_high:
        case PlanRefusal::currency_not_of_the_terms:
            return Refusal::payment_method_not_allowed;
    }
    std::unreachable();
}

/// What of the service charge stands: charged, less what was given back.
Money service_charge_of(const Transaction& transaction) {
    Money sum = Money::zero(transaction.currency());
    for (const auto& fee : transaction.fees)
        if (fee.what.type == FeeType::service_charge || fee.what.type == FeeType::service_charge_return)
            sum += fee.what.gross;
    return sum;
}

/// When each instalment is planned to be collected. Empty where nothing is.
std::vector<Day> collection_days(const Transaction& transaction, const InstalmentPlan& plan, Day made_on) {
    const auto& terms = transaction.authorisation.terms.direct_debit;
    std::vector<Day> days;
    if (!terms) return days;
    for (const terms::Instalment& one : plan.instalments) days.push_back(first_try_on(*terms, one.due, made_on));
    return days;
}

std::optional<Money> kept_or_nothing(Money interest) {
    return interest.is_zero() ? std::nullopt : std::optional(interest);
}

/// The end of the plan: its interest goes back but for what is kept, the service charge as far as it had not. Empty
/// where there is no plan.
Decision end_of_plan(const Transaction& transaction, Day on, Money interest_kept) {
    const InstalmentPlan* plan = transaction.newest_plan();
    if (!plan) return {};
    return {{PlanEnded{.interest = interest_kept - plan->interest(),
                       .service_charge = -service_charge_of(transaction),
                       .interest_kept = kept_or_nothing(interest_kept)},
             std::max(on, plan->created)}};
}

}  // namespace

Outcome<AgreedInstalments, Refusal> agree(const terms::InstalmentTerms& terms, const WantedInstalments& wanted,
                                          Money gross, Day today) {
    ensure(wanted.number.has_value() != wanted.amount.has_value(), "who wants instalments says how many or how high");
    // The law changes nothing in the numbers.
    const auto offers = terms::offers(terms, {},
                                      {.calculated = today,
                                       .credit = gross,
                                       .instalments = wanted.number,
                                       .wished_rate = wanted.amount,
                                       .payment_day = wanted.payment_day});
    if (!offers) return std::unexpected(refusal_of(offers.error()));
    const InstalmentPlan& plan = offers->front().plan;
    return AgreedInstalments{
        .number = plan.number_agreed, .payment_day = plan.payment_day, .effective_rate = plan.effective_rate};
}

int paid_instalments(const Transaction& transaction) {
    const InstalmentPlan* plan = transaction.newest_plan();
    if (!plan) return 0;
    Money left = Money::zero(transaction.currency());
    for (const auto& settlement : transaction.settlements)
        left += settlement.what.type == SettlementType::debit ? settlement.what.amount : -settlement.what.amount;
    for (const auto& change : transaction.plan_changes)
        if (change.what.unscheduled) left -= *change.what.unscheduled;
    int paid = 0;
    for (const terms::Instalment& instalment : plan->instalments) {
        left -= instalment.total();
        if (left.is_negative()) break;
        ++paid;
    }
    return paid;
}

Decision withdrawal_of_plan(const Transaction& transaction, Day declared, Day today) {
    const InstalmentPlan* plan = transaction.newest_plan();
    if (!plan) return {};
    const terms::InstalmentTerms& terms = *transaction.authorisation.terms.instalments;
    const Money zero = Money::zero(transaction.currency());
    const bool runs = terms.interest_on_withdrawal == terms::InterestOnWithdrawal::until_withdrawal;
    return end_of_plan(transaction, today, runs ? terms::interest_run(terms, *plan, declared) : zero);
}

Decision interest_given_back(const Transaction& transaction, Day today, Money returned) {
    const auto& changes = transaction.plan_changes;
    if (changes.empty() || !changes.back().what.interest_kept) return {};
    auto end = std::prev(changes.end());  // of the plan; changes after it took off what came back
    while (!std::prev(end)->what.plan) --end;
    const InstalmentPlan& plan = *std::prev(end)->what.plan;
    for (const BasketChange& change : transaction.changes)
        if (change.kind == BasketChange::Kind::refund && change.seq > end->seq) returned += change.operation().gross;
    const Money kept = *changes.back().what.interest_kept;
    const Money left = terms::interest_on_rest(*end->what.interest_kept, plan.credit, returned);
    if (left == kept) return {};
    return {{PlanEnded{.interest = left - kept,
                       .service_charge = Money::zero(transaction.currency()),
                       .interest_kept = kept_or_nothing(left)},
             std::max(today, changes.back().value_date)}};
}

Outcome<Decision, terms::ReplanRefusal> replan(const Transaction& transaction, Day on,
                                               const decltype(terms::Replan::change)& change) {
    const terms::InstalmentTerms& terms = *transaction.authorisation.terms.instalments;
    const InstalmentPlan* before = transaction.newest_plan();
    if (!before) {
        const auto* credit = std::get_if<terms::FurtherCredit>(&change);
        ensure(credit != nullptr, "a plan begins with goods shipped");
        const AgreedInstalments& agreed = *transaction.authorisation.instalments;
        InstalmentPlan plan = terms::plan_as_agreed(terms, {.calculated = on,
                                                            .credit = credit->amount,
                                                            .instalments = agreed.number,
                                                            .payment_day = agreed.payment_day,
                                                            .effective_rate = agreed.effective_rate});
        const Money interest = plan.interest();
        const Money charge = plan.service_charge();
        std::vector<Day> collect_on = collection_days(transaction, plan, on);
        return Decision{{PlanMade{.plan = std::move(plan),
                                  .interest = interest,
                                  .service_charge = charge,
                                  .unscheduled = {},
                                  .collect_on = std::move(collect_on)},
                         on}};
    }
    const Day day = std::max(on, before->created);
    auto made = terms::replan(terms, *before, {.on = day, .paid = paid_instalments(transaction), .change = change});
    if (!made) return std::unexpected(made.error());
    if (!*made) return end_of_plan(transaction, day, Money::zero(transaction.currency()));
    const Money interest = (*made)->interest() - before->interest();
    const auto* extra = std::get_if<terms::UnscheduledPayment>(&change);
    std::vector<Day> collect_on = collection_days(transaction, **made, day);
    return Decision{{PlanMade{.plan = **std::move(made),
                              .interest = interest,
                              .service_charge = Money::zero(transaction.currency()),
                              .unscheduled = extra ? std::optional(extra->amount) : std::nullopt,
                              .collect_on = std::move(collect_on)},
                     day}};
}

}  // namespace saldo::ledger
