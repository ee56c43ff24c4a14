#include "checkout/record.hpp"

#include <utility>

namespace saldo::checkout {

using foundation::JsonWriter;

namespace {

void write_reasons(JsonWriter& json, std::string_view category, std::string_view reason) {
    json.key("decline_reasons").begin_object().field("category", category).key("reasons").begin_array();
    if (!reason.empty()) json.value(reason);
    json.end_array().end_object();
}

/// The id of what was bought; an id that only exists inside is not told.
const std::string* bought(const Session& session) {
    const bool is_bought =
        session.status == SessionStatus::completed || session.status == SessionStatus::fraud_cancellation_requested;
    return is_bought && session.transaction_id ? &*session.transaction_id : nullptr;
}

}  // namespace

void write_record(JsonWriter& json, const Session& session) {
    json.begin_object().field("session_id", session.id);
    if (const std::string* id = bought(session)) json.field("transaction_id", *id);
    json.optional_field("partner_transaction_id", session.order.partner_transaction_id);
    json.optional_field("shop_buyer_id", session.order.buyer.shop_buyer_id);
    json.field("session_status", name_of(session.status));
    if (session.status == SessionStatus::error)
        write_reasons(json, ledger::category_of(*session.failed), ledger::reason_of(*session.failed));
    if (session.status == SessionStatus::expired) write_reasons(json, "SESSION", "EXPIRED");
    json.field("created_date", foundation::utc_text(session.created));
    json.field("updated_date", foundation::utc_text(session.updated)).end_object();
}

std::string record_json(const Session& session) {
    JsonWriter json;
    write_record(json, session);
    return std::move(json).finish();
}

bool changes_status(const Event& event, SessionStatus before) {
    struct Change {
        SessionStatus before;
        bool operator()(const SessionCreated&) const { return true; }
        bool operator()(const BuyerActed&) const { return before == SessionStatus::created; }
        bool operator()(const PaymentMethodChosen&) const { return before == SessionStatus::created; }
        bool operator()(const DetailsGiven&) const { return before == SessionStatus::created; }
        bool operator()(const OrderConfirmed&) const { return before == SessionStatus::created; }
        bool operator()(const PurchaseDeclined&) const { return false; }
        bool operator()(const CodeRequired&) const { return true; }
        bool operator()(const SessionCompleted&) const { return true; }
        bool operator()(const SessionFailed&) const { return true; }
        bool operator()(const SessionExpired&) const { return true; }
        bool operator()(const SessionCanceled&) const { return true; }
        bool operator()(const FraudFlagged&) const { return true; }
        bool operator()(const SubjectErased&) const { return false; }
    };
    return std::visit(Change{before}, event);
}

std::vector<StatusChange> status_changes(std::span<const Recorded> events, std::string_view session_id) {
    std::vector<StatusChange> changes;
    Session session;
    session.id = session_id;
    for (const Recorded& one : events) {
        const bool changes_it = changes_status(one.event, session.status);
        evolve(session, one);
        if (changes_it)
            changes.push_back(
                {.seq = one.seq, .at = one.effective_at, .status = session.status, .record = record_json(session)});
    }
    return changes;
}

}  // namespace saldo::checkout
