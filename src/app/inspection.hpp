#pragma once

#include <filesystem>
#include <memory>
#include <optional>

#include "cli/program.hpp"
#include "service/verify.hpp"
#include "store/data_directory.hpp"
#include "subject/sealing.hpp"

namespace saldo::app {

/// Where a store lies, and where its master key is if one is known.
struct ResolvedPlace {
    std::filesystem::path data;
    std::optional<subject::Key> master_key;
};

/// Looking makes nothing: a directory that is not there stays so. Throws StoreFailed.
store::DataDirectory existing_directory(const std::filesystem::path& data);

/// Everything that a store can be held against: its log and index, then its secrets, then the file below them.
service::Verified verified_store(const service::VerifyInput& input, service::EventStore& store,
                                 const store::DataDirectory& directory);

/// Opens the store to read it. Throws StoreFailed.
std::unique_ptr<cli::Inspection> inspection_of(ResolvedPlace place);

}  // namespace saldo::app
