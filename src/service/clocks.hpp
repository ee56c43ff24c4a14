#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <optional>

#include "foundation/calendar.hpp"
#include "service/clock.hpp"

namespace saldo::service {

/// The machine's own time. It may be set back; whoever needs order takes a Clock.
foundation::Instant system_time();

/// The business clock of production: the system's, but never going back, since the log is in order of time.
class SystemClock final : public Clock {
  public:
    /// Starts no earlier than `newest`, when the newest event of the store was recorded.
    explicit SystemClock(foundation::Instant newest, std::function<foundation::Instant()> system = system_time);
    foundation::Instant now() override;

  private:
    std::function<foundation::Instant()> system_;
    std::atomic<foundation::Instant> newest_;
};

/// The business clock of the sandbox: it ticks as the system's does, can be moved forward, and can be made to stand
/// still.
class SandboxClock final : public Clock {
  public:
    SandboxClock(foundation::Instant start, std::function<foundation::Instant()> system = system_time);
    foundation::Instant now() override;
    /// False, and nothing moved, when `instant` has passed. A clock that stands still stands there from then on.
    bool move_to(foundation::Instant instant);
    /// Stands still from now on, until `go_on`.
    void freeze();
    void go_on();
    bool is_frozen();

  private:
    foundation::Instant read();

    std::function<foundation::Instant()> system_;
    std::mutex guard_;
    std::chrono::microseconds ahead_;  ///< of the system's clock
    std::optional<foundation::Instant> frozen_at_;
    foundation::Instant newest_;
};

}  // namespace saldo::service
