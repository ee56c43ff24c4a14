#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "checkout/command.hpp"
#include "checkout/session.hpp"
#include "foundation/outcome.hpp"
#include "ledger/command.hpp"

namespace saldo::checkout {

/// Why a command on a session may not happen, in order of precedence: where several hold, the first is given.
enum class Refusal {
    session_over,           ///< it has ended; the page shows how
    session_not_completed,  ///< only what was bought can be advised against
    waits_for_code,         ///< the purchase is decided but for the code
    waits_for_no_code,
    method_not_offered,
    details_invalid,    ///< what the buyer typed cannot be right; `details` says which
    method_not_chosen,  ///< the order button needs a way to pay ...
    details_missing,    ///< ... and what the check needs; `details` says what
};
std::string_view name_of(Refusal refusal);

struct Refused {
    Refusal refusal;
    std::vector<Detail> details{};
    bool operator==(const Refused&) const = default;
};

/// What may be shown to whom, in the order in which it happens.
using Decision = std::vector<Event>;

/// The new session's first event.
Event decide(const Create& command);

/// The events that a command brings about, or why it may not happen. An empty decision is a command that has nothing to
/// do. What time alone brings about by now must have been applied.
foundation::Outcome<Decision, Refused> decide(const Session& session, const Command& command);

/// Whether the order button may be pressed, before the ledger is asked.
foundation::Outcome<void, Refused> may_confirm(const Session& session);

/// The purchase that the buyer confirms: the same command as the Payment API's. Requires a chosen way to pay.
ledger::Authorise authorise_of(const Session& session, const ConsentReceipt& receipt);

/// What of the details cannot be right by its form alone: no text where one is needed, a day that does not exist, an
/// IBAN whose digits do not check, a phone number without digits.
std::vector<Detail> invalid_details(const Details& details);

}  // namespace saldo::checkout
