#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "checkout/command.hpp"
#include "checkout/decide.hpp"
#include "checkout/session.hpp"
#include "ledger/command.hpp"
#include "service/purchases.hpp"

namespace saldo::service {

/// What the page says while a code is awaited. Instants are business time.
struct CodeStanding {
    std::string sent_to;              ///< the number, all but its last digits masked
    foundation::Instant valid_until;  ///< of the code that was sent last
    int tries_left = 0;               ///< at this purchase
    int new_codes_left = 0;
    foundation::Instant new_code_from;  ///< before, none is sent
};

/// Whether the buyer may still withdraw from paying later, or has.
struct WithdrawalStanding {
    foundation::Day last_day;                      ///< for withdrawing
    std::optional<foundation::Instant> at = {};    ///< when it was done, and
    std::optional<foundation::Day> due_date = {};  ///< by when the goods are to be paid then
    foundation::Money open;                        ///< what is owed now
};

/// A session with everything that is due by now, and what else the page shows of it. It never changes.
struct SessionView {
    checkout::Session session;
    std::optional<CodeStanding> code;                   ///< in OTP_PENDING
    std::optional<WithdrawalStanding> withdrawal = {};  ///< in COMPLETED, where the law gives the right
};
using SessionPtr = std::shared_ptr<const SessionView>;

/// What a merchant's system asks for; the contract adds the offers and the terms.
struct RequestedSession {
    checkout::Order order;
    checkout::Urls urls;
    std::vector<terms::PaymentMethod> payment_methods;  ///< empty: all that the contract has
};

struct SessionMade {
    SessionPtr session;
    std::string landing_token;  ///< opens the buyer's page; the same one for a repeated request
    bool repeated = false;
};
/// The contract or the shops rule it out, whatever the buyer would do.
struct SessionRuledOut {
    ledger::Refusal refusal;
};

/// Why a request did not come to be decided.
enum class SessionFault {
    unknown_session,  ///< none of that id or token that this caller may see
    key_reused,       ///< the Idempotency-Key came with another request before
    busy,             ///< too much is waiting; later it will go
    failed,           ///< the store failed: nothing happened
    outcome_unknown,  ///< the store did not say whether it happened: asked again under the same key, it will
    broken,           ///< our fault; nothing happened
};

/// What became of a code.
enum class CodeResult {
    verified,         ///< right: the session is COMPLETED
    wrong,            ///< try again
    no_longer_valid,  ///< its time is over; ask for a new one
    no_tries_left,    ///< the session is in ERROR
    sent,             ///< a new code is on its way
    too_early,        ///< a new one is sent at `new_code_from`
    no_new_codes_left,
};

/// The command was carried out: the session after it.
struct SessionDone {
    SessionPtr session;
    std::optional<CodeResult> code = std::nullopt;  ///< of `enter_code` and `send_new_code`
};
/// The session says no, and stands as it stood.
struct SessionSaidNo {
    checkout::Refused refused;
    SessionPtr session;
};

/// The use cases of the hosted payment page. Every answer comes on another thread, after the commit, exactly once.
class Sessions {
  public:
    using OnMade = std::move_only_function<void(std::variant<SessionMade, SessionRuledOut, SessionFault>)>;
    using OnSession = std::move_only_function<void(std::variant<SessionPtr, SessionFault>)>;
    using OnResult = std::move_only_function<void(std::variant<SessionDone, SessionSaidNo, SessionFault>)>;

    virtual ~Sessions() = default;

    // For the merchant's system and for agents.

    /// Makes a session for the origin's partner. With a key the id follows from it.
    virtual void create(Origin origin, RequestedSession wanted, OnMade answer) = 0;
    /// The session of that id; `unknown_session` for one that the origin may not see.
    virtual void find(Origin origin, std::string session_id, OnSession answer) = 0;
    /// Advises the merchant to cancel what was bought.
    virtual void flag_fraud(Origin origin, std::string session_id, checkout::FlagFraud command, OnResult answer) = 0;

    // For the buyer's page. Opening it is no action of the buyer: link previews do that too.

    /// The session whose landing page has this token.
    virtual void open(std::string landing_token, OnSession answer) = 0;
    /// The session of a cookie that `cookie_of` made.
    virtual void resume(std::string cookie, OnSession answer) = 0;
    /// What the browser keeps instead of the landing token. Nothing of it is stored, and nobody can make one up.
    virtual std::string cookie_of(std::string_view session_id) const = 0;
    /// What a form of this session carries, so that no other site can send one (CSRF).
    virtual std::string form_token_of(std::string_view session_id) const = 0;

    /// Any of the buyer's commands but Confirm, AcceptCode and GiveUpCode, which follow from the three below.
    virtual void act(std::string session_id, checkout::Command command, OnResult answer) = 0;
    /// The order button: asks the ledger and records its answer with the receipt, in one commit. Pressed twice, it buys
    /// once: the second time the session says no with `session_over`, and stands COMPLETED. `sandbox_verdict` stands in
    /// for the risk check where the server is a sandbox, else it is not looked at.
    virtual void confirm(std::string session_id, checkout::ConsentReceipt receipt,
                         std::optional<ledger::RiskVerdict> sandbox_verdict, OnResult answer) = 0;
    virtual void enter_code(std::string session_id, std::string code, OnResult answer) = 0;
    virtual void send_new_code(std::string session_id, OnResult answer) = 0;
};

}  // namespace saldo::service
