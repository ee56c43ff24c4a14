#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "cli/reply.hpp"
#include "foundation/json.hpp"
#include "service/partners.hpp"
#include "service/webhook_secrets.hpp"
#include "terms/contract.hpp"
#include "terms/country_law.hpp"

namespace saldo::cli {

/// The commands that change a store, by name: `partner.add`, `subject.erase`. The same ones are carried out by the
/// server for those who ask over its control socket, and by the command line itself where no server runs.
class Administration {
  public:
    /// What other rooms do. Each gives the result as JSON, or refuses.
    struct Others {
        std::function<Reply(std::string_view transaction_id)> erase_subject;
        std::function<Reply()> rotate_key;
        /// The partner is there.
        std::function<Reply(const std::string& partner_id, service::WebhookSecrets::Switch)> renew_webhook_secret;
        std::function<Reply(const std::string& delivery_id)> send_webhook;
    };

    /// What an installation lets contracts say.
    struct ContractRules {
        bool codes_can_be_sent = true;  ///< otherwise none may ask for one-time codes
        terms::CountryLaws laws = terms::usual_laws();
    };

    Administration(service::Partners& partners, Others others, ContractRules rules);

    /// Carries out one request: `{"command": "shop.add", "arguments": {...}}`. Never throws.
    Reply carry_out(std::string_view request);

  private:
    Reply dispatch(std::string_view command, foundation::JsonValue arguments);
    Reply renew_webhook_secret(foundation::JsonValue arguments);

    /// Why a contract cannot be agreed here; nothing: it can.
    std::optional<Reply> objection(const terms::Contract& contract) const;

    service::Partners& partners_;
    Others others_;
    ContractRules rules_;
};

/// What the command line sends; `arguments` is a JSON object.
std::string request_of(std::string_view command, std::string_view arguments);

}  // namespace saldo::cli
