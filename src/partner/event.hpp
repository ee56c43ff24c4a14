#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "foundation/digest.hpp"
#include "partner/partner.hpp"
#include "terms/contract.hpp"

namespace saldo::partner {

/// A merchant became a partner.
struct PartnerAdded {
    std::string name;
    bool operator==(const PartnerAdded&) const = default;
};

struct ShopAdded {
    std::string partner_shop_id;
    std::optional<std::string> name;
    bool operator==(const ShopAdded&) const = default;
};

/// From now on purchases show this name; those made before keep the one they were made under.
struct ShopRenamed {
    std::string partner_shop_id;
    std::string name;
    bool operator==(const ShopRenamed&) const = default;
};

/// What holds between partner and operator for purchases from now on, whole: it replaces the contract before it.
struct ContractAgreed {
    terms::Contract contract;
    bool operator==(const ContractAgreed&) const = default;
};

struct ClientAdded {
    std::string client_id;
    ClientKind kind = ClientKind::api;
    std::vector<Scope> scopes{};
    foundation::Digest secret_sha256{};
    bool operator==(const ClientAdded&) const = default;
};

/// The client gets no token any more, for good.
struct ClientRevoked {
    std::string client_id;
    bool operator==(const ClientRevoked&) const = default;
};

/// From now on webhooks to the partner's systems may reach as far as this says, and no further.
struct WebhookReachSet {
    WebhookReach reach;
    bool operator==(const WebhookReachSet&) const = default;
};

using Event =
    std::variant<PartnerAdded, ShopAdded, ShopRenamed, ContractAgreed, ClientAdded, ClientRevoked, WebhookReachSet>;

/// The partner after the event.
Partner evolve(Partner partner, const Event& event);

}  // namespace saldo::partner
