#pragma once

#include <string_view>
#include <vector>

#include "cli/program.hpp"

namespace saldo::app {

/// Beside the data of a sandbox lies its master key, in a file of this name.
constexpr std::string_view sandbox_key_name = "sandbox.key";

/// `saldo dev`: a server with a partner, a shop and two clients, and a clock to move; until it is asked to end.
cli::ExitCode run_sandbox(const cli::DevOptions& options);

/// Every route the program can answer: the sandbox has them all.
std::vector<cli::RouteLine> all_routes();

}  // namespace saldo::app
