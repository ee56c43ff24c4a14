#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/transaction.hpp"

namespace saldo::ledger {

/// What the buyer allowed by choosing direct debit: to collect from one account what is owed for this purchase.
struct Mandate {
    std::string reference;
    foundation::Day signed_on;
    std::string creditor_id;
    bool is_void = false;  ///< nothing may be collected by it any more
};

/// The reference of the mandate of a purchase: ours, unique in a store as its payment reference is, at most 35 of the
/// characters that SEPA knows.
std::string mandate_reference(std::string_view payment_reference);

/// The mandate as it stands on a day; nothing unless the purchase was accepted and is collected by us. It is void once
/// a debit came back for a reason that lasts, and 36 months after it was last used.
std::optional<Mandate> mandate_of(const Transaction& transaction, foundation::Day today);

/// Number of the due amount and of the try, `001-1`; three digits of the first at least. Both ways.
std::string direct_debit_text(DirectDebitId id);
std::optional<DirectDebitId> direct_debit_id(std::string_view text);
/// What a bank carries from end to end, `KK7709094U2-001-1`.
std::string end_to_end_id(std::string_view payment_reference, DirectDebitId id);

/// For when the first try of an amount is planned that is due on a day: then, or on the next day of TARGET, and not
/// before the buyer, told of it `today`, has had the notice of the contract.
foundation::Day first_try_on(const terms::DirectDebit& terms, foundation::Day due, foundation::Day today);

/// What is to be collected next of one due amount. amount > 0.
struct DirectDebitDue {
    DirectDebitId id;
    foundation::Money amount;
    foundation::Day planned_on;  ///< for which it was planned: of the first try by the capture, else by the return
    foundation::Day due_date;    ///< when it is collected: on the next day of TARGET that can still be reached
    foundation::Day submit_by;   ///< the last day on which the bank takes it
    foundation::Day notify_by;   ///< the last day on which the buyer can be told of it
};

/// What may be collected by direct debit, by what is known now and as seen on `today`. At most what is owed, less what
/// is on its way; what was paid otherwise is taken off the oldest amount, and fees ride on the oldest. Nothing without
/// a mandate that holds, from debt collection on, while a debit of that amount is on its way, and after its last try.
std::vector<DirectDebitDue> direct_debits_due(const Transaction& transaction, foundation::Day today);

/// The return of a direct debit by the contract's terms: its amount back if it had been collected, the fee where the
/// buyer's side caused it, and the next try where there is one. Requires a reason that `terms::return_reason` knows.
DirectDebitReturned returned_direct_debit(const Transaction& transaction, const DirectDebitLife& life, std::string id,
                                          std::string_view reason, foundation::Day date);

}  // namespace saldo::ledger
