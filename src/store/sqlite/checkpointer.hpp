#pragma once

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <thread>

#include "store/sqlite/database.hpp"
#include "store/sqlite/turn.hpp"

namespace saldo::store::sqlite {

/// Moves the write-ahead log into the database file, on a thread of its own, so that no commit waits for it: the bulk
/// while the writer goes on, the small rest in one turn of its own, after which the log begins anew.
class Checkpointer {
  public:
    Checkpointer(const std::filesystem::path& file, Turn& turn, std::int64_t pages_max);
    ~Checkpointer();

    /// After a commit: the log holds so many pages.
    void note(std::int64_t pages);
    /// After the destruction of a key or secret: what the log and the file still hold of it is to go now.
    void erase_soon();
    /// Moves everything and cuts the log to nothing. False when a reader of an older state was in the way.
    bool erase_now();

  private:
    void run();
    bool restart_log();

    Database database_;
    Turn& turn_;
    const std::int64_t pages_max_;

    std::mutex database_guard_;
    std::mutex guard_;
    std::condition_variable woken_;
    std::int64_t pages_ = 0;
    std::int64_t pages_due_;  // from here on there is something to do
    bool erases_ = false;
    bool stops_ = false;
    std::thread thread_;
};

}  // namespace saldo::store::sqlite
