#include "app/end_signals.hpp"

#include <pthread.h>

namespace saldo::app {

EndSignals::EndSignals() : signals_() {
    sigemptyset(&signals_);
    sigaddset(&signals_, SIGTERM);
    sigaddset(&signals_, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
    std::signal(SIGPIPE, SIG_IGN);  // a reader that went away is an error of the write, not our end
}

void EndSignals::wait() {
    int received = 0;
    while (sigwait(&signals_, &received) != 0) {
    }
    pthread_sigmask(SIG_UNBLOCK, &signals_, nullptr);
}

}  // namespace saldo::app
