#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string_view>
#include <thread>

#include "service/courier.hpp"

namespace saldo::service {

/// A courier at work on a thread of its own.
class CourierThread {
  public:
    /// `on_failure` is told what a turn came to that could not be done; a second later it is tried again. What the
    /// parts name outlives the thread.
    CourierThread(Courier::Parts parts, std::function<void(std::string_view)> on_failure);
    /// What is under way is left to itself: the book has it as waiting, so that it is sent again.
    ~CourierThread();

    /// There may be something new in the log or in the book. Quick; may be called from any thread.
    void wake();
    CourierNumbers numbers() const { return courier_.numbers(); }

  private:
    void run();

    std::function<foundation::Instant()> system_time_;
    std::function<void(std::string_view)> on_failure_;
    std::mutex guard_;
    std::condition_variable woken_;
    bool is_woken_ = true;
    bool stops_ = false;
    Courier courier_;
    std::thread thread_;
};

}  // namespace saldo::service
