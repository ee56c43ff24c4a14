#include "cli/administration.hpp"

#include <optional>
#include <utility>
#include <vector>

#include "foundation/json_writer.hpp"
#include "partner/contract_json.hpp"
#include "partner/decide.hpp"
#include "partner/json_reading.hpp"

namespace saldo::cli {

using foundation::JsonKind;
using foundation::JsonValue;
using foundation::JsonWriter;
using partner::Malformed;
using partner::ObjectReading;

namespace {

/// Who changed a partner, as the log names it: whoever may open the data directory.
constexpr std::string_view actor = "command-line";

Reply refused(partner::Refusal refusal) {
    return Reply::refused(name_of(refusal), explain(refusal));
}

Reply malformed(const std::vector<Malformed>& faults) {
    return Reply::refused("MALFORMED", partner::text_of(faults));
}

/// The arguments of one command: `read` takes them, and what is wrong with them refuses it.
template <class Read, class Do>
Reply with_arguments(JsonValue arguments, Read read, Do carry_out) {
    std::vector<Malformed> faults;
    auto command = [&] {
        ObjectReading object(arguments, "$", faults);
        return read(object, faults);
    }();
    if (!faults.empty()) return malformed(faults);
    return carry_out(std::move(command));
}

terms::Contract contract_in(ObjectReading& object, std::vector<Malformed>& faults) {
    const auto json = object.object("contract");
    if (!json) return {};
    auto contract = partner::contract_of(*json, "$.contract");
    if (contract) {
        for (const std::string& sentence : terms::faults_of(*contract)) faults.push_back({"$.contract", sentence});
        return *std::move(contract);
    }
    faults.insert(faults.end(), contract.error().begin(), contract.error().end());
    return {};
}

std::string json_of_shop(std::string_view partner_id, const partner::Shop& shop) {
    JsonWriter out;
    out.begin_object().field("partner_id", partner_id).field("partner_shop_id", shop.partner_shop_id);
    out.optional_field("name", shop.name).end_object();
    return std::move(out).finish();
}

/// Why a contract cannot be agreed here; nothing: it can.
using Objection = std::function<std::optional<Reply>(const terms::Contract&)>;

Reply add_partner(service::Partners& partners, const Objection& objection, JsonValue arguments) {
    return with_arguments(
        arguments,
        [](ObjectReading& object, std::vector<Malformed>& faults) {
            return partner::AddPartner{.name = object.text("name").value_or(""),
                                       .contract = contract_in(object, faults)};
        },
        [&](const partner::AddPartner& command) {
            if (auto no = objection(command.contract)) return *std::move(no);
            const auto id = partners.add(command, actor);
            if (!id) return refused(id.error());
            JsonWriter out;
            out.begin_object().field("partner_id", *id).field("name", command.name).end_object();
            return Reply::of(std::move(out).finish());
        });
}

Reply agree_contract(service::Partners& partners, const Objection& objection, JsonValue arguments) {
    std::string partner_id;
    return with_arguments(
        arguments,
        [&](ObjectReading& object, std::vector<Malformed>& faults) {
            partner_id = object.text("partner_id").value_or("");
            return partner::AgreeContract{contract_in(object, faults)};
        },
        [&](const partner::AgreeContract& command) {
            if (auto no = objection(command.contract)) return *std::move(no);
            const auto changed = partners.change(partner_id, command, actor);
            return changed ? Reply::of(partner::contract_json(*changed->contract)) : refused(changed.error());
        });
}

Reply add_shop(service::Partners& partners, JsonValue arguments) {
    std::string partner_id;
    return with_arguments(
        arguments,
        [&](ObjectReading& object, std::vector<Malformed>&) {
            partner_id = object.text("partner_id").value_or("");
            return partner::AddShop{object.text("partner_shop_id").value_or(""), object.optional_text("name")};
        },
        [&](const partner::AddShop& command) {
            const auto changed = partners.change(partner_id, command, actor);
            if (!changed) return refused(changed.error());
            return Reply::of(json_of_shop(partner_id, *changed->shop(command.partner_shop_id)));
        });
}

Reply rename_shop(service::Partners& partners, JsonValue arguments) {
    std::string partner_id;
    return with_arguments(
        arguments,
        [&](ObjectReading& object, std::vector<Malformed>&) {
            partner_id = object.text("partner_id").value_or("");
            return partner::RenameShop{object.text("partner_shop_id").value_or(""), object.text("name").value_or("")};
        },
        [&](const partner::RenameShop& command) {
            const auto changed = partners.change(partner_id, command, actor);
            if (!changed) return refused(changed.error());
            return Reply::of(json_of_shop(partner_id, *changed->shop(command.partner_shop_id)));
        });
}

struct NewClientWanted {
    std::string partner_id;  ///< `partner::every_partner` without one
    partner::ClientKind kind;
    std::vector<partner::Scope> scopes;
};

Reply add_client(service::Partners& partners, JsonValue arguments) {
    return with_arguments(
        arguments,
        [](ObjectReading& object, std::vector<Malformed>&) {
            NewClientWanted wanted{};
            wanted.partner_id = object.optional_text("partner_id").value_or(std::string(partner::every_partner));
            wanted.kind = object.word("kind", partner::client_kind, "is no kind of client").value_or(wanted.kind);
            wanted.scopes = object.words("scopes", partner::scope, "is no scope");
            return wanted;
        },
        [&](const NewClientWanted& wanted) {
            const auto client = partners.add_client(wanted.partner_id, wanted.kind, wanted.scopes, actor);
            if (!client) return refused(client.error());
            JsonWriter out;
            out.begin_object().field("client_id", client->client_id).field("client_secret", client->secret);
            out.field("kind", name_of(wanted.kind));
            if (wanted.partner_id == partner::every_partner)
                out.null_field("partner_id");
            else
                out.field("partner_id", wanted.partner_id);
            out.key("scopes").begin_array();
            for (const partner::Scope scope : wanted.scopes) out.value(name_of(scope));
            out.end_array().end_object();
            return Reply::of(std::move(out).finish());
        });
}

Reply revoke_client(service::Partners& partners, JsonValue arguments) {
    return with_arguments(
        arguments, [](ObjectReading& object, std::vector<Malformed>&) { return object.text("client_id").value_or(""); },
        [&](const std::string& client_id) {
            const auto changed = partners.revoke_client(client_id, actor);
            if (!changed) return refused(changed.error());
            JsonWriter out;
            out.begin_object().field("client_id", client_id).field("revoked", true).end_object();
            return Reply::of(std::move(out).finish());
        });
}

Reply set_webhook_reach(service::Partners& partners, JsonValue arguments) {
    std::string partner_id;
    return with_arguments(
        arguments,
        [&](ObjectReading& object, std::vector<Malformed>&) {
            partner_id = object.text("partner_id").value_or("");
            return partner::SetWebhookReach{{.private_addresses = object.boolean("private_addresses", false),
                                             .plain_http = object.boolean("plain_http", false)}};
        },
        [&](const partner::SetWebhookReach& command) {
            const auto changed = partners.change(partner_id, command, actor);
            if (!changed) return refused(changed.error());
            JsonWriter out;
            out.begin_object().field("partner_id", partner_id);
            out.field("private_addresses", changed->webhook_reach.private_addresses);
            out.field("plain_http", changed->webhook_reach.plain_http).end_object();
            return Reply::of(std::move(out).finish());
        });
}

}  // namespace

Administration::Administration(service::Partners& partners, Others others, ContractRules rules)
    : partners_(partners), others_(std::move(others)), rules_(std::move(rules)) {}

std::optional<Reply> Administration::objection(const terms::Contract& contract) const {
    if (contract.one_time_codes && !rules_.codes_can_be_sent)
        return Reply::refused(
            "CODES_CANNOT_BE_SENT",
            "The contract asks for one-time codes, but the settings have no [messages] to send them by.");
    if (const auto breach = terms::breach_of(contract, rules_.laws)) return Reply::refused("AGAINST_THE_LAW", *breach);
    return std::nullopt;
}

Reply Administration::renew_webhook_secret(JsonValue arguments) {
    bool is_at_once = false;
    return with_arguments(
        arguments,
        [&](ObjectReading& object, std::vector<Malformed>&) {
            is_at_once = object.boolean("at_once", false);
            return object.text("partner_id").value_or("");
        },
        [&](const std::string& partner_id) {
            using Switch = service::WebhookSecrets::Switch;
            if (partners_.directory()->partner(partner_id) == nullptr)
                return refused(partner::Refusal::partner_unknown);
            return others_.renew_webhook_secret(partner_id, is_at_once ? Switch::at_once : Switch::after_overlap);
        });
}

Reply Administration::dispatch(std::string_view command, JsonValue arguments) {
    const Objection objection = [this](const terms::Contract& contract) { return this->objection(contract); };
    if (command == "partner.add") return add_partner(partners_, objection, arguments);
    if (command == "partner.contract") return agree_contract(partners_, objection, arguments);
    if (command == "shop.add") return add_shop(partners_, arguments);
    if (command == "shop.rename") return rename_shop(partners_, arguments);
    if (command == "client.add") return add_client(partners_, arguments);
    if (command == "client.revoke") return revoke_client(partners_, arguments);
    if (command == "webhook.reach") return set_webhook_reach(partners_, arguments);
    if (command == "webhook.secret" && others_.renew_webhook_secret) return renew_webhook_secret(arguments);
    if (command == "webhook.send" && others_.send_webhook)
        return with_arguments(
            arguments,
            [](ObjectReading& object, std::vector<Malformed>&) { return object.text("delivery_id").value_or(""); },
            others_.send_webhook);
    if (command == "key.rotate" && others_.rotate_key) return others_.rotate_key();
    if (command == "subject.erase" && others_.erase_subject)
        return with_arguments(
            arguments,
            [](ObjectReading& object, std::vector<Malformed>&) { return object.text("transaction_id").value_or(""); },
            others_.erase_subject);
    return Reply::failed("UNKNOWN_COMMAND", "The server does not know the command " + std::string(command) +
                                                "; it is another version of Saldo than this command line.");
}

Reply Administration::carry_out(std::string_view request) {
    return guarded([&] {
        const auto document = foundation::JsonDocument::parse(request);
        const auto nonsense = [] { return Reply::failed("MALFORMED", "The request cannot be understood."); };
        if (!document || document->root().kind() != JsonKind::object) return nonsense();
        const auto command = document->root().find("command");
        const auto arguments = document->root().find("arguments");
        if (!command || command->kind() != JsonKind::string || !arguments) return nonsense();
        return dispatch(command->string(), *arguments);
    });
}

std::string request_of(std::string_view command, std::string_view arguments) {
    JsonWriter out;
    out.begin_object().field("command", command).raw_field("arguments", arguments).end_object();
    return std::move(out).finish();
}

}  // namespace saldo::cli
