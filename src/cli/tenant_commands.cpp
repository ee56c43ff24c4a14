#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "cli/command_tree.hpp"
#include "cli/lists.hpp"
#include "cli/printing.hpp"
#include "foundation/json_writer.hpp"
#include "foundation/outcome.hpp"
#include "partner/contract_json.hpp"
#include "partner/decide.hpp"
#include "terms/contract.hpp"

namespace saldo::cli {

using foundation::JsonValue;
using foundation::JsonWriter;
using foundation::Outcome;

namespace {

/// What the commands on tenants may say.
struct Typed {
    std::string partner_id, shop_id, client_id, name, file;
    std::vector<std::string> scopes;
    bool is_operator = false, example = false;

    std::optional<std::string> only_partner() const {
        return partner_id.empty() ? std::nullopt : std::optional(partner_id);
    }
};
using TypedPtr = std::shared_ptr<Typed>;

std::string contract_text(JsonValue json, Looks) {
    return indented(json);
}

/// The contract in a file, as JSON to be sent on; or why there is none.
Outcome<std::string, Reply> contract_in(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    if (!in.is_open() || in.bad())
        return std::unexpected(Reply::refused("FILE_UNREADABLE", "The file " + file + " cannot be read."));
    const auto contract = partner::parse_contract(text);
    if (!contract)
        return std::unexpected(Reply::refused("CONTRACT_MALFORMED", "The contract in " + file + " cannot be used:\n" +
                                                                        partner::text_of(contract.error())));
    return partner::contract_json(*contract);
}

ExitCode add_partner(const Session& session, const Typed& typed) {
    const auto contract = contract_in(typed.file);
    if (!contract) return session.complain(contract.error());
    JsonWriter out;
    out.begin_object().field("name", typed.name).raw_field("contract", *contract).end_object();
    return session.change("partner.add", std::move(out).finish(), [](JsonValue added, Looks looks) {
        return "Partner " + bold(said(added, "partner_id"), looks) +
               " is added. It needs a shop and a client: `saldo shop add`, `saldo client add`.\n";
    });
}

Reply contract_of(Inspection& store, const std::string& partner_id) {
    const service::PartnerDirectory directory = store.partners();
    const partner::Partner* partner = directory.partner(partner_id);
    constexpr auto unknown = partner::Refusal::partner_unknown;
    if (!partner || !partner->contract) return Reply::refused(name_of(unknown), explain(unknown));
    return Reply::of(partner::contract_json(*partner->contract));
}

/// The sandbox's, without what needs a gateway for text messages.
terms::Contract example_contract() {
    terms::Contract contract = terms::demo_contract();
    contract.one_time_codes.reset();
    return contract;
}

ExitCode show_or_set_contract(const Session& session, const Typed& typed) {
    if (typed.example) return session.show(Reply::of(partner::contract_json(example_contract())), contract_text);
    if (typed.partner_id.empty())
        return session.misused("`saldo partner contract` needs a partner's id, or `--example`.");
    if (typed.file.empty())
        return session.inspect([&](Inspection& store) { return contract_of(store, typed.partner_id); }, contract_text);
    const auto contract = contract_in(typed.file);
    if (!contract) return session.complain(contract.error());
    JsonWriter out;
    out.begin_object().field("partner_id", typed.partner_id).raw_field("contract", *contract).end_object();
    return session.change("partner.contract", std::move(out).finish(), contract_text);
}

void add_partner_commands(CommandTree& tree) {
    const auto typed = std::make_shared<Typed>();
    CLI::App& partner = tree.group("partner", "Add and list partners; show and change their contracts",
                                   "saldo partner list --config saldo.toml");
    CLI::App& add =
        tree.command(partner, "add", "Add a partner under a contract",
                     "saldo partner contract --example >fruits.json   # then edit it\n"
                     "  saldo partner add --name \"Fruits and more\" --contract fruits.json --config saldo.toml",
                     [typed](const Session& session) { return add_partner(session, *typed); });
    CommandTree::takes(add, "--name", typed->name, "NAME", "What the partner is called").required();
    CommandTree::takes(add, "--contract", typed->file, "FILE", "The contract as JSON").required();
    tree.takes_place(add);

    tree.takes_place(tree.command(
        partner, "list", "List the partners", "saldo partner list --config saldo.toml", [](const Session& session) {
            return session.inspect([](Inspection& store) { return Reply::of(partners_json(store.partners())); },
                                   partners_text);
        }));

    CLI::App& contract =
        tree.command(partner, "contract", "Show a partner's contract, or replace it for purchases from now on",
                     "saldo partner contract 7Q2M0S6W1P9V4XJZ3H8K --config saldo.toml >contract.json   # then edit it\n"
                     "  saldo partner contract 7Q2M0S6W1P9V4XJZ3H8K --set contract.json --config saldo.toml",
                     [typed](const Session& session) { return show_or_set_contract(session, *typed); });
    CommandTree::takes(contract, "PARTNER", typed->partner_id, "", "The partner's id");
    CommandTree::takes(contract, "--set", typed->file, "FILE", "Agree this contract instead");
    contract.add_flag("--example", typed->example, "Print a contract to start from");
    tree.takes_place(contract);
}

std::string json_of_shop(const Typed& typed) {
    JsonWriter out;
    out.begin_object().field("partner_id", typed.partner_id).field("partner_shop_id", typed.shop_id);
    if (!typed.name.empty()) out.field("name", typed.name);
    out.end_object();
    return std::move(out).finish();
}

void add_shop_commands(CommandTree& tree) {
    const auto typed = std::make_shared<Typed>();
    CLI::App& shop = tree.group("shop", "Add, rename and list a partner's shops",
                                "saldo shop list --partner 7Q2M0S6W1P9V4XJZ3H8K --config saldo.toml");
    CLI::App& add = tree.command(
        shop, "add", "Add a shop to a partner",
        "saldo shop add --partner 7Q2M0S6W1P9V4XJZ3H8K --shop berlin --name \"fruits and more\" --config saldo.toml",
        [typed](const Session& session) {
            return session.change("shop.add", json_of_shop(*typed), [](JsonValue added, Looks looks) {
                return "Shop " + bold(said(added, "partner_shop_id"), looks) + " is added.\n";
            });
        });
    CommandTree::takes(add, "--partner", typed->partner_id, "ID", "Whose shop it is").required();
    CommandTree::takes(add, "--shop", typed->shop_id, "ID", "The partner's own id for it, as its requests say it")
        .required();
    CommandTree::takes(add, "--name", typed->name, "NAME", "As documents print it");
    tree.takes_place(add);

    CLI::App& rename = tree.command(
        shop, "rename", "Give a shop another name; purchases made before keep the old one",
        "saldo shop rename --partner 7Q2M0S6W1P9V4XJZ3H8K --shop berlin --name \"fruits\" --config saldo.toml",
        [typed](const Session& session) {
            return session.change("shop.rename", json_of_shop(*typed), [](JsonValue renamed, Looks looks) {
                return "Shop " + bold(said(renamed, "partner_shop_id"), looks) + " is now called \"" +
                       said(renamed, "name") + "\".\n";
            });
        });
    CommandTree::takes(rename, "--partner", typed->partner_id, "ID", "Whose shop it is").required();
    CommandTree::takes(rename, "--shop", typed->shop_id, "ID", "The partner's own id for it").required();
    CommandTree::takes(rename, "--name", typed->name, "NAME", "As documents print it from now on").required();
    tree.takes_place(rename);

    CLI::App& list = tree.command(
        shop, "list", "List shops", "saldo shop list --config saldo.toml", [typed](const Session& session) {
            return session.inspect(
                [&](Inspection& store) { return Reply::of(shops_json(store.partners(), typed->only_partner())); },
                shops_text);
        });
    CommandTree::takes(list, "--partner", typed->partner_id, "ID", "Only this partner's");
    tree.takes_place(list);
}

ExitCode add_client(const Session& session, const Typed& typed) {
    JsonWriter out;
    out.begin_object();
    if (!typed.partner_id.empty()) out.field("partner_id", typed.partner_id);
    out.field("kind", typed.is_operator ? "operator" : "api").key("scopes").begin_array();
    for (const std::string& scope : typed.scopes) out.value(std::string_view(scope));
    out.end_array().end_object();
    return session.change("client.add", std::move(out).finish(), [](JsonValue added, Looks looks) {
        return "client_id      " + bold(said(added, "client_id"), looks) + "\nclient_secret  " +
               bold(said(added, "client_secret"), looks) +
               "\n\nThe secret is not shown again. Keep it where the client can read it and nobody else can.\n";
    });
}

ExitCode revoke_client(const Session& session, const Typed& typed) {
    JsonWriter out;
    out.begin_object().field("client_id", typed.client_id).end_object();
    return session.change("client.revoke", std::move(out).finish(), [](JsonValue revoked, Looks looks) {
        return "Client " + bold(said(revoked, "client_id"), looks) +
               " is revoked; its tokens are not taken any more.\n";
    });
}

void add_client_commands(CommandTree& tree) {
    const auto typed = std::make_shared<Typed>();
    CLI::App& client = tree.group("client", "Add, revoke and list the clients that may ask for tokens",
                                  "saldo client list --config saldo.toml");
    CLI::App& add = tree.command(client, "add", "Add a client; its secret is printed once and kept only as a hash",
                                 "saldo client add --partner 7Q2M0S6W1P9V4XJZ3H8K --config saldo.toml\n"
                                 "  saldo client add --operator --scope read --scope book --config saldo.toml",
                                 [typed](const Session& session) { return add_client(session, *typed); });
    CommandTree::takes(add, "--partner", typed->partner_id, "ID",
                       "For whom it speaks; an operator client without one sees every partner");
    add.add_flag("--operator", typed->is_operator, "An operator client, for /saldo/v1");
    CommandTree::takes(add, "--scope", typed->scopes, "SCOPE",
                       "What an operator client may do: read, book, dun, admin; may be repeated");
    tree.takes_place(add);

    CLI::App& revoke = tree.command(client, "revoke", "Revoke a client, for good",
                                    "saldo client revoke 2T0HZ8R5K6B1QW9XV3NE --config saldo.toml",
                                    [typed](const Session& session) { return revoke_client(session, *typed); });
    CommandTree::takes(revoke, "CLIENT", typed->client_id, "", "The client's id").required();
    tree.takes_place(revoke);

    CLI::App& list = tree.command(
        client, "list", "List clients", "saldo client list --config saldo.toml", [typed](const Session& session) {
            return session.inspect(
                [&](Inspection& store) { return Reply::of(clients_json(store.partners(), typed->only_partner())); },
                clients_text);
        });
    CommandTree::takes(list, "--partner", typed->partner_id, "ID", "Only this partner's");
    tree.takes_place(list);
}

}  // namespace

void add_tenant_commands(CommandTree& tree) {
    add_partner_commands(tree);
    add_shop_commands(tree);
    add_client_commands(tree);
}

}  // namespace saldo::cli
