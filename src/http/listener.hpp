#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "http/event_loop.hpp"

namespace saldo::http {

/// `127.0.0.1:8080`, `[::1]:0` or `localhost:8080`. Throws std::invalid_argument for anything else.
boost::asio::ip::tcp::endpoint endpoint_of(std::string_view text);

/// Accepts the clients of one address and deals them out to the loops in turn. Lives on the first loop.
class Listener {
  public:
    /// Listens from now on. Throws boost::system::system_error. `tls` may be null.
    Listener(const boost::asio::ip::tcp::endpoint& endpoint, const std::vector<std::unique_ptr<EventLoop>>& loops,
             boost::asio::ssl::context* tls);
    ~Listener();
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;

    std::uint16_t port() const;
    void accept_from_now_on();
    void close();

  private:
    void accept_what_waits();
    void deal_out(int socket, const IpAddress& peer);
    void run_short_of_descriptors();
    void accept_later();

    const boost::asio::ip::tcp protocol_;
    boost::asio::ip::tcp::acceptor acceptor_;
    boost::asio::steady_timer pause_;
    const std::vector<std::unique_ptr<EventLoop>>& loops_;
    boost::asio::ssl::context* tls_;
    std::size_t next_loop_ = 0;
    int spare_descriptor_;
};

}  // namespace saldo::http
