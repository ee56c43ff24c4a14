#pragma once

#include <filesystem>

#include "service/event_store.hpp"

namespace saldo::store {

/// Another process serves this data directory.
class DirectoryInUse : public service::StoreFailed {
    using StoreFailed::StoreFailed;
};

/// The directory that holds everything of one store: `saldo.db` (the truth), `index.db` (derived), `deliveries.db`
/// (what merchants were told), `lock`.
///
/// It is made for its owner alone (0700), and so are the files in it (0600).
class DataDirectory {
  public:
    /// Opens the directory, or makes it where there is none. Throws StoreFailed.
    static DataDirectory at(std::filesystem::path path);
    /// An empty directory that goes with this object.
    static DataDirectory temporary();

    DataDirectory(DataDirectory&& other) noexcept;
    DataDirectory& operator=(DataDirectory&&) = delete;
    ~DataDirectory();

    const std::filesystem::path& path() const { return path_; }
    std::filesystem::path database() const { return path_ / "saldo.db"; }
    std::filesystem::path index() const { return path_ / "index.db"; }
    std::filesystem::path deliveries() const { return path_ / "deliveries.db"; }
    std::filesystem::path lock() const { return path_ / "lock"; }
    /// Where a store is made that shall be here when it is whole.
    std::filesystem::path unfinished() const { return path_ / "unfinished"; }

  private:
    explicit DataDirectory(std::filesystem::path path) : path_(std::move(path)) {}
    std::filesystem::path path_;
    bool is_temporary_ = false;
};

/// The right to write one data directory, held by one process at a time and given back by the system when it dies.
class DirectoryLock {
  public:
    /// Throws DirectoryInUse with a sentence that names the directory and the process that holds it.
    explicit DirectoryLock(const DataDirectory& directory);
    ~DirectoryLock();
    DirectoryLock(const DirectoryLock&) = delete;
    DirectoryLock& operator=(const DirectoryLock&) = delete;

  private:
    int file_ = -1;
};

/// Makes the file, readable for its owner alone, unless it is there already. Throws StoreFailed.
void make_private_file(const std::filesystem::path& path);

}  // namespace saldo::store
