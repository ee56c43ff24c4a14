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

Instant SandboxClock::read() {
    newest_ = std::max(newest_, frozen_at_.value_or(system_() + ahead_));
    return newest_;
}

Instant SandboxClock::now() {
    const std::lock_guard lock(guard_);
    return read();
}

bool SandboxClock::move_to(Instant instant) {
    const std::lock_guard lock(guard_);
    if (instant < read()) return false;
    ahead_ = instant - system_();
    if (frozen_at_) frozen_at_ = instant;
    newest_ = instant;
    return true;
}

void SandboxClock::freeze() {
    const std::lock_guard lock(guard_);
    frozen_at_ = read();
}

void SandboxClock::go_on() {
    const std::lock_guard lock(guard_);
    if (!frozen_at_) return;
    ahead_ = *frozen_at_ - system_();
    frozen_at_.reset();
}

bool SandboxClock::is_frozen() {
    const std::lock_guard lock(guard_);
    return frozen_at_.has_value();
}

}  // namespace saldo::service
