#include "service/turn_thread.hpp"

#include <algorithm>
#include <chrono>
#include <exception>

namespace saldo::service {

namespace {

/// However little happens, it looks once in a while.
constexpr std::chrono::microseconds pause_max = std::chrono::seconds(1);

}  // namespace

void TurnThread::start() {
    thread_ = std::thread([this] { run(); });
}

void TurnThread::stop() {
    {
        const std::lock_guard hold(guard_);
        stops_ = true;
    }
    woken_.notify_all();
    if (thread_.joinable()) thread_.join();
}

void TurnThread::wake() {
    {
        const std::lock_guard hold(guard_);
        is_woken_ = true;
    }
    woken_.notify_all();
}

void TurnThread::run() {
    std::unique_lock lock(guard_);
    while (!stops_) {
        is_woken_ = false;
        lock.unlock();
        std::chrono::microseconds pause = pause_max;
        bool may_be_woken = true;
        try {
            const auto next = turn_();
            if (next) pause = std::clamp<std::chrono::microseconds>(*next - system_time_(), {}, pause_max);
        } catch (const std::exception& failure) {
            on_failure_(failure.what());
            may_be_woken = false;  // what fails is not tried again with every event
        }
        lock.lock();
        woken_.wait_for(lock, pause, [&] { return stops_ || (may_be_woken && is_woken_); });
    }
}

}  // namespace saldo::service
