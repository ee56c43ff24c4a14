#include "http/direct_debit_json.hpp"

#include <algorithm>
#include <utility>

#include "foundation/iban.hpp"
#include "foundation/json_writer.hpp"
#include "foundation/outcome.hpp"
#include "ledger/due_amounts.hpp"

namespace saldo::http {

using foundation::Day;
using foundation::JsonWriter;
using ledger::DirectDebitDue;
using ledger::DirectDebitId;
using ledger::DirectDebitLife;
using ledger::Sealed;
using ledger::Transaction;

namespace {

/// Who holds the account: as the shop said, else the buyer.
std::string account_holder(const ledger::Authorisation& authorisation) {
    if (authorisation.debit_account && authorisation.debit_account->owner)
        return std::string(authorisation.debit_account->owner->text());
    const auto& buyer = authorisation.buyer;
    if (buyer.company && buyer.company->name) return std::string(buyer.company->name->text());
    std::string name;
    const auto add = [&](const std::optional<Sealed>& part) {
        if (!part) return;
        if (!name.empty()) name += ' ';
        name += part->text();
    };
    if (buyer.person) {
        add(buyer.person->first_name);
        add(buyer.person->last_name);
    }
    return name;
}

void write_debtor(JsonWriter& json, const ledger::Authorisation& authorisation) {
    const Sealed& iban = authorisation.debit_account->iban;
    json.key("debtor").begin_object().field("account_holder", account_holder(authorisation));
    json.field("iban", iban.is_erased() ? std::string(iban.text()) : foundation::iban_electronic(iban.text()));
    json.end_object();
}

void write_mandate(JsonWriter& json, const ledger::Mandate& mandate) {
    json.key("mandate")
        .begin_object()
        .field("mandate_reference", mandate.reference)
        .field("signed_on", mandate.signed_on)
        .field("creditor_id", mandate.creditor_id)
        .field("state", mandate.is_void ? "VOID" : "VALID")
        .end_object();
}

void write_id(JsonWriter& json, const Transaction& transaction, DirectDebitId id) {
    json.field("direct_debit_id", ledger::direct_debit_text(id))
        .field("end_to_end_id", ledger::end_to_end_id(transaction.payment_reference, id));
}

void write_due(JsonWriter& json, const Transaction& transaction, const DirectDebitDue& due) {
    write_id(json, transaction, due.id);
    json.field("amount", due.amount)
        .field("currency", transaction.currency().code())
        .field("planned_on", due.planned_on)
        .field("due_date", due.due_date)
        .field("submit_by", due.submit_by)
        .key("pre_notification")
        .begin_object()
        .field("notify_by", due.notify_by)
        .field("language", transaction.authorisation.buyer.language)
        .end_object();
}

void write_life(JsonWriter& json, const Transaction& transaction, const DirectDebitLife& life) {
    const ledger::DirectDebitSubmitted& submitted = life.submitted.what;
    write_id(json, transaction, submitted.debit);
    json.field("amount", submitted.amount)
        .field("currency", transaction.currency().code())
        .field("due_date", submitted.due_date)
        .field("state", life.returned   ? "RETURNED"
                        : life.executed ? "EXECUTED"
                                        : "SUBMITTED")
        .field("submitted_on", life.submitted.value_date);
    if (life.executed) json.field("executed_on", life.executed->value_date);
    if (!life.returned) return;
    const ledger::DirectDebitReturned& returned = life.returned->what;
    json.field("returned_on", life.returned->value_date).field("reason", returned.reason);
    if (const auto* reason = terms::return_reason(returned.reason)) json.field("reason_meaning", reason->meaning);
    json.optional_field("fee", returned.fee);
    if (returned.retry_on) json.field("retry_on", *returned.retry_on);
}

}  // namespace

std::string direct_debits_due_json(const std::vector<CollectableDebits>& purchases,
                                   const std::optional<std::string>& next_cursor) {
    JsonWriter json;
    json.begin_object().key("direct_debits").begin_array();
    for (const auto& [transaction, due] : purchases) {
        for (const DirectDebitDue& one : due) {
            json.begin_object()
                .field("transaction_id", transaction.id)
                .field("partner_id", transaction.authorisation.partner_id);
            write_due(json, transaction, one);
            write_mandate(json, ledger::mandate_of(transaction, one.due_date).value());
            write_debtor(json, transaction.authorisation);
            json.end_object();
        }
    }
    json.end_array().optional_field("next_cursor", next_cursor).end_object();
    return std::move(json).finish();
}

std::string direct_debits_json(const Transaction& transaction, Day today) {
    JsonWriter json;
    json.begin_object().field("transaction_id", transaction.id);
    if (const auto mandate = ledger::mandate_of(transaction, today)) {
        write_mandate(json, *mandate);
        write_debtor(json, transaction.authorisation);
    }
    json.key("due").begin_array();
    for (const DirectDebitDue& one : ledger::direct_debits_due(transaction, today)) {
        json.begin_object();
        write_due(json, transaction, one);
        json.end_object();
    }
    json.end_array().key("direct_debits").begin_array();
    for (const DirectDebitLife& life : transaction.direct_debits) {
        json.begin_object();
        write_life(json, transaction, life);
        json.end_object();
    }
    json.end_array().end_object();
    return std::move(json).finish();
}

std::string direct_debit_json(const Transaction& transaction, DirectDebitId id) {
    const DirectDebitLife* life = transaction.direct_debit(id);
    foundation::ensure(life != nullptr, "what was done to a direct debit is in its purchase");
    JsonWriter json;
    json.begin_object().field("transaction_id", transaction.id);
    write_life(json, transaction, *life);
    json.field("open_amount", ledger::open_amount(transaction, Day::max())).end_object();
    return std::move(json).finish();
}

}  // namespace saldo::http
