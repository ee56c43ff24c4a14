#include <memory>
#include <optional>
#include <utility>

#include "cli/command_tree.hpp"
#include "cli/printing.hpp"
#include "foundation/json_writer.hpp"
#include "service/delivery_book.hpp"

namespace saldo::cli {

using foundation::JsonValue;
using foundation::JsonWriter;

namespace {

/// What the commands on webhooks may say.
struct Typed {
    std::string partner_id, session_id, state, delivery_id;
    bool at_once = false, private_addresses = false, plain_http = false;
};

std::string deliveries_text(JsonValue answer, Looks looks) {
    Table table({{"DELIVERY"}, {"SESSION"}, {"TELLS"}, {"STATE"}, {"ATTEMPTS", Table::Align::right}, {"LAST"}});
    answer.find("deliveries").value().each([&](JsonValue one) {
        const JsonValue attempts = one.find("attempts").value();
        std::string last;
        attempts.each([&](JsonValue attempt) {
            last = said(attempt, "began_at") + "  " + said(attempt, "status") + said(attempt, "failure");
        });
        table.add({said(one, "delivery_id"), said(one, "session_id"), said(one, "session_status"), said(one, "state"),
                   std::to_string(attempts.size()), last});
    });
    return table.is_empty() ? "There are no deliveries.\n" : table.text(looks);
}

ExitCode list_deliveries(const Session& session, const Typed& typed) {
    service::DeliveryQuestion question{.partner_id = typed.partner_id, .session_id = typed.session_id};
    if (!typed.state.empty()) {
        question.state = service::delivery_state(typed.state);
        if (!question.state)
            return session.misused("`--state` is WAITING, DELIVERED or GIVEN_UP, not `" + typed.state + "`.");
    }
    return session.inspect([&](Inspection& store) { return store.deliveries(question); }, deliveries_text);
}

ExitCode send_again(const Session& session, const Typed& typed) {
    JsonWriter out;
    out.begin_object().field("delivery_id", typed.delivery_id).end_object();
    return session.change("webhook.send", std::move(out).finish(), [](JsonValue sent, Looks looks) {
        return "Delivery " + bold(said(sent, "delivery_id"), looks) +
               " is sent once more; `saldo webhook list` shows what becomes of it.\n";
    });
}

ExitCode renew_secret(const Session& session, const Typed& typed) {
    JsonWriter out;
    out.begin_object().field("partner_id", typed.partner_id).field("at_once", typed.at_once).end_object();
    return session.change("webhook.secret", std::move(out).finish(), [](JsonValue made, Looks looks) {
        return "secret      " + bold(said(made, "secret"), looks) + "\nsigns from  " + said(made, "signs_from") +
               "\n\nThe secret is not shown again. Until it signs, the one before it does.\n";
    });
}

ExitCode set_reach(const Session& session, const Typed& typed) {
    JsonWriter out;
    out.begin_object().field("partner_id", typed.partner_id);
    out.field("private_addresses", typed.private_addresses).field("plain_http", typed.plain_http).end_object();
    return session.change("webhook.reach", std::move(out).finish(), [](JsonValue set, Looks) {
        return std::string("Webhooks of this partner may reach ") +
               (said(set, "private_addresses") == "yes" ? "private addresses too" : "public addresses") + ", over " +
               (said(set, "plain_http") == "yes" ? "http and https.\n" : "https.\n");
    });
}

}  // namespace

void add_webhook_commands(CommandTree& tree) {
    const auto typed = std::make_shared<Typed>();
    CLI::App& webhook = tree.group("webhook", "List and repeat what was sent to merchants; secrets that sign it",
                                   "saldo webhook list --state GIVEN_UP --config saldo.toml");

    CLI::App& list = tree.command(webhook, "list", "List the newest deliveries and what became of them",
                                  "saldo webhook list --state GIVEN_UP --config saldo.toml",
                                  [typed](const Session& session) { return list_deliveries(session, *typed); });
    CommandTree::takes(list, "--partner", typed->partner_id, "ID", "Only this partner's");
    CommandTree::takes(list, "--session", typed->session_id, "ID", "Only this session's");
    CommandTree::takes(list, "--state", typed->state, "STATE", "Only those that are WAITING, DELIVERED or GIVEN_UP");
    tree.takes_place(list);

    CLI::App& send = tree.command(webhook, "send", "Send a delivery once more that was delivered or given up",
                                  "saldo webhook send 6Z54V9SXRCRSKDXDGKZW --config saldo.toml",
                                  [typed](const Session& session) { return send_again(session, *typed); });
    CommandTree::takes(send, "DELIVERY", typed->delivery_id, "", "The delivery's id").required();
    tree.takes_place(send);

    CLI::App& secret =
        tree.command(webhook, "secret", "Make a new secret that signs a partner's webhooks; it is printed once",
                     "saldo webhook secret --partner 7Q2M0S6W1P9V4XJZ3H8K --config saldo.toml",
                     [typed](const Session& session) { return renew_secret(session, *typed); });
    CommandTree::takes(secret, "--partner", typed->partner_id, "ID", "Whose webhooks it signs").required();
    secret.add_flag("--at-once", typed->at_once, "Sign with it from now on, not only a day from now");
    tree.takes_place(secret);

    CLI::App& reach = tree.command(
        webhook, "reach", "Say how far a partner's webhooks may reach; without options public addresses over https",
        "saldo webhook reach --partner 7Q2M0S6W1P9V4XJZ3H8K --private-addresses --config saldo.toml",
        [typed](const Session& session) { return set_reach(session, *typed); });
    CommandTree::takes(reach, "--partner", typed->partner_id, "ID", "Whose webhooks").required();
    reach.add_flag("--private-addresses", typed->private_addresses, "Loopback and your own network too");
    reach.add_flag("--plain-http", typed->plain_http, "http beside https");
    tree.takes_place(reach);
}

}  // namespace saldo::cli
