#pragma once

#include <atomic>
#include <functional>

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

/// The business clock of the sandbox: it ticks as the system's does, and can be moved forward.
class SandboxClock final : public Clock {
  public:
    SandboxClock(foundation::Instant start, std::function<foundation::Instant()> system = system_time);
    foundation::Instant now() override;
    /// False, and nothing moved, when `instant` has passed.
    bool move_to(foundation::Instant instant);

  private:
    std::function<foundation::Instant()> system_;
    std::atomic<std::chrono::microseconds> ahead_;  ///< of the system's clock
    std::atomic<foundation::Instant> newest_;
};

}  // namespace saldo::service
