#include "service/reader_pool.hpp"

#include <memory>
#include <utility>

namespace saldo::service {

ReaderPool::ReaderPool(EventStore& store, Size size) : store_(store), waiting_max_(size.waiting_max) {
    for (int i = 0; i < size.threads; ++i) threads_.emplace_back([this] { run(); });
}

void ReaderPool::stop() {
    {
        const std::lock_guard hold(guard_);
        stops_ = true;
    }
    woken_.notify_all();
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
    while (run_one()) {
    }
}

bool ReaderPool::post(Task task, Failed failed) {
    {
        const std::lock_guard hold(guard_);
        if (stops_ || waiting_.size() >= waiting_max_) return false;
        waiting_.push_back({std::move(task), std::move(failed)});
    }
    woken_.notify_one();
    return true;
}

std::size_t ReaderPool::waiting() const {
    const std::lock_guard hold(guard_);
    return waiting_.size();
}

void ReaderPool::carry_out(Work work, std::unique_ptr<LogReader>& reader) {
    try {
        if (!reader) reader = store_.reader();
        work.task(*reader);
    } catch (const StoreFailed&) {
        reader.reset();  // the next task starts with a fresh one
        work.failed(std::current_exception());
    } catch (...) {
        work.failed(std::current_exception());
    }
}

bool ReaderPool::run_one() {
    std::unique_lock hold(guard_);
    if (waiting_.empty()) return false;
    Work work = std::move(waiting_.front());
    waiting_.pop_front();
    hold.unlock();
    carry_out(std::move(work), reader_);
    return true;
}

void ReaderPool::run() {
    // Opened before anybody asks: later there may be no descriptor left for it.
    std::unique_ptr<LogReader> reader;
    try {
        reader = store_.reader();
    } catch (const StoreFailed&) {
        reader.reset();  // the first task tries again, and says so
    }
    std::unique_lock hold(guard_);
    while (true) {
        woken_.wait(hold, [this] { return stops_ || !waiting_.empty(); });
        if (waiting_.empty()) return;
        Work work = std::move(waiting_.front());
        waiting_.pop_front();
        hold.unlock();
        carry_out(std::move(work), reader);
        hold.lock();
    }
}

}  // namespace saldo::service
