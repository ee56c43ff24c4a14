#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "foundation/digest.hpp"
#include "foundation/outcome.hpp"
#include "partner/event.hpp"
#include "partner/partner.hpp"

namespace saldo::partner {

/// Why a partner stays as it is, in order of precedence: where several hold, the first is given.
enum class Refusal {
    partner_exists,
    partner_unknown,
    not_for_operator,  ///< the operator's house has clients alone
    partner_name_invalid,
    shop_id_invalid,
    shop_exists,
    shop_unknown,
    shop_name_invalid,
    contract_changed_meanwhile,
    contract_unusable,
    client_exists,
    api_client_without_partner,
    api_client_with_scopes,
    operator_client_without_scope,
    client_unknown,
    client_already_revoked,
};
/// The name in the open: `SHOP_EXISTS`.
std::string_view name_of(Refusal refusal);
/// One sentence for the person who asked.
std::string_view explain(Refusal refusal);

struct AddPartner {
    std::string name;
    terms::Contract contract;
};

struct AddShop {
    std::string partner_shop_id;
    std::optional<std::string> name;
};

struct RenameShop {
    std::string partner_shop_id;
    std::string name;
};

struct AgreeContract {
    /// Its version is the one that it was made from and must still be in force; 0: it replaces whatever is in force.
    terms::Contract contract;
};

/// Gives the partner's systems (`api`) or a person or program of the operator a way in.
struct AddClient {
    std::string client_id;
    ClientKind kind = ClientKind::api;
    std::vector<Scope> scopes{};
    foundation::Digest secret_sha256{};
};

struct RevokeClient {
    std::string client_id;
};

struct SetWebhookReach {
    WebhookReach reach;
};

/// The events that carry out the command, at least one.
using Decision = foundation::Outcome<std::vector<Event>, Refusal>;

Decision decide(const Partner& partner, const AddPartner& command);
Decision decide(const Partner& partner, const AddShop& command);
Decision decide(const Partner& partner, const RenameShop& command);
Decision decide(const Partner& partner, const AgreeContract& command);
Decision decide(const Partner& partner, const AddClient& command);
Decision decide(const Partner& partner, const RevokeClient& command);
Decision decide(const Partner& partner, const SetWebhookReach& command);

}  // namespace saldo::partner
