#include "service/checkout_sessions.hpp"

#include <algorithm>
#include <vector>

#include "checkout/event_codec.hpp"
#include "foundation/digest.hpp"
#include "foundation/id.hpp"
#include "foundation/outcome.hpp"
#include "ledger/due_amounts.hpp"
#include "ledger/payment_reference.hpp"
#include "ledger/verification.hpp"
#include "service/authorising.hpp"
#include "service/drafts.hpp"
#include "service/purchase_fold.hpp"

namespace saldo::service {

using checkout::Refused;
using foundation::hmac_sha256;
using foundation::Outcome;

namespace {

/// Whoever sits before the page.
constexpr std::string_view buyer = "buyer";

SessionFault fault_of(const std::exception_ptr& fault) {
    try {
        std::rethrow_exception(fault);
    } catch (const StoreFailed&) {
        return SessionFault::failed;
    } catch (const CommitUnknown&) {
        return SessionFault::outcome_unknown;
    } catch (const std::exception&) {
        return SessionFault::broken;
    }
}

bool is_visible(const CheckoutSession& session, const Origin& origin) {
    return session.session.version > 0 && (!origin.partner_id || *origin.partner_id == session.session.partner_id);
}

std::string keyed_id(std::string_view id_secret, std::string_view partner_id, std::string_view key) {
    std::string command = "session/";
    command += partner_id;
    command += '/';
    command += key;
    return foundation::uuid_text(hmac_sha256(id_secret, command));
}

/// The id of a session's try: in its bucket, so that one commit covers both. `number` counts from 0.
std::string transaction_id_of(std::string_view id_secret, std::string_view session_id, std::size_t number) {
    std::string place = "session-transaction/";
    place += session_id;
    place += '/' + std::to_string(number);
    return foundation::id_text_in(foundation::bucket_of_uuid(session_id), hmac_sha256(id_secret, place));
}

/// The session among these streams whose try has this id.
std::optional<std::string> session_that_tried(std::string_view id_secret, const std::vector<std::string>& streams,
                                              std::string_view transaction_id) {
    for (const std::string& name : streams)
        for (std::size_t number = 0; foundation::is_uuid(name) && number < std::size_t{checkout::tries_max}; ++number)
            if (transaction_id_of(id_secret, name, number) == transaction_id) return name;
    return std::nullopt;
}

/// What was asked for, as text: equal for equal requests. What the contract adds is no part of it.
std::string request_text(const RequestedSession& wanted) {
    checkout::SessionCreated asked{.order = wanted.order, .urls = wanted.urls};
    const auto nothing = foundation::Money::zero(wanted.order.currency);
    for (const terms::PaymentMethod& method : wanted.payment_methods) asked.offers.push_back({method, 0, nothing});
    const ledger::EncodedEvent encoded = checkout::encode(std::move(asked));
    return "session\n" + encoded.body + '\n' + encoded.texts;
}

/// What the contract lets this order be paid with on that day. A SEPA direct debit moves euros alone, and of
/// instalments there must be a plan.
std::vector<checkout::Offer> offers_of(const terms::Contract& contract, const RequestedSession& wanted,
                                       foundation::Day today) {
    const foundation::Currency currency = wanted.order.currency;
    const bool has_plan = contract.instalments && terms::offers(*contract.instalments, contract.credit_conditions(),
                                                                {.calculated = today, .credit = wanted.order.gross()})
                                                      .has_value();
    std::vector<checkout::Offer> offers;
    for (const terms::Product& product : contract.products) {
        const bool is_wanted =
            wanted.payment_methods.empty() ||
            std::ranges::find(wanted.payment_methods, product.method) != wanted.payment_methods.end();
        const bool moves =
            product.method.transfer != terms::TransferType::sepa_direct_debit || currency.code() == "EUR";
        const bool repays = product.method.option != terms::PaymentOption::instalment || has_plan;
        if (is_wanted && moves && repays)
            offers.push_back({product.method, product.due_days, foundation::Money::zero(currency)});
    }
    return offers;
}

/// The buyer reads the name of the shop; a purchase in several shops is the partner's.
std::string shop_name_of(const partner::Partner& partner, const checkout::Order& order) {
    const partner::Shop* shop = order.baskets.size() == 1 ? partner.shop(order.baskets.front().shop_id) : nullptr;
    return shop && shop->name ? *shop->name : partner.name;
}

checkout::Create creation_of(const partner::Partner& partner, RequestedSession wanted, foundation::Instant now) {
    const terms::Contract& contract = *partner.contract;
    std::vector<checkout::Offer> offers = offers_of(contract, wanted, contract.zone.day_of(now));
    const bool has_plans = std::ranges::any_of(
        offers, [](const checkout::Offer& offer) { return offer.method.option == terms::PaymentOption::instalment; });
    for (ledger::Basket& basket : wanted.order.baskets) {
        if (basket.shop_id.empty() && partner.shops.size() == 1) basket.shop_id = partner.shops.front().partner_shop_id;
        if (const partner::Shop* shop = partner.shop(basket.shop_id)) basket.shop_name = shop->name;
    }
    checkout::Create create{.partner_id = partner.id,
                            .shop_name = shop_name_of(partner, wanted.order),
                            .order = wanted.order,
                            .urls = wanted.urls,
                            .offers = std::move(offers),
                            .terms = {.contract_version = contract.version,
                                      .zone = contract.zone,
                                      .tries_max = checkout::tries_max,
                                      .retention_days = contract.retention_days.value_or(0),
                                      .deposit_account = contract.deposit_account,
                                      .instalments = has_plans ? contract.instalments : std::nullopt,
                                      .credit_regime = contract.credit_regime == terms::CreditRegime{}
                                                           ? std::nullopt
                                                           : std::optional(contract.credit_regime),
                                      .creditor = contract.creditor,
                                      .late_payment = contract.late_payment}};
    return create;
}

/// What rules the order out whatever the buyer may do on the page: told before anybody is led there.
std::optional<ledger::Refusal> ruled_out(const checkout::Create& create, const partner::Partner& partner,
                                         foundation::Instant now) {
    if (create.offers.empty()) return ledger::Refusal::payment_method_not_allowed;
    checkout::Session session{
        .order = create.order, .terms = create.terms, .method = create.offers.front().method, .instalments = {}};
    if (session.method->option == terms::PaymentOption::instalment)
        session.instalments = session.plans(create.terms.zone.day_of(now)).front().plan.number_agreed;
    const ledger::Decision decision =
        ledger::decide(checkout::authorise_of(session, {}), counterpart_of(partner), {.now = now, .operation_id = {}});
    const auto* declined = std::get_if<ledger::Declined>(&decision.front().event);
    if (!declined) return std::nullopt;
    const std::string_view category = ledger::category_of(declined->refusal);
    if (category != "CONTRACT" && category != "UNPROCESSABLE_OPERATION") return std::nullopt;
    return declined->refusal;
}

std::optional<WithdrawalStanding> withdrawal_of(const ledger::Transaction& transaction, foundation::Instant now) {
    const auto& regime = transaction.authorisation.terms.credit_regime;
    const auto last = regime && !transaction.is_prepayment() && !transaction.erased
                          ? terms::last_withdrawal_day(*regime, transaction.created_on)
                          : std::nullopt;
    if (!last) return std::nullopt;
    WithdrawalStanding standing{.last_day = *last,
                                .open = ledger::open_amount(transaction, transaction.zone().day_of(now))};
    if (const auto& done = transaction.withdrawal) {
        standing.at = done->recorded_at;
        standing.due_date = done->what.due_date;
    }
    return standing;
}

/// A number of which the last three digits alone can be read.
std::string masked(std::string_view phone) {
    std::string digits;
    for (const char c : phone)
        if (c >= '0' && c <= '9') digits += c;
    return std::string(digits.size() > 3 ? digits.size() - 3 : 0, '*') +
           digits.substr(std::max<std::size_t>(digits.size(), 3) - 3);
}

CodeResult result_of(ledger::CodeAnswer answer) {
    switch (answer) {
        case ledger::CodeAnswer::confirmed:
            return CodeResult::verified;
        case ledger::CodeAnswer::missed:
            return CodeResult::wrong;
        case ledger::CodeAnswer::no_longer_valid:
            return CodeResult::no_longer_valid;
        // The purchase was given up with its last try or with its time.
        case ledger::CodeAnswer::given_up:
        case ledger::CodeAnswer::not_awaited:
            return CodeResult::no_tries_left;
        case ledger::CodeAnswer::sent:
            return CodeResult::sent;
        case ledger::CodeAnswer::too_early:
            return CodeResult::too_early;
        case ledger::CodeAnswer::no_new_codes_left:
            return CodeResult::no_new_codes_left;
    }
    std::unreachable();
}

}  // namespace

/// What a command comes to: events of the session, and of the purchase beside it.
struct CheckoutSessions::Plan {
    checkout::Decision events;
    std::vector<Append> also = {};
    std::optional<CodeResult> code = std::nullopt;
    std::string new_code = {};  ///< sent when all is durable, if a purchase awaits it
};

template <class Answer, class Result>
void CheckoutSessions::give(Answer answer, Result result) {
    // Answers are rendered on a reading thread, so that the lane goes on with its next batch.
    auto shared = std::make_shared<std::pair<Answer, Result>>(std::move(answer), std::move(result));
    const bool posted = house_.readers.post([shared](LogReader&) { shared->first(std::move(shared->second)); },
                                            [](const std::exception_ptr&) {});
    if (!posted) shared->first(std::move(shared->second));
}

void CheckoutSessions::create(Origin origin, RequestedSession wanted, OnMade answer) {
    foundation::ensure(origin.partner_id.has_value(), "a session is made for a partner");
    const auto directory = house_.partners.directory();
    const partner::Partner* partner = directory->partner(*origin.partner_id);
    foundation::ensure(partner && partner->contract, "a client speaks for a partner with a contract");
    const std::string text = request_text(wanted);
    checkout::Create command = creation_of(*partner, std::move(wanted), house_.clock.now());

    struct Asked {
        Origin origin;
        std::string text;
        OnMade answer;
    };
    const StreamName stream =
        stream_of_session(origin.key ? keyed_id(house_.id_secret, partner->id, *origin.key)
                                     : foundation::uuid_text(*foundation::digest_of(house_.random.bytes(32))));
    const Loading loading = origin.key ? Loading::from_log : Loading::assumed_empty;
    const subject::Key key = *subject::Key::of(house_.random.bytes(subject::Key::size));
    const auto asked = std::make_shared<Asked>(std::move(origin), text, std::move(answer));
    // A repeated request is answered as the first one was, even if the contract has changed meanwhile.
    const auto no = ruled_out(command, *partner, house_.clock.now());

    const auto made = [this, asked](std::shared_ptr<const CheckoutSession> session, bool repeated) {
        auto view = std::make_shared<const SessionView>(SessionView{.session = session->session, .code = {}});
        give(std::move(asked->answer),
             std::variant<SessionMade, SessionRuledOut, SessionFault>(
                 SessionMade{.session = std::move(view),
                             .landing_token = tokens_.token(SessionTokens::Purpose::landing, session->session.id),
                             .repeated = repeated}));
    };
    const auto say = [this, asked](std::variant<SessionMade, SessionRuledOut, SessionFault> what) {
        return Step<CheckoutSession>{.completed = [this, asked, what = std::move(what)](auto, auto) mutable {
            give(std::move(asked->answer), std::move(what));
        }};
    };
    Job<CheckoutSession> job{
        .stream = stream,
        .loading = loading,
        .decide = [=, this, command = std::move(command)](const CheckoutSession& found,
                                                          const LaneContext& context) -> Step<CheckoutSession> {
            if (found.session.version > 0) {
                foundation::ensure(asked->origin.key.has_value(), "a new session meets an old one");
                if (!found.subject_key) return say(SessionRuledOut{ledger::Refusal::anonymized_by_buyer});
                if (!foundation::equal_in_constant_time(found.made_with->fingerprint,
                                                        fingerprint_of(*found.subject_key, asked->text)))
                    return say(SessionFault::key_reused);
                return {.completed = [made](auto session, auto) { made(std::move(session), true); }};
            }
            if (no) return say(SessionRuledOut{*no});
            Drafts drafts(stream, 0, context.now);
            EventRecord& record = drafts.add(checkout::decide(command), command.terms.zone.day_of(context.now),
                                             context.now, asked->origin.actor, &key);
            if (asked->origin.key) {
                record.key = *asked->origin.key;
                record.fingerprint = fingerprint_of(key, asked->text);
            }
            Append append = std::move(drafts).take();
            append.new_wrapped_key = wrapped_key(house_.master_key, stream.name, key);
            return {.append = std::move(append),
                    .completed = [made](auto session, auto) { made(std::move(session), false); }};
        },
        .failed =
            [this, asked](const std::exception_ptr& fault) {
                give(std::move(asked->answer),
                     std::variant<SessionMade, SessionRuledOut, SessionFault>(fault_of(fault)));
            }};
    if (!house_.lane.submit(job_of(std::move(job)))) asked->answer(SessionFault::busy);
}

void CheckoutSessions::find(Origin origin, std::string session_id, OnSession answer) {
    if (!foundation::is_uuid(session_id)) return answer(SessionFault::unknown_session);
    auto shared = std::make_shared<OnSession>(std::move(answer));
    const auto read = [this, shared, origin = std::move(origin),
                       stream = stream_of_session(session_id)](LogReader& reader) {
        CheckoutSession found = session_of(house_.master_key, stream, reader.read(stream));
        if (!is_visible(found, origin)) return (*shared)(SessionFault::unknown_session);
        // What time has brought shows although nobody has recorded it yet; the version stays that of the log.
        checkout::Session session = std::move(found.session);
        const std::int64_t version = session.version;
        for (const checkout::Recorded& due : checkout::due_events(session, house_.clock.now()))
            checkout::evolve(session, due);
        session.version = version;
        (*shared)(view_of(reader, std::move(session)));
    };
    const bool posted =
        house_.readers.post(read, [shared](const std::exception_ptr& fault) { (*shared)(fault_of(fault)); });
    if (!posted) (*shared)(SessionFault::busy);
}

void CheckoutSessions::find_of_purchase(std::string transaction_id, OnSession answer) {
    auto shared = std::make_shared<OnSession>(std::move(answer));
    const auto read = [this, shared, id = std::move(transaction_id)](LogReader& reader) {
        // Its tries have ids that follow from its own: no stream is read but the one that fits.
        const auto session_id = session_that_tried(house_.id_secret, reader.streams(foundation::bucket_of(id), ""), id);
        if (!session_id) return (*shared)(SessionFault::unknown_session);
        const StreamName stream = stream_of_session(*session_id);
        (*shared)(view_of(reader, session_of(house_.master_key, stream, reader.read(stream)).session));
    };
    const bool posted =
        house_.readers.post(read, [shared](const std::exception_ptr& fault) { (*shared)(fault_of(fault)); });
    if (!posted) (*shared)(SessionFault::busy);
}

void CheckoutSessions::erase(Origin origin, std::string session_id, OnResult answer) {
    const auto decide = [](const CheckoutSession& session, const LaneContext&) -> Outcome<Plan, Refused> {
        auto decision = checkout::decide(session.session, checkout::EraseSubject{});
        if (!decision) return std::unexpected(std::move(decision.error()));
        return Plan{.events = *std::move(decision)};
    };
    carry_out(std::move(origin), std::move(session_id), decide, std::move(answer));
}

void CheckoutSessions::open(std::string landing_token, OnSession answer) {
    const auto id = tokens_.session_of(SessionTokens::Purpose::landing, landing_token);
    if (!id) return answer(SessionFault::unknown_session);
    find({.actor = std::string(buyer), .partner_id = {}, .key = {}}, *id, std::move(answer));
}

void CheckoutSessions::resume(std::string cookie, OnSession answer) {
    const auto id = tokens_.session_of(SessionTokens::Purpose::cookie, cookie);
    if (!id) return answer(SessionFault::unknown_session);
    find({.actor = std::string(buyer), .partner_id = {}, .key = {}}, *id, std::move(answer));
}

std::string CheckoutSessions::cookie_of(std::string_view session_id) const {
    return tokens_.token(SessionTokens::Purpose::cookie, session_id);
}

std::string CheckoutSessions::form_token_of(std::string_view session_id) const {
    return tokens_.token(SessionTokens::Purpose::form, session_id);
}

void CheckoutSessions::carry_out(Origin origin, std::string session_id, Decide decide, OnResult answer) {
    if (!foundation::is_uuid(session_id)) return answer(SessionFault::unknown_session);
    using Said = std::variant<SessionDone, SessionSaidNo, SessionFault>;
    const auto shared = std::make_shared<OnResult>(std::move(answer));
    const auto tell = [this, shared](Said said) { give(std::move(*shared), std::move(said)); };
    // The session is told as it stands, with what a reading thread finds beside it. What is committed is told as done
    // even where that cannot be read: then without it.
    const auto tell_view = [this, shared](checkout::Session session, std::function<Said(SessionPtr)> say) {
        const auto plain = std::make_shared<const SessionView>(SessionView{.session = std::move(session), .code = {}});
        const bool posted = house_.readers.post(
            [this, shared, plain, say](LogReader& reader) { (*shared)(say(view_of(reader, plain->session))); },
            [shared, plain, say](const std::exception_ptr&) { (*shared)(say(plain)); });
        if (!posted) (*shared)(say(plain));
    };
    const StreamName stream = stream_of_session(session_id);
    Job<CheckoutSession> job{
        .stream = stream,
        .decide = [=, this, decide = std::move(decide)](const CheckoutSession& found,
                                                        const LaneContext& context) -> Step<CheckoutSession> {
            if (!is_visible(found, origin))
                return {.completed = [tell](auto, auto) { tell(SessionFault::unknown_session); }};
            CheckoutSession session = found;
            Drafts drafts(stream, found.session.version, context.now);
            for (const checkout::Recorded& due : checkout::due_events(found.session, context.now)) {
                drafts.add(due);
                checkout::evolve(session.session, due);
            }
            const auto plan = decide(session, context);
            if (!plan) {
                return {.completed = [tell_view, told = session.session, refused = plan.error()](auto, auto) {
                    tell_view(told, [refused](SessionPtr view) { return SessionSaidNo{refused, std::move(view)}; });
                }};
            }
            const subject::Key* key = session.subject_key ? &*session.subject_key : nullptr;
            for (const checkout::Event& event : plan->events)
                drafts.add(event, session.session.terms.zone.day_of(context.now), context.now, origin.actor, key);
            Step<CheckoutSession> step{
                .also = plan->also,
                .completed = [=, this, code = plan->code, new_code = plan->new_code](auto after, auto) {
                    tell_view(after->session, [this, code, new_code](SessionPtr view) {
                        return SessionDone{.session = std::move(view), .code = code};
                    });
                    if (!new_code.empty()) send(after->session, new_code);
                }};
            if (plan->events.empty()) return step;
            step.append = std::move(drafts).take();
            step.append->erases_key = std::ranges::any_of(plan->events, [](const checkout::Event& event) {
                return std::holds_alternative<checkout::SubjectErased>(event);
            });
            return step;
        },
        .failed = [tell](const std::exception_ptr& fault) { tell(fault_of(fault)); }};
    if (!house_.lane.submit(job_of(std::move(job)))) (*shared)(SessionFault::busy);
}

void CheckoutSessions::act(std::string session_id, checkout::Command command, OnResult answer) {
    foundation::ensure(!std::holds_alternative<checkout::Confirm>(command) &&
                           !std::holds_alternative<checkout::AcceptCode>(command) &&
                           !std::holds_alternative<checkout::GiveUpCode>(command),
                       "the buyer does not say what the ledger says");
    const auto decide = [command = std::move(command)](const CheckoutSession& session,
                                                       const LaneContext&) -> Outcome<Plan, Refused> {
        auto decision = checkout::decide(session.session, command);
        if (!decision) return std::unexpected(std::move(decision.error()));
        return Plan{.events = *std::move(decision)};
    };
    carry_out({.actor = std::string(buyer), .partner_id = {}, .key = {}}, std::move(session_id), decide,
              std::move(answer));
}

void CheckoutSessions::flag_fraud(Origin origin, std::string session_id, checkout::FlagFraud command, OnResult answer) {
    const auto decide = [command = std::move(command)](const CheckoutSession& session,
                                                       const LaneContext&) -> Outcome<Plan, Refused> {
        auto decision = checkout::decide(session.session, command);
        if (!decision) return std::unexpected(std::move(decision.error()));
        return Plan{.events = *std::move(decision)};
    };
    carry_out(std::move(origin), std::move(session_id), decide, std::move(answer));
}

void CheckoutSessions::confirm(std::string session_id, checkout::ConsentReceipt receipt,
                               std::optional<ledger::RiskVerdict> sandbox_verdict, OnResult answer) {
    const subject::Key key = *subject::Key::of(house_.random.bytes(subject::Key::size));
    if (verdicts_ != Verdicts::of_the_sandbox) sandbox_verdict.reset();
    const std::string code = codes_.draw();
    const auto decide = [this, key, receipt = std::move(receipt), sandbox_verdict, code](
                            const CheckoutSession& found, const LaneContext& context) -> Outcome<Plan, Refused> {
        const checkout::Session& session = found.session;
        if (const auto allowed = checkout::may_confirm(session); !allowed) return std::unexpected(allowed.error());

        const ledger::Authorise command = checkout::authorise_of(session, receipt);
        const auto directory = house_.partners.directory();
        const partner::Partner* partner = directory->partner(session.partner_id);
        foundation::ensure(partner, "a session belongs to a partner");
        ledger::Counterpart counterpart = counterpart_of(*partner);
        if (!codes_.can_send()) counterpart.contract.one_time_codes.reset();
        counterpart.risk =
            sandbox_verdict ? *sandbox_verdict : verdict_on(command, counterpart.contract, house_.assess);
        const std::string id = transaction_id_of(house_.id_secret, session.id, session.declines.size());
        counterpart.code_digest = codes_.digest(id, code);
        const StreamName stream{foundation::bucket_of(id), id};
        // No other purchase begins at this place of the bucket.
        counterpart.payment_reference =
            ledger::payment_reference(stream.bucket, context.next_position, house_.id_secret);

        const ledger::Decision decision =
            ledger::decide(command, counterpart, {.now = context.now, .operation_id = {}});
        Drafts drafts(stream, 0, context.now);
        for (const ledger::Decided& one : decision)
            drafts.add(one.event, one.value_date, context.now, std::string(buyer), &key);
        Append append = std::move(drafts).take();
        append.new_wrapped_key = wrapped_key(house_.master_key, stream.name, key);

        const auto* declined = std::get_if<ledger::Declined>(&decision.front().event);
        const bool awaits_code = decision.size() > 1;
        const checkout::LedgerAnswer said =
            declined      ? checkout::LedgerAnswer(checkout::NotPurchased{id, declined->refusal})
            : awaits_code ? checkout::LedgerAnswer(checkout::PurchasedAfterCode{id, counterpart.payment_reference})
                          : checkout::LedgerAnswer(checkout::Purchased{id, counterpart.payment_reference});
        auto events = checkout::decide(session, checkout::Confirm{receipt, said});
        foundation::ensure(events.has_value(), "what may be confirmed is confirmed");
        return Plan{.events = *std::move(events),
                    .also = {std::move(append)},
                    .code = awaits_code ? std::optional(CodeResult::sent) : std::nullopt,
                    .new_code = awaits_code ? code : std::string{}};
    };
    carry_out({.actor = std::string(buyer), .partner_id = {}, .key = {}}, std::move(session_id), decide,
              std::move(answer));
}

SessionPtr CheckoutSessions::view_of(LogReader& reader, checkout::Session session) const {
    auto view = std::make_shared<SessionView>(SessionView{.session = std::move(session), .code = {}});
    const bool awaits_code = view->session.status == checkout::SessionStatus::otp_pending;
    const bool is_credit = view->session.status == checkout::SessionStatus::completed &&
                           view->session.terms.credit_regime == terms::CreditRegime::consumer_credit;
    if (!awaits_code && !is_credit) return view;
    const std::string& id = *view->session.transaction_id;
    const StreamName stream{foundation::bucket_of(id), id};
    const Purchase purchase = purchase_of(house_.master_key, stream, reader.read(stream));
    if (const auto& verification = purchase.transaction.verification)
        view->code = CodeStanding{
            .sent_to = masked(verification->newest.phone ? verification->newest.phone->text() : std::string_view{}),
            .valid_until = verification->valid_until(),
            .tries_left = verification->tries_left(),
            .new_codes_left = verification->new_codes_left(),
            .new_code_from = verification->new_code_from()};
    if (!awaits_code) view->code.reset();
    if (is_credit) view->withdrawal = withdrawal_of(purchase.transaction, house_.clock.now());
    return view;
}

void CheckoutSessions::send(const checkout::Session& session, const std::string& code) {
    const StreamName stream{foundation::bucket_of(*session.transaction_id), *session.transaction_id};
    house_.readers.post(
        [this, stream, code](LogReader& reader) {
            codes_.send(purchase_of(house_.master_key, stream, reader.read(stream)).transaction, code);
        },
        [](const std::exception_ptr&) {});  // the buyer asks for a new one
}

void CheckoutSessions::decide_code(std::string session_id, CodeDecide decide, std::string new_code, OnResult answer) {
    const auto plan = [decide = std::move(decide), new_code = std::move(new_code)](
                          const CheckoutSession& found, const LaneContext& context) -> Outcome<Plan, Refused> {
        const checkout::Session& session = found.session;
        const auto ask = [&](const checkout::Command& command) { return checkout::decide(session, command); };
        if (session.status != checkout::SessionStatus::otp_pending)
            return std::unexpected(ask(checkout::AcceptCode{}).error());
        const StreamName stream{foundation::bucket_of(*session.transaction_id), *session.transaction_id};
        const auto purchase = state_as<Purchase>(state_of<StreamState>(context, stream));

        Drafts drafts(stream, purchase->transaction.version, context.now);
        ledger::Transaction transaction = purchase->transaction;
        for (const ledger::Recorded& due : ledger::due_events(purchase->transaction, context.now)) {
            drafts.add(due);
            ledger::evolve(transaction, due);
        }
        // The code may have come by the Payment API, which knows the purchase and not its session.
        const bool is_confirmed = !transaction.is_declined() && !transaction.awaits_code();
        const ledger::CodeDecision decision = is_confirmed ? ledger::CodeDecision{ledger::CodeAnswer::confirmed, {}}
                                                           : decide(session, transaction, context.now);
        const subject::Key* key = purchase->subject_key ? &*purchase->subject_key : nullptr;
        for (const ledger::Decided& one : decision.events)
            drafts.add(one.event, one.value_date, context.now, std::string(buyer), key);

        Plan made{.events = {}, .code = result_of(decision.answer)};
        checkout::Command command = checkout::Act{};
        if (decision.answer == ledger::CodeAnswer::confirmed) command = checkout::AcceptCode{};
        if (made.code == CodeResult::no_tries_left) command = checkout::GiveUpCode{ledger::Refusal::buyer_identity};
        auto events = ask(command);
        foundation::ensure(events.has_value(), "a session that awaits a code takes it");
        made.events = *std::move(events);
        if (!drafts.is_empty()) made.also.push_back(std::move(drafts).take());
        if (decision.answer == ledger::CodeAnswer::sent) made.new_code = new_code;
        return made;
    };
    carry_out({.actor = std::string(buyer), .partner_id = {}, .key = {}}, std::move(session_id), plan,
              std::move(answer));
}

void CheckoutSessions::enter_code(std::string session_id, std::string code, OnResult answer) {
    decide_code(
        std::move(session_id),
        [this, code = std::move(code)](const checkout::Session& session, const ledger::Transaction& transaction,
                                       foundation::Instant now) {
            return ledger::enter_code(transaction, codes_.digest(*session.transaction_id, code), now);
        },
        {}, std::move(answer));
}

void CheckoutSessions::send_new_code(std::string session_id, OnResult answer) {
    const std::string code = codes_.draw();
    decide_code(
        std::move(session_id),
        [this, code](const checkout::Session& session, const ledger::Transaction& transaction,
                     foundation::Instant now) {
            return ledger::send_new_code(
                transaction, codes_.digest(*session.transaction_id, code),
                session.order.buyer.contact ? session.order.buyer.contact->phone : std::nullopt, now);
        },
        code, std::move(answer));
}

void CheckoutSessions::record_due(
    const std::string& session_id,
    std::move_only_function<void(bool recorded, std::optional<foundation::Instant> next)> done) {
    const StreamName stream = stream_of_session(session_id);
    auto shared = std::make_shared<decltype(done)>(std::move(done));
    Job<CheckoutSession> job{
        .stream = stream,
        .decide =
            [stream, shared](const CheckoutSession& found, const LaneContext& context) {
                Step<CheckoutSession> step{.completed = [shared](std::shared_ptr<const CheckoutSession> after, auto) {
                    (*shared)(true, checkout::next_due(after->session));
                }};
                Drafts drafts(stream, found.session.version, context.now);
                const auto due_events = checkout::due_events(found.session, context.now);
                for (const checkout::Recorded& due : due_events) drafts.add(due);
                if (due_events.empty()) return step;
                step.append = std::move(drafts).take();
                step.append->erases_key = std::holds_alternative<checkout::SubjectErased>(due_events.back().event);
                return step;
            },
        .failed = [shared](const std::exception_ptr&) { (*shared)(false, std::nullopt); }};
    if (!house_.lane.submit(job_of(std::move(job)))) (*shared)(false, std::nullopt);
}

}  // namespace saldo::service
