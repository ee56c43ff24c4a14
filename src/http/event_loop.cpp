#include "http/event_loop.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/post.hpp>
#include <random>
#include <utility>

#include "http/connection.hpp"

namespace saldo::http {
namespace {

/// Deadlines are looked at this often, so that a request costs no timer of its own.
std::chrono::milliseconds tick_of(const Timeouts& timeouts) {
    const auto shortest =
        std::min({timeouts.head, timeouts.body, timeouts.idle, timeouts.write, timeouts.linger, timeouts.drain});
    return std::clamp(shortest / 4, std::chrono::milliseconds(5), std::chrono::milliseconds(500));
}

/// Spreads consecutive numbers over all 64 bits, no two alike (SplitMix64).
std::uint64_t mixed(std::uint64_t number) {
    number = (number ^ (number >> 30U)) * 0xBF58476D1CE4E5B9U;
    number = (number ^ (number >> 27U)) * 0x94D049BB133111EBU;
    return number ^ (number >> 31U);
}

std::uint64_t random_number() {
    std::random_device device;
    return (static_cast<std::uint64_t>(device()) << 32U) | device();
}

}  // namespace

void Inbox::put(std::weak_ptr<Connection> connection, std::optional<Response> response) {
    const std::lock_guard lock(mutex_);
    if (!loop_) return;
    letters_.push_back({std::move(connection), std::move(response)});
    // One errand fetches all that has gathered until it runs.
    if (letters_.size() == 1) loop_->post([inbox = loop_->inbox()] { inbox->deliver(); });
}

void Inbox::deliver() {
    std::vector<Letter> letters;
    {
        const std::lock_guard lock(mutex_);
        letters.swap(letters_);
    }
    for (auto& letter : letters) {
        if (const auto connection = letter.connection.lock()) connection->answer(std::move(letter.response));
    }
}

void Inbox::close() {
    std::vector<Letter> letters;
    const std::lock_guard lock(mutex_);
    loop_ = nullptr;
    letters.swap(letters_);
}

bool Inbox::is_on_loop_thread() const {
    return loop_thread_.load(std::memory_order_relaxed) == std::this_thread::get_id();
}

EventLoop::EventLoop(const Rules& rules)
    : rules_(rules),
      io_(BOOST_ASIO_CONCURRENCY_HINT_UNSAFE_IO),
      stays_open_(io_.get_executor()),
      timer_(io_),
      inbox_(std::make_shared<Inbox>(*this)),
      next_id_(random_number()) {}

void EventLoop::run() {
    inbox_->loop_thread_ = std::this_thread::get_id();
    while (true) {
        try {
            io_.run();
            break;
        } catch (const std::exception& failure) {
            report_failure({}, failure.what());
        }
    }
    inbox_->loop_thread_ = std::thread::id{};
    inbox_->close();
}

void EventLoop::post(std::move_only_function<void()> task) {
    boost::asio::post(io_, std::move(task));
}

void EventLoop::add(std::shared_ptr<Connection> connection) {
    if (is_draining()) return;
    connections_.push_front(std::move(connection));
    connection_count_.store(connections_.size(), std::memory_order_relaxed);
    connections_.front()->begin(connections_.begin());
    if (!is_ticking_) tick_later();
}

void EventLoop::remove(Connections::iterator position) {
    connections_.erase(position);
    connection_count_.store(connections_.size(), std::memory_order_relaxed);
    end_if_drained();
}

void EventLoop::drain(Clock::time_point deadline) {
    drain_deadline_ = deadline;
    for (auto next = connections_.begin(); next != connections_.end();) {
        const auto connection = *next++;
        connection->close_if_idle();
    }
    end_if_drained();
}

void EventLoop::tick_later() {
    is_ticking_ = true;
    timer_.expires_after(tick_of(rules_.timeouts));
    timer_.async_wait([this](const boost::system::error_code& error) {
        is_ticking_ = false;
        if (!error) tick();
    });
}

void EventLoop::tick() {
    const auto now = Clock::now();
    const bool must_end = drain_deadline_ && *drain_deadline_ <= now;
    for (auto next = connections_.begin(); next != connections_.end();) {
        const auto connection = *next++;
        if (must_end) {
            connection->close();
        } else {
            connection->check_deadline(now);
        }
    }
    if (!connections_.empty()) tick_later();
}

void EventLoop::end_if_drained() {
    if (!is_draining() || !connections_.empty()) return;
    timer_.cancel();
    stays_open_.reset();
}

std::string_view EventLoop::date_line() {
    const auto second = std::time(nullptr);
    if (second == date_second_) return date_line_;
    date_second_ = second;
    std::tm utc{};
    gmtime_r(&second, &utc);
    std::array<char, 64> line{};
    const auto size = std::strftime(line.data(), line.size(), "Date: %a, %d %b %Y %H:%M:%S GMT\r\n", &utc);
    date_line_.assign(line.data(), size);
    return date_line_;
}

std::string EventLoop::new_request_id() {
    constexpr std::string_view digits = "0123456789abcdefghjkmnpqrstvwxyz";
    constexpr std::size_t length = 13;  // of five bits each: 64 bits, and short enough to need no memory of its own
    std::string id(length, '0');
    auto left = mixed(next_id_++);
    for (auto& digit : id) {
        digit = digits[left & 31U];
        left >>= 5U;
    }
    return id;
}

void EventLoop::report_failure(std::string_view request_id, std::string_view what) const {
    if (rules_.hooks.on_failure) rules_.hooks.on_failure(request_id, what);
}

}  // namespace saldo::http
