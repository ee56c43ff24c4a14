#pragma once

#include <string_view>
#include <vector>

#include "ledger/event.hpp"

namespace saldo::ledger {

/// The accounts of the books. Debits and credits of every event are equal.
enum class Account {
    buyer_receivables,  ///< what buyers owe
    partner_payables,   ///< what the partner is owed for claims that passed to us
    bank,               ///< money on our account
    fee_income,         ///< fees charged to buyers, less those given back
};
std::string_view name_of(Account account);

/// One side of a booking. amount > 0.
struct Posting {
    Account account;
    enum class Side { debit, credit } side;
    foundation::Money amount;
    bool operator==(const Posting&) const = default;
};

/// How an event is booked: a claim debits the buyer and credits the partner, a payment debits the bank and credits the
/// buyer, a fee debits the buyer and credits income; returns, payouts and fees given back the other way round. Empty
/// for events without money.
std::vector<Posting> postings_of(const Event& event);

}  // namespace saldo::ledger
