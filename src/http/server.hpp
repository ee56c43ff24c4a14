#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/fault.hpp"
#include "http/message.hpp"

namespace saldo::http {

/// How long a client may take.
struct Timeouts {
    std::chrono::milliseconds head{10'000};   ///< from a head's first byte to its last, and for the first byte: 408
    std::chrono::milliseconds body{30'000};   ///< for a whole body: 408
    std::chrono::milliseconds idle{60'000};   ///< between two requests: closed in silence
    std::chrono::milliseconds write{30'000};  ///< without taking a byte of the answer: closed
    std::chrono::milliseconds linger{2'000};  ///< to hang up after the last answer
    std::chrono::milliseconds drain{10'000};  ///< for the requests in flight when the server stops
};

/// Files in PEM.
struct TlsFiles {
    std::string certificate_chain;
    std::string private_key;
};

/// One answered request, for metrics and logs. Valid during the call. Holds nothing a person typed: no target, no
/// field.
struct Answered {
    std::string_view method;  ///< empty when the head could not be read
    std::string_view route;   ///< the response's label; empty when the server itself answered
    std::string_view request_id;
    std::string_view client;
    int status;
    std::chrono::nanoseconds duration;  ///< from the complete head to the last byte handed to the system
    std::size_t bytes;                  ///< of the answer, head and body
};

/// What a server is told about the outside and tells it. All are called on the server's threads, several at once.
struct Hooks {
    std::function<void(const Answered&)> on_answered = {};
    /// Something went wrong that is not the client's fault. `request_id` is empty where no request is concerned.
    std::function<void(std::string_view request_id, std::string_view what)> on_failure = {};
    /// The body of an answer that the server itself gives; `application/problem+json` if not set.
    std::function<Response(Fault fault, std::string_view request_id)> answer_fault = {};
};

struct ServerSettings {
    std::vector<std::string> listen = {"127.0.0.1:8080"};  ///< `host:port`, `[::1]:port`; port 0 picks a free one
    std::size_t threads = 0;                               ///< 0: one for each core
    Limits limits = {};
    Timeouts timeouts = {};
    std::optional<TlsFiles> tls = {};
    std::vector<std::string> trusted_proxies = {};  ///< networks whose `X-Forwarded-For` is believed
};

/// An HTTP/1.1 server: listens, reads requests strictly, hands them to one handler, writes its answers.
///
/// Every connection lives on one of `threads` event loops; the handler is called there. Several servers may live in one
/// process. start and stop may be called from any thread but those of the handler.
class Server {
  public:
    /// Binds nothing yet. Throws std::invalid_argument naming a setting that means nothing, std::runtime_error for a
    /// certificate or key that cannot be used.
    Server(ServerSettings settings, Handler handler, Hooks hooks = {});
    ~Server();  ///< stops

    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    /// Listens and serves from now on. Throws std::runtime_error naming an address that cannot be listened on.
    void start();

    /// The port of the first address; requires start.
    std::uint16_t port() const;
    /// The ports of all addresses, in their order; requires start.
    const std::vector<std::uint16_t>& ports() const;

    /// How many clients are connected.
    std::size_t connections() const;

    /// Accepts no more, closes idle connections, finishes the requests in flight within `timeouts.drain`, returns when
    /// all is over. Answers given later go nowhere.
    void stop();

  private:
    struct Running;
    std::unique_ptr<Running> running_;
};

}  // namespace saldo::http
