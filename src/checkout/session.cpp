#include "checkout/session.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "checkout/correction.hpp"
#include "checkout/event_fields.hpp"
#include "foundation/outcome.hpp"
#include "ledger/text_eraser.hpp"

namespace saldo::checkout {

namespace {

constexpr std::array status_names{
    std::pair{SessionStatus::created, std::string_view("CREATED")},
    std::pair{SessionStatus::in_progress, std::string_view("IN_PROGRESS")},
    std::pair{SessionStatus::otp_pending, std::string_view("OTP_PENDING")},
    std::pair{SessionStatus::completed, std::string_view("COMPLETED")},
    std::pair{SessionStatus::error, std::string_view("ERROR")},
    std::pair{SessionStatus::expired, std::string_view("EXPIRED")},
    std::pair{SessionStatus::canceled, std::string_view("CANCELED")},
    std::pair{SessionStatus::fraud_cancellation_requested, std::string_view("FRAUD_CANCELLATION_REQUESTED")},
};

/// Replaces what the buyer gave anew.
template <class Value>
void replace(std::optional<Value>& known, const std::optional<Value>& given) {
    if (given) known = given;
}

void take_over(Session& session, const Details& details) {
    ledger::Buyer& buyer = session.order.buyer;
    if (details.billing_address) buyer.billing_address = *details.billing_address;
    if (details.delivery_address && session.order.delivery) session.order.delivery->address = details.delivery_address;
    if (buyer.person) {
        replace(buyer.person->first_name, details.first_name);
        replace(buyer.person->last_name, details.last_name);
        replace(buyer.person->date_of_birth, details.date_of_birth);
    }
    if (details.phone) {
        if (!buyer.contact) buyer.contact.emplace();
        buyer.contact->phone = details.phone;
    }
    replace(session.debit_account, details.debit_account);
}

/// What an event means for the state; the envelope's part is `evolve`'s.
struct Fold {
    Session& session;
    const Recorded& recorded;

    void become(SessionStatus status) const {
        session.status = status;
        session.updated = recorded.effective_at;
    }
    /// Any form of the buyer's starts the thirty minutes anew, and the first one the session.
    void act() const {
        session.last_action = recorded.effective_at;
        if (session.status == SessionStatus::created) become(SessionStatus::in_progress);
    }
    void decline(const std::string& transaction_id, ledger::Refusal refusal) const {
        foundation::ensure(session.method.has_value(), "what was declined was to be paid somehow");
        session.declines.push_back({.transaction_id = transaction_id, .method = *session.method, .refusal = refusal});
    }

