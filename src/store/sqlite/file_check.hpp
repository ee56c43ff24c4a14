#pragma once

#include <filesystem>
#include <optional>

#include "service/store_fault.hpp"

namespace saldo::store::sqlite {

/// What is wrong with the log's file below its events: its schema, the structure of its pages, its indexes, keys that
/// belong to no stream, and the chain heads that the next writer begins from. Nothing: all is as it must be. Looks at
/// one moment, beside a running server or without one. Throws StoreFailed where it cannot be read at all.
std::optional<service::StoreFault> fault_of_file(const std::filesystem::path& file);

}  // namespace saldo::store::sqlite
