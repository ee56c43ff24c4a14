#include "partner/event_json.hpp"

#include <utility>

#include "foundation/json.hpp"
#include "foundation/json_writer.hpp"
#include "partner/json_reading.hpp"

namespace saldo::partner {

using foundation::JsonWriter;

namespace {

constexpr std::string_view type_of(const PartnerAdded&) {
    return "PartnerAdded";
}
constexpr std::string_view type_of(const ShopAdded&) {
    return "ShopAdded";
}
constexpr std::string_view type_of(const ShopRenamed&) {
    return "ShopRenamed";
}
constexpr std::string_view type_of(const ContractAgreed&) {
    return "ContractAgreed";
}
constexpr std::string_view type_of(const ClientAdded&) {
    return "ClientAdded";
}
constexpr std::string_view type_of(const ClientRevoked&) {
    return "ClientRevoked";
}
constexpr std::string_view type_of(const WebhookReachSet&) {
    return "WebhookReachSet";
}

void write_fields(JsonWriter& out, const PartnerAdded& event) {
    out.field("name", event.name);
}
void write_fields(JsonWriter& out, const ShopAdded& event) {
    out.field("partner_shop_id", event.partner_shop_id).optional_field("name", event.name);
}
void write_fields(JsonWriter& out, const ShopRenamed& event) {
    out.field("partner_shop_id", event.partner_shop_id).field("name", event.name);
}
void write_fields(JsonWriter& out, const ContractAgreed& event) {
    out.key("contract");
    write(out, event.contract);
}
void write_fields(JsonWriter& out, const ClientAdded& event) {
    out.field("client_id", event.client_id).field("kind", name_of(event.kind));
    out.key("scopes").begin_array();
    for (const Scope scope : event.scopes) out.value(name_of(scope));
    out.end_array().field("secret_sha256", foundation::hex(foundation::bytes_of(event.secret_sha256)));
}
void write_fields(JsonWriter& out, const ClientRevoked& event) {
    out.field("client_id", event.client_id);
}
void write_fields(JsonWriter& out, const WebhookReachSet& event) {
    out.field("private_addresses", event.reach.private_addresses).field("plain_http", event.reach.plain_http);
}

std::optional<foundation::Digest> digest(std::string_view text) {
    const auto bytes = foundation::from_hex(text);
    return bytes ? foundation::digest_of(*bytes) : std::nullopt;
}

Event read_contract_agreed(ObjectReading& object, std::vector<Malformed>& faults) {
    const auto json = object.object("contract");
    if (!json) return ContractAgreed{};
    auto contract = contract_of(*json, "$.contract");
    if (contract) return ContractAgreed{std::move(*contract)};
    faults.insert(faults.end(), contract.error().begin(), contract.error().end());
    return ContractAgreed{};
}

/// Fields that are missing or wrong are in `faults`, and what is returned then is not used.
std::optional<Event> read(std::string_view type, foundation::JsonValue json, std::vector<Malformed>& faults) {
    ObjectReading object(json, "$", faults);
    const auto text = [&](std::string_view name) { return object.text(name).value_or(""); };
    if (type == type_of(PartnerAdded{})) return PartnerAdded{text("name")};
    if (type == type_of(ShopAdded{})) return ShopAdded{text("partner_shop_id"), object.optional_text("name")};
    if (type == type_of(ShopRenamed{})) return ShopRenamed{text("partner_shop_id"), text("name")};
    if (type == type_of(ContractAgreed{})) return read_contract_agreed(object, faults);
    if (type == type_of(ClientAdded{}))
        return ClientAdded{
            .client_id = text("client_id"),
            .kind = object.word("kind", client_kind, "is no kind of client").value_or(ClientKind::api),
            .scopes = object.words("scopes", scope, "is no scope"),
            .secret_sha256 = object.word("secret_sha256", digest, "is no SHA-256").value_or(foundation::Digest{})};
    if (type == type_of(ClientRevoked{})) return ClientRevoked{text("client_id")};
    if (type == type_of(WebhookReachSet{}))
        return WebhookReachSet{{.private_addresses = object.boolean("private_addresses", false),
                                .plain_http = object.boolean("plain_http", false)}};
    return std::nullopt;
}

}  // namespace

EventText encode(const Event& event) {
    return std::visit(
        [](const auto& happened) {
            JsonWriter out;
            out.begin_object();
            write_fields(out, happened);
            out.end_object();
            return EventText{std::string(type_of(happened)), 1, std::move(out).finish()};
        },
        event);
}

foundation::Outcome<Event, std::vector<Malformed>> decode(const EventText& text) {
    const auto document = foundation::JsonDocument::parse(text.body);
    if (!document)
        return std::unexpected(
            std::vector<Malformed>{{document.error().where, std::string(describe(document.error().kind))}});
    if (text.schema_version != 1)
        return std::unexpected(
            std::vector<Malformed>{{"$", "has schema version " + std::to_string(text.schema_version) + " of " +
                                             text.type + ", which this program does not know"}});
    std::vector<Malformed> faults;
    auto event = read(text.type, document->root(), faults);
    if (!event) faults = {{"$", "is an event of the type " + text.type + ", which this program does not know"}};
    if (!faults.empty()) return std::unexpected(std::move(faults));
    return std::move(*event);
}

}  // namespace saldo::partner
