#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "cli/command_line.hpp"
#include "cli/program.hpp"
#include "cli/reply.hpp"
#include "cli/table.hpp"
#include "foundation/json.hpp"

namespace saldo::cli {

/// What a command prints for people.
using Print = std::string (*)(foundation::JsonValue, Looks);

/// One run of the command line: what every command may say, and the ways a command can go.
class Session {
  public:
    Session(const Program& program, const Terminal& terminal) : program_(program), terminal_(terminal) {}

    // Set by the options that commands have in common.
    StorePlace place = {};
    enum class Output { for_people, for_programs } output = Output::for_people;

    const Program& program() const { return program_; }
    const Terminal& terminal() const { return terminal_; }

    /// Prints the result, or complains.
    ExitCode show(const Reply& reply, Print print) const;
    /// Says why there is no result.
    ExitCode complain(const Reply& reply) const;
    /// The words were not understood, although their form was right.
    ExitCode misused(std::string message) const;
    /// Carries out a command that changes the store: by its server, or alone under the lock where none runs.
    ExitCode change(std::string_view command, std::string_view arguments, Print print) const;
    /// Asks a store that is opened to be read.
    ExitCode inspect(const std::function<Reply(Inspection&)>& ask, Print print) const;

  private:
    const Program& program_;
    const Terminal& terminal_;
};

}  // namespace saldo::cli
