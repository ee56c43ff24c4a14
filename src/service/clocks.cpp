#include "service/clocks.hpp"

#include <chrono>
#include <utility>

namespace saldo::service {

using foundation::Instant;

namespace {

/// The later of both, which is also what `newest` is from now on.
Instant never_back(std::atomic<Instant>& newest, Instant now) {
    Instant before = newest.load();
    while (before < now && !newest.compare_exchange_weak(before, now)) {
    }
    return std::max(before, now);
}

}  // namespace

Instant system_time() {
    return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
}

SystemClock::SystemClock(Instant newest, std::function<Instant()> system)
    : system_(std::move(system)), newest_(newest) {}

Instant SystemClock::now() {
    return never_back(newest_, system_());
}

SandboxClock::SandboxClock(Instant start, std::function<Instant()> system)
    : system_(std::move(system)), ahead_(start - system_()), newest_(start) {}

Instant SandboxClock::now() {
    return never_back(newest_, system_() + ahead_.load());
}

bool SandboxClock::move_to(Instant instant) {
    if (instant < now()) return false;
    ahead_.store(instant - system_());
    never_back(newest_, instant);
    return true;
}

}  // namespace saldo::service
