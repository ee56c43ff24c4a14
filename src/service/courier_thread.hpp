#pragma once

#include <functional>
#include <string_view>
#include <utility>

#include "service/courier.hpp"
#include "service/turn_thread.hpp"

namespace saldo::service {

/// A courier at work on a thread of its own.
class CourierThread {
  public:
    /// `on_failure` is told what a turn came to that could not be done; a second later it is tried again. What the
    /// parts name outlives the thread.
    CourierThread(Courier::Parts parts, std::function<void(std::string_view)> on_failure)
        : thread_([this] { return courier_.turn(); }, parts.system_time, std::move(on_failure)),
          courier_(std::move(parts), [this] { thread_.wake(); }) {
        thread_.start();
    }
    /// What is under way is left to itself: the book has it as waiting, so that it is sent again.
    ~CourierThread() { thread_.stop(); }

    /// There may be something new in the log or in the book. Quick; may be called from any thread.
    void wake() { thread_.wake(); }
    CourierNumbers numbers() const { return courier_.numbers(); }

  private:
    TurnThread thread_;
    Courier courier_;
};

}  // namespace saldo::service
