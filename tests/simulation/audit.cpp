#include "audit.hpp"

#include <algorithm>
#include <charconv>

#include "ledger/direct_debit.hpp"
#include "ledger/due_amounts.hpp"
#include "ledger/standing.hpp"
#include "plan_laws.hpp"
#include "service/purchase_fold.hpp"

namespace saldo::simulation {

using ledger::Recorded;
using service::EventRecord;

namespace {

constexpr std::string_view client = "client-";
constexpr std::string_view visitor = "buyer";

/// What a refused command leaves behind: the purchase as it was, but for its version.
bool is_unchanged(ledger::Transaction before, const ledger::Transaction& after) {
    before.version = after.version;
    return before == after;
}

std::optional<ledger::Refusal> expected_decline(const Request& request, const terms::Contract& contract,
                                                foundation::Instant now) {
    std::set<ledger::Refusal> flaws = request.flaws;
    // An order that was long on its way may come when its end is not too far off any more.
    const auto& expires = std::get<ledger::Authorise>(request.command).expires;
    flaws.erase(ledger::Refusal::maximum_expiry_exceeded);
    if (expires && *expires > now + foundation::Days{contract.expiry_days_max})
        flaws.insert(ledger::Refusal::maximum_expiry_exceeded);
    return flaws.empty() ? std::nullopt : std::optional(*flaws.begin());
}

bool is_about_plan(std::string_view type) {
    return type == "PlanMade" || type == "PlanEnded";
}

/// Whether an event comes with another one of the same request, in one decision.
bool follows_from_another(std::string_view type, const Request& request) {
    const bool is_order = std::holds_alternative<ledger::Authorise>(request.command);
    return is_about_plan(type) || type == "CodeRequired" || type == "CodeGivenUp" || (type == "CodeSent" && is_order);
}

/// A decision's last event carries its key, if it is an order; else its first.
bool carries_key(std::string_view type, const Request& request) {
    const auto* order = std::get_if<ledger::Authorise>(&request.command);
    if (!order) return !is_about_plan(type);
    return !needs_code(*order) || type == "CodeSent" || type == "Declined";
}

}  // namespace

void Audit::follow() {
    if (commits_seen_ == disk_.commits()) return;
    constexpr int page_size = 1000;
    const auto page = disk_.durable().read_after(read_to_, page_size);
    for (const EventRecord& record : page.events)
        if (verdict_.all_hold()) take(record);
    read_to_ = page.next;
    commits_seen_ = disk_.commits();
    for (const Dossier& dossier : dossiers_)
        verdict_.check(!dossier.model.awaited_plan, "a plan was not made with what changes it");
    for (const Visit& visit : visits_)
        if (verdict_.all_hold()) check_visit(visit, dossiers_, verdict_);
}

void Audit::take(const EventRecord& record) {
    check_place(record);
    if (service::is_session(record.stream)) return take_visit(record);
    if (!foundation::is_transaction_id(record.stream.name)) return;
    Request* request = nullptr;
    if (record.actor.starts_with(client)) {
        std::size_t number = 0;
        std::from_chars(record.actor.data() + client.size(), record.actor.data() + record.actor.size(), number);
        request = &requests_.at(number);
    } else {
        verdict_.check(record.actor == "system" || record.actor == visitor, "an event was caused by nobody known");
    }
    const auto known = std::ranges::find(dossiers_, record.stream.name, &Dossier::id);
    if (known == dossiers_.end() && !request) return verdict_.check(false, "a purchase begins by itself");
    Dossier& dossier = known != dossiers_.end() ? *known : dossiers_[request->purchase];
    verdict_.check(!request || &dossier == &dossiers_[request->purchase], "a command changed another purchase");
    if (known == dossiers_.end() || record.seq == 1) begin(record, dossier);
    if (request) {
        if (!follows_from_another(record.type, *request))
            verdict_.check(++request->events == 1, "a request happened twice");
        if (carries_key(record.type, *request))
            check_key(record, dossier, *request);
        else
            verdict_.check(record.key.empty(), "two events of a decision carry its key");
    } else {
        verdict_.check(record.key.empty(), "an event by nobody carries a key");
    }
    if (!verdict_.all_hold()) return;

    const Recorded recorded = service::recorded_of(record, dossier.key ? &*dossier.key : nullptr);
    judge(recorded, dossier, request);
    if (!verdict_.all_hold()) return;
    dossier.hashes.push_back(record.hash);
    check_amounts(dossier);
    if (!dossier.model.awaited_plan) check_due(dossier);
}

void Audit::check_place(const EventRecord& record) {
    Head& head = heads_[record.stream.bucket];
    verdict_.check(record.position == head.position + 1, "positions of a bucket have a gap");
    verdict_.check(record.hash == service::chained(head.hash, record), "the chain of a bucket is broken");
    verdict_.check(record.recorded_at >= newest_, "time goes back in the log");
    head = {.position = record.position, .hash = record.hash};
    newest_ = record.recorded_at;
}

void Audit::check_key(const EventRecord& record, Dossier& dossier, const Request& request) {
    verdict_.check(record.fingerprint.empty() == record.key.empty(), "a key without a fingerprint, or the reverse");
    if (record.key.empty()) return verdict_.check(!request.key, "an event lost the key of its request");
    verdict_.check(request.key == record.key, "an event carries another key than its request");
    verdict_.check(dossier.keys_used.insert(record.key).second, "a key was applied twice");
}

void Audit::begin(const EventRecord& record, Dossier& dossier) {
    verdict_.check(!dossier.exists() || dossier.tried, "one order became two purchases");
    dossier.id = dossier.transaction.id = record.stream.name;
    const auto content = disk_.durable().read(record.stream);
    dossier.key = service::unwrapped_key(House::master_key(), record.stream.name, content.wrapped_key);
}

void Audit::judge(const Recorded& recorded, Dossier& dossier, const Request* request) {
    const auto& code = dossier.model.code;
    const bool is_used_up = code && code->missed == dossier.model.contract.one_time_codes.value().tries_max;
    verdict_.check(!is_used_up || std::holds_alternative<ledger::CodeGivenUp>(recorded.event),
                   "the tries are used up, and the purchase goes on");
    if (recorded.actor == visitor) {
        if (!dossier.tried) return verdict_.check(false, "a visitor changed a purchase of somebody else");
        return recorded.seq == 1 ? judge_tried(recorded, dossier) : judge_code(recorded, dossier, nullptr);
    }
    if (!request) return judge_due(recorded, dossier);
    if (!std::holds_alternative<ledger::Command>(request->command)) {
        const bool is_first = recorded.seq == 1;
        return is_first ? judge_order(recorded, dossier, *request) : judge_code(recorded, dossier, request);
    }

    if (is_about_plan(ledger::type_of(recorded.event))) return judge_plan(recorded, dossier);
    const auto& command = std::get<ledger::Command>(request->command);
    const foundation::Instant now = recorded.recorded_at;
    verdict_.check(!dossier.model.awaited_plan, "a plan was not made with what changes it");
    verdict_.check(dossier.model.due(now) == Model::Due::nothing,
                   "a command was decided before what time had brought about");
    const auto expected = objection(dossier.model, command, now);
    if (const auto* refused = std::get_if<ledger::Refused>(&recorded.event)) {
        verdict_.check(expected.has_value(), "a command was refused that should go through");
        verdict_.check(!expected || expected == refused->refusal, "a command was refused for another reason");
        verdict_.check(refused->operation == ledger::operation_of(command), "a refusal names another operation");
        const ledger::Transaction before = dossier.transaction;
        ledger::evolve(dossier.transaction, recorded);
        verdict_.check(is_unchanged(before, dossier.transaction), "a refusal changed the purchase");
        return;
    }
    verdict_.check(!expected, "a command went through that should be refused");
    verdict_.check(!changes_nothing(dossier.model, command, now), "a command that changes nothing was recorded");
    if (!verdict_.all_hold()) return;
    dossier.model.apply(command, now);
    if (std::holds_alternative<ledger::SubmitDirectDebit>(command))
        verdict_.check(dossier.model.on_its_way() <= dossier.model.owed_on(foundation::Day::max()),
                       "more is being collected than is owed");
    ledger::evolve(dossier.transaction, recorded);
    if (dossier.model.is_erased) forget(dossier);
}

/// The plan that follows from what was recorded right before it.
void Audit::judge_plan(const Recorded& recorded, Dossier& dossier) {
    Model& model = dossier.model;
    if (const auto* made = std::get_if<ledger::PlanMade>(&recorded.event)) {
        check_plan(model, *made, recorded.value_date, verdict_);
        if (verdict_.all_hold()) model.take(*made, recorded.value_date);
    } else {
        const auto& ended = std::get<ledger::PlanEnded>(recorded.event);
        check_end_of_plan(model, ended, recorded.value_date, verdict_);
        if (verdict_.all_hold()) model.end_plan(ended, recorded.value_date);
    }
    if (verdict_.all_hold()) ledger::evolve(dossier.transaction, recorded);
}

void Audit::forget(Dossier& dossier) {
    dossier.key.reset();
    const service::StreamName stream{.bucket = foundation::bucket_of(dossier.id), .name = dossier.id};
    verdict_.check(disk_.durable().read(stream).wrapped_key.empty(), "an erased person's key is still there");
}

/// Who was declined is forgotten when the days of the contract are over.
void Audit::judge_forgetting(const Recorded& recorded, Dossier& dossier) {
    Model& model = dossier.model;
    const auto days = model.contract.retention_days;
    verdict_.check(model.is_declined && !model.is_erased && days &&
                       recorded.recorded_at >= model.created + foundation::Days{*days},
                   "somebody was forgotten too early, or twice");
    model.is_erased = true;
    ledger::evolve(dossier.transaction, recorded);
    forget(dossier);
}

void Audit::judge_order(const Recorded& recorded, Dossier& dossier, const Request& request) {
    const auto& command = std::get<ledger::Authorise>(request.command);
    const terms::Contract& contract = dossier.merchant->contract;
    const auto expected = expected_decline(request, contract, recorded.recorded_at);
    const auto* declined = std::get_if<ledger::Declined>(&recorded.event);
    verdict_.check(declined || std::holds_alternative<ledger::Authorised>(recorded.event),
                   "a purchase begins with something else than its authorisation");
    verdict_.check(!declined || expected, "an order was declined that should be accepted");
    verdict_.check(declined || !expected, "an order was accepted that should be declined");
    verdict_.check(!declined || !expected || declined->refusal == *expected,
                   "an order was declined for another reason");
    if (!verdict_.all_hold()) return;
    ledger::evolve(dossier.transaction, recorded);
    if (declined) return dossier.model.decline(command, contract, recorded.recorded_at);
    dossier.model.buy(command, contract, recorded.recorded_at);
    if (needs_code(command))
        dossier.model.ask_for_code(recorded.recorded_at);
    else
        dossier.model.accept(recorded.recorded_at);
    verdict_.check(payment_references_.insert(dossier.transaction.payment_reference).second,
                   "two purchases have one payment reference");
}

/// What was written is what every reader saw before it was.
void Audit::judge_due(const Recorded& recorded, Dossier& dossier) {
    using Due = Model::Due;
    if (std::holds_alternative<ledger::SubjectErased>(recorded.event)) return judge_forgetting(recorded, dossier);
    const Due due = dossier.model.due(recorded.recorded_at);
    const Due written = std::holds_alternative<ledger::CodeGivenUp>(recorded.event)        ? Due::end_of_code
                        : std::holds_alternative<ledger::ReservationEnded>(recorded.event) ? Due::end_of_reservation
                        : std::holds_alternative<ledger::Expired>(recorded.event)          ? Due::expiry
                                                                                           : Due::nothing;
    verdict_.check(written != Due::nothing, "time alone brought about what only people can");
    verdict_.check(due == written, "something ended that was not at its end");
    const auto seen = ledger::due_events(dossier.transaction, recorded.recorded_at);
    verdict_.check(seen.size() == 1 && seen.front() == recorded, "what was due is not what was written");
    if (!verdict_.all_hold()) return;
    dossier.model.bring_about(due);
    ledger::evolve(dossier.transaction, recorded);
}

/// Whether the newest code was typed: in this request, or by a visitor at any time.
bool Audit::has_typed(const Dossier& dossier, const Request* request) const {
    const auto is_newest = [&](const EnterCode& typed) {
        return digest_of(dossier.id, typed.code) == dossier.model.code->digest;
    };
    if (!request) return std::ranges::any_of(visits_.at(dossier.visit.value()).typed, is_newest);
    const auto* typed = std::get_if<EnterCode>(&request->command);
    return typed && is_newest(*typed);
}

/// A purchase that was tried on the page: in one commit with what its session says of it.
void Audit::judge_tried(const Recorded& recorded, Dossier& dossier) {
    const TriedPurchase& tried = *dossier.tried;
    const terms::Contract& contract = dossier.merchant->contract;
    const auto* declined = std::get_if<ledger::Declined>(&recorded.event);
    verdict_.check(declined || std::holds_alternative<ledger::Authorised>(recorded.event),
                   "a purchase begins with something else than its authorisation");
    verdict_.check((declined ? std::optional(declined->refusal) : std::nullopt) == tried.refusal,
                   "a session says something else of its purchase than the purchase");
    if (!verdict_.all_hold()) return;
    ledger::evolve(dossier.transaction, recorded);
    if (declined) return dossier.model.decline(tried.command, contract, recorded.recorded_at);
    dossier.model.buy(tried.command, contract, recorded.recorded_at);
    if (tried.waits_for_code)
        dossier.model.ask_for_code(recorded.recorded_at);
    else
        dossier.model.accept(recorded.recorded_at);
    verdict_.check(payment_references_.insert(dossier.transaction.payment_reference).second,
                   "two purchases have one payment reference");
}

void Audit::take_visit(const EventRecord& record) {
    auto visit = std::ranges::find(visits_, record.stream.name, &Visit::id);
    if (visit == visits_.end())
        visit = std::ranges::find_if(visits_, [&](const Visit& one) { return one.actor() == record.actor; });
    if (visit == visits_.end()) return verdict_.check(false, "a session begins by itself");
    verdict_.check(record.actor == visit->actor() || record.actor == "system" || record.actor == visitor,
                   "an event of a session was caused by nobody known");
    const auto tried = simulation::take(*visit, record, disk_, verdict_);
    if (!tried) return;
    Dossier dossier{.merchant = visit->merchant, .id = tried->id, .phone = visit->phone, .tried = tried};
    dossier.transaction.id = tried->id;
    dossier.visit = static_cast<std::size_t>(visit - visits_.begin());
    dossiers_.push_back(std::move(dossier));
}

/// What comes of a code, event by event: asked for, sent again, right, wrong, given up.
void Audit::judge_code(const Recorded& recorded, Dossier& dossier, const Request* request) {
    Model& model = dossier.model;
    const foundation::Instant now = recorded.recorded_at;
    verdict_.check(model.code.has_value() && !model.is_erased, "a code counts that nobody waits for");
    if (!verdict_.all_hold()) return;
    const terms::Contract::OneTimeCodes& agreed = model.contract.one_time_codes.value();
    const bool is_order = request ? std::holds_alternative<ledger::Authorise>(request->command) : recorded.seq <= 3;
    const bool is_right = has_typed(dossier, request);
    verdict_.check(is_order || model.due(now) == Model::Due::nothing,
                   "a code was decided on before what time had brought about");

    if (const auto* required = std::get_if<ledger::CodeRequired>(&recorded.event)) {
        verdict_.check(is_order && required->deadline == model.code->deadline, "another deadline than agreed");
    } else if (const auto* sent = std::get_if<ledger::CodeSent>(&recorded.event)) {
        if (!is_order) {
            verdict_.check(!request || std::holds_alternative<AskForCode>(request->command),
                           "a code is sent that nobody asked for");
            verdict_.check(model.code->sent <= agreed.new_codes_max, "more codes are sent than agreed");
            verdict_.check(now >= model.new_code_from(), "a new code is sent too early");
            ++model.code->sent;
            model.code->sent_at = now;
        }
        model.code->digest = sent->digest;
    } else if (std::holds_alternative<ledger::CodeConfirmed>(recorded.event)) {
        verdict_.check(is_right, "a wrong code is taken for right");
        verdict_.check(now < model.code_valid_until(), "a code is taken whose time is over");
        model.accept(now);
        if (request && dossier.visit) visits_.at(*dossier.visit).is_confirmed_elsewhere = true;
    } else if (std::holds_alternative<ledger::CodeMissed>(recorded.event)) {
        verdict_.check(!request || (std::holds_alternative<EnterCode>(request->command) && !is_right),
                       "a right code is taken for wrong");
        verdict_.check(now < model.code_valid_until(), "a code whose time is over counts as a try");
        verdict_.check(++model.code->missed <= agreed.tries_max, "more tries than agreed");
    } else if (std::holds_alternative<ledger::CodeGivenUp>(recorded.event)) {
        verdict_.check(model.code->missed == agreed.tries_max, "a purchase was given up with tries left");
        model.give_up_code();
    } else {
        verdict_.check(false, "a code brought about what it cannot");
    }
    if (verdict_.all_hold()) ledger::evolve(dossier.transaction, recorded);
}

void Audit::check_amounts(Dossier& dossier) {
    const Model& model = dossier.model;
    const ledger::Transaction& transaction = dossier.transaction;
    const ledger::Standing standing = ledger::standing_of(transaction);
    const foundation::Day today = model.day_of(newest_);
    for (const foundation::Day day : {today, some_day(dossier, today)})
        verdict_.check(ledger::open_amount(transaction, day).minor() == model.owed_on(day),
                       "the open amount is not what the model says");
    if (!model.is_declined)
        for (const ledger::ShopStanding& shop : standing.shops) {
            const Model::Shop* expected = model.shop(shop.basket->shop_id);
            verdict_.check(expected != nullptr, "a basket is of another shop");
            if (!expected) continue;
            verdict_.check(shop.authorised.minor() == expected->authorised, "authorised is not what the model says");
            verdict_.check(shop.captured.minor() == expected->captured, "captured is not what the model says");
            verdict_.check(shop.cancelled.minor() == expected->cancelled, "cancelled is not what the model says");
            verdict_.check(shop.refunded.minor() == expected->refunded, "refunded is not what the model says");
            verdict_.check(!shop.open().is_negative(), "shipped + cancelled is more than ordered");
            verdict_.check(shop.refunded <= shop.captured, "more is refunded than was captured");
        }
    for (std::size_t i = 0; i < standing.lines.size(); ++i) {
        const auto& [open, shipped, returned, cancelled] = standing.positions[i];
        verdict_.check(open + shipped + returned + cancelled == standing.lines[i].line->quantity,
                       "units of a line got lost");
        verdict_.check(std::min({open, shipped, returned, cancelled}) >= 0, "a line has fewer than no units");
    }
    check_invoices(dossier, standing);
}

/// What a return leaves of which invoice is told by the ledger: never more than before, nothing of another shop's, and
/// all of them together what was captured and not returned.
void Audit::check_invoices(Dossier& dossier, const ledger::Standing& standing) {
    Model& model = dossier.model;
    verdict_.check(standing.invoices.size() == model.invoices.size(), "there is not one invoice for each capture");
    if (!verdict_.all_hold()) return;
    std::map<std::string_view, std::int64_t> left;
    for (std::size_t i = 0; i < model.invoices.size(); ++i) {
        Model::Invoice& invoice = model.invoices[i];
        const ledger::InvoiceStanding& told = standing.invoices[i];
        verdict_.check(!told.remainder.is_negative() && told.remainder.minor() <= invoice.left,
                       "an invoice's remainder is out of range");
        verdict_.check(told.capture->operation().shop_id == invoice.shop, "an invoice is of another shop");
        if (!model.awaited_plan)
            verdict_.check(std::get<ledger::Captured>(told.capture->what).due_date == invoice.due,
                           "an invoice is due on another day");
        invoice.left = told.remainder.minor();
        left[invoice.shop] += invoice.left;
    }
    for (const auto& [id, cents] : left) {
        const Model::Shop* shop = model.shop(id);
        verdict_.check(shop && cents == shop->captured - shop->refunded,
                       "the invoices of a shop are not what was captured and not returned");
    }
}

/// What is due when, today and as it stood on a past day; and what may be collected of it.
void Audit::check_due(const Dossier& dossier) {
    const Model& model = dossier.model;
    const ledger::Standing standing = ledger::standing_of(dossier.transaction);
    const foundation::Day today = model.day_of(newest_);
    const foundation::Day past = some_day(dossier, today);
    for (const foundation::Day day : {today, past}) {
        const auto said = ledger::due_amounts(dossier.transaction, standing, day);
        const auto expected = model.amounts_due(day);
        verdict_.check(std::ranges::equal(said, expected,
                                          [](const ledger::DueAmount& one, const Model::Amount& other) {
                                              return one.number == other.number && one.due_date == other.due &&
                                                     one.amount.minor() == other.cents &&
                                                     one.collect_on == other.collect_on;
                                          }),
                       "something else is due than the model says");
    }
    if (!model.is_collected) return;
    const auto said = ledger::direct_debits_due(dossier.transaction, today);
    verdict_.check(std::ranges::equal(said, model.collectables(today),
                                      [](const ledger::DirectDebitDue& one, const Model::Collectable& other) {
                                          return one.id == other.id && one.amount.minor() == other.cents &&
                                                 one.due_date == other.due;
                                      }),
                   "something else is to be collected than the model says");
}

foundation::Day Audit::some_day(const Dossier& dossier, foundation::Day today) {
    const foundation::Day first = dossier.model.created_on;
    return first + foundation::Days{fate_.number(0, (today - first).count())};
}

}  // namespace saldo::simulation
