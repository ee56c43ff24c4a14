#pragma once

#include <filesystem>
#include <optional>

#include "store/data_directory.hpp"

namespace saldo::store {

/// A store that is made within a data directory that has none, and takes its place there when it is whole: a restore
/// or an import. Until then it lies in `unfinished/` below the directory, which no server opens.
///
/// It is not renamed as a directory: a data directory is often a mounted volume.
class StoreInMaking {
  public:
    /// Holds the directory's lock, so that no server starts in it meanwhile; what a process that died left behind is
    /// removed. Throws PlaceTaken where there is a store already, DirectoryInUse, StoreFailed.
    explicit StoreInMaking(const DataDirectory& directory);
    /// What was not finished is removed.
    ~StoreInMaking();
    StoreInMaking(const StoreInMaking&) = delete;
    StoreInMaking& operator=(const StoreInMaking&) = delete;

    /// Where to make it.
    const DataDirectory& directory() const { return making_.value(); }
    /// Durable, in its place. Requires that nobody has it open any more. Throws StoreFailed.
    void finish();

  private:
    const DataDirectory& directory_;
    DirectoryLock lock_;
    std::optional<DataDirectory> making_;
};

}  // namespace saldo::store
