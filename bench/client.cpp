#include "client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <iostream>
#include <random>
#include <utility>

namespace saldo::bench {

namespace {

using Clock = std::chrono::steady_clock;

constexpr Seconds grace{10};
constexpr unsigned seed = 4711;

[[noreturn]] void stop(const char* what) {
    std::cerr << "load: " << what << " failed: " << std::strerror(errno) << '\n';
    std::exit(1);
}

int connected(std::uint16_t port) {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (socket < 0) stop("socket");
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) stop("connect");
    const int yes = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    return socket;
}

/// The number behind `name` in the head; 0 if it is not there.
std::size_t length_in(std::string_view head) {
    constexpr std::string_view name = "\r\ncontent-length: ";
    const auto same = [](char left, char right) { return (left | 0x20) == (right | 0x20); };
    const auto found = std::search(head.begin(), head.end(), name.begin(), name.end(), same);
    std::size_t length = 0;
    if (found != head.end()) std::from_chars(&*found + name.size(), head.data() + head.size(), length);
    return length;
}

Seconds own_cpu() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time) {
        return Seconds(static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6);
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// One application of a load.
class Run {
  public:
    Run(const Load& load, std::vector<Connection>& connections)
        : load_(load), connections_(connections), since_(connections.size()) {
        poll_ = ::epoll_create1(EPOLL_CLOEXEC);
        if (poll_ < 0) stop("epoll_create1");
        for (std::size_t i = 0; i < connections.size(); ++i) {
            epoll_event event{.events = EPOLLIN, .data = {.u64 = i}};
            if (::epoll_ctl(poll_, EPOLL_CTL_ADD, connections[i].socket(), &event) != 0) stop("epoll_ctl");
            free_.push_back(i);
        }
    }
    ~Run() { ::close(poll_); }
    Run(const Run&) = delete;
    Run& operator=(const Run&) = delete;

    Outcome run() {
        if (load_.rate > 0) draw_arrivals();
        begin_ = Clock::now();
        measured_from_ = begin_ + std::chrono::duration_cast<Clock::duration>(load_.warm_up);
        end_ = measured_from_ + std::chrono::duration_cast<Clock::duration>(load_.length);
        for (Time now = begin_; !is_over(now); now = Clock::now()) {
            note_cpu(now);
            begin_requests(now);
            wait(now);
        }
        outcome_.taken = load_.length;
        outcome_.unanswered = connections_.size() - free_.size() + arrivals_.size() - next_arrival_;
        std::ranges::sort(outcome_.latency);
        return std::move(outcome_);
    }

  private:
    /// Fixed before anything is asked, so that a slow server cannot slow down those who come to it.
    void draw_arrivals() {
        std::mt19937_64 chance(seed);
        std::exponential_distribution<double> gap(load_.rate);
        const double all = (load_.warm_up + load_.length).count();
        for (double at = gap(chance); at < all; at += gap(chance)) arrivals_.push_back(at);
    }

    Time time_of(double arrival) const {
        return begin_ + std::chrono::duration_cast<Clock::duration>(Seconds(arrival));
    }

    bool is_over(Time now) const {
        if (now > end_ + std::chrono::duration_cast<Clock::duration>(grace)) return true;
        return now >= end_ && free_.size() == connections_.size() && next_arrival_ == arrivals_.size();
    }

    void note_cpu(Time now) {
        if (now >= measured_from_ && !cpu_at_start_) cpu_at_start_ = own_cpu();
        if (now >= end_ && cpu_at_start_ && outcome_.own_cpu == Seconds{})
            outcome_.own_cpu = own_cpu() - *cpu_at_start_;
    }

    void begin_requests(Time now) {
        while (!free_.empty()) {
            Time from = now;
            if (load_.rate > 0) {
                if (next_arrival_ == arrivals_.size() || time_of(arrivals_[next_arrival_]) > now) return;
                from = time_of(arrivals_[next_arrival_++]);
            } else if (now >= end_) {
                return;
            }
            const std::size_t who = free_.front();
            free_.pop_front();
            since_[who] = from;
            connections_[who].ask();
        }
    }

    /// Until something can be read, or the next request is due.
    void wait(Time now) {
        Time until = now + std::chrono::milliseconds(100);
        if (load_.rate > 0 && !free_.empty() && next_arrival_ < arrivals_.size())
            until = std::min(until, time_of(arrivals_[next_arrival_]));
        const auto left = std::max(Clock::duration::zero(), until - Clock::now());
        const timespec timeout{.tv_sec = 0, .tv_nsec = std::chrono::nanoseconds(left).count()};
        std::array<epoll_event, 256> events{};
        const int count = ::epoll_pwait2(poll_, events.data(), static_cast<int>(events.size()), &timeout, nullptr);
        if (count < 0 && errno != EINTR) stop("epoll_pwait2");
        for (int i = 0; i < count; ++i) {
            const auto who = static_cast<std::size_t>(events[static_cast<std::size_t>(i)].data.u64);
            if (const auto is_good = connections_[who].listen()) finish(who, *is_good);
        }
    }

    void finish(std::size_t who, bool is_good) {
        const Time now = Clock::now();
        free_.push_back(who);
        if (!is_good) {
            ++outcome_.refused;
            return;
        }
        // Open: by when a request came. Closed: by when it was answered, since the rate is what is asked for.
        const Time counted = load_.rate > 0 ? since_[who] : now;
        if (counted < measured_from_ || counted >= end_) return;
        ++outcome_.answered;
        outcome_.latency.push_back(std::chrono::duration<float>(now - since_[who]).count());
    }

    const Load& load_;
    std::vector<Connection>& connections_;
    int poll_;
    std::vector<Time> since_;  ///< when the request under way on a connection came, by connection
    std::deque<std::size_t> free_;
    std::vector<double> arrivals_;  ///< seconds from the beginning
    std::size_t next_arrival_ = 0;
    Time begin_, measured_from_, end_;
    std::optional<Seconds> cpu_at_start_;
    Outcome outcome_;
};

}  // namespace

