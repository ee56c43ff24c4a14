#include "service/due_work.hpp"

#include <algorithm>
#include <chrono>
#include <exception>
#include <future>
#include <memory>
#include <vector>

namespace saldo::service {

namespace {

constexpr int entries_at_once = 1000;

}  // namespace

DueWork::DueWork(Indexer& indexer, LedgerPurchases& purchases, Clock& clock, int pause_ms)
    : indexer_(indexer), purchases_(purchases), clock_(clock), thread_([this, pause_ms] { run(pause_ms); }) {}

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
    const foundation::Instant now = clock_.now();
    for (;;) {
        const std::vector<DueEntry> entries = indexer_.due(now, entries_at_once);
        if (entries.empty()) return true;
        // One after another, so that the log tells them in the order in which they fell due.
        for (const DueEntry& entry : entries) {
            // Shared: the lane may still be leaving set_value when this thread goes on.
            const auto promise = std::make_shared<std::promise<bool>>();
            std::future<bool> recorded = promise->get_future();
            purchases_.record_due(entry.transaction_id,
                                  [promise](bool is_recorded) { promise->set_value(is_recorded); });
            if (!recorded.get()) return false;
        }
        indexer_.forget(entries);
    }
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
