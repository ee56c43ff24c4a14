#pragma once

#include <optional>
#include <string>

#include "ledger/decide.hpp"
#include "ledger/transaction.hpp"

namespace saldo::ledger {

/// What became of a code that was entered, or of the wish for a new one.
enum class CodeAnswer {
    not_awaited,  ///< the purchase needs none, has its code already, or was declined
    confirmed,
    missed,
    given_up,         ///< this was the last try: the purchase is declined
    no_longer_valid,  ///< it was the right one or not, its time is over
    sent,
    too_early,
    no_new_codes_left,
};

/// A wrong code is an event like a right one: that it was tried has to be remembered.
struct CodeDecision {
    CodeAnswer answer;
    Decision events;
};

/// `digest`: of the code that was entered, made as the one in CodeSent was. What time alone brings about by now must
/// have been applied.
CodeDecision enter_code(const Transaction& transaction, std::string_view digest, foundation::Instant now);

/// `digest`: of the new code, should it be sent. `phone`: another number than the one before.
CodeDecision send_new_code(const Transaction& transaction, std::string digest, std::optional<Sealed> phone,
                           foundation::Instant now);

}  // namespace saldo::ledger
