#pragma once

#include "app/settings.hpp"
#include "cli/administration.hpp"
#include "cli/program.hpp"
#include "subject/sealing.hpp"

namespace saldo::app {

/// `saldo serve`: the server that the settings describe, until it is asked to end.
cli::ExitCode run_production(const cli::ServeOptions& options);

/// The master key from where the settings say. Throws MasterKeyUnusable.
subject::Key master_key_of(const Settings& settings);

/// Whether a server under these settings can send one-time codes.
cli::Administration::ContractRules contract_rules_of(const Settings& settings);

}  // namespace saldo::app
