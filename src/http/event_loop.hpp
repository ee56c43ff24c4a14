#pragma once

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <ctime>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "http/client_address.hpp"
#include "http/message.hpp"
#include "http/server.hpp"

namespace saldo::http {

class Connection;
class EventLoop;

/// What all connections of one server share; it does not change while the server runs.
struct Rules {
    Limits limits;
    Timeouts timeouts;
    TrustedProxies proxies;
    Handler handler;
    Hooks hooks;
};

/// Where answers from other threads wait for their loop. It outlives the loop: an answer that comes later is dropped.
class Inbox {
  public:
    explicit Inbox(EventLoop& loop) : loop_(&loop) {}

    /// From any thread. No response means that nobody will answer any more.
    void put(std::weak_ptr<Connection> connection, std::optional<Response> response);

    /// On the loop's thread: hands over what waits.
    void deliver();

    /// The loop is over.
    void close();

    bool is_on_loop_thread() const;

  private:
    struct Letter {
        std::weak_ptr<Connection> connection;
        std::optional<Response> response;
    };
    mutable std::mutex mutex_;
    EventLoop* loop_;
    std::vector<Letter> letters_;
    std::atomic<std::thread::id> loop_thread_{};
    friend class EventLoop;
};

/// One thread, its io_context and the connections that live on it. All but run, post and connection_count are called on
/// that thread.
class EventLoop {
  public:
    using Clock = std::chrono::steady_clock;
    using Connections = std::list<std::shared_ptr<Connection>>;

    explicit EventLoop(const Rules& rules);

    /// Serves until it is drained. Calls nothing of the loop's afterwards.
    void run();

    /// Runs `task` on the loop's thread.
    void post(std::move_only_function<void()> task);

    void add(std::shared_ptr<Connection> connection);
    void remove(Connections::iterator position);

    /// Closes what is idle; ends the loop when the rest is done, at `deadline` at the latest.
    void drain(Clock::time_point deadline);
    bool is_draining() const { return drain_deadline_.has_value(); }

    const Rules& rules() const { return rules_; }
    boost::asio::io_context& io() { return io_; }
    const std::shared_ptr<Inbox>& inbox() const { return inbox_; }
    std::size_t connection_count() const { return connection_count_.load(std::memory_order_relaxed); }

    /// `Date: ...` of this second, with its line end.
    std::string_view date_line();
    /// An id that no other request of this process gets.
    std::string new_request_id();

    void report_failure(std::string_view request_id, std::string_view what) const;

  private:
    void tick_later();
    void tick();
    void end_if_drained();

    const Rules& rules_;
    boost::asio::io_context io_;
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> stays_open_;
    boost::asio::steady_timer timer_;
    bool is_ticking_ = false;
    std::shared_ptr<Inbox> inbox_;
    Connections connections_;
    std::atomic<std::size_t> connection_count_ = 0;
    std::optional<Clock::time_point> drain_deadline_;
    std::time_t date_second_ = 0;
    std::string date_line_;
    std::uint64_t next_id_;
};

}  // namespace saldo::http
