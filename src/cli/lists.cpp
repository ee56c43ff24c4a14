#include "cli/lists.hpp"

#include <algorithm>
#include <utility>

#include "foundation/json_writer.hpp"

namespace saldo::cli {

using foundation::JsonWriter;

namespace {

void write_clients(JsonWriter& out, const partner::Partner& partner) {
    for (const partner::Client& client : partner.clients) {
        out.begin_object().field("client_id", client.id).field("kind", name_of(client.kind));
        if (partner.is_operator())
            out.null_field("partner_id");
        else
            out.field("partner_id", partner.id);
        out.key("scopes").begin_array();
        for (const partner::Scope scope : client.scopes) out.value(name_of(scope));
        out.end_array().field("revoked", client.revoked).end_object();
    }
}

}  // namespace

std::string partners_json(const service::PartnerDirectory& directory) {
    JsonWriter out;
    out.begin_array();
    for (const partner::Partner& partner : directory.partners()) {
        const auto clients = std::ranges::count(partner.clients, false, &partner::Client::revoked);
        out.begin_object().field("partner_id", partner.id).field("name", partner.name);
        out.field("contract_version", partner.contract ? partner.contract->version : 0);
        out.field("shops", static_cast<int>(partner.shops.size())).field("clients", static_cast<int>(clients));
        out.end_object();
    }
    out.end_array();
    return std::move(out).finish();
}

std::string shops_json(const service::PartnerDirectory& directory, const std::optional<std::string>& partner_id) {
    JsonWriter out;
    out.begin_array();
    for (const partner::Partner& partner : directory.partners()) {
        if (partner_id && *partner_id != partner.id) continue;
        for (const partner::Shop& shop : partner.shops) {
            out.begin_object().field("partner_id", partner.id).field("partner_shop_id", shop.partner_shop_id);
            out.optional_field("name", shop.name).end_object();
        }
    }
    out.end_array();
    return std::move(out).finish();
}

std::string clients_json(const service::PartnerDirectory& directory, const std::optional<std::string>& partner_id) {
    JsonWriter out;
    out.begin_array();
    if (!partner_id) write_clients(out, directory.operator_house());
    for (const partner::Partner& partner : directory.partners())
        if (!partner_id || *partner_id == partner.id) write_clients(out, partner);
    out.end_array();
    return std::move(out).finish();
}

}  // namespace saldo::cli
