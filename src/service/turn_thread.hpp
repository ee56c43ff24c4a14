#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string_view>
#include <thread>

#include "foundation/calendar.hpp"

namespace saldo::service {

/// Does work turn by turn on a thread of its own: whenever it is woken, and at the instant that the last turn named.
class TurnThread {
  public:
    /// One turn; it gives the instant of `system_time` at which there is more to do, if nothing wakes it before.
    using Turn = std::function<std::optional<foundation::Instant>()>;
    /// `on_failure` is told what a turn threw; a second later it is tried again. Nothing is called before `start`.
    TurnThread(Turn turn, std::function<foundation::Instant()> system_time,
               std::function<void(std::string_view)> on_failure)
        : turn_(std::move(turn)), system_time_(std::move(system_time)), on_failure_(std::move(on_failure)) {}
    ~TurnThread() { stop(); }
    TurnThread(const TurnThread&) = delete;
    TurnThread& operator=(const TurnThread&) = delete;

    void start();
    /// Returns when the turn in hand is over; no other one begins.
    void stop();
    /// There may be something to do. Quick; may be called from any thread.
    void wake();

  private:
    void run();

    Turn turn_;
    std::function<foundation::Instant()> system_time_;
    std::function<void(std::string_view)> on_failure_;
    std::mutex guard_;
    std::condition_variable woken_;
    bool is_woken_ = true;
    bool stops_ = false;
    std::thread thread_;
};

}  // namespace saldo::service
