#pragma once

#include <string>

#include "ledger/command.hpp"

namespace saldo::ledger {

/// The command as text: equal for equal commands, however they were written down when they came in, and different for
/// different ones. It holds texts of a person: it is digested under a key, never stored.
std::string command_text(const Authorise& command);
std::string command_text(const Command& command);

}  // namespace saldo::ledger
