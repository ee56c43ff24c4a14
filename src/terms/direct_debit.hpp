#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "foundation/calendar.hpp"
#include "foundation/money.hpp"

namespace saldo::terms {

/// How a partner's purchases are collected by SEPA direct debit (scheme CORE).
struct DirectDebit {
    std::string creditor_id;  ///< `DE98ZZZ09999999999`
    int notice_days = 1;      ///< the buyer is told of a debit at least so many days before; the rulebook's 14 or less
    int lead_days = 1;        ///< the bank has it so many TARGET days before it is due
    int retries_max = 1;      ///< after returns for want of money
    int retry_days = 14;      ///< from such a return to the next try
    std::optional<foundation::Money> return_fee = std::nullopt;  ///< in EUR, > 0; charged when a debit comes back
    bool operator==(const DirectDebit&) const = default;
};

/// True for a creditor identifier of SEPA (EPC262-08): country, check digits by ISO 7064 mod 97-10, three characters of
/// business code that do not count in it, and the national part; at most 35 characters, without separators.
bool is_creditor_identifier(std::string_view text);

/// What follows for later collections when a direct debit comes back.
enum class AfterReturn : std::uint8_t {
    tried_again,   ///< there was no money: perhaps there is later
    not_tried,     ///< something was wrong with this one; others go on
    mandate_void,  ///< nothing is collected from this account any more
};

/// A reason that a bank gives for a return, of ISO 20022's external codes.
struct ReturnReason {
    std::string_view code;     ///< `AM04`
    std::string_view meaning;  ///< for people
    AfterReturn then;
    bool is_charged;  ///< the buyer's side caused it, so that the contract's fee is charged
};

/// Nothing for a code that no direct debit comes back with.
const ReturnReason* return_reason(std::string_view code);

/// A mandate that nothing was collected by for 36 months is void from this day on (EPC016-06).
foundation::Day mandate_void_from(foundation::Day last_used);

/// The day on which a debit that is to be collected on `wanted` falls due: a day of TARGET, not before the bank can
/// have it when it is given `today`, and then, having moved, not before the buyer can have been told.
foundation::Day collection_day(const DirectDebit& terms, foundation::Day wanted, foundation::Day today);
/// The last day on which the bank takes a debit that is due on a day.
foundation::Day submission_day(const DirectDebit& terms, foundation::Day due);

}  // namespace saldo::terms
