#include "partner/event.hpp"

#include <algorithm>

namespace saldo::partner {

namespace {

void apply(Partner& partner, const PartnerAdded& added) {
    partner.name = added.name;
}

void apply(Partner& partner, const ShopAdded& added) {
    partner.shops.push_back({added.partner_shop_id, added.name});
}

void apply(Partner& partner, const ShopRenamed& renamed) {
    const auto shop = std::ranges::find(partner.shops, renamed.partner_shop_id, &Shop::partner_shop_id);
    if (shop != partner.shops.end()) shop->name = renamed.name;
}

void apply(Partner& partner, const ContractAgreed& agreed) {
    partner.contract = agreed.contract;
}

void apply(Partner& partner, const ClientAdded& added) {
    partner.clients.push_back(
        {.id = added.client_id, .kind = added.kind, .scopes = added.scopes, .secret_sha256 = added.secret_sha256});
}

void apply(Partner& partner, const ClientRevoked& revoked) {
    const auto client = std::ranges::find(partner.clients, revoked.client_id, &Client::id);
    if (client != partner.clients.end()) client->revoked = true;
}

void apply(Partner& partner, const WebhookReachSet& set) {
    partner.webhook_reach = set.reach;
}

}  // namespace

Partner evolve(Partner partner, const Event& event) {
    std::visit([&](const auto& happened) { apply(partner, happened); }, event);
    return partner;
}

}  // namespace saldo::partner
