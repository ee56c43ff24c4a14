#include "cli/command_line.hpp"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>
#include <utility>

#include "cli/administration.hpp"
#include "cli/control.hpp"
#include "cli/help.hpp"
#include "cli/lists.hpp"
#include "cli/printing.hpp"
#include "foundation/json.hpp"
#include "foundation/json_writer.hpp"
#include "foundation/version.hpp"
#include "partner/contract_json.hpp"
#include "terms/contract.hpp"

namespace saldo::cli {

using foundation::JsonDocument;
using foundation::JsonValue;
using foundation::JsonWriter;

namespace {

constexpr std::string_view exit_codes =
    "Exit codes:\n"
    "  0 done   1 refused or not found   2 wrong usage   3 store or server failed   4 verify found a fault";

/// What a command prints for people.
using Print = std::string (*)(JsonValue, Looks);

/// One run: the options of every command, and what the words came to.
class CommandLine {
  public:
    CommandLine(const Program& program, const Terminal& terminal);
    ExitCode run(std::vector<std::string> arguments);

  private:
    // Each adds one command with its options and its action.
    void add_dev();
    void add_serve();
    void add_partner();
    void add_shop();
    void add_client();
    void add_events();
    void add_explain();
    void add_subject();
    void add_verify();
    void add_key();
    void add_routes();
    void add_settings();

    CLI::App& command(CLI::App& parent, const std::string& name, const std::string& description,
                      const std::string& example, std::function<ExitCode()> action);
    CLI::App& group(const std::string& name, const std::string& description, const std::string& example);
    void takes_json(CLI::App& app);
    void takes_place(CLI::App& app);
    template <class Value>
    static CLI::Option& takes(CLI::App& app, const std::string& name, Value& into, const std::string& type,
                              const std::string& description);

    ExitCode show(const Reply& reply, Print print);
    ExitCode change(std::string_view command, std::string arguments, Print print);
    ExitCode inspect(const std::function<Reply(Inspection&)>& ask, Print print);
    ExitCode complain(const Reply& reply);
    Reply file_with_contract(std::string& contract) const;
    bool may_erase() const;
    const CLI::App& found_command() const;

    const Program& program_;
    const Terminal& terminal_;
    CLI::App root_{"Saldo: what a buyer owes, why, and what happens next.", "saldo"};
    std::function<ExitCode()> action_;

