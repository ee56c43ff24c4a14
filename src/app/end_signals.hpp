#pragma once

#include <csignal>

namespace saldo::app {

/// SIGTERM and SIGINT, kept from every thread until somebody waits for one of them. Made before any other thread.
class EndSignals {
  public:
    EndSignals();
    /// Returns when the process is asked to end. A second signal ends it at once.
    void wait();

  private:
    sigset_t signals_;
};

}  // namespace saldo::app
