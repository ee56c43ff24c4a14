#include "ledger/transaction.hpp"

#include <algorithm>
#include <utility>

#include "foundation/outcome.hpp"
#include "ledger/erasure.hpp"
#include "ledger/standing.hpp"

namespace saldo::ledger {

using foundation::ensure;

namespace {

/// One more event at work on a purchase.
struct Evolution {
    Transaction& transaction;
    Recorded& recorded;  ///< becomes part of the purchase

    void operator()(Authorised& event) {
        begin(std::move(event.authorisation));
        transaction.payment_reference = std::move(event.payment_reference);
    }
    void operator()(Declined& event) {
        begin(std::move(event.authorisation));
        transaction.decline = event.refusal;
    }
    void operator()(AuthorisationIncreased& event) { change(BasketChange::Kind::increment, std::move(event)); }
    void operator()(Captured& event) { change(BasketChange::Kind::capture, std::move(event)); }
    void operator()(Cancelled& event) { change(BasketChange::Kind::cancellation, std::move(event)); }
    void operator()(Refunded& event) { change(BasketChange::Kind::refund, std::move(event)); }
    void operator()(const Expired&) {
        transaction.changes.push_back({.kind = BasketChange::Kind::expiry,
                                       .seq = recorded.seq,
                                       .recorded_at = recorded.effective_at,
                                       .value_date = recorded.value_date,
                                       .what = std::monostate{}});
    }
    void operator()(const ExpiryChanged& event) { transaction.expires = event.expires; }
    void operator()(ShippingInformationAdded& event) {
        transaction.shipping_informations.push_back(dated(std::move(event)));
    }
    void operator()(SettlementBooked& event) { transaction.settlements.push_back(dated(std::move(event))); }
    void operator()(FeeBooked& event) { transaction.fees.push_back(dated(std::move(event))); }
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
    void operator()(const CodeConfirmed&) { pending().state = Verification::State::confirmed; }
    void operator()(const CodeGivenUp&) {
        pending().state = Verification::State::given_up;
        transaction.decline = Refusal::buyer_identity;
    }

    Verification& pending() {
        ensure(transaction.awaits_code(), "a code is awaited");
        return *transaction.verification;
    }

    void begin(Authorisation authorisation) {
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
    ensure(refund != nullptr, "an expiry has no operation");
    return refund->operation;
}

bool Transaction::has_expiry_recorded() const {
    return std::ranges::any_of(changes,
                               [](const BasketChange& change) { return change.kind == BasketChange::Kind::expiry; });
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

void evolve(Transaction& transaction, Recorded recorded) {
    ensure(recorded.seq == transaction.version + 1, "an event is missing in the stream");
    ensure(recorded.seq == 1 || !transaction.authorisation.baskets.empty(), "a purchase begins with its authorisation");
    std::visit(Evolution{transaction, recorded}, recorded.event);
    transaction.version = recorded.seq;
}

std::vector<Recorded> due_events(const Transaction& transaction, foundation::Instant now) {
    if (transaction.awaits_code() && now >= transaction.verification->terms.deadline) {
        const foundation::Instant deadline = transaction.verification->terms.deadline;
        return {{.seq = transaction.version + 1,
                 .recorded_at = now,
                 .effective_at = deadline,
                 .value_date = transaction.zone().day_of(deadline),
                 .actor = "system",
                 .event = CodeGivenUp{}}};
    }
    if (transaction.is_declined() || !transaction.is_expired(now) || transaction.has_expiry_recorded()) return {};
    if (!standing_of(transaction).open().is_positive()) return {};
    return {{.seq = transaction.version + 1,
             .recorded_at = now,
             .effective_at = transaction.expires,
             .value_date = transaction.zone().day_of(transaction.expires),
             .actor = "system",
             .event = Expired{}}};
}

}  // namespace saldo::ledger
