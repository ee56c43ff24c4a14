#include <istream>
#include <memory>
#include <optional>
#include <ostream>
#include <utility>

#include "cli/command_tree.hpp"
#include "cli/printing.hpp"
#include "cli/progress_bar.hpp"
#include "foundation/json_writer.hpp"

namespace saldo::cli {

using foundation::JsonValue;
using foundation::JsonWriter;

namespace {

struct Typed {
    std::string transaction_id, as_of;
    bool yes = false;
};

void takes_transaction(CLI::App& app, Typed& typed) {
    CommandTree::takes(app, "TRANSACTION", typed.transaction_id, "", "The transaction's id").required();
}

ExitCode explain(const Session& session, const Typed& typed) {
    std::optional<foundation::Day> as_of;
    if (!typed.as_of.empty()) {
        as_of = foundation::parse_day(typed.as_of);
        if (!as_of) return session.misused("`--as-of` takes a day such as 2020-03-19, not `" + typed.as_of + "`.");
    }
    return session.inspect([&](Inspection& store) { return store.explain(typed.transaction_id, as_of); },
                           explanation_text);
}

/// Erasing cannot be taken back: who does not say yes has to type the id again.
bool may_erase(const Session& session, const Typed& typed) {
    if (typed.yes) return true;
    const Terminal& terminal = session.terminal();
    if (terminal.person == Terminal::Person::absent) return false;
    terminal.err << "This destroys every name and address of " << typed.transaction_id
                 << " for good; amounts stay.\nType the id again to go on: " << std::flush;
    std::string again;
    std::getline(terminal.in, again);
    return again == typed.transaction_id;
}

ExitCode erase_subject(const Session& session, const Typed& typed) {
    if (!may_erase(session, typed))
        return session.misused(
            "Nothing was erased: it cannot be taken back, so it needs `--yes`, or the id typed again.");
    JsonWriter out;
    out.begin_object().field("transaction_id", typed.transaction_id).end_object();
    return session.change("subject.erase", std::move(out).finish(), [](JsonValue, Looks) {
        return std::string(
            "Erased. What the person typed prints as [erased] from now on; backups made before still hold it.\n");
    });
}

Reply verify(const Session& session, Inspection& store, const VerifyOptions& options) {
    const Terminal& terminal = session.terminal();
    ProgressBar bar(terminal.err);
    const Verification found = store.verify(options, [&](std::int64_t done, std::int64_t total) {
        if (terminal.err_looks == Looks::coloured) bar.show(done, total);
    });
    JsonWriter out;
    out.begin_object().field("holds", !found.fault).field("events", found.events).field("streams", found.streams);
    out.optional_field("anchored_at", found.anchored_at).optional_field("fault", found.fault).end_object();
    Reply reply = Reply::of(std::move(out).finish());
    if (found.fault) reply.exit = ExitCode::fault_found;
    return reply;
}

std::string verification_text(JsonValue result, Looks looks) {
    const std::string seen = said(result, "events") + " events in " + said(result, "streams") + " streams";
    if (const std::string fault = said(result, "fault"); !fault.empty())
        return bold("A fault was found", looks) + " among " + seen + ":\n" + fault + '\n';
    const std::string anchored_at = said(result, "anchored_at");
    const std::string limit =
        anchored_at.empty()
            ? "What this cannot show: whether events were cut off the end of the log, or the whole of it was written "
              "anew. `saldo anchor` makes what can."
            : "Up to " + anchored_at + ", when the anchor was made, nothing was cut off or written anew.";
    return bold("All holds", looks) + ": " + seen +
           ". Every hash, number, date, posting and index is as it must be.\n" + dim(limit, looks) + '\n';
}

void add_subject(CommandTree& tree) {
    const auto typed = std::make_shared<Typed>();
    CLI::App& subject = tree.group("subject", "Show or erase what is kept about the person behind a transaction",
                                   "saldo subject show 6Z54V9SXRCRSKDXDGKZW --config saldo.toml");
    CLI::App& show = tree.command(
        subject, "show", "Print everything that is kept about the person, for an access request",
        "saldo subject show 6Z54V9SXRCRSKDXDGKZW --config saldo.toml", [typed](const Session& session) {
            return session.inspect([&](Inspection& store) { return store.subject(typed->transaction_id); }, outline);
        });
    takes_transaction(show, *typed);
    tree.takes_place(show);

    CLI::App& erase =
        tree.command(subject, "erase", "Destroy the person's key: what they typed is gone, amounts and hashes stay",
                     "saldo subject erase 6Z54V9SXRCRSKDXDGKZW --yes --config saldo.toml",
                     [typed](const Session& session) { return erase_subject(session, *typed); });
    takes_transaction(erase, *typed);
    erase.add_flag("--yes", typed->yes, "Do not ask");
    tree.takes_place(erase);
}

}  // namespace

void add_purchase_commands(CommandTree& tree) {
    const auto typed = std::make_shared<Typed>();
    CLI::App& events = tree.command(
        tree.root(), "events", "Print the log of a transaction, with its hashes",
        "saldo events 6Z54V9SXRCRSKDXDGKZW --config saldo.toml", [typed](const Session& session) {
            return session.inspect([&](Inspection& store) { return store.events(typed->transaction_id); }, events_text);
        });
    takes_transaction(events, *typed);
    tree.takes_place(events);

    CLI::App& explanation = tree.command(
        tree.root(), "explain", "Print the open amount of a transaction as a tree of events, or the story of a session",
        "saldo explain 6Z54V9SXRCRSKDXDGKZW --as-of 2020-03-19 --config saldo.toml",
        [typed](const Session& session) { return explain(session, *typed); });
    takes_transaction(explanation, *typed);
    CommandTree::takes(explanation, "--as-of", typed->as_of, "DAY", "What counted on that day, as known now");
    tree.takes_place(explanation);

    CLI::App& debits = tree.command(
        tree.root(), "debits", "Print the mandate of a transaction and its direct debits: due, submitted, returned",
        "saldo debits 6Z54V9SXRCRSKDXDGKZW --config saldo.toml", [typed](const Session& session) {
            return session.inspect([&](Inspection& store) { return store.direct_debits(typed->transaction_id); },
                                   outline);
        });
    takes_transaction(debits, *typed);
    tree.takes_place(debits);

    add_subject(tree);

    const auto options = std::make_shared<VerifyOptions>();
    CLI::App& verification =
        tree.command(tree.root(), "verify", "Fold every stream again and check hashes, postings, indexes and the file",
                     "saldo verify --config saldo.toml", [options](const Session& session) {
                         return session.inspect([&](Inspection& store) { return verify(session, store, *options); },
                                                verification_text);
                     });
    CommandTree::takes(verification, "--anchor", options->anchor, "FILE",
                       "Hold it against this anchor too: was it cut, or written anew?");
    tree.takes_place(verification);
}

}  // namespace saldo::cli
