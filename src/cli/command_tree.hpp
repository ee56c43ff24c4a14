#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>

#include "cli/session.hpp"

namespace saldo::cli {

/// The commands there are, and what each does when it is the one that was typed.
class CommandTree {
  public:
    using Action = std::function<ExitCode(const Session&)>;

    CommandTree(const Program& program, const Terminal& terminal);

    /// A word that more words follow: `saldo shop`.
    CLI::App& group(const std::string& name, const std::string& description, const std::string& example);
    /// A command below the root or a group.
    CLI::App& command(CLI::App& parent, const std::string& name, const std::string& description,
                      const std::string& example, Action action);
    CLI::App& root() { return root_; }

    /// An option (`--name`) or an argument (`NAME`) that is kept in `into`.
    template <class Value>
    static CLI::Option& takes(CLI::App& app, const std::string& name, Value& into, const std::string& type,
                              const std::string& description) {
        return *app.add_option(name, into, description)->type_name(type);
    }
    void takes_json(CLI::App& app, const std::string& description = "Print JSON, for programs");
    /// Which store the command is about, and --json.
    void takes_place(CLI::App& app);

    /// Runs the command that the words name.
    ExitCode run(std::vector<std::string> words);

  private:
    const CLI::App& found_command() const;

    CLI::App root_;
    Session session_;
    Action chosen_;
};

// The commands, by what they are about. Each function adds its own.

/// dev, serve
void add_server_commands(CommandTree& tree);
/// partner, shop, client
void add_tenant_commands(CommandTree& tree);
/// events, explain, subject, verify
void add_purchase_commands(CommandTree& tree);
/// webhook
void add_webhook_commands(CommandTree& tree);
/// anchor, backup, restore, export, import
void add_copy_commands(CommandTree& tree);
/// plan, apr
void add_credit_commands(CommandTree& tree);
/// key, routes, settings
void add_upkeep_commands(CommandTree& tree);

}  // namespace saldo::cli
