#include "http/listener.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <optional>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>

#include "http/connection.hpp"

namespace saldo::http {
namespace {

namespace asio = boost::asio;
using Tcp = asio::ip::tcp;
using ErrorCode = boost::system::error_code;

constexpr int accepted_at_once_max = 64;  // then others of the loop have their turn
constexpr int turned_away_at_once_max = 16;
constexpr std::chrono::milliseconds pause_when_short{50};

int spare_descriptor() {
    return ::open("/dev/null", O_RDONLY | O_CLOEXEC);
}

IpAddress address_of(const sockaddr_storage& name) {
    IpAddress address;
    if (name.ss_family == AF_INET6) {
        std::memcpy(address.bytes.data(), &reinterpret_cast<const sockaddr_in6&>(name).sin6_addr, 16);
    } else {
        address.bytes[10] = address.bytes[11] = 0xFF;
        std::memcpy(address.bytes.data() + 12, &reinterpret_cast<const sockaddr_in&>(name).sin_addr, 4);
    }
    return address;
}

std::optional<std::uint16_t> port_of(std::string_view text) {
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(text.begin(), text.end(), port);
    if (text.empty() || error != std::errc{} || end != text.end()) return std::nullopt;
    return port;
}

bool is_shortage(int error) {
    return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

}  // namespace

Tcp::endpoint endpoint_of(std::string_view text) {
    const auto complain = [&] {
        throw std::invalid_argument("not an address to listen on (want 127.0.0.1:8080 or [::1]:8080): " +
                                    std::string(text));
    };
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos) complain();
    auto host = text.substr(0, colon);
    const auto port = port_of(text.substr(colon + 1));
    if (!port) complain();
    const bool has_brackets = host.starts_with('[') && host.ends_with(']');
    if (has_brackets) host = host.substr(1, host.size() - 2);
    if (host == "localhost") host = "127.0.0.1";
    ErrorCode error;
    const auto address = asio::ip::make_address(std::string(host), error);
    if (error || address.is_v6() != has_brackets) complain();
    return {address, *port};
}

Listener::Listener(const Tcp::endpoint& endpoint, const std::vector<std::unique_ptr<EventLoop>>& loops,
                   asio::ssl::context* tls)
    : protocol_(endpoint.protocol()),
      acceptor_(loops.front()->io()),
      pause_(loops.front()->io()),
      loops_(loops),
      tls_(tls),
      spare_descriptor_(spare_descriptor()) {
    acceptor_.open(protocol_);
    acceptor_.set_option(Tcp::acceptor::reuse_address(true));
    if (endpoint.address().is_v6()) acceptor_.set_option(asio::ip::v6_only(true));
    acceptor_.bind(endpoint);
    acceptor_.listen(asio::socket_base::max_listen_connections);
    acceptor_.non_blocking(true);
}

Listener::~Listener() {
    if (spare_descriptor_ >= 0) ::close(spare_descriptor_);
}

std::uint16_t Listener::port() const {
    return acceptor_.local_endpoint().port();
}

void Listener::accept_from_now_on() {
    acceptor_.async_wait(Tcp::acceptor::wait_read, [this](const ErrorCode& error) {
        if (!error) accept_what_waits();
    });
}

void Listener::close() {
    ErrorCode ignored;
    acceptor_.close(ignored);
    pause_.cancel();
}

void Listener::accept_what_waits() {
    for (int i = 0; i < accepted_at_once_max; ++i) {
        sockaddr_storage name{};
        socklen_t size = sizeof name;
        const int socket = ::accept4(acceptor_.native_handle(), reinterpret_cast<sockaddr*>(&name), &size,
                                     SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (socket >= 0) {
            deal_out(socket, address_of(name));
        } else if (is_shortage(errno)) {
            return run_short_of_descriptors();
        } else if (errno == EAGAIN) {
            break;
        }  // else a client that gave up while it waited: the next one
    }
    accept_from_now_on();
}

void Listener::deal_out(int socket, const IpAddress& peer) {
    auto& loop = *loops_[next_loop_];
    next_loop_ = (next_loop_ + 1) % loops_.size();
    loop.post([socket, peer, &loop, tls = tls_, protocol = protocol_] {
        ErrorCode error;
        Socket client(loop.io());
        client.assign(protocol, socket, error);
        if (error) {
            ::close(socket);
            return;
        }
        client.non_blocking(true, error);
        client.set_option(Tcp::no_delay(true), error);
        loop.add(tls ? tls_connection(loop, std::move(client), peer, *tls)
                     : plain_connection(loop, std::move(client), peer));
    });
}

// Without a descriptor a client can be neither served nor told so. With the spare one it is turned away at once, and
// may try elsewhere, instead of waiting in a queue that nobody empties.
void Listener::run_short_of_descriptors() {
    const std::error_code reason(errno, std::generic_category());
    loops_.front()->report_failure({}, "cannot accept: " + reason.message());
    for (int i = 0; i < turned_away_at_once_max; ++i) {
        if (spare_descriptor_ >= 0) ::close(std::exchange(spare_descriptor_, -1));
        const int socket = ::accept4(acceptor_.native_handle(), nullptr, nullptr, SOCK_CLOEXEC);
        if (socket >= 0) ::close(socket);
        spare_descriptor_ = spare_descriptor();
        if (socket < 0) break;
    }
    accept_later();
}

void Listener::accept_later() {
    pause_.expires_after(pause_when_short);
    pause_.async_wait([this](const ErrorCode& error) {
        if (!error) accept_what_waits();
    });
}

}  // namespace saldo::http
