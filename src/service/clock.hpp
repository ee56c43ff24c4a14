#pragma once

#include "foundation/calendar.hpp"

namespace saldo::service {

/// The business clock: rules everything dated. Tokens, leases and timeouts live by the system's own clock instead.
class Clock {
  public:
    virtual ~Clock() = default;
    /// May be called from any thread.
    virtual foundation::Instant now() = 0;
};

}  // namespace saldo::service
