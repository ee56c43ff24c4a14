#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "http/message.hpp"

namespace saldo::http {

/// A client that sends exactly the bytes it is given, for tests of what well-behaved clients never send.
class RawClient {
  public:
    struct Reply {
        int status;
        std::string head;
        std::string body;
        /// Empty when there is no such field.
        std::string_view header(std::string_view name) const;
    };
    enum class Body : std::uint8_t { expected, none };

    explicit RawClient(std::uint16_t port);
    ~RawClient();
    RawClient(const RawClient&) = delete;
    RawClient& operator=(const RawClient&) = delete;

    /// False once the server has hung up.
    bool send(std::string_view bytes);
    void send_no_more();

    /// The next reply; nothing when the server hangs up or is silent for five seconds before it is complete.
    /// `Body::none` for replies to HEAD.
    std::optional<Reply> reply(Body body = Body::expected);

    /// Everything that comes until the server hangs up or is silent for five seconds.
    std::string everything();

    /// Whether the server hangs up without another byte.
    bool sees_end();

  private:
    bool receive_more();

    int socket_;
    std::string received_;
};

inline std::string_view header_line_value(std::string_view head, std::string_view name) {
    while (!head.empty()) {
        const auto end = head.find("\r\n");
        const auto line = head.substr(0, end);
        const auto colon = line.find(':');
        if (colon != std::string_view::npos && equal_names(line.substr(0, colon), name)) {
            return trimmed(line.substr(colon + 1));
        }
        if (end == std::string_view::npos) break;
        head.remove_prefix(end + 2);
    }
    return {};
}

inline std::string_view RawClient::Reply::header(std::string_view name) const {
    return header_line_value(head, name);
}

inline RawClient::RawClient(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const timeval patience{.tv_sec = 5, .tv_usec = 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    sockaddr_in server{};
    server.sin_family = AF_INET;
    server.sin_port = htons(port);
    server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&server), sizeof server) != 0) {
        const int reason = errno;
        ::close(socket_);
        throw std::system_error(reason, std::generic_category(), "connect");
    }
}

inline RawClient::~RawClient() {
    ::close(socket_);
}

inline bool RawClient::send(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto count = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
}

inline void RawClient::send_no_more() {
    ::shutdown(socket_, SHUT_WR);
}

inline bool RawClient::receive_more() {
    std::array<char, 16384> buffer;
    const auto count = ::recv(socket_, buffer.data(), buffer.size(), 0);
    if (count <= 0) return false;
    received_.append(buffer.data(), static_cast<std::size_t>(count));
    return true;
}

inline std::string RawClient::everything() {
    while (receive_more()) {
    }
    return std::exchange(received_, {});
}

inline std::optional<RawClient::Reply> RawClient::reply(Body body) {
    auto head_end = received_.find("\r\n\r\n");
    while (head_end == std::string::npos) {
        if (!receive_more()) return std::nullopt;
        head_end = received_.find("\r\n\r\n");
    }
    Reply reply{.status = 0, .head = received_.substr(0, head_end + 2), .body = {}};
    received_.erase(0, head_end + 4);
    reply.status = std::stoi(reply.head.substr(9, 3));
    const auto length = reply.header("Content-Length");
    const std::size_t size = body == Body::none || length.empty() ? 0 : std::stoul(std::string(length));
    while (received_.size() < size) {
        if (!receive_more()) return std::nullopt;
    }
    reply.body = received_.substr(0, size);
    received_.erase(0, size);
    return reply;
}

inline bool RawClient::sees_end() {
    if (!received_.empty()) return false;
    char byte = 0;
    const auto count = ::recv(socket_, &byte, 1, 0);
    return count == 0 || (count < 0 && errno == ECONNRESET);
}

}  // namespace saldo::http
