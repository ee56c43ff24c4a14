#include "ledger/transaction.hpp"

#include <algorithm>
#include <utility>

#include "foundation/outcome.hpp"
#include "ledger/erasure.hpp"
#include "ledger/standing.hpp"

namespace saldo::ledger {

using foundation::Day;
using foundation::Days;
using foundation::ensure;
using foundation::Instant;
using foundation::Money;

namespace {

/// One more event at work on a purchase.
struct Evolution {
    Transaction& transaction;
    Recorded& recorded;  ///< becomes part of the purchase

    void operator()(Authorised& event) {
        begin(std::move(event.authorisation));
        transaction.payment_reference = std::move(event.payment_reference);
        if (event.claim) transaction.claim_at_acceptance = dated(*event.claim);
    }
    void operator()(Declined& event) {
        begin(std::move(event.authorisation));
        transaction.decline = event.refusal;
    }
    void operator()(AuthorisationIncreased& event) { change(BasketChange::Kind::increment, std::move(event)); }
    void operator()(Captured& event) { change(BasketChange::Kind::capture, std::move(event)); }
    void operator()(Cancelled& event) { change(BasketChange::Kind::cancellation, std::move(event)); }
    void operator()(Refunded& event) { change(BasketChange::Kind::refund, std::move(event)); }
    void operator()(Expired& event) { end(BasketChange::Kind::expiry, std::move(event)); }
    void operator()(ReservationEnded& event) { end(BasketChange::Kind::reservation_end, std::move(event)); }
    template <class End>
    void end(BasketChange::Kind kind, End event) {
        change(kind, std::move(event));
        transaction.changes.back().recorded_at = recorded.effective_at;
    }
    void operator()(const ExpiryChanged& event) { transaction.expires = event.expires; }
    void operator()(ShippingInformationAdded& event) {
        transaction.shipping_informations.push_back(dated(std::move(event)));
    }
    void operator()(SettlementBooked& event) { transaction.settlements.push_back(dated(std::move(event))); }
    void operator()(FeeBooked& event) { transaction.fees.push_back(dated(std::move(event))); }
    void operator()(PlanMade& event) {
        service_charge(event.service_charge);
        transaction.plan_changes.push_back(
            dated(PlanChange{std::move(event.plan), event.unscheduled, std::move(event.collect_on), {}}));
    }
    void operator()(const PlanEnded& event) {
        service_charge(event.service_charge);
        transaction.plan_changes.push_back(dated(PlanChange{.interest_kept = event.interest_kept}));
    }
    void operator()(CreditWithdrawn& event) { transaction.withdrawal = dated(std::move(event)); }
    void operator()(PayLaterBooked& event) {
        ensure(!transaction.pay_later, "a purchase is paid later once");
        transaction.pay_later = with_entries(std::move(event));
    }
    void operator()(PayLaterWithdrawn& event) {
        ensure(transaction.pay_later && !transaction.pay_later_withdrawal, "a booking is withdrawn once");
        transaction.pay_later_withdrawal = with_entries(std::move(event));
    }
    void operator()(DirectDebitSubmitted& event) {
        ensure(!transaction.direct_debit(event.debit), "a direct debit is submitted once");
        transaction.direct_debits.push_back({.submitted = dated(std::move(event)), .executed = {}, .returned = {}});
    }
    void operator()(DirectDebitExecuted& event) {
        DirectDebitLife& life = submitted(event.debit);
        ensure(life.is_pending(), "a direct debit is executed once");
        life.executed = with_entries(std::move(event));
    }
    void operator()(DirectDebitReturned& event) {
        DirectDebitLife& life = submitted(event.debit);
        ensure(!life.returned, "a direct debit is returned once");
        life.returned = with_entries(std::move(event));
    }
    DirectDebitLife& submitted(DirectDebitId id) {
        const auto found = std::ranges::find(transaction.direct_debits, id,
                                             [](const DirectDebitLife& one) { return one.submitted.what.debit; });
        ensure(found != transaction.direct_debits.end(), "what becomes of a direct debit comes after it");
        return *found;
    }
    /// The event as the purchase keeps it; the money it moves and the fee in it stand among the others too.
    template <class What>
    Dated<What> with_entries(What what) {
        const Event event = what;
        if (auto settlement = settlement_of(event)) transaction.settlements.push_back(entry(*std::move(settlement)));
        if (auto fee = fee_of(event)) transaction.fees.push_back(entry(*std::move(fee)));
        return dated(std::move(what));
    }
    template <class What>
    Dated<What> entry(What what) const {
        return {recorded.seq, recorded.recorded_at, recorded.value_date, recorded.actor, std::move(what)};
    }
    void operator()(DunningLevelSet& event) { transaction.dunning_levels.push_back(dated(std::move(event))); }
    void operator()(DunningBlocked& event) { block(std::move(event)); }
    void operator()(DunningUnblocked& event) { block(std::move(event)); }
    void operator()(const Refused&) {}
    void operator()(const SubjectErased&) {
        transaction.erased = true;
        erase_texts(transaction);
    }

