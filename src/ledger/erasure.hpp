#pragma once

#include "ledger/transaction.hpp"

namespace saldo::ledger {

/// Makes every text of a person in the purchase unreadable. Amounts, dates, ids and the order of things stay.
void erase_texts(Transaction& transaction);

}  // namespace saldo::ledger