    void operator()(const SessionCreated& event) const {
        foundation::ensure(session.version == 0, "a session is created once");
        session.partner_id = event.partner_id;
        session.shop_name = event.shop_name;
        session.order = event.order;
        session.urls = event.urls;
        session.offers = event.offers;
        session.terms = event.terms;
        session.created = session.last_action = recorded.effective_at;
        become(SessionStatus::created);
    }
    void operator()(const BuyerActed&) const { act(); }
    void operator()(const PaymentMethodChosen& event) const {
        act();
        session.method = event.method;
        session.instalments = event.instalments;
        // An account is of no interest when nothing is collected from it.
        if (event.method.transfer != terms::TransferType::sepa_direct_debit)
            std::erase(session.to_correct, Detail::bank_account);
    }
    void operator()(const DetailsGiven& event) const {
        act();
        take_over(session, event.details);
        const std::vector<Detail> given = details_in(event.details);
        if (std::ranges::any_of(session.to_correct, [&](Detail one) { return std::ranges::count(given, one) > 0; }))
            session.to_correct.clear();
    }
    void operator()(const OrderConfirmed& event) const {
        act();
        foundation::ensure(session.method.has_value(), "what is ordered is to be paid somehow");
        session.consents.push_back({event.receipt, *session.method, recorded.effective_at});
    }
    void operator()(const PurchaseDeclined& event) const {
        decline(event.transaction_id, event.refusal);
        const Correction correction = correction_of(event.refusal);
        session.to_correct = correction.details;
        if (correction.another_method) session.method.reset();
    }
    void operator()(const CodeRequired& event) const {
        session.transaction_id = event.transaction_id;
        session.payment_reference = event.payment_reference;
        become(SessionStatus::otp_pending);
    }
    void operator()(const SessionCompleted& event) const {
        session.transaction_id = event.transaction_id;
        session.payment_reference = event.payment_reference;
        become(SessionStatus::completed);
    }
    void operator()(const SessionFailed& event) const {
        decline(event.transaction_id, event.refusal);
        session.failed = event.refusal;
        become(SessionStatus::error);
    }
    void operator()(const SessionExpired&) const { become(SessionStatus::expired); }
    void operator()(const SessionCanceled&) const { become(SessionStatus::canceled); }
    void operator()(const FraudFlagged&) const { become(SessionStatus::fraud_cancellation_requested); }
    void operator()(const SubjectErased&) const {
        ledger::TextEraser eraser;
        eraser.erase(session.order);
        eraser.erase(session.urls);
        eraser.erase(session.debit_account);
        for (Consent& consent : session.consents) eraser.erase(consent.receipt);
        session.erased = true;
    }
};

Recorded due_at(const Session& session, foundation::Instant at, Event event) {
    return {.seq = session.version + 1,
            .recorded_at = at,
            .effective_at = at,
            .value_date = session.terms.zone.day_of(at),
            .actor = "system",
            .event = std::move(event)};
}

}  // namespace

std::string_view name_of(SessionStatus status) {
    for (const auto& [one, name] : status_names)
        if (one == status) return name;
    std::unreachable();
}

std::optional<SessionStatus> session_status(std::string_view name) {
    for (const auto& [one, known] : status_names)
        if (known == name) return one;
    return std::nullopt;
}

bool Session::bought_nothing() const {
    return status == SessionStatus::error || status == SessionStatus::expired || status == SessionStatus::canceled;
}

std::vector<Offer> Session::open_offers() const {
    std::vector<Offer> open;
    for (const Offer& offer : offers) {
        const bool is_ruled_out = std::ranges::any_of(declines, [&](const DeclinedTry& one) {
            return one.method == offer.method && correction_of(one.refusal).another_method;
        });
        if (!is_ruled_out) open.push_back(offer);
    }
    return open;
}

std::vector<terms::InstalmentOffer> Session::plans(foundation::Day shipped) const {
    if (!terms.instalments) return {};
    return terms::offers(*terms.instalments, terms.credit_conditions(),
                         {.calculated = shipped, .credit = order.gross()})
        .value_or(std::vector<terms::InstalmentOffer>{});
}

std::optional<terms::InstalmentOffer> Session::chosen_plan(foundation::Day shipped) const {
    if (!instalments) return std::nullopt;
    for (terms::InstalmentOffer& plan : plans(shipped))
        if (plan.plan.number_agreed == *instalments) return std::move(plan);
    return std::nullopt;
}

const Offer* Session::offer_of(terms::PaymentMethod wanted) const {
    const auto found = std::ranges::find(offers, wanted, &Offer::method);
    return found == offers.end() ? nullptr : &*found;
}

std::vector<Detail> Session::missing_details() const {
    std::vector<Detail> missing;
    const auto want = [&](Detail detail, bool is_missing) {
        if (is_missing) missing.push_back(detail);
    };
    want(Detail::date_of_birth, order.buyer.person && !order.buyer.person->date_of_birth);
    want(Detail::phone, !order.buyer.contact || !order.buyer.contact->phone);
    want(Detail::bank_account, method && method->transfer == terms::TransferType::sepa_direct_debit && !debit_account);
    return missing;
}

const DeclinedTry* Session::correctable_decline() const {
    return status == SessionStatus::in_progress && !declines.empty() ? &declines.back() : nullptr;
}

void evolve(Session& session, const Recorded& recorded) {
    foundation::ensure(recorded.seq == session.version + 1, "the events of a session come in order");
    std::visit(Fold{session, recorded}, recorded.event);
    session.version = recorded.seq;
}

std::optional<foundation::Instant> next_due(const Session& session) {
    if (!session.is_over()) return session.expires_at();
    if (session.bought_nothing() && !session.erased && session.terms.retention_days > 0)
        return session.updated + foundation::Days{session.terms.retention_days};
    return std::nullopt;
}

std::vector<Recorded> due_events(const Session& session, foundation::Instant now) {
    std::vector<Recorded> due;
    Session later = session;
    for (auto at = next_due(later); at && *at <= now; at = next_due(later)) {
        due.push_back(due_at(later, *at, later.is_over() ? Event{SubjectErased{}} : Event{SessionExpired{}}));
        evolve(later, due.back());
    }
    return due;
}

std::string_view name_of(Detail detail) {
    switch (detail) {
        case Detail::name:
            return "name";
        case Detail::billing_address:
            return "billing_address";
        case Detail::delivery_address:
            return "delivery_address";
        case Detail::date_of_birth:
            return "date_of_birth";
        case Detail::phone:
            return "phone";
        case Detail::bank_account:
            return "bank_account";
    }
    std::unreachable();
}

}  // namespace saldo::checkout