    void operator()(const CodeRequired& event) {
        ensure(!transaction.verification && !transaction.is_declined(), "a purchase asks for codes once");
        transaction.verification.emplace().terms = event;
    }
    void operator()(const CodeSent& event) {
        Verification& verification = pending();
        verification.newest = event;
        verification.sent_at = recorded.effective_at;
        ++verification.sent;
    }
    void operator()(const CodeMissed&) { ++pending().missed; }
    void operator()(const CodeConfirmed& event) {
        pending().state = Verification::State::confirmed;
        if (event.claim) transaction.claim_at_acceptance = dated(*event.claim);
    }
    void operator()(const CodeGivenUp&) {
        pending().state = Verification::State::given_up;
        transaction.decline = Refusal::buyer_identity;
    }

    Verification& pending() {
        ensure(transaction.awaits_code(), "a code is awaited");
        return *transaction.verification;
    }

    void begin(Authorisation&& authorisation) {
        ensure(recorded.seq == 1, "a purchase begins with its authorisation, and has one");
        transaction.authorisation = std::move(authorisation);
        transaction.created = recorded.recorded_at;
        transaction.created_on = recorded.value_date;
        transaction.expires = transaction.authorisation.expires;
    }

    template <class Change>
    void change(BasketChange::Kind kind, Change event) {
        transaction.changes.push_back({.kind = kind,
                                       .seq = recorded.seq,
                                       .recorded_at = recorded.recorded_at,
                                       .value_date = recorded.value_date,
                                       .what = std::move(event)});
    }

    template <class What>
    Dated<What> dated(What what) {
        return {recorded.seq, recorded.recorded_at, recorded.value_date, std::move(recorded.actor), std::move(what)};
    }

    /// What a plan charges or gives back for its making is a fee like any other.
    void service_charge(Money change) {
        if (change.is_zero()) return;
        const FeeType type = change.is_negative() ? FeeType::service_charge_return : FeeType::service_charge;
        transaction.fees.push_back({recorded.seq, recorded.recorded_at, recorded.value_date, recorded.actor,
                                    FeeBooked{.id = {}, .type = type, .gross = change, .comment = {}}});
    }

