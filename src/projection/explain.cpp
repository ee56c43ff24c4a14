#include "projection/explain.hpp"

#include <utility>

#include "ledger/payment_reference.hpp"
#include "projection/open_claim.hpp"

namespace saldo::projection {

using foundation::Day;
using foundation::Money;
using ledger::Transaction;

namespace {

std::string label_of(const Transaction& transaction, const Claim& claim) {
    switch (claim.type) {
        case ClaimType::shipment:
            if (claim.number == 0) return "goods ordered, to be paid in advance";
            return "goods shipped, invoice " + ledger::clearing_reference(transaction.payment_reference, claim.number);
        case ClaimType::claim_return:
            return "goods returned";
        case ClaimType::cancel:
            return "goods cancelled";
    }
    std::unreachable();
}

std::string label_of(const Fee& fee) {
    std::string label(ledger::name_of(fee.type));
    return (fee.gross.is_negative() ? "fee given back: " : "fee charged: ") + label;
}

std::string label_of(const Settlement& settlement) {
    return settlement.type == ledger::SettlementType::debit ? "paid by the buyer" : "paid to the buyer";
}

/// The interest of a plan, instalment by instalment.
Explanation interest_of(const terms::InstalmentPlan& plan, const Fee& fee) {
    Explanation node{.label = "interest of the plan of " + foundation::day_text(plan.created) + ", " +
                              plan.interest_rate.text() + " % a year",
                     .amount = fee.gross,
                     .parts = {}};
    for (const terms::Instalment& one : plan.instalments)
        node.parts.push_back(
            {.label = "instalment " + std::to_string(one.number) + ", due " + foundation::day_text(one.due),
             .amount = one.interest,
             .parts = {},
             .seq = fee.seq});
    return node;
}

/// What of it stays owed after a withdrawal.
Explanation interest_kept_of(const Fee& fee) {
    return {.label = "interest up to the withdrawal, as the law of the contract's country says",
            .amount = fee.gross,
            .parts = {},
            .seq = fee.seq};
}

/// A node with its parts, unless it has none.
void add(Explanation& root, std::string label, std::vector<Explanation> parts) {
    if (parts.empty()) return;
    Money sum = Money::zero(root.amount.currency());
    for (const Explanation& part : parts) sum += part.amount;
    root.parts.push_back({.label = std::move(label), .amount = sum, .parts = std::move(parts)});
}

}  // namespace

Explanation explain(const Transaction& transaction, Day as_of) {
    const OpenClaim open = open_claim_of(transaction, as_of);
    Explanation root{.label = "open amount", .amount = open.amount(), .parts = {}};

    std::vector<Explanation> claims;
    for (const Claim& claim : open.claims)
        claims.push_back(
            {.label = label_of(transaction, claim), .amount = claim.amount, .parts = {}, .seq = claim.seq});
    add(root, "claims of the shop", std::move(claims));

    const auto* change = transaction.plan_change_on(as_of);
    std::vector<Explanation> fees;
    for (const Fee& fee : open.fees) {
        if (change && fee.seq == change->seq && fee.type == ledger::FeeType::interest) {
            const auto& plan = change->what.plan;
            fees.push_back(plan ? interest_of(*plan, fee) : interest_kept_of(fee));
            continue;
        }
        fees.push_back({.label = label_of(fee), .amount = fee.gross, .parts = {}, .seq = fee.seq});
    }
    add(root, "fees", std::move(fees));

    std::vector<Explanation> settlements;
    for (const Settlement& one : open.settlements)
        settlements.push_back({.label = label_of(one), .amount = one.amount, .parts = {}, .seq = one.seq});
    add(root, "payments", std::move(settlements));
    return root;
}

}  // namespace saldo::projection
