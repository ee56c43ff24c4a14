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

PaymentState OpenClaim::state() const {
    const Money open = amount();
    if (open.is_zero()) return PaymentState::balanced;
    if (open.is_negative()) return PaymentState::overpaid;
    return received.is_positive() ? PaymentState::underpaid : PaymentState::open;
}

OpenClaim open_claim_of(const Transaction& transaction, Day as_of) {
    const Money zero = Money::zero(transaction.currency());
    OpenClaim result{.claims = {}, .fees = {}, .settlements = {}, .claimed = zero, .fee_gross = zero, .received = zero};
    int shipments = 0;
    for (const BasketChange& change : transaction.changes) {
        const bool is_shipment = change.kind == BasketChange::Kind::capture;
        if (is_shipment) ++shipments;
        if (change.value_date > as_of || (!is_shipment && change.kind != BasketChange::Kind::refund)) continue;
        const Money gross = change.operation().gross;
        result.claims.push_back({.type = is_shipment ? ClaimType::shipment : ClaimType::claim_return,
                                 .date = change.value_date,
                                 .amount = is_shipment ? gross : -gross,
                                 .seq = change.seq,
                                 .number = is_shipment ? shipments : 0});
        result.claimed += result.claims.back().amount;
    }
    for (const auto& fee : transaction.fees) {
        if (fee.value_date > as_of) continue;
        result.fees.push_back({fee.what.type, fee.value_date, fee.what.gross, fee.seq});
        result.fee_gross += fee.what.gross;
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

Money open_amount(const Transaction& transaction, Day as_of) {
    return open_claim_of(transaction, as_of).amount();
}

}  // namespace saldo::projection
