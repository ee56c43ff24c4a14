#pragma once

#include "cli/program.hpp"

namespace saldo::app {

/// Everything that the command line can ask for, wired to what does it.
cli::Program program();

}  // namespace saldo::app
