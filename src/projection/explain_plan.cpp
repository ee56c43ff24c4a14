#include "projection/explain_plan.hpp"

namespace saldo::projection {

using foundation::Day;
using ledger::PlanChange;
using ledger::Transaction;
using terms::InstalmentPlan;

namespace {

/// What the plan after says that the plan before did not.
std::string why_made(const InstalmentPlan* before, const PlanChange& change) {
    if (!change.plan && change.interest_kept)
        return "the buyer withdrew: of the interest " + change.interest_kept->text() +
               " is owed, which ran up to the withdrawal on what was not returned; the rest and the service charge are "
               "given back";
    if (!change.plan) return "nothing is left to be repaid by instalments: interest and service charge are given back";
    const InstalmentPlan& after = *change.plan;
    if (!before) return "goods were shipped: " + after.credit.text() + " is repaid as agreed";
    const std::string kept =
        "; instalments that were paid or had passed stay, the others are made anew on the same due dates, on the "
        "principal since " +
        foundation::day_text(after.running.front().from);
    if (change.unscheduled) return "the buyer paid " + change.unscheduled->text() + " beside the plan" + kept;
    if (after.credit < before->credit)
        return "goods of " + (before->credit - after.credit).text() + " came back, as if they had never been credit" +
               kept;
    return "goods of " + (after.credit - before->credit).text() + " more were shipped" + kept;
}

}  // namespace

std::optional<PlanExplanation> explain_plan(const Transaction& transaction, Day as_of) {
    PlanExplanation explanation;
    const InstalmentPlan* before = nullptr;
    for (const auto& change : transaction.plan_changes) {
        if (change.value_date > as_of) continue;
        const InstalmentPlan* plan = change.what.plan ? &*change.what.plan : nullptr;
        explanation.makings.push_back(
            {.seq = change.seq, .date = change.value_date, .why = why_made(before, change.what), .plan = plan});
        if (plan && !before) {
            const terms::InstalmentTerms& terms = *transaction.authorisation.terms.instalments;
            explanation.numbers = terms::explained(terms, terms::offer_of(terms, {}, *plan));
        }
        before = plan;
    }
    if (explanation.makings.empty()) return std::nullopt;
    return explanation;
}

}  // namespace saldo::projection
