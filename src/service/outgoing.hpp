#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace saldo::service {

/// How far a request may reach. Nothing of both is what the world's side of the internet is for.
struct Reach {
    bool private_addresses = false;  ///< loopback, the local network, and everything else that is not public
    bool plain_http = false;         ///< beside https
    bool operator==(const Reach&) const = default;
};

/// Why a request got no status. What its enumerators are called is published, in capitals.
enum class OutgoingFailure : std::uint8_t {
    url_not_allowed,      ///< no URL, another scheme than those of its reach, a user name in it
    address_not_allowed,  ///< its name leads to private addresses alone, and the reach does not include these
    name_not_found,
    connection_failed,
    tls_failed,  ///< no common ground, or a certificate that proves nothing
    timed_out,
    connection_lost,   ///< before the status came
    answer_malformed,  ///< no HTTP, or a head that breaks off or has more than 64 KiB
};
/// `TIMED_OUT`
std::string_view name_of(OutgoingFailure failure);
std::optional<OutgoingFailure> outgoing_failure(std::string_view name);

/// A POST to somebody else's server.
struct OutgoingRequest {
    std::string url;
    std::vector<std::pair<std::string, std::string>> fields;
    std::string body;
    Reach reach = {};
};

/// How it went. A status counts as soon as the head of the answer is there: of the body nothing is kept.
struct OutgoingAnswer {
    int status = 0;  ///< 0: none came, and `failure` says why
    std::optional<OutgoingFailure> failure = {};
    std::chrono::microseconds duration{};
};

/// The way out. Implemented by `gateway` on the network, and by tests on a script.
class Outgoing {
  public:
    virtual ~Outgoing() = default;
    /// Sends the request and calls `answered` once, on a thread of its own, within the time limit. Never waits; may be
    /// called from any thread. Redirects are answers like any other. When the way out ends, what is under way ends
    /// with it, and is not called.
    virtual void send(OutgoingRequest request, std::move_only_function<void(OutgoingAnswer)> answered) = 0;
};

}  // namespace saldo::service