    StorePlace place_;
    bool json_ = false;
    DevOptions dev_;
    ServeOptions serve_;
    std::string id_, partner_id_, shop_id_, name_, file_, now_, as_of_;
    std::vector<std::string> scopes_;
    bool is_operator_ = false, example_ = false, yes_ = false, demo_ = false;
};

CommandLine::CommandLine(const Program& program, const Terminal& terminal) : program_(program), terminal_(terminal) {
    root_.formatter(std::make_shared<Help>());
    root_.set_help_flag("-h,--help", "Print this page");
    root_.set_version_flag("--version", "saldo " + std::string(foundation::version), "Print the version");
    root_.require_subcommand(1);
    root_.footer("`saldo COMMAND --help` tells more about each, with an example.\n\n" + std::string(exit_codes));
    add_dev();
    add_serve();
    add_partner();
    add_shop();
    add_client();
    add_events();
    add_explain();
    add_subject();
    add_verify();
    add_key();
    add_routes();
    add_settings();
}

CLI::App& CommandLine::command(CLI::App& parent, const std::string& name, const std::string& description,
                               const std::string& example, std::function<ExitCode()> action) {
    CLI::App& app = *parent.add_subcommand(name, description);
    app.footer("Example:\n  " + example + "\n\n" + std::string(exit_codes));
    app.callback([this, action = std::move(action)] { action_ = action; });
    return app;
}

CLI::App& CommandLine::group(const std::string& name, const std::string& description, const std::string& example) {
    CLI::App& app = *root_.add_subcommand(name, description);
    app.footer("Example:\n  " + example + "\n\n" + std::string(exit_codes));
    app.require_subcommand(1);
    return app;
}

template <class Value>
CLI::Option& CommandLine::takes(CLI::App& app, const std::string& name, Value& into, const std::string& type,
                                const std::string& description) {
    return *app.add_option(name, into, description)->type_name(type);
}

void CommandLine::takes_json(CLI::App& app) {
    app.add_flag("--json", json_, "Print JSON, for programs");
}

void CommandLine::takes_place(CLI::App& app) {
    CLI::Option& data = takes(app, "--data", place_.data, "DIR", "The data directory (or the variable SALDO_DATA)");
    CLI::Option& config =
        takes(app, "--config", place_.config, "FILE", "The settings that name it (or the variable SALDO_CONFIG)");
    data.envname("SALDO_DATA");
    config.envname("SALDO_CONFIG");
    takes_json(app);
}

ExitCode CommandLine::complain(const Reply& reply) {
    if (json_)
        terminal_.err << error_json(reply) << '\n';
    else
        terminal_.err << "saldo: " << reply.message << '\n';
    return reply.exit;
}

ExitCode CommandLine::show(const Reply& reply, Print print) {
    if (reply.result.empty()) return complain(reply);
    if (json_) {
        terminal_.out << reply.result << '\n';
        return reply.exit;
    }
    const auto document = JsonDocument::parse(reply.result);
    terminal_.out << (document ? print(document->root(), terminal_.out_looks) : reply.result + '\n');
    return reply.exit;
}

ExitCode CommandLine::change(std::string_view command, std::string arguments, Print print) {
    const std::string request = request_of(command, arguments);
    return show(guarded([&] {
                    if (const auto line = ask_server(program_.data_of(place_), request)) return reply_of(*line);
                    return program_.administer(place_, request);
                }),
                print);
}

ExitCode CommandLine::inspect(const std::function<Reply(Inspection&)>& ask, Print print) {
    return show(guarded([&] { return ask(*program_.inspect(place_)); }), print);
}

void CommandLine::add_dev() {
    CLI::App& app =
        command(root_, "dev", "Run the sandbox: stateful, offline, with a clock to move", "saldo dev --demo", [this] {
            if (!now_.empty()) {
                dev_.now = foundation::parse_instant(now_);
                if (!dev_.now)
                    return complain({.exit = ExitCode::usage,
                                     .result = "",
                                     .code = "USAGE",
                                     .message = "`--now` takes an instant with its offset, such as "
                                                "2020-03-10T18:06:52+01:00, not `" +
                                                now_ + "`."});
            }
            dev_.data = place_.data;
            dev_.demo = demo_ ? DevOptions::Demo::seeded : DevOptions::Demo::none;
            dev_.ready = json_ ? DevOptions::Ready::one_json_line : DevOptions::Ready::told;
            return program_.dev(dev_);
        });
    takes(app, "--listen", dev_.listen, "HOST:PORT", "Where to listen; port 0 picks a free one (127.0.0.1:8080)");
    takes(app, "--data", place_.data, "DIR", "Keep everything here; else in a temporary directory that is removed");
    takes(app, "--now", now_, "INSTANT", "Set the clock; it ticks on from there");
    app.add_flag("--demo", demo_, "Begin with a few purchases in different states");
    app.add_flag("--json", json_, "Print one line of JSON on stdout when it is ready");
}

void CommandLine::add_serve() {
    CLI::App& app = command(root_, "serve", "Run the server", "saldo serve --config /etc/saldo/saldo.toml",
                            [this] { return program_.serve(serve_); });
    takes(app, "--config", serve_.config, "FILE", "The settings; `saldo settings --example` prints one to start from")
        .required()
        ->envname("SALDO_CONFIG");
}

Reply CommandLine::file_with_contract(std::string& contract) const {
    std::ifstream in(file_, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    if (!in.is_open() || in.bad()) return Reply::refused("FILE_UNREADABLE", "The file " + file_ + " cannot be read.");
    const auto read = partner::parse_contract(text);
    if (!read)
        return Reply::refused("CONTRACT_MALFORMED",
                              "The contract in " + file_ + " cannot be used:\n" + partner::text_of(read.error()));
    contract = partner::contract_json(*read);
    return Reply::of("{}");
}

void CommandLine::add_partner() {
    CLI::App& partner = group("partner", "Add and list partners; show and change their contracts",
                              "saldo partner list --config saldo.toml");
    CLI::App& add =
        command(partner, "add", "Add a partner under a contract",
                "saldo partner contract --example >fruits.json   # then edit it\n"
                "  saldo partner add --name \"Fruits and more\" --contract fruits.json --config saldo.toml",
                [this] {
                    std::string contract;
                    if (const Reply read = file_with_contract(contract); read.exit != ExitCode::ok)
                        return complain(read);
                    JsonWriter out;
                    out.begin_object().field("name", name_).raw_field("contract", contract).end_object();
                    return change("partner.add", std::move(out).finish(), [](JsonValue added, Looks looks) {
                        return "Partner " + bold(said(added, "partner_id"), looks) +
                               " is added. It needs a shop and a client: `saldo shop add`, `saldo client add`.\n";
                    });
                });
    takes(add, "--name", name_, "NAME", "What the partner is called").required();
    takes(add, "--contract", file_, "FILE", "The contract as JSON").required();
    takes_place(add);

    CLI::App& list = command(partner, "list", "List the partners", "saldo partner list --config saldo.toml", [this] {
        return inspect([](Inspection& store) { return Reply::of(partners_json(store.partners())); }, partners_text);
    });
    takes_place(list);

    CLI::App& contract =
        command(partner, "contract", "Show a partner's contract, or replace it for purchases from now on",
                "saldo partner contract 7Q2M0S6W1P9V4XJZ3H8K --config saldo.toml >contract.json   # then edit it\n"
                "  saldo partner contract 7Q2M0S6W1P9V4XJZ3H8K --set contract.json --config saldo.toml",
                [this] {
                    const Print print = [](JsonValue json, Looks) { return indented(json); };
                    if (example_) {
                        terms::Contract shown = terms::demo_contract();
                        return show(Reply::of(partner::contract_json(shown)), print);
                    }
                    if (id_.empty())
                        return complain({.exit = ExitCode::usage,
                                         .result = "",
                                         .code = "USAGE",
                                         .message = "`saldo partner contract` needs a partner's id, or `--example`."});
                    if (file_.empty())
                        return inspect(
                            [this](Inspection& store) {
                                const service::PartnerDirectory directory = store.partners();
                                const partner::Partner* found = directory.partner(id_);
                                if (!found || !found->contract)
                                    return Reply::refused(name_of(partner::Refusal::partner_unknown),
                                                          explain(partner::Refusal::partner_unknown));
                                return Reply::of(partner::contract_json(*found->contract));
                            },
                            print);
                    std::string text;
                    if (const Reply read = file_with_contract(text); read.exit != ExitCode::ok) return complain(read);
                    JsonWriter out;
                    out.begin_object().field("partner_id", id_).raw_field("contract", text).end_object();
                    return change("partner.contract", std::move(out).finish(), print);
                });
    takes(contract, "PARTNER", id_, "", "The partner's id");
    takes(contract, "--set", file_, "FILE", "Agree this contract instead");
    contract.add_flag("--example", example_, "Print a contract to start from");
    takes_place(contract);
}

void CommandLine::add_shop() {
    CLI::App& shop = group("shop", "Add, rename and list a partner's shops",
                           "saldo shop list --partner 7Q2M0S6W1P9V4XJZ3H8K --config saldo.toml");
    const auto json_of = [this] {
        JsonWriter out;
        out.begin_object().field("partner_id", partner_id_).field("partner_shop_id", shop_id_);
        if (!name_.empty()) out.field("name", name_);
        out.end_object();
        return std::move(out).finish();
    };
    CLI::App& add = command(
        shop, "add", "Add a shop to a partner",
        "saldo shop add --partner 7Q2M0S6W1P9V4XJZ3H8K --shop berlin --name \"fruits and more\" --config saldo.toml",
        [this, json_of] {
            return change("shop.add", json_of(), [](JsonValue added, Looks looks) {
                return "Shop " + bold(said(added, "partner_shop_id"), looks) + " is added.\n";
            });
        });
    takes(add, "--partner", partner_id_, "ID", "Whose shop it is").required();
    takes(add, "--shop", shop_id_, "ID", "The partner's own id for it, as its requests say it").required();
    takes(add, "--name", name_, "NAME", "As documents print it");
    takes_place(add);

    CLI::App& rename =
        command(shop, "rename", "Give a shop another name; purchases made before keep the old one",
                "saldo shop rename --partner 7Q2M0S6W1P9V4XJZ3H8K --shop berlin --name \"fruits\" --config saldo.toml",
                [this, json_of] {
                    return change("shop.rename", json_of(), [](JsonValue renamed, Looks looks) {
                        return "Shop " + bold(said(renamed, "partner_shop_id"), looks) + " is now called \"" +
                               said(renamed, "name") + "\".\n";
                    });
                });
    takes(rename, "--partner", partner_id_, "ID", "Whose shop it is").required();
    takes(rename, "--shop", shop_id_, "ID", "The partner's own id for it").required();
    takes(rename, "--name", name_, "NAME", "As documents print it from now on").required();
    takes_place(rename);

    CLI::App& list = command(shop, "list", "List shops", "saldo shop list --config saldo.toml", [this] {
        return inspect(
            [this](Inspection& store) {
                return Reply::of(
                    shops_json(store.partners(), partner_id_.empty() ? std::nullopt : std::optional(partner_id_)));
            },
            shops_text);
    });
    takes(list, "--partner", partner_id_, "ID", "Only this partner's");
    takes_place(list);
}

void CommandLine::add_client() {
    CLI::App& client = group("client", "Add, revoke and list the clients that may ask for tokens",
                             "saldo client list --config saldo.toml");
    CLI::App& add = command(
        client, "add", "Add a client; its secret is printed once and kept only as a hash",
        "saldo client add --partner 7Q2M0S6W1P9V4XJZ3H8K --config saldo.toml\n"
        "  saldo client add --operator --scope read --scope book --config saldo.toml",
        [this] {
            JsonWriter out;
            out.begin_object();
            if (!partner_id_.empty()) out.field("partner_id", partner_id_);
            out.field("kind", is_operator_ ? "operator" : "api").key("scopes").begin_array();
            for (const std::string& scope : scopes_) out.value(scope);
            out.end_array().end_object();
            return change("client.add", std::move(out).finish(), [](JsonValue added, Looks looks) {
                return "client_id      " + bold(said(added, "client_id"), looks) + "\nclient_secret  " +
                       bold(said(added, "client_secret"), looks) +
                       "\n\nThe secret is not shown again. Keep it where the client can read it and nobody else can.\n";
            });
        });
    takes(add, "--partner", partner_id_, "ID", "For whom it speaks; an operator client without one sees every partner");
    add.add_flag("--operator", is_operator_, "An operator client, for /saldo/v1");
    takes(add, "--scope", scopes_, "SCOPE", "What an operator client may do: read, book, dun, admin; may be repeated");
    takes_place(add);

    CLI::App& revoke =
        command(client, "revoke", "Revoke a client, for good",
                "saldo client revoke 2T0HZ8R5K6B1QW9XV3NE --config saldo.toml", [this] {
                    JsonWriter out;
                    out.begin_object().field("client_id", id_).end_object();
                    return change("client.revoke", std::move(out).finish(), [](JsonValue revoked, Looks looks) {
                        return "Client " + bold(said(revoked, "client_id"), looks) +
                               " is revoked; its tokens are not taken any more.\n";
                    });
                });
    takes(revoke, "CLIENT", id_, "", "The client's id").required();
    takes_place(revoke);

    CLI::App& list = command(client, "list", "List clients", "saldo client list --config saldo.toml", [this] {
        return inspect(
            [this](Inspection& store) {
                return Reply::of(
                    clients_json(store.partners(), partner_id_.empty() ? std::nullopt : std::optional(partner_id_)));
            },
            clients_text);
    });
    takes(list, "--partner", partner_id_, "ID", "Only this partner's");
    takes_place(list);
}

void CommandLine::add_events() {
    CLI::App& app = command(root_, "events", "Print the log of a transaction, with its hashes",
                            "saldo events 6Z54V9SXRCRSKDXDGKZW --config saldo.toml", [this] {
                                return inspect([this](Inspection& store) { return store.events(id_); }, events_text);
                            });
    takes(app, "TRANSACTION", id_, "", "The transaction's id").required();
    takes_place(app);
}

void CommandLine::add_explain() {
    CLI::App& app = command(
        root_, "explain", "Print the open amount of a transaction as a tree of events",
        "saldo explain 6Z54V9SXRCRSKDXDGKZW --as-of 2020-03-19 --config saldo.toml", [this] {
            std::optional<foundation::Day> as_of;
            if (!as_of_.empty()) {
                as_of = foundation::parse_day(as_of_);
                if (!as_of)
                    return complain({.exit = ExitCode::usage,
                                     .result = "",
                                     .code = "USAGE",
                                     .message = "`--as-of` takes a day such as 2020-03-19, not `" + as_of_ + "`."});
            }
            return inspect([&](Inspection& store) { return store.explain(id_, as_of); }, explanation_text);
        });
    takes(app, "TRANSACTION", id_, "", "The transaction's id").required();
    takes(app, "--as-of", as_of_, "DAY", "What counted on that day, as known now");
    takes_place(app);
}

bool CommandLine::may_erase() const {
    if (yes_) return true;
    if (terminal_.person == Terminal::Person::absent) return false;
    terminal_.err << "This destroys every name and address of " << id_
                  << " for good; amounts stay.\nType the id again to go on: " << std::flush;
    std::string typed;
    std::getline(terminal_.in, typed);
    return typed == id_;
}

void CommandLine::add_subject() {
    CLI::App& subject = group("subject", "Show or erase what is kept about the person behind a transaction",
                              "saldo subject show 6Z54V9SXRCRSKDXDGKZW --config saldo.toml");
    CLI::App& show_app =
        command(subject, "show", "Print everything that is kept about the person, for an access request",
                "saldo subject show 6Z54V9SXRCRSKDXDGKZW --config saldo.toml",
                [this] { return inspect([this](Inspection& store) { return store.subject(id_); }, outline); });
    takes(show_app, "TRANSACTION", id_, "", "The transaction's id").required();
    takes_place(show_app);

    CLI::App& erase =
        command(subject, "erase", "Destroy the person's key: what they typed is gone, amounts and hashes stay",
                "saldo subject erase 6Z54V9SXRCRSKDXDGKZW --yes --config saldo.toml", [this] {
                    if (!may_erase())
                        return complain({.exit = ExitCode::usage,
                                         .result = "",
                                         .code = "NOT_CONFIRMED",
                                         .message = "Nothing was erased: it cannot be taken back, so it "
                                                    "needs `--yes`, or the id typed again."});
                    JsonWriter out;
                    out.begin_object().field("transaction_id", id_).end_object();
                    return change("subject.erase", std::move(out).finish(), [](JsonValue, Looks) {
                        return std::string(
                            "Erased. What the person typed prints as [erased] from now "
                            "on; backups made before still hold it.\n");
                    });
                });
    takes(erase, "TRANSACTION", id_, "", "The transaction's id").required();
    erase.add_flag("--yes", yes_, "Do not ask");
    takes_place(erase);
}

/// A bar that is drawn over itself.
class ProgressBar {
  public:
    explicit ProgressBar(std::ostream& out) : out_(out) {}
    ~ProgressBar() {
        if (drawn_) out_ << "\r\x1b[K" << std::flush;
    }
    void show(std::int64_t done, std::int64_t total) {
        constexpr std::int64_t width = 40;
        const std::int64_t filled = total > 0 ? std::min(width, done * width / total) : 0;
        out_ << "\r  ";
        for (std::int64_t i = 0; i < width; ++i) out_ << (i < filled ? "█" : "░");
        out_ << "  " << done << " of " << total << " events" << std::flush;
        drawn_ = true;
    }

  private:
    std::ostream& out_;
    bool drawn_ = false;
};

void CommandLine::add_verify() {
    CLI::App& app = command(
        root_, "verify", "Fold every stream again and check hashes, postings and indexes",
        "saldo verify --config saldo.toml", [this] {
            const auto verified = [this](Inspection& store) {
                ProgressBar bar(terminal_.err);
                const Verification found = store.verify([&](std::int64_t done, std::int64_t total) {
                    if (terminal_.err_looks == Looks::coloured) bar.show(done, total);
                });
                JsonWriter out;
                out.begin_object().field("holds", !found.fault).field("events", found.events);
                out.field("streams", found.streams).optional_field("fault", found.fault).end_object();
                Reply reply = Reply::of(std::move(out).finish());
                if (found.fault) reply.exit = ExitCode::fault_found;
                return reply;
            };
            return inspect(verified, [](JsonValue result, Looks looks) {
                const std::string seen = said(result, "events") + " events in " + said(result, "streams") + " streams";
                if (const auto fault = result.find("fault"))
                    return bold("A fault was found", looks) + " among " + seen + ":\n" + std::string(fault->string()) +
                           '\n';
                return bold("All holds", looks) + ": " + seen +
                       ". Every hash, number, date, posting and index is as it must be.\n" +
                       dim("What this cannot show: whether events were cut off the end of the log. For that, compare "
                           "with a copy kept elsewhere.",
                           looks) +
                       '\n';
            });
        });
    takes_place(app);
}

void CommandLine::add_key() {
    CLI::App& key =
        group("key", "Make a master key; rotate the keys that sign tokens", "saldo key new /etc/saldo/master.key");
    CLI::App& fresh = command(key, "new", "Draw a master key into a new file that its owner alone may read",
                              "saldo key new /etc/saldo/master.key", [this] {
                                  return show(guarded([this] {
                                                  program_.make_master_key(file_);
                                                  JsonWriter out;
                                                  out.begin_object().field("file", file_).end_object();
                                                  return Reply::of(std::move(out).finish());
                                              }),
                                              [](JsonValue made, Looks looks) {
                                                  return "A new master key is in " + bold(said(made, "file"), looks) +
                                                         ". Keep a copy apart from the data: without it, every name "
                                                         "and address is lost.\n";
                                              });
                              });
    takes(fresh, "FILE", file_, "", "Where to; it must not exist yet").required();
    takes_json(fresh);

    CLI::App& rotate =
        command(key, "rotate", "Make a new key for signing tokens; the old one holds until its last token ends",
                "saldo key rotate --config saldo.toml", [this] { return change("key.rotate", "{}", keys_text); });
    takes_place(rotate);

    CLI::App& list =
        command(key, "list", "List the keys that sign tokens", "saldo key list --config saldo.toml",
                [this] { return inspect([](Inspection& store) { return store.signing_keys(); }, keys_text); });
    takes_place(list);
}

void CommandLine::add_routes() {
    CLI::App& app =
        command(root_, "routes", "List every operation that the server answers", "saldo routes --json", [this] {
            JsonWriter out;
            out.begin_array();
            for (const RouteLine& route : program_.routes())
                out.begin_object().field("method", route.method).field("path", route.path).end_object();
            out.end_array();
            return show(Reply::of(std::move(out).finish()), routes_text);
        });
    takes_json(app);
}

void CommandLine::add_settings() {
    CLI::App& app = command(root_, "settings", "Print a settings file to start from, with every setting explained",
                            "saldo settings --example >saldo.toml", [this] {
                                terminal_.out << program_.example_settings;
                                return ExitCode::ok;
                            });
    app.add_flag("--example", example_, "Print it (the only thing this does)");
}

/// The command that the words named, as far as they did.
const CLI::App& CommandLine::found_command() const {
    const CLI::App* command = &root_;
    for (auto found = root_.get_subcommands(); !found.empty(); found = command->get_subcommands())
        command = found.back();
    return *command;
}

ExitCode CommandLine::run(std::vector<std::string> arguments) {
    const bool is_silent = arguments.empty();
    std::ranges::reverse(arguments);  // CLI11 takes them from the back
    try {
        root_.parse(std::move(arguments));
    } catch (const CLI::CallForHelp&) {
        terminal_.out << found_command().help();
        return ExitCode::ok;
    } catch (const CLI::CallForVersion& version) {
        terminal_.out << version.what() << '\n';
        return ExitCode::ok;
    } catch (const CLI::ParseError& error) {
        const std::string sentence = explain(root_, error);
        if (is_silent)
            terminal_.err << root_.help();
        else
            terminal_.err << "saldo: " << sentence << "\nTry `" << full_name(found_command()) << " --help`.\n";
        return ExitCode::usage;
    }
    const auto action = std::exchange(action_, {});
    return action();
}

}  // namespace

Terminal standard_terminal() {
    const auto looks = [](int descriptor) { return ::isatty(descriptor) != 0 ? Looks::coloured : Looks::plain; };
    return {.in = std::cin,
            .out = std::cout,
            .err = std::cerr,
            .out_looks = looks(STDOUT_FILENO),
            .err_looks = looks(STDERR_FILENO),
            .person = ::isatty(STDIN_FILENO) != 0 ? Terminal::Person::present : Terminal::Person::absent};
}

ExitCode run(std::vector<std::string> arguments, const Program& program, const Terminal& terminal) {
    CommandLine line(program, terminal);
    try {
        return line.run(std::move(arguments));
    } catch (const std::exception& failure) {
        terminal.err << "saldo: " << failure.what() << '\n';
        return ExitCode::failed;
    }
}

}  // namespace saldo::cli
