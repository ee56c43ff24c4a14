#include "ledger/due_amounts.hpp"

namespace saldo::ledger {

using foundation::Day;
using foundation::Money;

namespace {

/// The day on which a capture's invoice is due, by what counts up to `as_of`.
Day due_date_of(const Transaction& transaction, const Captured& capture, Day as_of) {
    const auto& booked = transaction.pay_later;
    const auto& withdrawn = transaction.pay_later_withdrawal;
    const bool is_put_off = booked && booked->value_date <= as_of && !(withdrawn && withdrawn->value_date <= as_of);
    return is_put_off && booked->what.capture_id == capture.operation.id ? booked->what.due_date : capture.due_date;
}

}  // namespace

Money open_amount(const Transaction& transaction, Day as_of) {
    Money open = Money::zero(transaction.currency());
    if (const auto& prepaid = transaction.claim_at_acceptance; prepaid && prepaid->value_date <= as_of)
        open += prepaid->what;
    for (const BasketChange& change : transaction.changes)
        if (const auto claim = claim_of(change.what); claim && change.value_date <= as_of) open += *claim;
    for (const auto& fee : transaction.fees)
        if (fee.value_date <= as_of) open += fee.what.gross;
    // What a plan charges as service charge stands among the fees; its interest is that of the plan which holds,
    // or what stays of it after a withdrawal.
    const auto* plan = transaction.plan_change_on(as_of);
    if (const auto interest = plan ? plan->what.interest() : std::nullopt) open += *interest;
    for (const auto& settlement : transaction.settlements) {
        if (settlement.value_date > as_of) continue;
        open += settlement.what.type == SettlementType::debit ? -settlement.what.amount : settlement.what.amount;
    }
    return open;
}

std::vector<DueAmount> due_amounts(const Transaction& transaction, const Standing& standing, Day as_of) {
    std::vector<DueAmount> due;
    if (transaction.is_prepayment()) return due;
    if (transaction.is_by_instalments()) {
        const auto* made = transaction.plan_on(as_of);
        if (!made) return due;
        const std::vector<terms::Instalment>& instalments = made->what.plan->instalments;
        const std::vector<Day>& collect_on = made->what.collect_on;
        for (std::size_t i = 0; i < instalments.size(); ++i) {
            const terms::Instalment& one = instalments[i];
            if (one.total().is_positive())
                due.push_back({.capture = nullptr,
                               .number = one.number,
                               .original_due_date = one.due,
                               .due_date = one.due,
                               .collect_on = i < collect_on.size() ? std::optional(collect_on[i]) : std::nullopt,
                               .amount = one.total()});
        }
        return due;
    }
    for (const InvoiceStanding& invoice : standing.invoices) {
        if (!invoice.remainder.is_positive()) continue;
        const auto& capture = std::get<Captured>(invoice.capture->what);
        due.push_back({.capture = invoice.capture,
                       .number = invoice.number,
                       .original_due_date = capture.due_date,
                       .due_date = due_date_of(transaction, capture, as_of),
                       .collect_on = capture.collect_on,
                       .amount = invoice.remainder});
    }
    return due;
}

}  // namespace saldo::ledger
