#include "partner/partner.hpp"

#include <algorithm>
#include <utility>

namespace saldo::partner {

std::string_view name_of(Scope scope) {
    switch (scope) {
        case Scope::read:
            return "read";
        case Scope::book:
            return "book";
        case Scope::dun:
            return "dun";
        case Scope::admin:
            return "admin";
    }
    std::unreachable();
}

std::optional<Scope> scope(std::string_view name) {
    for (const Scope one : all_scopes)
        if (name_of(one) == name) return one;
    return std::nullopt;
}

std::string_view name_of(ClientKind kind) {
    switch (kind) {
        case ClientKind::api:
            return "api";
        case ClientKind::operations:
            return "operator";
    }
    std::unreachable();
}

std::optional<ClientKind> client_kind(std::string_view name) {
    for (const ClientKind one : {ClientKind::api, ClientKind::operations})
        if (name_of(one) == name) return one;
    return std::nullopt;
}

bool Client::may(Scope scope) const {
    return std::ranges::find(scopes, scope) != scopes.end();
}

const Shop* Partner::shop(std::string_view partner_shop_id) const {
    const auto found = std::ranges::find(shops, partner_shop_id, &Shop::partner_shop_id);
    return found == shops.end() ? nullptr : &*found;
}

const Client* Partner::client(std::string_view client_id) const {
    const auto found = std::ranges::find(clients, client_id, &Client::id);
    return found == clients.end() ? nullptr : &*found;
}

}  // namespace saldo::partner
