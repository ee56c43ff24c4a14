#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "foundation/digest.hpp"
#include "terms/contract.hpp"

namespace saldo::partner {

/// Stands in the place of a partner's id for the operator clients that see every partner: `partner/operator` is the
/// stream in which they are kept. No partner has this id, since it is none of `foundation::id_text`.
constexpr std::string_view every_partner = "operator";

/// What an operator client may do.
enum class Scope {
    read,   ///< look at purchases, search, trial balance
    book,   ///< payments and fees
    dun,    ///< dunning levels and blocks
    admin,  ///< partners, shops, clients
};
inline constexpr std::array all_scopes{Scope::read, Scope::book, Scope::dun, Scope::admin};
std::string_view name_of(Scope scope);
std::optional<Scope> scope(std::string_view name);

/// For whom a client speaks: a merchant's shop system through the published interfaces, or an operator of Saldo.
enum class ClientKind { api, operations };
std::string_view name_of(ClientKind kind);
std::optional<ClientKind> client_kind(std::string_view name);

/// Who may ask for tokens: an id and a secret, of which only the SHA-256 is kept.
struct Client {
    std::string id;
    ClientKind kind = ClientKind::api;
    std::vector<Scope> scopes{};  ///< of an operator client, each at most once, in the order of the enum; else empty
    foundation::Digest secret_sha256{};
    bool revoked = false;

    bool may(Scope scope) const;
    bool operator==(const Client&) const = default;
};

/// A shop of the partner, by the partner's own id for it.
struct Shop {
    std::string partner_shop_id;
    std::optional<std::string> name;  ///< as documents print it
    bool operator==(const Shop&) const = default;
};

/// How far webhooks to the partner's systems may reach, beside public addresses over https.
struct WebhookReach {
    bool private_addresses = false;  ///< loopback, the operator's own network, and whatever else is not public
    bool plain_http = false;
    bool operator==(const WebhookReach&) const = default;
};

/// A merchant who sells on account through Saldo, or (`every_partner`) the house of those who operate it, which has
/// clients alone. Partners, shops, contracts and clients change by events only.
struct Partner {
    std::string id;
    std::string name{};                         ///< empty: not added yet
    std::optional<terms::Contract> contract{};  ///< the newest; its version counts the agreements from 1
    std::vector<Shop> shops{};
    std::vector<Client> clients{};
    WebhookReach webhook_reach{};

    bool is_operator() const { return id == every_partner; }
    bool exists() const { return is_operator() || !name.empty(); }
    const Shop* shop(std::string_view partner_shop_id) const;
    const Client* client(std::string_view client_id) const;
    bool operator==(const Partner&) const = default;
};

}  // namespace saldo::partner
