#include "service/courier_thread.hpp"

#include <algorithm>
#include <chrono>
#include <exception>
#include <utility>

namespace saldo::service {

namespace {

/// However little happens, it looks once in a while.
constexpr std::chrono::microseconds pause_max = std::chrono::seconds(1);

}  // namespace

CourierThread::CourierThread(Courier::Parts parts, std::function<void(std::string_view)> on_failure)
    : system_time_(parts.system_time),
      on_failure_(std::move(on_failure)),
      courier_(std::move(parts), [this] { wake(); }),
      thread_([this] { run(); }) {}

CourierThread::~CourierThread() {
    {
        const std::lock_guard hold(guard_);
        stops_ = true;
    }
    woken_.notify_all();
    thread_.join();
}

void CourierThread::wake() {
    {
        const std::lock_guard hold(guard_);
        is_woken_ = true;
    }
    woken_.notify_all();
}

void CourierThread::run() {
    std::unique_lock lock(guard_);
    while (!stops_) {
        is_woken_ = false;
        lock.unlock();
        std::chrono::microseconds pause = pause_max;
        bool may_be_woken = true;
        try {
            const auto next = courier_.turn();
            if (next) pause = std::clamp<std::chrono::microseconds>(*next - system_time_(), {}, pause_max);
        } catch (const std::exception& failure) {
            on_failure_(failure.what());
            may_be_woken = false;  // a store that fails is not asked again with every commit
        }
        lock.lock();
        woken_.wait_for(lock, pause, [&] { return stops_ || (may_be_woken && is_woken_); });
    }
}

}  // namespace saldo::service
