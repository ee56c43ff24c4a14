#pragma once

#include <filesystem>

#include "app/inspection.hpp"
#include "cli/program.hpp"

namespace saldo::app {

/// What the command line does with copies of a store: backups, exports, and stores made from them.
cli::Copies copies_of_stores();

}  // namespace saldo::app
