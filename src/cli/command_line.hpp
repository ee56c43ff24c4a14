#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "cli/program.hpp"
#include "cli/table.hpp"

namespace saldo::cli {

/// Where a command prints and asks.
struct Terminal {
    std::istream& in;
    std::ostream& out;
    std::ostream& err;
    Looks out_looks = Looks::plain;
    Looks err_looks = Looks::plain;
    /// Whether a person sits there who can be asked.
    enum class Person { absent, present } person = Person::absent;
};

/// The terminal of this process.
Terminal standard_terminal();

/// Runs one command line, without the program's name in front. Results go to `out`, everything else to `err`.
ExitCode run(std::vector<std::string> arguments, const Program& program, const Terminal& terminal);

}  // namespace saldo::cli
