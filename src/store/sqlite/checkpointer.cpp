#include "store/sqlite/checkpointer.hpp"

#include <sqlite3.h>

#include <chrono>
#include <utility>

#include "service/event_store.hpp"

namespace saldo::store::sqlite {

namespace {

using namespace std::chrono_literals;

/// A rest this small is moved within the writer's pause: a few milliseconds.
constexpr int rest_pages_max = 512;
/// Passes over a log that grows meanwhile, before its rest is moved however large it is.
constexpr int passes_max = 8;
/// The pause before the next try to erase when a reader holds an old state.
constexpr auto retry_after = 50ms;

struct Progress {
    int result;
    int pages;  ///< in the log
    int moved;  ///< of them, into the file
};

Progress checkpoint(const Database& database, int how) {
    Progress progress{};
    progress.result = sqlite3_wal_checkpoint_v2(database.handle(), "main", how, &progress.pages, &progress.moved);
    return progress;
}

}  // namespace

Checkpointer::Checkpointer(const std::filesystem::path& file, Turn& turn, std::int64_t pages_max)
    : database_(file, Mode::read_write), turn_(turn), pages_max_(pages_max), pages_due_(pages_max) {
    // The writer stands in line while a log is restarted: a reader in the way is met again later rather than waited
    // for.
    sqlite3_busy_timeout(database_.handle(), 0);
    database_.execute("PRAGMA synchronous = FULL");
    thread_ = std::thread([this] { run(); });
}

Checkpointer::~Checkpointer() {
    {
        const std::lock_guard hold(guard_);
        stops_ = true;
    }
    woken_.notify_one();
    thread_.join();
}

void Checkpointer::note(std::int64_t pages) {
    const std::lock_guard hold(guard_);
    const bool was_below = pages_ < pages_due_;
    pages_ = pages;
    if (was_below && pages_ >= pages_due_) woken_.notify_one();
}

void Checkpointer::erase_soon() {
    {
        const std::lock_guard hold(guard_);
        erases_ = true;
    }
    woken_.notify_one();
}

bool Checkpointer::erase_now() {
    const std::lock_guard own(database_guard_);
    checkpoint(database_, SQLITE_CHECKPOINT_PASSIVE);
    const std::lock_guard mine(turn_);
    return checkpoint(database_, SQLITE_CHECKPOINT_TRUNCATE).result == SQLITE_OK;
}

bool Checkpointer::restart_log() {
    const std::lock_guard own(database_guard_);
    for (int pass = 0; pass < passes_max; ++pass) {
        const Progress progress = checkpoint(database_, SQLITE_CHECKPOINT_PASSIVE);
        if (progress.result != SQLITE_OK || progress.pages - progress.moved <= rest_pages_max) break;
    }
    const std::lock_guard mine(turn_);
    return checkpoint(database_, SQLITE_CHECKPOINT_RESTART).result == SQLITE_OK;
}

void Checkpointer::run() {
    std::unique_lock hold(guard_);
    while (true) {
        woken_.wait(hold, [this] { return stops_ || erases_ || pages_ >= pages_due_; });
        if (stops_) return;
        const bool erases = std::exchange(erases_, false);
        hold.unlock();
        const bool is_done = erases ? erase_now() : restart_log();
        hold.lock();
        // A failure is no reason to stop: commits go on, the log grows, and a later try may succeed.
        pages_due_ = is_done ? pages_max_ : pages_ + pages_max_ / 4;
        pages_ = 0;
        if (erases && !is_done && !stops_) {
            erases_ = true;
            woken_.wait_for(hold, retry_after, [this] { return stops_; });
        }
    }
}

}  // namespace saldo::store::sqlite
