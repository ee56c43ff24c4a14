#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "ledger/command.hpp"
#include "ledger/decide.hpp"
#include "ledger/transaction.hpp"
#include "service/event_record.hpp"
#include "subject/sealing.hpp"

namespace saldo::service {

/// A key that a command came with, and the event it caused.
struct KeyUse {
    std::string key;
    std::string fingerprint;
    std::int64_t seq = 0;
    std::optional<ledger::Refusal> refusal;  ///< the command was refused, and stays so
};

/// A purchase as its stream tells it: the folded transaction and what the envelopes know beside it.
struct Purchase {
    ledger::Transaction transaction;
    std::vector<KeyUse> keys;
    std::vector<foundation::Digest> hashes;   ///< of the events, by seq - 1
    std::optional<subject::Key> subject_key;  ///< gone when the person is erased
    foundation::Instant last_recorded_at;
};
using PurchasePtr = std::shared_ptr<const Purchase>;

/// Who asks, and how.
struct Origin {
    std::string actor;                      ///< the client's id
    std::optional<std::string> partner_id;  ///< whose purchases it may see; nothing: every partner's
    std::optional<std::string> key;         ///< Idempotency-Key
};

/// The command was carried out (or had been, with the same key): the purchase right after it, and the event that
/// answers it.
struct Done {
    PurchasePtr purchase;
    std::int64_t seq = 0;  ///< of the command's event; 0 when there was nothing to do
    bool repeated = false;
};
/// The business says no.
struct SaidNo {
    ledger::Refusal refusal;
    PurchasePtr purchase;  ///< of a declined authorisation: what was made of it
};
/// Why a command did not come to be decided.
enum class NotDecided {
    unknown_transaction,  ///< none of that id that this caller may see
    key_reused,           ///< the Idempotency-Key came with another command before
    expires_in_past,      ///< the authorisation asks to end before it begins
    busy,                 ///< too much is waiting; later it will go
    failed,               ///< the store failed: nothing happened
    outcome_unknown,      ///< the store did not say whether it happened: asked again under the same key, it will
    broken,               ///< our fault; nothing happened
};
using Result = std::variant<Done, SaidNo, NotDecided>;

/// The use cases of a purchase. What a command comes to is told on another thread, after the commit, exactly once.
class Purchases {
  public:
    using OnResult = std::move_only_function<void(Result)>;
    using OnPurchase = std::move_only_function<void(std::variant<PurchasePtr, NotDecided>)>;

    virtual ~Purchases() = default;

    /// Authorises for the origin's partner. With a key the id follows from it; the same key and command give the same
    /// answer, also when the instant at which it asked to end has passed since.
    virtual void authorise(Origin origin, ledger::Authorise command, OnResult answer) = 0;

    /// Carries out a command on a purchase that `find` gave.
    virtual void operate(Origin origin, PurchasePtr purchase, ledger::Command command, OnResult answer) = 0;

    /// The purchase with everything that is due by now; `unknown_transaction` for an id that the origin may not see.
    /// The answer comes on a reading thread; at once, and on the asking one, for a purchase that was written lately.
    virtual void find(Origin origin, std::string id, OnPurchase answer) = 0;
};

}  // namespace saldo::service
