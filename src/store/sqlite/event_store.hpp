#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/event_store.hpp"
#include "store/data_directory.hpp"
#include "store/sqlite/checkpointer.hpp"
#include "store/sqlite/database.hpp"
#include "store/sqlite/turn.hpp"

namespace saldo::store::sqlite {

struct StoreLimits {
    /// Pages in the write-ahead log from which on it is moved into the database file.
    std::int64_t wal_pages = 32'768;
    /// Events after which the chain heads are saved again: so many are read at the next opening, at most.
    std::int64_t events_between_heads = 16'384;
    /// Largest size of the database file in pages; 0: what the disk holds.
    std::int64_t pages_max = 0;
};

/// The log in one SQLite file. Readers see committed events only and never wait for the writer.
///
/// Opened to write it holds the directory's lock, so that it is the only writer of all processes; opened to read it
/// may stand beside a running server.
class SqliteEventStore final : public service::EventStore {
  public:
    /// Makes the store where there is none. Throws DirectoryInUse when another process writes it, StoreFailed when it
    /// cannot be opened or was written by a newer Saldo.
    static std::unique_ptr<SqliteEventStore> open(const DataDirectory& directory, StoreLimits limits = {});
    /// Opens an existing store to read it. Asking it for a writer or to change a secret breaks an invariant.
    static std::unique_ptr<SqliteEventStore> open_read_only(const DataDirectory& directory);

    std::unique_ptr<service::LogReader> reader() override;
    /// A reader all of whose calls see one state: the one of now. While it lives, the write-ahead log grows.
    std::unique_ptr<service::LogReader> snapshot();
    std::unique_ptr<service::LogWriter> writer() override;
    std::optional<std::string> secret(std::string_view name) override;
    std::vector<std::string> secret_names(std::string_view prefix) override;
    void put_secret(std::string_view name, std::string_view wrapped) override;
    void remove_secret(std::string_view name) override;

    /// Moves the write-ahead log into the database file and empties it, as after the destruction of a key. Returns when
    /// that is done; false where a reader was in the way.
    bool checkpoint();

  private:
    SqliteEventStore(const DataDirectory& directory, StoreLimits limits, Mode mode);

    std::optional<DirectoryLock> lock_;
    std::filesystem::path file_;
    StoreLimits limits_;
    Mode mode_;
    Turn turn_;
    std::mutex secrets_guard_;
    std::unique_ptr<Database> secrets_;
    std::unique_ptr<Checkpointer> checkpointer_;
};

}  // namespace saldo::store::sqlite
