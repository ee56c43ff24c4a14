#include <memory>
#include <ostream>
#include <utility>

#include "cli/command_tree.hpp"
#include "cli/printing.hpp"
#include "cli/progress_bar.hpp"

namespace saldo::cli {

using foundation::JsonValue;

namespace {

struct Typed {
    std::filesystem::path file;
    std::vector<std::filesystem::path> erasures;
    bool no_erasures = false;
};
using TypedPtr = std::shared_ptr<Typed>;

/// Runs what takes its time, with a bar where somebody looks on.
ExitCode watched(const Session& session, std::string_view unit, Print print,
                 const std::function<Reply(const Progress&)>& work) {
    const Terminal& terminal = session.terminal();
    const Reply reply = guarded([&] {
        ProgressBar bar(terminal.err, unit);
        return work([&](std::int64_t done, std::int64_t total) {
            if (terminal.err_looks == Looks::coloured) bar.show(done, total);
        });
    });
    return session.show(reply, print);
}

std::string what_holds(JsonValue result) {
    return said(result, "events") + " events in " + said(result, "streams") + " streams";
}

std::string backup_text(JsonValue result, Looks looks) {
    return bold("Backed up", looks) + " to " + said(result, "file") + ": " + said(result, "octets") + " octets.\n" +
           dim("The master key is not in it. Try it: saldo backup verify " + said(result, "file"), looks) + '\n';
}

std::string verified_backup_text(JsonValue result, Looks looks) {
    if (const std::string fault = said(result, "fault"); !fault.empty())
        return bold("This backup is damaged", looks) + ":\n" + fault + '\n';
    return bold("This backup can be restored", looks) + ": " + what_holds(result) +
           ", every one as it must be. The key that opens it was at hand.\n";
}

std::string export_text(JsonValue result, Looks looks) {
    return bold("Exported", looks) + " to " + said(result, "file") + ": " + what_holds(result) + ".\n";
}

std::string anchor_text(JsonValue result, Looks looks) {
    if (const std::string fault = said(result, "fault"); !fault.empty())
        return bold("Nothing was signed", looks) + ": a chain is broken.\n" + fault + '\n';
    return bold("Anchored", looks) + " in " + said(result, "file") + ": " + said(result, "events") + " events in " +
           said(result, "buckets") + " buckets.\n" +
           dim("Keep it where whoever can write the database cannot.", looks) + '\n';
}

std::string made_text(JsonValue result, Looks looks) {
    if (const std::string fault = said(result, "fault"); !fault.empty())
        return bold("Nothing was made", looks) + ": the copy is damaged.\n" + fault + '\n';
    return bold("A store was made", looks) + " in " + said(result, "data") + ": " + what_holds(result) +
           ", all verified; " + said(result, "erased_again") + " erasures repeated.\n";
}

void takes_file(CLI::App& app, const std::string& name, const TypedPtr& typed, const std::string& description) {
    CommandTree::takes(app, name, typed->file, "", description).required();
}

void add_backup(CommandTree& tree) {
    const auto typed = std::make_shared<Typed>();
    CLI::App& backup =
        tree.command(tree.root(), "backup", "Copy the log into one file, beside a running server",
                     "saldo backup /var/backups/saldo.backup --config saldo.toml", [typed](const Session& session) {
                         if (typed->file.empty()) return session.misused("`saldo backup` needs TARGET, a new file.");
                         return watched(session, "octets", backup_text, [&](const Progress& progress) {
                             return session.program().copies.back_up(session.place, typed->file, progress);
                         });
                     });
    CommandTree::takes(backup, "TARGET", typed->file, "", "The file to make; one that is there is left as it is");
    tree.takes_place(backup);

    const auto of_verify = std::make_shared<Typed>();
    CLI::App& verify = tree.command(
        backup, "verify", "Restore a backup into a temporary store and verify that",
        "saldo backup verify /var/backups/saldo.backup --config saldo.toml", [of_verify](const Session& session) {
            return watched(session, "events", verified_backup_text, [&](const Progress& progress) {
                return session.program().copies.verify_backup(session.place, of_verify->file, progress);
            });
        });
    takes_file(verify, "FILE", of_verify, "The backup");
    tree.takes_place(verify);
}

void add_anchor(CommandTree& tree) {
    const auto typed = std::make_shared<Typed>();
    CLI::App& app =
        tree.command(tree.root(), "anchor", "Sign where the log's chains end, to be kept elsewhere",
                     "saldo anchor /mnt/elsewhere/saldo.anchor --config saldo.toml", [typed](const Session& session) {
                         return watched(session, "events", anchor_text, [&](const Progress& progress) {
                             return session.program().copies.anchor(session.place, typed->file, progress);
                         });
                     });
    takes_file(app, "TARGET", typed, "The file to make; one that is there is left as it is");
    tree.takes_place(app);
}

void add_export(CommandTree& tree) {
    const auto typed = std::make_shared<Typed>();
    CLI::App& app =
        tree.command(tree.root(), "export", "Write every event as a line of JSON, beside a running server",
                     "saldo export /var/backups/saldo.jsonl --config saldo.toml", [typed](const Session& session) {
                         return watched(session, "events", export_text, [&](const Progress& progress) {
                             return session.program().copies.export_events(session.place, typed->file, progress);
                         });
                     });
    takes_file(app, "TARGET", typed, "The file to make; one that is there is left as it is");
    tree.takes_place(app);
}

/// Whoever was erased since the copy was made comes back with it, unless it is said who that is.
ExitCode remake(const Session& session, Remaking::From from, const Typed& typed) {
    Remaking wanted{.from = from, .copy = typed.file, .erasures = typed.erasures};
    if (typed.no_erasures && !wanted.erasures.empty())
        return session.misused("`--erasures` and `--no-erasures` contradict each other.");
    return watched(session, "events", made_text, [&](const Progress& progress) {
        if (!typed.no_erasures)
            if (const auto list = session.program().copies.erasure_list(session.place))
                wanted.erasures.push_back(*list);
        if (!typed.no_erasures && wanted.erasures.empty())
            return Reply{.exit = ExitCode::usage,
                         .result = "",
                         .code = "USAGE",
                         .message =
                             "Who was erased since this copy was made? Name what tells it with `--erasures`, or "
                             "say `--no-erasures`."};
        return session.program().copies.remake(session.place, wanted, progress);
    });
}

void add_remaking(CommandTree& tree, Remaking::From from, const std::string& name, const std::string& description,
                  const std::string& example, const std::string& of_file) {
    const auto typed = std::make_shared<Typed>();
    CLI::App& app = tree.command(tree.root(), name, description, example,
                                 [typed, from](const Session& session) { return remake(session, from, *typed); });
    takes_file(app, "FILE", typed, of_file);
    CommandTree::takes(app, "--erasures", typed->erasures, "PATH",
                       "Who was erased since: a list, newer backup or store")
        .allow_extra_args(false);
    app.add_flag("--no-erasures", typed->no_erasures, "Nobody was erased since this copy was made");
    tree.takes_place(app);
}

}  // namespace

void add_copy_commands(CommandTree& tree) {
    add_anchor(tree);
    add_backup(tree);
    add_remaking(tree, Remaking::From::backup, "restore", "Make a store from a backup, verified before it is there",
                 "saldo restore /var/backups/saldo.backup --erasures /var/backups/erasures --config saldo.toml",
                 "The backup");
    add_export(tree);
    add_remaking(tree, Remaking::From::events_export, "import",
                 "Make a store from exported events, verified before it is there",
                 "saldo import /var/backups/saldo.jsonl --no-erasures --config saldo.toml", "The export");
}

}  // namespace saldo::cli
