#include "service/due_work.hpp"

#include <algorithm>
#include <chrono>
#include <exception>
#include <future>
#include <memory>
#include <vector>

#include "foundation/id.hpp"

namespace saldo::service {

namespace {

constexpr int entries_at_once = 1000;

}  // namespace

DueWork::DueWork(Parts parts, int pause_ms) : parts_(parts), thread_([this, pause_ms] { run(pause_ms); }) {}

DueWork::~DueWork() {
    {
        const std::scoped_lock lock(pause_guard_);
        stops_ = true;
    }
    stopped_.notify_all();
    thread_.join();
}

bool DueWork::finish_everything_due() {
    const std::scoped_lock lock(one_at_a_time_);
    const foundation::Instant now = parts_.clock.now();
    for (;;) {
        const std::vector<DueEntry> entries = parts_.indexer.due(now, entries_at_once);
        if (entries.empty()) return true;
        // One after another, so that the log tells them in the order in which they fell due.
        std::vector<DueEntry> again;
        for (const DueEntry& entry : entries) {
            const Looked looked = look_at(entry.stream);
            if (!looked.recorded) return false;
            if (looked.next) again.push_back({*looked.next, entry.stream});
        }
        parts_.indexer.forget(entries, again);
    }
}

DueWork::Looked DueWork::look_at(const std::string& stream) {
    // Shared: the lane may still be leaving set_value when this thread goes on.
    const auto promise = std::make_shared<std::promise<Looked>>();
    std::future<Looked> looked = promise->get_future();
    const auto answer = [promise](bool recorded, std::optional<foundation::Instant> next) {
        promise->set_value({recorded, next});
    };
    if (foundation::is_transaction_id(stream))
        parts_.purchases.record_due(stream, answer);
    else
        parts_.sessions.record_due(stream, answer);
    return looked.get();
}

void DueWork::run(int pause_ms) {
    std::unique_lock lock(pause_guard_);
    while (!stopped_.wait_for(lock, std::chrono::milliseconds{pause_ms}, [this] { return stops_; })) {
        lock.unlock();
        try {
            finish_everything_due();
        } catch (const std::exception&) {
            // What could not be recorded stays due: reads show it all the same, and the next turn tries again.
        }
        lock.lock();
    }
}

}  // namespace saldo::service
