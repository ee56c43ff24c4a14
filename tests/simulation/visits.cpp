#include "visits.hpp"

#include <algorithm>
#include <array>

#include "checkout/decide.hpp"
#include "checkout/record.hpp"
#include "service/purchase_fold.hpp"

namespace saldo::simulation {

using checkout::Session;
using checkout::SessionStatus;
using foundation::Instant;
using foundation::Money;
using subject::Sealed;

namespace {

constexpr std::chrono::minutes life{30};
constexpr int tries = 3;

constexpr terms::PaymentMethod invoice{terms::PaymentOption::open_invoice, terms::TransferType::bank_transfer};
constexpr terms::PaymentMethod debit{terms::PaymentOption::pay_now, terms::TransferType::sepa_direct_debit};

bool is_over(SessionStatus status) {
    return status == SessionStatus::completed || status == SessionStatus::error || status == SessionStatus::expired ||
           status == SessionStatus::canceled || status == SessionStatus::fraud_cancellation_requested;
}

}  // namespace

// ---- What people do

namespace {

/// An address in Germany, whose zip codes have five digits.
ledger::Address address(const char* zip_code) {
    return {
        .street = Sealed{"Weg 1"}, .zip_code = Sealed{zip_code}, .city = Sealed{"Ort"}, .country_code = Sealed{"DE"}};
}

}  // namespace

service::RequestedSession visit_wanted(Fate& fate, const Merchant& merchant) {
    const Money gross{fate.number(merchant.contract.currencies.front().min.minor(), 90'000), {}};
    service::RequestedSession wanted;
    wanted.order.currency = gross.currency();
    wanted.order.baskets = {{.shop_id = merchant.shops.front(), .gross = gross}};
    wanted.order.buyer.billing_address = address(fate.likely(75) ? "10115" : "1011");
    wanted.order.buyer.person = ledger::Person{.last_name = Sealed{"Muster"}};
    if (fate.likely(60)) wanted.order.buyer.person->date_of_birth = Sealed{"1971-05-19"};
    if (fate.likely(30)) wanted.order.buyer.language = "de";
    return wanted;
}

namespace {

checkout::Details some_details(Fate& fate, const Visit& visit) {
    checkout::Details details;
    if (!visit.session().to_correct.empty() || fate.likely(5))
        details.billing_address = address(fate.likely(40) ? "10115" : "1011");
    if (fate.likely(60)) details.date_of_birth = Sealed{fate.likely(95) ? "1971-05-19" : "no day"};
    if (fate.likely(70)) details.phone = Sealed{visit.phone};
    if (fate.likely(30))
        details.debit_account = ledger::DebitAccount{Sealed{"DE44100500001654698497"}, Sealed{"Erika Muster"}};
    return details;
}

std::optional<ledger::RiskVerdict> some_verdict(Fate& fate) {
    static constexpr std::array verdicts{
        ledger::RiskVerdict::payment_attribute,      ledger::RiskVerdict::risk_decision,
        ledger::RiskVerdict::buyer_identity,         ledger::RiskVerdict::transaction_risk,
        ledger::RiskVerdict::one_time_code_required, ledger::RiskVerdict::one_time_code_required};
    return fate.likely(45) ? std::optional(fate.one_of(verdicts)) : std::nullopt;
}

}  // namespace

VisitWish visit_wish(Fate& fate, const Visit& visit, const std::vector<EnterCode>& codes) {
    const Session& session = visit.session();
    const std::int64_t turn = fate.number(1, 100);
    if (turn <= 3) return checkout::Command{checkout::Cancel{}};
    if (turn <= 5) return checkout::Command{checkout::Expire{}};
    if (turn <= 7) return EraseVisit{};
    if (turn <= (session.is_over() ? 30 : 9)) return checkout::Command{checkout::FlagFraud{Sealed{"stolen"}}};
    if (turn <= 35) return checkout::Command{checkout::Act{}};
    if (session.status == SessionStatus::otp_pending && fate.likely(85)) {
        if (fate.likely(20)) return AskForCode{};
        if (codes.empty() || fate.likely(25)) return EnterCode{"------"};
        return fate.likely(75) ? codes.back() : fate.one_of(codes);
    }
    if (!session.method || fate.likely(10)) {
        const terms::PaymentMethod unknown{terms::PaymentOption::pay_now, terms::TransferType::bank_transfer};
        return checkout::Command{checkout::ChoosePaymentMethod{fate.likely(65)   ? invoice
                                                               : fate.likely(90) ? debit
                                                                                 : unknown}};
    }
    if (!session.missing_details().empty() || !session.to_correct.empty() || fate.likely(15))
        return checkout::Command{checkout::GiveDetails{some_details(fate, visit)}};
    return PressOrder{some_verdict(fate)};
}

std::string words_of(const VisitWish& wish) {
    struct Words {
        std::string operator()(const PressOrder& order) const {
            return order.verdict ? "presses the order button, of whom the check says " +
                                       std::to_string(static_cast<int>(*order.verdict))
                                 : std::string("presses the order button");
        }
        std::string operator()(const EnterCode& typed) const {
            return typed.sent > 0 ? "types code " + std::to_string(typed.sent) : std::string("types a wrong code");
        }
        std::string operator()(const AskForCode&) const { return "asks for a new code"; }
        std::string operator()(const EraseVisit&) const { return "is to be erased"; }
        std::string operator()(const checkout::Command& command) const {
            constexpr std::array names{
                "acts",    "chooses how to pay", "gives details",       "confirms",        "accepts", "gives up",
                "cancels", "lets it expire",     "is flagged as fraud", "erases the buyer"};
            return names[command.index()];
        }
    };
    return std::visit(Words{}, wish);
}

std::optional<checkout::Refusal> objection(const Session& session, const VisitWish& wish) {
    using checkout::Refusal;
    const auto* command = std::get_if<checkout::Command>(&wish);
    if (std::holds_alternative<EraseVisit>(wish)) return std::nullopt;
    if (command && std::holds_alternative<checkout::FlagFraud>(*command)) {
        const bool was_bought =
            session.status == SessionStatus::completed || session.status == SessionStatus::fraud_cancellation_requested;
        return was_bought ? std::nullopt : std::optional(Refusal::session_not_completed);
    }
    if (is_over(session.status) || session.erased) return Refusal::session_over;
    const bool waits = session.status == SessionStatus::otp_pending;
    const bool is_about_code = std::holds_alternative<EnterCode>(wish) || std::holds_alternative<AskForCode>(wish);
    if (is_about_code) return waits ? std::nullopt : std::optional(Refusal::waits_for_no_code);
    const bool needs_choice = std::holds_alternative<PressOrder>(wish) ||
                              (command && std::holds_alternative<checkout::ChoosePaymentMethod>(*command));
    if (waits && needs_choice) return Refusal::waits_for_code;
    if (std::holds_alternative<PressOrder>(wish) && !session.method) return Refusal::method_not_chosen;
    return std::nullopt;
}

// ---- What the log says

std::optional<TriedPurchase> take(Visit& visit, const service::EventRecord& record, Disk& disk, Verdict& verdict) {
    namespace co = checkout;
    if (visit.id.empty()) {
        visit.id = record.stream.name;
        visit.versions.front().id = visit.id;
        visit.key =
            service::unwrapped_key(House::master_key(), visit.id, disk.durable().read(record.stream).wrapped_key);
    }
    verdict.check(visit.id == record.stream.name, "one visit became two sessions");
    verdict.check(record.seq == std::ssize(visit.versions), "a session's events have a gap");
    if (!verdict.all_hold()) return std::nullopt;

    const co::Recorded recorded = service::session_event_of(record, visit.key ? &*visit.key : nullptr);
    const Session before = visit.session();
    const auto is = [&]<class What>() { return std::holds_alternative<What>(recorded.event); };
    const Instant now = recorded.recorded_at;
    const bool by_time = record.actor == "system";
    const bool is_first = record.seq == 1;
    verdict.check(is_first == is.operator()<co::SessionCreated>(), "a session begins with its creation, once");
    verdict.check(record.key.empty() || is_first, "an event of a session carries a key");

    // Whether the event may stand here at all.
    const bool was_over = !is_first && is_over(before.status);
    const bool tells_outcome = is.operator()<co::PurchaseDeclined>() || is.operator()<co::CodeRequired>() ||
                               is.operator()<co::SessionCompleted>() || is.operator()<co::SessionFailed>();
    const bool is_action = is.operator()<co::BuyerActed>() || is.operator()<co::PaymentMethodChosen>() ||
                           is.operator()<co::DetailsGiven>() || is.operator()<co::OrderConfirmed>();
    if (is_action || tells_outcome || is.operator()<co::SessionCanceled>() || is.operator()<co::SessionExpired>())
        verdict.check(!was_over, "a session that is over goes on");
    if (is_action) verdict.check(now < visit.acted + life, "a buyer acted after thirty minutes");
    if (is.operator()<co::PaymentMethodChosen>() || is.operator()<co::OrderConfirmed>())
        verdict.check(before.status != SessionStatus::otp_pending, "a session that waits for its code goes on without");
    if (is.operator()<co::OrderConfirmed>()) verdict.check(before.method.has_value(), "an order without a way to pay");
    if (is_action) verdict.check(!before.erased, "a buyer acted who was erased");
    if (is.operator()<co::SessionExpired>() && by_time)
        verdict.check(recorded.effective_at == visit.acted + life && now >= recorded.effective_at,
                      "a session expired at another time than thirty minutes after its last action");
    if (is.operator()<co::FraudFlagged>())
        verdict.check(before.status == SessionStatus::completed, "fraud was flagged where nothing was bought");
    if (is.operator()<co::SubjectErased>() && by_time) {
        const int days = visit.merchant->contract.retention_days.value_or(0);
        const bool bought_nothing = before.status == SessionStatus::error || before.status == SessionStatus::expired ||
                                    before.status == SessionStatus::canceled;
        verdict.check(bought_nothing && days > 0 && now >= before.updated + foundation::Days{days},
                      "a visitor was erased too early");
    }
    verdict.check(!by_time || is.operator()<co::SessionExpired>() || is.operator()<co::SubjectErased>(),
                  "time alone did what only people can");
    verdict.check(!visit.is_confirming || tells_outcome, "an order button without an outcome");

    std::optional<TriedPurchase> purchase;
    if (tells_outcome && visit.is_confirming) {
        const auto tried = [&](const std::string& id) -> TriedPurchase& {
            verdict.check(std::ranges::find(visit.tried, id) == visit.tried.end(), "a purchase was tried twice");
            visit.tried.push_back(id);
            return purchase.emplace(TriedPurchase{.id = id, .command = co::authorise_of(before, {}), .refusal = {}});
        };
        if (const auto* declined = std::get_if<co::PurchaseDeclined>(&recorded.event)) {
            TriedPurchase& one = tried(declined->transaction_id);
            one.refusal = declined->refusal;
            verdict.check(std::ssize(visit.tried) < tries, "a session goes on after its last try");
        } else if (const auto* failed = std::get_if<co::SessionFailed>(&recorded.event)) {
            TriedPurchase& one = tried(failed->transaction_id);
            one.refusal = failed->refusal;
        } else if (const auto* waits = std::get_if<co::CodeRequired>(&recorded.event)) {
            tried(waits->transaction_id).waits_for_code = true;
        } else {
            tried(std::get<co::SessionCompleted>(recorded.event).transaction_id);
        }
    } else if (tells_outcome) {
        verdict.check(before.status == SessionStatus::otp_pending, "an outcome without the order button");
    }
    visit.is_confirming = is.operator()<co::OrderConfirmed>();
    if (is_action || is_first) visit.acted = recorded.effective_at;
    Session after = before;
    co::evolve(after, recorded);
    visit.versions.push_back(after);
    if (is.operator()<co::SubjectErased>()) {
        visit.key.reset();
        verdict.check(disk.durable().read(record.stream).wrapped_key.empty(), "an erased visitor's key is still there");
        for (Session& version : visit.versions)
            version = Session{.version = version.version};  // nobody can be shown them again
        visit.versions.back() = after;
    }
    return purchase;
}

void check_visit(const Visit& visit, const std::vector<Dossier>& dossiers, Verdict& verdict) {
    if (!visit.exists()) return;
    verdict.check(!visit.is_confirming, "an order button without an outcome");
    int accepted = 0, waiting = 0;
    for (const std::string& id : visit.tried) {
        const auto found = std::ranges::find(dossiers, id, &Dossier::id);
        verdict.check(found != dossiers.end() && found->transaction.version > 0,
                      "a session names a purchase that is not there");
        if (found == dossiers.end()) return;
        if (found->model.code)
            ++waiting;
        else if (!found->model.is_declined)
            ++accepted;
    }
    const SessionStatus status = visit.session().status;
    const bool was_bought = status == SessionStatus::completed || status == SessionStatus::fraud_cancellation_requested;
    verdict.check(accepted == (was_bought || visit.is_confirmed_elsewhere ? 1 : 0),
                  "what was bought is not what the session says");
    verdict.check(accepted == 0 || status != SessionStatus::error, "a session failed whose purchase is authorised");
    verdict.check(std::ssize(visit.tried) <= tries, "a session had more tries than three");
    verdict.check(waiting <= 1, "two purchases of a session wait for codes");
}

void check_the_end(const Visit& visit, Disk& disk, Instant now, Verdict& verdict) {
    const service::StreamName stream = service::stream_of_session(visit.id);
    const service::CheckoutSession replayed =
        service::session_of(House::master_key(), stream, disk.durable().read(stream));
    verdict.check(replayed.subject_key.has_value() == visit.key.has_value(), "a visitor's key got lost, or stayed");
    if (visit.key) verdict.check(replayed.session == visit.session(), "a replay comes to another session");
    Session later = replayed.session;
    for (const checkout::Recorded& due : checkout::due_events(later, now)) checkout::evolve(later, due);
    verdict.check(!later.is_expired(now), "a session outlives its thirty minutes");
    verdict.check(later.status == replayed.session.status || later.status == SessionStatus::expired,
                  "time made something else of a session than an expired one");
}

}  // namespace saldo::simulation
