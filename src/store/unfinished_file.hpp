#pragma once

#include <filesystem>
#include <string_view>

#include "service/event_store.hpp"

namespace saldo::store {

/// The place where something shall be put is taken: nothing was written.
class PlaceTaken : public service::StoreFailed {
    using StoreFailed::StoreFailed;
};

/// A file that gets its name only when it is whole: until `finish` it is called `NAME.unfinished`.
///
/// What a process that died left behind under that name is written over by the next one. Readable for its owner alone.
class UnfinishedFile {
  public:
    /// Throws PlaceTaken where there is a file of this name already or another process is writing it, StoreFailed where
    /// none can be made.
    explicit UnfinishedFile(std::filesystem::path name);
    ~UnfinishedFile();  ///< what was not finished is removed
    UnfinishedFile(const UnfinishedFile&) = delete;
    UnfinishedFile& operator=(const UnfinishedFile&) = delete;

    const std::filesystem::path& path() const { return path_; }
    void write(std::string_view bytes);
    /// Durable, under its name. Throws StoreFailed.
    void finish();

  private:
    std::filesystem::path name_, path_;
    int file_ = -1;
};

/// Makes durable what was renamed, made or removed in the folder. Throws StoreFailed.
void sync_folder(const std::filesystem::path& folder);
/// Makes the content of a file durable. Throws StoreFailed.
void sync_file(const std::filesystem::path& file);

}  // namespace saldo::store
