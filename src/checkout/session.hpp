#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checkout/event.hpp"
#include "terms/instalment_offer.hpp"

namespace saldo::checkout {

/// How long a session lives after the buyer's last action: at exactly +30:00 it has expired (the published rule).
constexpr std::chrono::minutes session_life{30};

/// Declined tries after which a session is over.
constexpr int tries_max = 3;

/// The published statuses; the last five are for good, but that an operator may flag what was COMPLETED.
enum class SessionStatus {
    created,
    in_progress,
    otp_pending,
    completed,
    error,
    expired,
    canceled,
    fraud_cancellation_requested,
};

/// `CREATED`, ..., `CANCELED` with one L.
std::string_view name_of(SessionStatus status);
std::optional<SessionStatus> session_status(std::string_view name);

/// Something about the buyer that the page asks for.
enum class Detail { name, billing_address, delivery_address, date_of_birth, phone, bank_account };
std::string_view name_of(Detail detail);

/// A purchase that the buyer tried and that was declined.
struct DeclinedTry {
    std::string transaction_id;
    terms::PaymentMethod method;
    ledger::Refusal refusal;
    bool operator==(const DeclinedTry&) const = default;
};

/// What the buyer agreed to, and when.
struct Consent {
    ConsentReceipt receipt;
    terms::PaymentMethod method;
    foundation::Instant at;
    bool operator==(const Consent&) const = default;
};

/// A session as its events tell it.
struct Session {
    std::string id;
    std::int64_t version = 0;  ///< seq of the last event
    std::string partner_id;
    std::string shop_name;
    Order order;  ///< with what the buyer has corrected
    Urls urls;
    std::vector<Offer> offers;  ///< that the contract and the shop allow, also those that were declined since
    PinnedTerms terms;

    SessionStatus status = SessionStatus::created;
    foundation::Instant created;
    foundation::Instant updated;      ///< when a field of the record last changed
    foundation::Instant last_action;  ///< of the buyer, or the creation
    std::optional<terms::PaymentMethod> method;
    std::optional<int> instalments;  ///< how many the buyer chose
    std::optional<ledger::DebitAccount> debit_account;
    std::vector<DeclinedTry> declines;
    std::vector<Detail> to_correct;  ///< what the last decline asks for; one of them will do
    std::vector<Consent> consents;
    /// The purchase that waits for its code or was authorised.
    std::optional<std::string> transaction_id;
    std::string payment_reference;          ///< of that purchase; what the buyer writes on the transfer
    std::optional<ledger::Refusal> failed;  ///< what an ERROR tells
    bool erased = false;

    bool is_over() const { return status >= SessionStatus::completed; }
    /// Over without anything bought: what is known of the buyer will be erased.
    bool bought_nothing() const;
    /// When it expires, or expired.
    foundation::Instant expires_at() const { return last_action + session_life; }
    bool is_expired(foundation::Instant now) const { return !is_over() && now >= expires_at(); }
    /// The offers that no try with them has ruled out.
    std::vector<Offer> open_offers() const;
    const Offer* offer_of(terms::PaymentMethod wanted) const;
    const Offer* chosen_offer() const { return method ? offer_of(*method) : nullptr; }
    /// The plans to choose from, reckoned as if the goods were shipped on that day, by number of instalments.
    std::vector<terms::InstalmentOffer> plans(foundation::Day shipped) const;
    /// The plan that the buyer chose, reckoned like that.
    std::optional<terms::InstalmentOffer> chosen_plan(foundation::Day shipped) const;
    /// What nobody has said of the buyer yet and the check needs, in the order of the enum. Depends on the way to pay,
    /// once chosen.
    std::vector<Detail> missing_details() const;
    int tries_left() const { return terms.tries_max - static_cast<int>(declines.size()); }
    /// The last decline, as long as the session goes on in spite of it.
    const DeclinedTry* correctable_decline() const;

    bool operator==(const Session&) const = default;
};

/// The session after one more event. The first is SessionCreated, and comes once.
void evolve(Session& session, const Recorded& recorded);

/// What time alone brings about up to `now`: the end after 30 minutes without an action, and the erasure of what bought
/// nothing.
std::vector<Recorded> due_events(const Session& session, foundation::Instant now);

/// When time will next change the session, if nobody else does.
std::optional<foundation::Instant> next_due(const Session& session);

}  // namespace saldo::checkout
