#pragma once

#include <filesystem>
#include <memory>
#include <optional>

#include "cli/program.hpp"
#include "subject/sealing.hpp"

namespace saldo::app {

/// Where a store lies, and where its master key is if one is known.
struct ResolvedPlace {
    std::filesystem::path data;
    std::optional<subject::Key> master_key;
};

/// Opens the store to read it. Throws StoreFailed.
std::unique_ptr<cli::Inspection> inspection_of(ResolvedPlace place);

}  // namespace saldo::app
