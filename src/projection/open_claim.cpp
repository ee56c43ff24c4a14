#include "projection/open_claim.hpp"

#include <algorithm>
#include <utility>

namespace saldo::projection {

using foundation::Day;
using foundation::Money;
using ledger::BasketChange;
using ledger::Transaction;

std::string_view name_of(ClaimType type) {
    switch (type) {
        case ClaimType::shipment:
            return "SHIPMENT";
        case ClaimType::claim_return:
            return "RETURN";
        case ClaimType::cancel:
            return "CANCEL";
    }
    std::unreachable();
}

std::string_view name_of(PaymentState state) {
    switch (state) {
        case PaymentState::open:
            return "OPEN";
        case PaymentState::underpaid:
            return "UNDERPAID";
        case PaymentState::balanced:
            return "BALANCED";
        case PaymentState::overpaid:
            return "OVERPAID";
    }
    std::unreachable();
}

namespace {

ClaimType type_of(BasketChange::Kind kind) {
    switch (kind) {
        case BasketChange::Kind::increment:
        case BasketChange::Kind::capture:
            return ClaimType::shipment;
        case BasketChange::Kind::refund:
            return ClaimType::claim_return;
        case BasketChange::Kind::cancellation:
        case BasketChange::Kind::expiry:
        case BasketChange::Kind::reservation_end:
            return ClaimType::cancel;
    }
    std::unreachable();
}

}  // namespace

PaymentState OpenClaim::state() const {
    const Money open = amount();
    if (open.is_zero()) return PaymentState::balanced;
    if (open.is_negative()) return PaymentState::overpaid;
    return received.is_positive() ? PaymentState::underpaid : PaymentState::open;
}

OpenClaim open_claim_of(const Transaction& transaction, Day as_of) {
    const Money zero = Money::zero(transaction.currency());
    OpenClaim result{.claims = {}, .fees = {}, .settlements = {}, .claimed = zero, .fee_gross = zero, .received = zero};
    const auto claim = [&](Day date, Money amount, ClaimType type, std::int64_t seq, int number) {
        if (date > as_of) return;
        result.claims.push_back({.type = type, .date = date, .amount = amount, .seq = seq, .number = number});
        result.claimed += amount;
    };
    if (const auto& prepaid = transaction.claim_at_acceptance)
        claim(prepaid->value_date, prepaid->what, ClaimType::shipment, prepaid->seq, 0);
    int shipments = 0;
    for (const BasketChange& change : transaction.changes) {
        if (change.kind == BasketChange::Kind::capture) ++shipments;
        if (const auto amount = claim_of(change.what))
            claim(change.value_date, *amount, type_of(change.kind), change.seq,
                  change.kind == BasketChange::Kind::capture ? shipments : 0);
    }
    for (const auto& fee : transaction.fees) {
        if (fee.value_date > as_of) continue;
        result.fees.push_back({fee.what.type, fee.value_date, fee.what.gross, fee.seq});
        result.fee_gross += fee.what.gross;
    }
    // The interest of a plan is one entry: that of the plan which holds, or what stays of it after a withdrawal, dated
    // with that.
    const auto* change = transaction.plan_change_on(as_of);
    if (const auto interest = change ? change->what.interest() : std::nullopt; interest && interest->is_positive()) {
        result.fees.push_back({ledger::FeeType::interest, change->value_date, *interest, change->seq});
        result.fee_gross += *interest;
    }
    for (const auto& settlement : transaction.settlements) {
        if (settlement.value_date > as_of) continue;
        const bool is_debit = settlement.what.type == ledger::SettlementType::debit;
        result.settlements.push_back({settlement.what.type, settlement.value_date,
                                      is_debit ? -settlement.what.amount : settlement.what.amount, settlement.seq});
        result.received -= result.settlements.back().amount;
    }
    std::ranges::stable_sort(result.claims, {}, &Claim::date);
    std::ranges::stable_sort(result.fees, {}, &Fee::date);
    std::ranges::stable_sort(result.settlements, {}, &Settlement::date);
    return result;
}

}  // namespace saldo::projection
