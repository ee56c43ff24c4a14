#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "service/event_store.hpp"

namespace saldo::service {

/// A few threads that read the log, each with its own reader, so that neither a request's thread nor a lane ever waits
/// for a disk.
class ReaderPool {
  public:
    using Task = std::move_only_function<void(LogReader&)>;
    using Failed = std::move_only_function<void(std::exception_ptr)>;

    struct Size {
        int threads = 2;  ///< none: nothing runs but by `run_one`
        std::size_t waiting_max = 1024;
    };
    /// The store outlives the pool.
    ReaderPool(EventStore& store, Size size);
    ~ReaderPool() { stop(); }
    /// Refuses new tasks, runs everything that waits, and returns when it is done.
    void stop();

    /// Runs the task on one of the threads; when it throws, or there is no reader to be had, `failed` gets the
    /// exception. False when too many wait already: then neither is ever called.
    bool post(Task task, Failed failed);
    /// Runs the task that has waited longest on the calling thread; false when none waits. For a pool without threads,
    /// one caller at a time: so a simulation decides what happens when.
    bool run_one();
    /// Tasks that wait for a thread.
    std::size_t waiting() const;

  private:
    struct Work {
        Task task;
        Failed failed;
    };
    void run();
    void carry_out(Work work, std::unique_ptr<LogReader>& reader);

    EventStore& store_;
    const std::size_t waiting_max_;
    mutable std::mutex guard_;
    std::condition_variable woken_;
    std::deque<Work> waiting_;
    std::unique_ptr<LogReader> reader_;  ///< of `run_one`
    bool stops_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace saldo::service
