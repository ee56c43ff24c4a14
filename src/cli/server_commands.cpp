#include <memory>
#include <ostream>
#include <utility>

#include "cli/command_tree.hpp"
#include "cli/printing.hpp"
#include "foundation/json_writer.hpp"

namespace saldo::cli {

using foundation::JsonValue;
using foundation::JsonWriter;

namespace {

void add_dev(CommandTree& tree) {
    struct Typed {
        DevOptions dev;
        std::string now;
        bool demo = false;
    };
    const auto typed = std::make_shared<Typed>();
    CLI::App& app = tree.command(tree.root(), "dev", "Run the sandbox: stateful, offline, with a clock to move",
                                 "saldo dev --demo", [typed](const Session& session) {
                                     DevOptions dev = typed->dev;
                                     if (!typed->now.empty()) {
                                         dev.now = foundation::parse_instant(typed->now);
                                         if (!dev.now)
                                             return session.misused(
                                                 "`--now` takes an instant with its offset, such as "
                                                 "2020-03-10T18:06:52+01:00, not `" +
                                                 typed->now + "`.");
                                     }
                                     if (typed->demo) dev.demo = DevOptions::Demo::seeded;
                                     if (session.output == Session::Output::for_programs)
                                         dev.ready = DevOptions::Ready::one_json_line;
                                     return session.program().dev(dev);
                                 });
    CommandTree::takes(app, "--listen", typed->dev.listen, "HOST:PORT",
                       "Where to listen; port 0 picks a free one (127.0.0.1:8080)");
    CommandTree::takes(app, "--data", typed->dev.data, "DIR",
                       "Keep everything here; else in a temporary directory that is removed");
    CommandTree::takes(app, "--now", typed->now, "INSTANT", "Set the clock; it ticks on from there");
    app.add_flag("--demo", typed->demo, "Begin with a few purchases in different states");
    tree.takes_json(app, "Print one line of JSON on stdout when it is ready");
}

void add_serve(CommandTree& tree) {
    const auto options = std::make_shared<ServeOptions>();
    CLI::App& app = tree.command(tree.root(), "serve", "Run the server", "saldo serve --config /etc/saldo/saldo.toml",
                                 [options](const Session& session) { return session.program().serve(*options); });
    CommandTree::takes(app, "--config", options->config, "FILE",
                       "The settings; `saldo settings --example` prints one to start from")
        .required()
        ->envname("SALDO_CONFIG");
}

void add_key(CommandTree& tree) {
    CLI::App& key =
        tree.group("key", "Make a master key; rotate the keys that sign tokens", "saldo key new /etc/saldo/master.key");
    const auto file = std::make_shared<std::string>();
    CLI::App& fresh =
        tree.command(key, "new", "Draw a master key into a new file that its owner alone may read",
                     "saldo key new /etc/saldo/master.key", [file](const Session& session) {
                         const Reply made = guarded([&] {
                             session.program().make_master_key(*file);
                             JsonWriter out;
                             out.begin_object().field("file", *file).end_object();
                             return Reply::of(std::move(out).finish());
                         });
                         return session.show(made, [](JsonValue result, Looks looks) {
                             return "A new master key is in " + bold(said(result, "file"), looks) +
                                    ". Keep a copy apart from the data: without it, every name and address is lost.\n";
                         });
                     });
    CommandTree::takes(fresh, "FILE", *file, "", "Where to; it must not exist yet").required();
    tree.takes_json(fresh);

    tree.takes_place(
        tree.command(key, "rotate", "Make a new key for signing tokens; the old one holds until its last token ends",
                     "saldo key rotate --config saldo.toml",
                     [](const Session& session) { return session.change("key.rotate", "{}", keys_text); }));
    tree.takes_place(tree.command(key, "list", "List the keys that sign tokens", "saldo key list --config saldo.toml",
                                  [](const Session& session) {
                                      return session.inspect([](Inspection& store) { return store.signing_keys(); },
                                                             keys_text);
                                  }));
}

void add_routes(CommandTree& tree) {
    tree.takes_json(
        tree.command(tree.root(), "routes", "List every operation that the server answers", "saldo routes --json",
                     [](const Session& session) {
                         JsonWriter out;
                         out.begin_array();
                         for (const RouteLine& route : session.program().routes())
                             out.begin_object().field("method", route.method).field("path", route.path).end_object();
                         out.end_array();
                         return session.show(Reply::of(std::move(out).finish()), routes_text);
                     }));
}

void add_settings(CommandTree& tree) {
    CLI::App& app =
        tree.command(tree.root(), "settings", "Print a settings file to start from, with every setting explained",
                     "saldo settings --example >saldo.toml", [](const Session& session) {
                         session.terminal().out << session.program().example_settings;
                         return ExitCode::ok;
                     });
    app.add_flag_callback("--example", [] {}, "Print it (the only thing this does)");
}

}  // namespace

void add_server_commands(CommandTree& tree) {
    add_dev(tree);
    add_serve(tree);
}

void add_upkeep_commands(CommandTree& tree) {
    add_key(tree);
    add_routes(tree);
    add_settings(tree);
}

}  // namespace saldo::cli
