#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "store/data_directory.hpp"

namespace saldo::store::sqlite {

/// How many octets of about how many are done.
using OctetsDone = std::function<void(std::int64_t done, std::int64_t total)>;

/// Copies the log as it is at one moment into a new file, beside a running server or without one: whole pages, rows in
/// order, no write-ahead log beside it. The index is not in it: it is built again. Throws PlaceTaken, StoreFailed.
void back_up(const DataDirectory& directory, const std::filesystem::path& target, const OctetsDone& progress = {});

/// Puts such a copy into a directory without a store, where it is opened like any other. Throws StoreFailed, also for a
/// file that `back_up` did not make.
void put_back(const std::filesystem::path& backup, const DataDirectory& directory, const OctetsDone& progress = {});

/// The streams that have an event of this type, in the order of the log, in a store's database or a backup. Throws
/// StoreFailed.
std::vector<std::string> streams_with(const std::filesystem::path& file, std::string_view event_type);

}  // namespace saldo::store::sqlite