    void block(std::variant<DunningBlocked, DunningUnblocked> what) {
        transaction.dunning_blocks.push_back(dated(std::move(what)));
    }
};

}  // namespace

const BasketOperation& BasketChange::operation() const {
    if (const auto* increase = std::get_if<AuthorisationIncreased>(&what)) return increase->operation;
    if (const auto* capture = std::get_if<Captured>(&what)) return capture->operation;
    if (const auto* cancellation = std::get_if<Cancelled>(&what)) return cancellation->operation;
    const auto* refund = std::get_if<Refunded>(&what);
    ensure(refund != nullptr, "an end has no operation");
    return refund->operation;
}

bool Transaction::has_end_recorded() const {
    return std::ranges::any_of(changes, &BasketChange::is_end);
}

const Dated<PlanChange>* Transaction::plan_change_on(Day as_of) const {
    const Dated<PlanChange>* newest = nullptr;
    for (const auto& change : plan_changes)
        if (change.value_date <= as_of) newest = &change;
    return newest;
}

const Dated<PlanChange>* Transaction::plan_on(Day as_of) const {
    const Dated<PlanChange>* newest = plan_change_on(as_of);
    return newest && newest->what.plan ? newest : nullptr;
}

const terms::InstalmentPlan* Transaction::newest_plan() const {
    return plan_changes.empty() || !plan_changes.back().what.plan ? nullptr : &*plan_changes.back().what.plan;
}

Day Transaction::reservation_end_date() const {
    ensure(is_prepayment(), "only a prepayment has a reservation");
    return terms::due_date(created_on, authorisation.terms.due_days);
}

std::vector<Transaction::PlacedLine> Transaction::lines() const {
    std::vector<PlacedLine> all;
    for (const Basket& basket : authorisation.baskets)
        for (const Line& line : basket.lines) all.push_back({&line, &basket.shop_id, PlacedLine::authorised});
    for (std::size_t i = 0; i < changes.size(); ++i) {
        if (changes[i].kind != BasketChange::Kind::increment) continue;
        const BasketOperation& increment = changes[i].operation();
        for (const Line& line : increment.lines) all.push_back({&line, &increment.shop_id, i});
    }
    return all;
}

const Basket* Transaction::basket_of(std::string_view shop_id) const {
    const auto found = std::ranges::find(authorisation.baskets, shop_id, &Basket::shop_id);
    return found == authorisation.baskets.end() ? nullptr : &*found;
}

std::optional<std::string> Transaction::partner_transaction_id() const {
    if (authorisation.partner_transaction_id) return authorisation.partner_transaction_id;
    for (const BasketChange& change : changes)
        if (const auto* capture = std::get_if<Captured>(&change.what); capture && capture->partner_transaction_id)
            return capture->partner_transaction_id;
    return std::nullopt;
}

std::optional<std::string> Transaction::shop_transaction_id(const Basket& basket) const {
    if (basket.shop_transaction_id) return basket.shop_transaction_id;
    for (const BasketChange& change : changes)
        if (const auto* capture = std::get_if<Captured>(&change.what);
            capture && capture->operation.shop_id == basket.shop_id && capture->shop_transaction_id)
            return capture->shop_transaction_id;
    return std::nullopt;
}

const DirectDebitLife* Transaction::direct_debit(DirectDebitId wanted) const {
    const auto found =
        std::ranges::find(direct_debits, wanted, [](const DirectDebitLife& one) { return one.submitted.what.debit; });
    return found == direct_debits.end() ? nullptr : &*found;
}

void evolve(Transaction& transaction, Recorded recorded) {
    ensure(recorded.seq == transaction.version + 1, "an event is missing in the stream");
    ensure(recorded.seq == 1 || !transaction.authorisation.baskets.empty(), "a purchase begins with its authorisation");
    std::visit(Evolution{transaction, recorded}, recorded.event);
    transaction.version = recorded.seq;
}

namespace {

/// The start of the day after the last one for paying a prepayment.
Instant reservation_end(const Authorisation& authorisation, Day created_on) {
    const Day last = terms::due_date(created_on, authorisation.terms.due_days);
    return authorisation.terms.zone.start_of(last + Days{1});
}

/// Whether a reservation outlasts its end, by what was recorded before it: it was paid, or the goods left all the same,
/// or the contract waits for the rest of a part that was paid. What comes later changes nothing in that.
bool outlasts(const Transaction& transaction, Instant end) {
    Money owed = transaction.claim_at_acceptance->what;
    for (const BasketChange& change : transaction.changes) {
        if (change.recorded_at >= end) continue;
        if (change.kind == BasketChange::Kind::capture) return true;
        if (const auto claim = claim_of(change.what)) owed += *claim;
    }
    Money paid = Money::zero(transaction.currency());
    for (const auto& settlement : transaction.settlements)
        if (settlement.recorded_at < end)
            paid += settlement.what.type == SettlementType::debit ? settlement.what.amount : -settlement.what.amount;
    return paid >= owed ||
           (paid.is_positive() && transaction.authorisation.terms.part_payment == terms::PartPayment::waits);
}

}  // namespace

std::vector<Recorded> due_events(const Transaction& transaction, Instant now) {
    const auto at = [&](Instant instant, Event event) -> std::vector<Recorded> {
        return {{.seq = transaction.version + 1,
                 .recorded_at = now,
                 .effective_at = instant,
                 .value_date = transaction.zone().day_of(instant),
                 .actor = "system",
                 .event = std::move(event)}};
    };
    if (transaction.awaits_code() && now >= transaction.verification->terms.deadline)
        return at(transaction.verification->terms.deadline, CodeGivenUp{});
    if (transaction.is_declined() || transaction.has_end_recorded()) return {};
    const Instant reserved_until = transaction.claim_at_acceptance
                                       ? reservation_end(transaction.authorisation, transaction.created_on)
                                       : Instant::max();
    if (!transaction.is_expired(now) && now < reserved_until) return {};
    const Money open = standing_of(transaction).open();
    if (!open.is_positive()) return {};

    if (reserved_until <= std::min(now, transaction.expires) && !outlasts(transaction, reserved_until))
        return at(reserved_until, ReservationEnded{-open});
    if (!transaction.is_expired(now)) return {};
    return at(transaction.expires, Expired{transaction.claim_at_acceptance ? std::optional(-open) : std::nullopt});
}

std::vector<Instant> times_to_look(const Event& event, Day value_date) {
    if (const auto* changed = std::get_if<ExpiryChanged>(&event)) return {changed->expires};
    if (const auto* required = std::get_if<CodeRequired>(&event)) return {required->deadline};
    const auto* authorised = std::get_if<Authorised>(&event);
    if (!authorised) return {};
    const Authorisation& authorisation = authorised->authorisation;
    if (authorisation.payment_method.option != terms::PaymentOption::prepayment) return {authorisation.expires};
    return {reservation_end(authorisation, value_date), authorisation.expires};
}

}  // namespace saldo::ledger
