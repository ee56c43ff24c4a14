#include "ledger/posting.hpp"

#include <utility>

namespace saldo::ledger {

using foundation::Money;

std::string_view name_of(Account account) {
    switch (account) {
        case Account::buyer_receivables:
            return "buyer_receivables";
        case Account::partner_payables:
            return "partner_payables";
        case Account::bank:
            return "bank";
        case Account::fee_income:
            return "fee_income";
    }
    std::unreachable();
}

namespace {

std::vector<Posting> booked(Account debit, Account credit, Money amount) {
    return {{debit, Posting::Side::debit, amount}, {credit, Posting::Side::credit, amount}};
}

std::vector<Posting> booked(const SettlementBooked& event) {
    return event.type == SettlementType::debit ? booked(Account::bank, Account::buyer_receivables, event.amount)
                                               : booked(Account::buyer_receivables, Account::bank, event.amount);
}

std::vector<Posting> booked_fee(Money gross) {
    return gross.is_negative() ? booked(Account::fee_income, Account::buyer_receivables, -gross)
                               : booked(Account::buyer_receivables, Account::fee_income, gross);
}

std::vector<Posting> booked_claim(Money claim) {
    return claim.is_negative() ? booked(Account::partner_payables, Account::buyer_receivables, -claim)
                               : booked(Account::buyer_receivables, Account::partner_payables, claim);
}

}  // namespace

std::vector<Posting> postings_of(const Event& event) {
    if (const auto claim = claim_of(event)) return booked_claim(*claim);
    if (const auto cost = cost_change_of(event)) return booked_fee(*cost);
    std::vector<Posting> postings;
    const auto add = [&](const std::vector<Posting>& more) {
        postings.insert(postings.end(), more.begin(), more.end());
    };
    if (const auto settlement = settlement_of(event)) add(booked(*settlement));
    if (const auto fee = fee_of(event)) add(booked_fee(fee->gross));
    return postings;
}

}  // namespace saldo::ledger
