#include "service/ledger_purchases.hpp"

#include <algorithm>
#include <utility>

#include "foundation/digest.hpp"
#include "foundation/id.hpp"
#include "foundation/outcome.hpp"
#include "ledger/command_text.hpp"
#include "ledger/event_codec.hpp"
#include "ledger/payment_reference.hpp"
#include "service/authorising.hpp"
#include "service/drafts.hpp"
#include "service/purchase_fold.hpp"

namespace saldo::service {

using foundation::hmac_sha256;
using ledger::Decided;
using ledger::Decision;
using ledger::Refusal;

namespace {

StreamName stream_of(std::string_view transaction_id) {
    return {foundation::bucket_of(transaction_id), std::string(transaction_id)};
}

/// A new id inside a stream: it follows from the event that it names.
std::string operation_id(std::string_view id_secret, std::string_view stream, std::int64_t seq) {
    std::string place = "operation/";
    place += stream;
    place += '/' + std::to_string(seq);
    return foundation::id_text(hmac_sha256(id_secret, place));
}

/// The id that a purchase gets which is authorised with a key: the repeated request arrives at the same stream.
std::string keyed_id(std::string_view id_secret, std::string_view partner_id, std::string_view key) {
    std::string command = "authorise/";
    command += partner_id;
    command += '/';
    command += key;
    return foundation::id_text(hmac_sha256(id_secret, command));
}

NotDecided reason_of(const std::exception_ptr& fault) {
    try {
        std::rethrow_exception(fault);
    } catch (const StoreFailed&) {
        return NotDecided::failed;
    } catch (const CommitUnknown&) {
        return NotDecided::outcome_unknown;
    } catch (const std::exception&) {
        return NotDecided::broken;
    }
}

bool is_visible(const Purchase& purchase, const Origin& origin) {
    return purchase.transaction.version > 0 &&
           (!origin.partner_id || *origin.partner_id == purchase.transaction.authorisation.partner_id);
}

}  // namespace

/// One command on its way: it may be decided more than once, so whatever chance gave it was drawn before.
struct LedgerPurchases::Asked {
    Origin origin;
    StreamName stream;
    std::string text;  ///< what the fingerprint is made of
    OnResult answer;
    std::function<Step<Purchase>(const Purchase&, const LaneContext&)> decide;
};

void LedgerPurchases::give(OnResult answer, Result result) {
    // Answers are rendered on a reading thread, so that the lane goes on with its next batch.
    auto shared = std::make_shared<std::pair<OnResult, Result>>(std::move(answer), std::move(result));
    const bool posted = house_.readers.post([shared](LogReader&) { shared->first(std::move(shared->second)); },
                                            [](const std::exception_ptr&) {});
    if (!posted) shared->first(std::move(shared->second));
}

void LedgerPurchases::give_as_of(OnResult answer, const StreamName& stream, std::int64_t seq,
                                 std::optional<Refusal> refusal) {
    auto shared = std::make_shared<OnResult>(std::move(answer));
    const auto read = [this, shared, stream, seq, refusal](LogReader& reader) {
        const auto content = reader.read(stream);
        auto purchase = std::make_shared<const Purchase>(
            purchase_of(house_.master_key, stream, content, end_of_decision(content, seq)));
        if (refusal)
            (*shared)(SaidNo{*refusal, std::move(purchase)});
        else
            (*shared)(Done{.purchase = std::move(purchase), .seq = seq, .repeated = true});
    };
    const bool posted =
        house_.readers.post(read, [shared](const std::exception_ptr& fault) { (*shared)(reason_of(fault)); });
    if (!posted) (*shared)(NotDecided::busy);
}

void LedgerPurchases::submit(std::shared_ptr<Asked> asked, Loading loading) {
    Job<Purchase> job{
        .stream = asked->stream,
        .loading = loading,
        .decide = [this, asked](const Purchase& purchase, const LaneContext& context) -> Step<Purchase> {
            const auto say = [this, asked](Result result) {
                return Step<Purchase>{.completed = [this, asked, result = std::move(result)](auto, auto) mutable {
                    give(std::move(asked->answer), std::move(result));
                }};
            };
            const auto& key = asked->origin.key;
            const auto use = key ? std::ranges::find(purchase.keys, *key, &KeyUse::key) : purchase.keys.end();
            if (!key || use == purchase.keys.end()) return asked->decide(purchase, context);
            // A person who was erased took the fingerprints along: nobody can tell any more what the key came with.
            if (!purchase.subject_key) return say(SaidNo{Refusal::anonymized_by_buyer, {}});
            if (!foundation::equal_in_constant_time(use->fingerprint,
                                                    fingerprint_of(*purchase.subject_key, asked->text)))
                return say(NotDecided::key_reused);
            return {.completed = [this, asked, seq = use->seq, refusal = use->refusal](auto, auto) mutable {
                give_as_of(std::move(asked->answer), asked->stream, seq, refusal);
            }};
        },
        .failed = [this, asked](const std::exception_ptr& fault) { give(std::move(asked->answer), reason_of(fault)); }};
    if (!house_.lane.submit(job_of(std::move(job)))) asked->answer(NotDecided::busy);
}

void LedgerPurchases::authorise(Origin origin, ledger::Authorise command, OnResult answer) {
    foundation::ensure(origin.partner_id.has_value(), "a purchase is authorised for a partner");
    const auto directory = house_.partners.directory();
    const partner::Partner* partner = directory->partner(*origin.partner_id);
    foundation::ensure(partner, "a client speaks for a partner");
    ledger::Counterpart counterpart = counterpart_of(*partner);
    if (!codes_.can_send()) counterpart.contract.one_time_codes.reset();
    counterpart.risk = verdict_on(command, counterpart.contract, house_.assess);

    const std::string id = origin.key ? keyed_id(house_.id_secret, partner->id, *origin.key)
                                      : foundation::id_text(*foundation::digest_of(house_.random.bytes(32)));
    const subject::Key key = *subject::Key::of(house_.random.bytes(subject::Key::size));
    const Loading loading = origin.key ? Loading::from_log : Loading::assumed_empty;

    std::string code;
    if (counterpart.risk == ledger::RiskVerdict::one_time_code_required) {
        code = codes_.draw();
        counterpart.code_digest = codes_.digest(id, code);
    }
    auto asked = std::make_shared<Asked>();
    asked->stream = stream_of(id);
    asked->text = ledger::command_text(command);
    asked->answer = std::move(answer);
    asked->origin = std::move(origin);
    asked->decide = [this, asked = std::weak_ptr(asked), command = std::move(command),
                     counterpart = std::move(counterpart), key,
                     code](const Purchase& purchase, const LaneContext& context) mutable -> Step<Purchase> {
        const auto self = asked.lock();
        // Twenty characters of chance do not meet; a key that did would have been found among the stream's keys.
        foundation::ensure(purchase.transaction.version == 0, "a new purchase meets an old one");
        if (command.expires && *command.expires <= context.now)
            return {
                .completed = [this, self](auto, auto) { give(std::move(self->answer), NotDecided::expires_in_past); }};
        counterpart.payment_reference =
            ledger::payment_reference(self->stream.bucket, context.next_position, house_.id_secret);
        const Decision decision = ledger::decide(command, counterpart, {.now = context.now, .operation_id = {}});
        Drafts drafts(self->stream, 0, context.now);
        for (const Decided& one : decision)
            drafts.add(one.event, one.value_date, context.now, self->origin.actor, &key);
        Append append = std::move(drafts).take();
        append.new_wrapped_key = wrapped_key(house_.master_key, self->stream.name, key);
        if (self->origin.key) {
            // On the last of its events: a repeated request is answered as of there.
            append.events.back().key = *self->origin.key;
            append.events.back().fingerprint = fingerprint_of(key, self->text);
        }
        return {.append = std::move(append),
                .completed = [this, self, code](std::shared_ptr<const Purchase> after, auto) {
                    const auto& decline = after->transaction.decline;
                    if (after->transaction.awaits_code()) codes_.send(after->transaction, code);
                    if (decline)
                        give(std::move(self->answer), SaidNo{*decline, after});
                    else
                        give(std::move(self->answer), Done{.purchase = after, .seq = after->transaction.version});
                }};
    };
    submit(std::move(asked), loading);
}

void LedgerPurchases::operate(Origin origin, PurchasePtr purchase, ledger::Command command, OnResult answer) {
    auto asked = std::make_shared<Asked>();
    asked->stream = stream_of(purchase->transaction.id);
    asked->text = ledger::command_text(command);
    asked->answer = std::move(answer);
    asked->origin = std::move(origin);
    asked->decide = [this, asked = std::weak_ptr(asked), command = std::move(command)](
                        const Purchase& found, const LaneContext& context) -> Step<Purchase> {
        const auto self = asked.lock();
        Drafts drafts(self->stream, found.transaction.version, context.now);
        std::optional<ledger::Transaction> later;  // what time has made of it
        for (const ledger::Recorded& due : ledger::due_events(found.transaction, context.now)) {
            drafts.add(due);
            if (!later) later = found.transaction;
            ledger::evolve(*later, due);
        }
        const ledger::Transaction& transaction = later ? *later : found.transaction;
        const subject::Key* key = found.subject_key ? &*found.subject_key : nullptr;
        const std::int64_t seq = drafts.next_seq();
        const auto remember = [&](EventRecord& record) {
            if (!self->origin.key || !key) return;
            record.key = *self->origin.key;
            record.fingerprint = fingerprint_of(*key, self->text);
        };

        const auto decision = ledger::decide(
            transaction, command,
            {.now = context.now, .operation_id = operation_id(house_.id_secret, self->stream.name, seq)});
        if (!decision) {
            const Refusal refusal = decision.error();
            auto completed = [this, self, refusal](std::shared_ptr<const Purchase> after, auto) {
                give(std::move(self->answer), SaidNo{refusal, after});
            };
            // An erased purchase refuses everything for good: there is nothing to remember, and no key to do it with.
            if (!self->origin.key || !key) return {.completed = std::move(completed)};
            const ledger::Refused refused{.operation = std::string(ledger::operation_of(command)), .refusal = refusal};
            remember(drafts.add(refused, transaction.zone().day_of(context.now), context.now, self->origin.actor));
            return {.append = std::move(drafts).take(), .completed = std::move(completed)};
        }
        if (decision->empty())
            return {.completed = [this, self](std::shared_ptr<const Purchase> after, auto) {
                give(std::move(self->answer), Done{.purchase = after, .seq = 0});
            }};

        bool is_first = true;
        for (const Decided& one : *decision) {
            EventRecord& record = drafts.add(one.event, one.value_date, context.now, self->origin.actor, key);
            if (std::exchange(is_first, false)) remember(record);
        }
        Append append = std::move(drafts).take();
        append.erases_key = std::holds_alternative<ledger::EraseSubject>(command);
        return {.append = std::move(append),
                .completed = [this, self, seq](std::shared_ptr<const Purchase> after, auto) {
                    give(std::move(self->answer), Done{.purchase = after, .seq = seq});
                }};
    };
    submit(std::move(asked), Loading::from_log);
}

std::variant<PurchasePtr, NotDecided> LedgerPurchases::as_of_now(PurchasePtr purchase, const Origin& origin) {
    if (!is_visible(*purchase, origin)) return NotDecided::unknown_transaction;
    const auto due_events = ledger::due_events(purchase->transaction, house_.clock.now());
    if (due_events.empty()) return purchase;
    // What time has brought shows although nobody has recorded it yet; the version stays that of the log.
    auto later = std::make_shared<Purchase>(*purchase);
    for (const ledger::Recorded& due : due_events) ledger::evolve(later->transaction, due);
    later->transaction.version = purchase->transaction.version;
    return later;
}

void LedgerPurchases::find(Origin origin, std::string id, OnPurchase answer) {
    if (!foundation::is_transaction_id(id)) return answer(NotDecided::unknown_transaction);
    StreamName stream = stream_of(id);
    // Who writes to a purchase mostly has just done so: then the lane knows it, and nobody has to read it again.
    if (auto known = house_.lane.written_lately(stream)) {
        try {
            return answer(as_of_now(state_as<Purchase>(std::move(known)), origin));
        } catch (...) {
            return answer(reason_of(std::current_exception()));
        }
    }
    auto shared = std::make_shared<OnPurchase>(std::move(answer));
    const auto read = [this, shared, origin = std::move(origin), stream = std::move(stream)](LogReader& reader) {
        auto purchase = std::make_shared<const Purchase>(purchase_of(house_.master_key, stream, reader.read(stream)));
        (*shared)(as_of_now(std::move(purchase), origin));
    };
    const bool posted =
        house_.readers.post(read, [shared](const std::exception_ptr& fault) { (*shared)(reason_of(fault)); });
    if (!posted) (*shared)(NotDecided::busy);
}

void LedgerPurchases::decide_code(Origin origin, std::string transaction_id, DecideCode decide, std::string new_code,
                                  OnCode answer) {
    if (!foundation::is_transaction_id(transaction_id)) return answer(NotDecided::unknown_transaction);
    const StreamName stream = stream_of(transaction_id);
    const auto shared = std::make_shared<OnCode>(std::move(answer));
    const auto tell = [this, shared](std::variant<CodeSaid, NotDecided> said) {
        const auto held = std::make_shared<std::variant<CodeSaid, NotDecided>>(std::move(said));
        const bool posted = house_.readers.post([shared, held](LogReader&) { (*shared)(std::move(*held)); },
                                                [](const std::exception_ptr&) {});
        if (!posted) (*shared)(std::move(*held));
    };
    Job<Purchase> job{.stream = stream,
                      .decide = [=, this](const Purchase& found, const LaneContext& context) -> Step<Purchase> {
                          if (!is_visible(found, origin))
                              return {.completed = [tell](auto, auto) { tell(NotDecided::unknown_transaction); }};
                          Drafts drafts(stream, found.transaction.version, context.now);
                          ledger::Transaction transaction = found.transaction;
                          for (const ledger::Recorded& due : ledger::due_events(found.transaction, context.now)) {
                              drafts.add(due);
                              ledger::evolve(transaction, due);
                          }
                          const ledger::CodeDecision decision = decide(transaction, context.now);
                          const subject::Key* key = found.subject_key ? &*found.subject_key : nullptr;
                          for (const Decided& one : decision.events)
                              drafts.add(one.event, one.value_date, context.now, origin.actor, key);
                          Step<Purchase> step{.completed = [=, this, answered = decision.answer](auto after, auto) {
                              if (answered == ledger::CodeAnswer::sent) codes_.send(after->transaction, new_code);
                              tell(CodeSaid{answered, after});
                          }};
                          if (!drafts.is_empty()) step.append = std::move(drafts).take();
                          return step;
                      },
                      .failed = [tell](const std::exception_ptr& fault) { tell(reason_of(fault)); }};
    if (!house_.lane.submit(job_of(std::move(job)))) (*shared)(NotDecided::busy);
}

void LedgerPurchases::enter_code(Origin origin, std::string transaction_id, std::string code, OnCode answer) {
    const std::string digest = codes_.digest(transaction_id, code);
    decide_code(
        std::move(origin), std::move(transaction_id),
        [digest](const ledger::Transaction& transaction, foundation::Instant now) {
            return ledger::enter_code(transaction, digest, now);
        },
        {}, std::move(answer));
}

void LedgerPurchases::send_new_code(Origin origin, std::string transaction_id, OnCode answer) {
    const std::string code = codes_.draw();
    const std::string digest = codes_.digest(transaction_id, code);
    decide_code(
        std::move(origin), std::move(transaction_id),
        [digest](const ledger::Transaction& transaction, foundation::Instant now) {
            return ledger::send_new_code(transaction, digest, std::nullopt, now);
        },
        code, std::move(answer));
}

std::optional<foundation::Instant> LedgerPurchases::erasure_due(const ledger::Transaction& transaction) const {
    if (!transaction.is_declined() || transaction.erased) return std::nullopt;
    const auto directory = house_.partners.directory();
    const partner::Partner* partner = directory->partner(transaction.authorisation.partner_id);
    if (!partner || !partner->contract || !partner->contract->retention_days) return std::nullopt;
    return transaction.created + foundation::Days{*partner->contract->retention_days};
}

void LedgerPurchases::record_due(
    const std::string& transaction_id,
    std::move_only_function<void(bool recorded, std::optional<foundation::Instant> next)> done) {
    const StreamName stream = stream_of(transaction_id);
    auto shared = std::make_shared<decltype(done)>(std::move(done));
    Job<Purchase> job{
        .stream = stream,
        .loading = Loading::from_log,
        .decide = [this, stream, shared](const Purchase& purchase, const LaneContext& context) -> Step<Purchase> {
            Step<Purchase> step{.completed = [this, shared](std::shared_ptr<const Purchase> after, auto) {
                (*shared)(true, erasure_due(after->transaction));
            }};
            Drafts drafts(stream, purchase.transaction.version, context.now);
            ledger::Transaction transaction = purchase.transaction;
            for (const ledger::Recorded& due : ledger::due_events(purchase.transaction, context.now)) {
                drafts.add(due);
                ledger::evolve(transaction, due);
            }
            const auto erasure = erasure_due(transaction);
            const bool is_erased = erasure && *erasure <= context.now;
            if (is_erased) drafts.add(ledger::SubjectErased{}, transaction.zone().day_of(*erasure), *erasure, "system");
            if (drafts.is_empty()) return step;
            step.append = std::move(drafts).take();
            step.append->erases_key = is_erased;
            return step;
        },
        .failed = [shared](const std::exception_ptr&) { (*shared)(false, std::nullopt); }};
    if (!house_.lane.submit(job_of(std::move(job)))) (*shared)(false, std::nullopt);
}

}  // namespace saldo::service
