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

struct Booking {
    std::vector<Posting> operator()(const Captured& event) const {
        return booked(Account::buyer_receivables, Account::partner_payables, event.operation.gross);
    }
    std::vector<Posting> operator()(const Refunded& event) const {
        return booked(Account::partner_payables, Account::buyer_receivables, event.operation.gross);
    }
    std::vector<Posting> operator()(const SettlementBooked& event) const {
        return event.type == SettlementType::debit ? booked(Account::bank, Account::buyer_receivables, event.amount)
                                                   : booked(Account::buyer_receivables, Account::bank, event.amount);
    }
    std::vector<Posting> operator()(const FeeBooked& event) const {
        return event.gross.is_negative() ? booked(Account::fee_income, Account::buyer_receivables, -event.gross)
                                         : booked(Account::buyer_receivables, Account::fee_income, event.gross);
    }
    std::vector<Posting> operator()(const Authorised&) const { return {}; }
    std::vector<Posting> operator()(const Declined&) const { return {}; }
    std::vector<Posting> operator()(const AuthorisationIncreased&) const { return {}; }
    std::vector<Posting> operator()(const Cancelled&) const { return {}; }
    std::vector<Posting> operator()(const Expired&) const { return {}; }
    std::vector<Posting> operator()(const ExpiryChanged&) const { return {}; }
    std::vector<Posting> operator()(const ShippingInformationAdded&) const { return {}; }
    std::vector<Posting> operator()(const DunningLevelSet&) const { return {}; }
    std::vector<Posting> operator()(const DunningBlocked&) const { return {}; }
    std::vector<Posting> operator()(const DunningUnblocked&) const { return {}; }
    std::vector<Posting> operator()(const Refused&) const { return {}; }
    std::vector<Posting> operator()(const SubjectErased&) const { return {}; }
    std::vector<Posting> operator()(const CodeRequired&) const { return {}; }
    std::vector<Posting> operator()(const CodeSent&) const { return {}; }
    std::vector<Posting> operator()(const CodeMissed&) const { return {}; }
    std::vector<Posting> operator()(const CodeConfirmed&) const { return {}; }
    std::vector<Posting> operator()(const CodeGivenUp&) const { return {}; }
};

}  // namespace

std::vector<Posting> postings_of(const Event& event) {
    return std::visit(Booking{}, event);
}

}  // namespace saldo::ledger
