#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ledger/direct_debit.hpp"

namespace saldo::http {

/// A purchase and what of it is to be collected.
struct CollectableDebits {
    ledger::Transaction transaction;
    std::vector<ledger::DirectDebitDue> due;
};

/// What is to be collected, with all that a bank file and a pre-notification need.
std::string direct_debits_due_json(const std::vector<CollectableDebits>& purchases,
                                   const std::optional<std::string>& next_cursor);

/// The mandate of a purchase, what is to be collected next, and what was.
std::string direct_debits_json(const ledger::Transaction& transaction, foundation::Day today);

/// One that was submitted, and what is owed after it. Requires that it was.
std::string direct_debit_json(const ledger::Transaction& transaction, ledger::DirectDebitId id);

}  // namespace saldo::http
