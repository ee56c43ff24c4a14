#pragma once

#include <optional>
#include <vector>

#include "ledger/standing.hpp"
#include "ledger/transaction.hpp"

namespace saldo::ledger {

/// What the buyer owes: claims and fees less what was received, counting what counts up to `as_of`. Negative: paid too
/// much.
foundation::Money open_amount(const Transaction& transaction, foundation::Day as_of);

/// An amount that is to be paid by a day. What was paid is not taken off it: a payment belongs to the purchase.
struct DueAmount {
    const BasketChange* capture;                ///< that it is owed for; nothing: it is an instalment of the plan
    int number = 0;                             ///< of the invoice or the instalment, from 1
    foundation::Day original_due_date;          ///< as the capture made it
    foundation::Day due_date;                   ///< as it stands: another one while a Pay Later booking holds
    std::optional<foundation::Day> collect_on;  ///< when a direct debit of it was planned
    foundation::Money amount;                   ///< what returns have left, > 0
};

/// What is due when, by number, as far as it counts up to `as_of`: the invoices that returns have not used up, or the
/// instalments of the plan. `standing` is that of the same day, and is borrowed from. A prepayment has none of them.
std::vector<DueAmount> due_amounts(const Transaction& transaction, const Standing& standing, foundation::Day as_of);

}  // namespace saldo::ledger
