#include "cli/command_tree.hpp"

#include <algorithm>
#include <ostream>
#include <utility>

#include "cli/help.hpp"
#include "foundation/version.hpp"

namespace saldo::cli {

namespace {

constexpr const char* exit_codes =
    "Exit codes:\n"
    "  0 done   1 refused or not found   2 wrong usage   3 store or server failed   4 a fault was found";

}  // namespace

CommandTree::CommandTree(const Program& program, const Terminal& terminal)
    : root_("Saldo: what a buyer owes, why, and what happens next.", "saldo"), session_(program, terminal) {
    root_.formatter(std::make_shared<Help>());
    root_.set_help_flag("-h,--help", "Print this page");
    root_.set_version_flag("--version", "saldo " + std::string(foundation::version), "Print the version");
    root_.require_subcommand(1);
    root_.footer(std::string("`saldo COMMAND --help` tells more about each, with an example.\n\n") + exit_codes);
}

CLI::App& CommandTree::group(const std::string& name, const std::string& description, const std::string& example) {
    CLI::App& app = *root_.add_subcommand(name, description);
    app.footer("Example:\n  " + example + "\n\n" + exit_codes);
    app.require_subcommand(1);
    return app;
}

CLI::App& CommandTree::command(CLI::App& parent, const std::string& name, const std::string& description,
                               const std::string& example, Action action) {
    CLI::App& app = *parent.add_subcommand(name, description);
    app.footer("Example:\n  " + example + "\n\n" + exit_codes);
    app.callback([this, &app, action = std::move(action)] {
        if (app.get_subcommands().empty()) chosen_ = action;  // `saldo backup verify` is no `saldo backup`
    });
    return app;
}

void CommandTree::takes_json(CLI::App& app, const std::string& description) {
    app.add_flag_callback("--json", [this] { session_.output = Session::Output::for_programs; }, description);
}

void CommandTree::takes_place(CLI::App& app) {
    takes(app, "--data", session_.place.data, "DIR", "The data directory (or the variable SALDO_DATA)")
        .envname("SALDO_DATA");
    takes(app, "--config", session_.place.config, "FILE", "The settings that name it (or the variable SALDO_CONFIG)")
        .envname("SALDO_CONFIG");
    takes_json(app);
}

const CLI::App& CommandTree::found_command() const {
    const CLI::App* command = &root_;
    for (auto found = root_.get_subcommands(); !found.empty(); found = command->get_subcommands())
        command = found.back();
    return *command;
}

ExitCode CommandTree::run(std::vector<std::string> words) {
    const Terminal& terminal = session_.terminal();
    const bool is_silent = words.empty();
    std::ranges::reverse(words);  // the parser takes them from the back
    try {
        root_.parse(std::move(words));
    } catch (const CLI::CallForHelp&) {
        terminal.out << found_command().help();
        return ExitCode::ok;
    } catch (const CLI::CallForVersion& version) {
        terminal.out << version.what() << '\n';
        return ExitCode::ok;
    } catch (const CLI::ParseError& error) {
        if (is_silent)
            terminal.err << root_.help();
        else
            terminal.err << "saldo: " << explain(root_, error) << "\nTry `" << full_name(found_command())
                         << " --help`.\n";
        return ExitCode::usage;
    }
    return chosen_(session_);
}

}  // namespace saldo::cli
