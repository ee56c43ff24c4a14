#include "checkout/explain.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "checkout/correction.hpp"

namespace saldo::checkout {

namespace {

std::string joined(std::string text, std::string_view separator, std::string_view more) {
    if (!text.empty()) text += separator;
    return text += more;
}

std::string spelt(ledger::Refusal refusal) {
    const std::string_view reason = ledger::reason_of(refusal);
    return joined(std::string(ledger::category_of(refusal)), reason.empty() ? "" : ", ", reason);
}

/// What an event says, told of the session right after it.
struct Sentence {
    const Session& session;

    std::string operator()(const SessionCreated& event) const {
        std::vector<std::string_view> options;
        for (const Offer& offer : event.offers)
            if (const auto name = terms::name_of(offer.method.option);
                std::ranges::find(options, name) == options.end())
                options.push_back(name);
        std::string offers;
        for (std::size_t i = 0; i < options.size(); ++i)
            offers = joined(offers, i + 1 == options.size() ? " or " : ", ", options[i]);
        const foundation::Money gross = event.order.gross();
        return "The shop made the session: " + gross.text() + ' ' + std::string(gross.currency().code()) +
               ", to be paid by " + offers + '.';
    }
    std::string operator()(const BuyerActed&) const {
        return "The buyer was active, which keeps the session open for 30 minutes more.";
    }
    std::string operator()(const PaymentMethodChosen& event) const {
        return "The buyer chose " + std::string(terms::name_of(event.method.option)) + '.';
    }
    std::string operator()(const DetailsGiven& event) const {
        std::string given;
        for (const Detail detail : details_in(event.details)) given = joined(given, ", ", name_of(detail));
        return "The buyer gave details: " + given + '.';
    }
    std::string operator()(const OrderConfirmed& event) const {
        return "The buyer pressed the order button and agreed to the text pack " + event.receipt.text_pack + " in " +
               event.receipt.language + '.';
    }
    std::string operator()(const PurchaseDeclined& event) const {
        return "The purchase " + event.transaction_id + " was declined (" + spelt(event.refusal) +
               "), which the buyer may put right; tries left: " + std::to_string(session.tries_left()) + '.';
    }
    std::string operator()(const CodeRequired& event) const {
        return "The purchase " + event.transaction_id + " waits for the code that was sent to the buyer's phone.";
    }
    std::string operator()(const SessionCompleted& event) const {
        return "The purchase " + event.transaction_id + " was authorised.";
    }
    std::string operator()(const SessionFailed& event) const {
        return "The purchase " + event.transaction_id + " was declined for good (" + spelt(event.refusal) + ").";
    }
    std::string operator()(const SessionExpired&) const {
        return "It ended, 30 minutes after the buyer's last action.";
    }
    std::string operator()(const SessionCanceled&) const { return "The buyer pressed cancel."; }
    std::string operator()(const FraudFlagged&) const { return "An operator advised the shop to cancel the purchase."; }
    std::string operator()(const SubjectErased&) const { return "What was known of the buyer was erased."; }
};

}  // namespace

SessionExplanation explain(std::span<const Recorded> events, std::string_view session_id) {
    SessionExplanation explanation;
    explanation.session.id = session_id;
    for (const Recorded& one : events) {
        evolve(explanation.session, one);
        explanation.steps.push_back(
            {.seq = one.seq, .at = one.effective_at, .what = std::visit(Sentence{explanation.session}, one.event)});
    }
    return explanation;
}

bool may_ship(SessionStatus status) {
    return status == SessionStatus::completed;
}

std::string_view shipping_advice(SessionStatus status) {
    switch (status) {
        case SessionStatus::created:
            return "The buyer has done nothing yet.";
        case SessionStatus::in_progress:
            return "The buyer has not ordered yet, or may put a decline right.";
        case SessionStatus::otp_pending:
            return "The purchase waits for the buyer's code.";
        case SessionStatus::completed:
            return "An authorised purchase stands behind it.";
        case SessionStatus::error:
            return "The purchase was declined.";
        case SessionStatus::expired:
            return "The buyer did not order in time.";
        case SessionStatus::canceled:
            return "The buyer cancelled.";
        case SessionStatus::fraud_cancellation_requested:
            return "We advise to cancel the purchase that stands behind it.";
    }
    std::unreachable();
}

}  // namespace saldo::checkout