Connection::Connection(std::uint16_t port, std::unique_ptr<Script> script)
    : socket_(connected(port)), script_(std::move(script)) {}

Connection::~Connection() {
    if (socket_ >= 0) ::close(socket_);
}

Connection::Connection(Connection&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)),
      script_(std::move(other.script_)),
      request_(std::move(other.request_)),
      received_(std::move(other.received_)) {}

void Connection::ask() {
    request_.clear();
    received_.clear();
    script_->next(request_);
    for (std::string_view rest = request_; !rest.empty();) {
        const ssize_t sent = ::send(socket_, rest.data(), rest.size(), MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent <= 0) stop("send");
        rest.remove_prefix(static_cast<std::size_t>(sent));
    }
}

std::optional<bool> Connection::listen() {
    std::array<char, 16'384> octets;
    const ssize_t count = ::recv(socket_, octets.data(), octets.size(), MSG_DONTWAIT);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return std::nullopt;
    if (count <= 0) stop("recv, the server has closed the connection,");
    received_.append(octets.data(), static_cast<std::size_t>(count));
    const auto answer = whole_answer();
    if (!answer) return std::nullopt;
    return script_->take(*answer);
}

std::optional<Answer> Connection::whole_answer() {
    const std::size_t end = received_.find("\r\n\r\n");
    if (end == std::string::npos) return std::nullopt;
    const std::string_view head(received_.data(), end);
    const std::size_t length = length_in(head);
    if (received_.size() < end + 4 + length) return std::nullopt;
    Answer answer{.body = std::string_view(received_).substr(end + 4, length)};
    std::from_chars(head.data() + 9, head.data() + 12, answer.status);
    return answer;
}

Outcome apply(const Load& load, std::vector<Connection>& connections) {
    return Run(load, connections).run();
}

}  // namespace saldo::bench
