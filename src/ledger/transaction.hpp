#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "ledger/event.hpp"

namespace saldo::ledger {

/// What changes a basket after the authorisation, in the order it was recorded.
struct BasketChange {
    enum class Kind { increment, capture, cancellation, refund, expiry, reservation_end };
    Kind kind;
    std::int64_t seq = 0;
    foundation::Instant recorded_at;  ///< of an end: the instant of it
    foundation::Day value_date;
    BasketEvent what;

    /// Whether time alone brought it: then all that was open is cancelled, and there is no operation.
    bool is_end() const { return kind == Kind::expiry || kind == Kind::reservation_end; }
    /// Requires that it is no end.
    const BasketOperation& operation() const;
    bool operator==(const BasketChange&) const = default;
};

/// An entry of a list that the documents show by date.
template <class What>
struct Dated {
    std::int64_t seq = 0;
    foundation::Instant recorded_at;
    foundation::Day value_date;
    std::string actor;
    What what;
    bool operator==(const Dated&) const = default;
};

/// A plan was made, made anew, or ended.
struct PlanChange {
    std::optional<terms::InstalmentPlan> plan;  ///< nothing: it ended
    std::optional<foundation::Money> unscheduled;
    std::vector<foundation::Day> collect_on;  ///< of direct debits: when each instalment is planned to be collected
    std::optional<foundation::Money> interest_kept;  ///< of a plan that ended: what stays owed of its interest
    /// What it costs in interest, as far as a change says: nothing is 0.
    std::optional<foundation::Money> interest() const { return plan ? plan->interest() : interest_kept; }
    bool operator==(const PlanChange&) const = default;
};

/// Where a purchase stands that needs the buyer's code.
struct Verification {
    enum class State { pending, confirmed, given_up };
    State state = State::pending;
    CodeRequired terms;
    CodeSent newest;              ///< of all that were sent
    foundation::Instant sent_at;  ///< of that one
    int sent = 0;
    int missed = 0;

    foundation::Instant valid_until() const { return sent_at + std::chrono::seconds{terms.life_seconds}; }
    foundation::Instant new_code_from() const { return sent_at + std::chrono::seconds{terms.pause_seconds}; }
    int tries_left() const { return terms.tries_max - missed; }
    int new_codes_left() const { return terms.new_codes_max + 1 - sent; }
    bool operator==(const Verification&) const = default;
};

/// A direct debit that the bank was asked for, and what became of it.
struct DirectDebitLife {
    Dated<DirectDebitSubmitted> submitted;
    std::optional<Dated<DirectDebitExecuted>> executed;
    std::optional<Dated<DirectDebitReturned>> returned;

    bool is_pending() const { return !executed && !returned; }
    bool operator==(const DirectDebitLife&) const = default;
};

/// A purchase as its events tell it: every list in the order of recording, nothing summed up. What is owed is derived
/// from these lists for any day (`standing.hpp`, room `projection`).
struct Transaction {
    std::string id;
    std::int64_t version = 0;  ///< seq of the last event
    Authorisation authorisation;
    foundation::Instant created;
    foundation::Day created_on;
    std::string payment_reference;
    std::optional<Refusal> decline;
    bool erased = false;
    foundation::Instant expires;  ///< as last changed
    std::optional<Verification> verification;
    std::optional<Dated<foundation::Money>> claim_at_acceptance;  ///< of a prepayment: what it is to be paid

    std::vector<BasketChange> changes;
    std::vector<Dated<ShippingInformationAdded>> shipping_informations;
    std::vector<Dated<SettlementBooked>> settlements;
    std::vector<Dated<FeeBooked>> fees;
    std::vector<Dated<PlanChange>> plan_changes;
    std::optional<Dated<CreditWithdrawn>> withdrawal;
    std::vector<DirectDebitLife> direct_debits;
    std::optional<Dated<PayLaterBooked>> pay_later;
    std::optional<Dated<PayLaterWithdrawn>> pay_later_withdrawal;  ///< of that booking
    std::vector<Dated<DunningLevelSet>> dunning_levels;
    std::vector<Dated<std::variant<DunningBlocked, DunningUnblocked>>> dunning_blocks;

    foundation::Currency currency() const { return authorisation.currency; }
    const foundation::Zone& zone() const { return authorisation.terms.zone; }
    bool is_declined() const { return decline.has_value(); }
    /// Accepted but for the code that its buyer has to enter.
    bool awaits_code() const { return verification && verification->state == Verification::State::pending; }
    bool is_expired(foundation::Instant now) const { return now >= expires; }
    bool has_end_recorded() const;
    bool is_prepayment() const { return authorisation.payment_method.option == terms::PaymentOption::prepayment; }
    bool is_by_instalments() const { return authorisation.payment_method.option == terms::PaymentOption::instalment; }
    /// What last became of the plan up to that day, and when; nothing where there never was one.
    const Dated<PlanChange>* plan_change_on(foundation::Day as_of) const;
    /// The same where there is a plan that day.
    const Dated<PlanChange>* plan_on(foundation::Day as_of) const;
    const terms::InstalmentPlan* newest_plan() const;
    /// The last day on which a payment still saves a prepayment. Requires one.
    foundation::Day reservation_end_date() const;

    /// Every line of the purchase in the order that `LineMove::line` counts: baskets, then increments.
    struct PlacedLine {
        const Line* line;
        const std::string* shop_id;
        std::size_t change;  ///< index into `changes` of the increment that added it; `authorised` for the baskets' own
        static constexpr std::size_t authorised = static_cast<std::size_t>(-1);
    };
    std::vector<PlacedLine> lines() const;

    const Basket* basket_of(std::string_view shop_id) const;
    /// The id the partner or the shop knows it by: from the authorisation, else from the first capture that brought
    /// one.
    std::optional<std::string> partner_transaction_id() const;
    std::optional<std::string> shop_transaction_id(const Basket& basket) const;
    const DirectDebitLife* direct_debit(DirectDebitId wanted) const;

    bool operator==(const Transaction&) const = default;
};

/// The purchase after one more event. The first event is Authorised or Declined, and comes once.
void evolve(Transaction& transaction, Recorded recorded);

/// What time alone brings about up to `now`: the end of the authorisation, or before it the end of a reservation that
/// was not paid, if something is still open then.
std::vector<Recorded> due_events(const Transaction& transaction, foundation::Instant now);

/// When time may change a purchase, as far as one of its events says. `value_date` is the event's.
std::vector<foundation::Instant> times_to_look(const Event& event, foundation::Day value_date);

}  // namespace saldo::ledger
