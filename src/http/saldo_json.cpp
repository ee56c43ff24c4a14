#include "http/saldo_json.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "foundation/json_writer.hpp"
#include "foundation/outcome.hpp"
#include "ledger/due_amounts.hpp"
#include "projection/explain_plan.hpp"

namespace saldo::http {

using foundation::Currency;
using foundation::ensure;
using foundation::Instant;
using foundation::JsonWriter;
using foundation::Money;
using ledger::Dated;
using ledger::DunningLevel;
using ledger::Sealed;
using ledger::Transaction;
using service::EventRecord;

namespace {

template <class What>
const Dated<What>& entry_of(const std::vector<Dated<What>>& entries, std::int64_t seq) {
    const auto found = std::ranges::find(entries, seq, &Dated<What>::seq);
    ensure(found != entries.end(), "what was booked is not in its purchase");
    return *found;
}

void write_sealed(JsonWriter& json, std::string_view name, const std::optional<Sealed>& text) {
    if (text) json.field(name, text->text());
}

void write_record(JsonWriter& json, const Transaction& transaction, Instant recorded_at, std::string_view actor,
                  const std::optional<Sealed>& comment) {
    json.field("recorded_at", transaction.zone().text(recorded_at)).field("actor", actor);
    write_sealed(json, "comment", comment);
}

Money open_at(const Transaction& transaction, Instant recorded_at) {
    return ledger::open_amount(transaction, transaction.zone().day_of(recorded_at));
}

std::string hex_of(const foundation::Digest& digest) {
    return foundation::hex(foundation::bytes_of(digest));
}

void write_tree(JsonWriter& json, const Transaction& transaction, const projection::Explanation& node,
                const std::vector<LoggedEvent>& log) {
    json.begin_object().field("label", node.label).field("amount", node.amount);
    if (!node.parts.empty()) {
        json.key("children").begin_array();
        for (const auto& part : node.parts) write_tree(json, transaction, part, log);
        json.end_array();
    } else if (node.seq > 0) {
        const auto found = std::ranges::find(log, node.seq, [](const LoggedEvent& event) { return event.record.seq; });
        ensure(found != log.end(), "an event that explains an amount is not in the log");
        const EventRecord& record = found->record;
        json.key("event")
            .begin_object()
            .field("seq", record.seq)
            .field("type", record.type)
            .field("value_date", record.value_date)
            .field("recorded_at", transaction.zone().text(record.recorded_at))
            .field("hash", hex_of(record.hash))
            .end_object();
    }
    json.end_object();
}

struct AccountSum {
    std::int64_t debit_minor = 0;
    std::int64_t credit_minor = 0;
};
using Accounts = std::map<std::string, AccountSum>;

Currency currency_of(const std::string& code) {
    const auto currency = Currency::parse(code);
    ensure(currency.has_value(), "an account has a currency that there is not");
    return *currency;
}

void write_currency(JsonWriter& json, const std::string& code, const Accounts& accounts) {
    const Currency currency = currency_of(code);
    Money debits = Money::zero(currency);
    Money credits = Money::zero(currency);
    for (const auto& [_, sum] : accounts) {
        debits += Money(sum.debit_minor, currency);
        credits += Money(sum.credit_minor, currency);
    }
    json.begin_object().field("currency", code).field("debits", debits).field("credits", credits);
    json.key("accounts").begin_array();
    for (const auto& [account, sum] : accounts) {
        const Money debit(sum.debit_minor, currency);
        const Money credit(sum.credit_minor, currency);
        json.begin_object()
            .field("account", account)
            .field("debit", debit)
            .field("credit", credit)
            .field("balance", debit - credit)
            .end_object();
    }
    json.end_array().end_object();
}

}  // namespace

std::string payment_json(const Transaction& transaction, std::int64_t seq) {
    const auto& booked = entry_of(transaction.settlements, seq);
    JsonWriter json;
    json.begin_object()
        .field("payment_id", booked.what.id)
        .field("transaction_id", transaction.id)
        .field("type", name_of(booked.what.type))
        .field("amount", booked.what.amount)
        .field("currency", transaction.currency().code())
        .field("value_date", booked.value_date);
    write_record(json, transaction, booked.recorded_at, booked.actor, booked.what.comment);
    write_sealed(json, "reference", booked.what.reference);
    json.field("open_amount", open_at(transaction, booked.recorded_at)).end_object();
    return std::move(json).finish();
}

std::string fee_json(const Transaction& transaction, std::int64_t seq) {
    const auto& booked = entry_of(transaction.fees, seq);
    JsonWriter json;
    json.begin_object()
        .field("fee_id", booked.what.id)
        .field("transaction_id", transaction.id)
        .field("type", name_of(booked.what.type))
        .field("gross", booked.what.gross)
        .field("currency", transaction.currency().code())
        .field("date", booked.value_date);
    write_record(json, transaction, booked.recorded_at, booked.actor, booked.what.comment);
    json.field("open_amount", open_at(transaction, booked.recorded_at)).end_object();
    return std::move(json).finish();
}

std::string withdrawal_json(const Transaction& transaction) {
    ensure(transaction.withdrawal.has_value(), "who shows a withdrawal has one");
    const auto& entry = *transaction.withdrawal;
    JsonWriter json;
    json.begin_object()
        .field("withdrawal_id", entry.what.id)
        .field("transaction_id", transaction.id)
        .field("date", entry.value_date)
        .field("due_date", entry.what.due_date);
    write_record(json, transaction, entry.recorded_at, entry.actor, entry.what.comment);
    json.field("open_amount", open_at(transaction, entry.recorded_at)).end_object();
    return std::move(json).finish();
}

std::string dunning_block_json(const Transaction& transaction, std::int64_t seq) {
    const auto& entry = entry_of(transaction.dunning_blocks, seq);
    const auto* block = std::get_if<ledger::DunningBlocked>(&entry.what);
    ensure(block, "a dunning block that was set is none");
    JsonWriter json;
    json.begin_object()
        .field("transaction_id", transaction.id)
        .field("blocked_from", block->from)
        .field("blocked_until", block->until)
        .field("blocking_reason", block->reason.text());
    write_record(json, transaction, entry.recorded_at, entry.actor, block->comment);
    json.end_object();
    return std::move(json).finish();
}

std::string dunning_level_json(const Transaction& transaction) {
    JsonWriter json;
    json.begin_object().field("transaction_id", transaction.id);
    if (transaction.dunning_levels.empty()) {
        json.field("level", name_of(DunningLevel::no_dunning)).field("date", transaction.created_on);
        write_record(json, transaction, transaction.created, "system", std::nullopt);
    } else {
        const auto& set = transaction.dunning_levels.back();
        json.field("level", name_of(set.what.level)).field("date", set.value_date);
        write_record(json, transaction, set.recorded_at, set.actor, set.what.comment);
    }
    json.end_object();
    return std::move(json).finish();
}

namespace {

void write_log(JsonWriter& json, const foundation::Zone& zone, const std::vector<LoggedEvent>& log) {
    json.key("events").begin_array();
    for (const LoggedEvent& event : log) {
        const EventRecord& record = event.record;
        json.begin_object()
            .field("seq", record.seq)
            .field("type", record.type)
            .field("schema_version", record.schema_version)
            .field("recorded_at", zone.text(record.recorded_at))
            .field("effective_at", zone.text(record.effective_at))
            .field("value_date", record.value_date)
            .field("actor", record.actor);
        if (!record.key.empty()) json.field("idempotency_key", record.key);
        json.raw_field("body", record.body)
            .field("sealed", !record.sealed.empty())
            .field("hash", hex_of(record.hash))
            .field("bucket", static_cast<int>(record.stream.bucket))
            .field("position", record.position)
            .field("previous_hash", hex_of(event.previous_hash))
            .end_object();
    }
    json.end_array();
}

}  // namespace

std::string events_json(const Transaction& transaction, const std::vector<LoggedEvent>& log) {
    JsonWriter json;
    json.begin_object().field("transaction_id", transaction.id);
    write_log(json, transaction.zone(), log);
    json.end_object();
    return std::move(json).finish();
}

std::string session_events_json(const checkout::Session& session, const std::vector<LoggedEvent>& log) {
    JsonWriter json;
    json.begin_object().field("session_id", session.id);
    write_log(json, session.terms.zone, log);
    json.end_object();
    return std::move(json).finish();
}

std::string session_explanation_json(const checkout::SessionExplanation& explanation) {
    const checkout::Session& session = explanation.session;
    JsonWriter json;
    json.begin_object().field("session_id", session.id).field("session_status", name_of(session.status));
    json.field("may_ship", checkout::may_ship(session.status)).field("why", checkout::shipping_advice(session.status));
    json.optional_field("transaction_id", session.transaction_id);
    if (!session.is_over()) json.field("expires_at", foundation::utc_text(session.expires_at()));
    json.key("steps").begin_array();
    for (const auto& step : explanation.steps) {
        json.begin_object().field("seq", step.seq).field("at", foundation::utc_text(step.at));
        json.field("what", step.what).end_object();
    }
    json.end_array().end_object();
    return std::move(json).finish();
}

namespace {

void write_plan(JsonWriter& json, const projection::PlanExplanation& plan) {
    json.key("instalment_plan").begin_object().key("makings").begin_array();
    for (const projection::PlanMaking& making : plan.makings) {
        json.begin_object().field("seq", making.seq).field("date", making.date).field("why", making.why);
        if (making.plan)
            json.field("amount_credit", making.plan->credit)
                .field("amount_interest", making.plan->interest())
                .field("amount_service_charge", making.plan->service_charge())
                .field("amount_total", making.plan->total())
                .field("number_of_instalments", static_cast<int>(making.plan->instalments.size()))
                .field("effective_interest_rate", making.plan->effective_rate);
        json.end_object();
    }
    json.end_array().key("first_making").begin_array();
    for (const terms::ExplainedNumber& number : plan.numbers)
        json.begin_object()
            .field("name", number.name)
            .field("value", number.value)
            .field("how", number.how)
            .end_object();
    json.end_array().end_object();
}

}  // namespace

std::string explanation_json(const Transaction& transaction, foundation::Day as_of, const projection::Explanation& tree,
                             const std::vector<LoggedEvent>& log) {
    JsonWriter json;
    json.begin_object()
        .field("transaction_id", transaction.id)
        .field("as_of", as_of)
        .field("currency", transaction.currency().code())
        .field("open_amount", tree.amount)
        .key("tree");
    write_tree(json, transaction, tree, log);
    if (const auto plan = projection::explain_plan(transaction, as_of)) write_plan(json, *plan);
    json.end_object();
    return std::move(json).finish();
}

std::string search_json(const std::vector<SearchHit>& hits, const std::optional<std::string>& next_cursor) {
    JsonWriter json;
    json.begin_object().key("results").begin_array();
    for (const SearchHit& hit : hits) {
        const Transaction& transaction = *hit.transaction;
        json.begin_object()
            .field("transaction_id", transaction.id)
            .field("partner_id", transaction.authorisation.partner_id)
            .optional_field("partner_transaction_id", transaction.partner_transaction_id())
            .optional_field("shop_buyer_id", transaction.authorisation.buyer.shop_buyer_id)
            .field("created", transaction.zone().text(transaction.created))
            .field("currency", transaction.currency().code())
            .key("matched")
            .begin_array();
        for (const auto& term : hit.matched)
            json.begin_object().field("field", term.field).field("value", term.word).end_object();
        json.end_array().end_object();
    }
    json.end_array().optional_field("next_cursor", next_cursor).end_object();
    return std::move(json).finish();
}

std::string trial_balance_json(const TrialBalance& balance) {
    std::map<std::string, Accounts> currencies;
    for (const auto& sum : balance.accounts) {
        AccountSum& account = currencies[sum.currency][sum.account];
        account.debit_minor += sum.debit_minor;
        account.credit_minor += sum.credit_minor;
    }
    JsonWriter json;
    json.begin_object().field("as_of_position", balance.as_of_position).key("currencies").begin_array();
    for (const auto& [code, accounts] : currencies) write_currency(json, code, accounts);
    json.end_array().end_object();
    return std::move(json).finish();
}

std::string clock_json(Instant now, const foundation::Zone& zone, bool is_frozen) {
    JsonWriter json;
    json.begin_object()
        .field("now", zone.text(now))
        .field("time_zone", zone.name())
        .field("frozen", is_frozen)
        .end_object();
    return std::move(json).finish();
}

}  // namespace saldo::http
