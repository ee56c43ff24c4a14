#include "app/administration.hpp"

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "app/erasure_list.hpp"
#include "app/waiting.hpp"
#include "foundation/json_writer.hpp"
#include "http/webhook_api.hpp"
#include "ledger/command.hpp"
#include "service/clocks.hpp"

namespace saldo::app {

namespace {

using cli::Reply;
using service::Done;
using service::NotDecided;
using service::PurchasePtr;
using service::SaidNo;

Reply not_decided(NotDecided why) {
    switch (why) {
        case NotDecided::unknown_transaction:
            return Reply::refused("TRANSACTION_NOT_FOUND", "There is no transaction of this id.");
        case NotDecided::key_reused:
        case NotDecided::busy:
            return Reply::failed("BUSY", "Too much is waiting to be written; try again in a moment.");
        case NotDecided::failed:
            return Reply::failed("STORE_FAILED", "The store failed; nothing was changed.");
        case NotDecided::outcome_unknown:
            return Reply::failed("OUTCOME_UNKNOWN", "The store did not say whether it was done; run it again.");
        case NotDecided::expires_in_past:  // nothing is authorised here
        case NotDecided::broken:
            return Reply::failed("FAILED", "Something is broken inside; nothing was changed.");
    }
    std::unreachable();
}

using FoundPurchase = std::variant<PurchasePtr, NotDecided>;
using FoundSession = std::variant<service::SessionPtr, service::SessionFault>;
using SessionAnswer = std::variant<service::SessionDone, service::SessionSaidNo, service::SessionFault>;

Reply not_erased() {
    return Reply::failed("STORE_FAILED", "The store failed; not everything was erased. Run it again.");
}

/// Every purchase that a session has made or tried.
std::vector<std::string> purchases_of(const checkout::Session& session) {
    std::vector<std::string> ids;
    for (const checkout::DeclinedTry& tried : session.declines) ids.push_back(tried.transaction_id);
    if (session.transaction_id) ids.push_back(*session.transaction_id);
    return ids;
}

/// Nothing, or why it did not come to be.
std::optional<Reply> erase_purchase(Engine& engine, const service::Origin& origin, const std::string& id) {
    const auto found =
        waited_for<FoundPurchase>([&](auto answer) { engine.purchases().find(origin, id, std::move(answer)); });
    if (const auto* why = std::get_if<NotDecided>(&found)) return not_decided(*why);
    const auto result = waited_for<service::Result>([&](auto answer) {
        engine.purchases().operate(origin, std::get<PurchasePtr>(found), ledger::EraseSubject{}, std::move(answer));
    });
    if (const auto* why = std::get_if<NotDecided>(&result)) return not_decided(*why);
    if (const auto* no = std::get_if<SaidNo>(&result))
        return Reply::refused(ledger::name_of(no->refusal), "The person behind this transaction is erased already.");
    return std::nullopt;
}

}  // namespace

Reply erase_subject(Engine& engine, std::string_view transaction_id,
                    const std::optional<std::filesystem::path>& erasure_list) {
    const service::Origin origin{.actor = "command-line"};
    const auto found = waited_for<FoundPurchase>(
        [&](auto answer) { engine.purchases().find(origin, std::string(transaction_id), std::move(answer)); });
    if (const auto* why = std::get_if<NotDecided>(&found)) return not_decided(*why);
    const auto session = waited_for<FoundSession>(
        [&](auto answer) { engine.sessions().find_of_purchase(std::string(transaction_id), std::move(answer)); });
    const auto* fault = std::get_if<service::SessionFault>(&session);
    if (fault && *fault != service::SessionFault::unknown_session) return not_erased();

    // A hosted payment page holds the person too, and so does every try before this purchase.
    std::vector<std::string> purchases{std::string(transaction_id)};
    if (const auto* page = std::get_if<service::SessionPtr>(&session)) purchases = purchases_of((*page)->session);
    // First, so that nobody is erased whom a restored backup would bring back.
    if (erasure_list)
        for (const std::string& id : purchases) note_erasure(*erasure_list, id);

    foundation::JsonWriter out;
    out.begin_object().field("transaction_id", transaction_id).field("erased", true);
    if (const auto* page = std::get_if<service::SessionPtr>(&session)) {
        const std::string& id = (*page)->session.id;
        const auto done =
            waited_for<SessionAnswer>([&](auto answer) { engine.sessions().erase(origin, id, std::move(answer)); });
        if (!std::holds_alternative<service::SessionDone>(done)) return not_erased();
        out.field("session_id", std::string_view(id));
    }
    for (const std::string& id : purchases)
        if (auto failure = erase_purchase(engine, origin, id)) return *std::move(failure);
    out.end_object();
    return Reply::of(std::move(out).finish());
}

std::string keys_json(const http::SigningKeys& keys) {
    foundation::JsonWriter out;
    out.begin_array();
    for (const auto& key : keys.list(service::system_time())) {
        out.begin_object().field("kid", key.kid).field("state", name_of(key.state));
        out.field("signs_from", foundation::utc_text(key.signs_from)).end_object();
    }
    out.end_array();
    return std::move(out).finish();
}

cli::Administration administration_of(Engine& engine, std::function<http::SigningKeys&()> keys,
                                      std::function<bool(std::string_view delivery_id)> send_again,
                                      cli::Administration::ContractRules rules,
                                      std::optional<std::filesystem::path> erasure_list) {
    return cli::Administration(
        engine.partners(),
        {.erase_subject =
             [&engine, list = std::move(erasure_list)](std::string_view id) { return erase_subject(engine, id, list); },
         .rotate_key =
             [keys = std::move(keys)] {
                 keys().rotate(service::system_time());
                 return Reply::of(keys_json(keys()));
             },
         .renew_webhook_secret =
             [&engine](const std::string& partner_id, service::WebhookSecrets::Switch when) {
                 const auto made = engine.webhook_secrets().renew(partner_id, service::system_time(), when);
                 return Reply::of(http::webhook_secret_json(partner_id, made));
             },
         .send_webhook =
             [send_again = std::move(send_again)](const std::string& delivery_id) {
                 if (!send_again(delivery_id))
                     return Reply::refused("DELIVERY_NOT_SENT",
                                           "There is no delivery of this id, or it waits for an attempt anyway.");
                 foundation::JsonWriter out;
                 out.begin_object().field("delivery_id", delivery_id).end_object();
                 return Reply::of(std::move(out).finish());
             }},
        std::move(rules));
}

}  // namespace saldo::app
