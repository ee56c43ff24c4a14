#pragma once

#include <filesystem>
#include <optional>

#include "cli/program.hpp"
#include "subject/sealing.hpp"

namespace saldo::app {

/// The data directory that a command is about. Throws std::runtime_error when it is not said, SettingsFault.
std::filesystem::path data_of(const cli::StorePlace& place);
/// The key that the settings name; of a sandbox, the one that lies beside its data; else the environment's, if it has
/// one. Throws MasterKeyUnusable, SettingsFault.
std::optional<subject::Key> known_master_key(const cli::StorePlace& place);
/// The same; throws MasterKeyUnusable where there is none.
subject::Key needed_master_key(const cli::StorePlace& place);
/// Where erasures are noted, if the settings name a list.
std::optional<std::filesystem::path> erasure_list_of(const cli::StorePlace& place);

}  // namespace saldo::app
