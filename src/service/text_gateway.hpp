#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "foundation/calendar.hpp"
#include "service/messenger.hpp"
#include "service/outgoing.hpp"
#include "service/random.hpp"

namespace saldo::service {

/// How long after a failed attempt the next one follows; after the last of them a message is given up. A buyer waits
/// for it, and can ask for another one.
inline constexpr std::array<std::chrono::seconds, 3> text_delays{std::chrono::seconds(1), std::chrono::seconds(3),
                                                                 std::chrono::seconds(9)};

/// What a text gateway has done since it started.
struct TextNumbers {
    std::uint64_t handed_over = 0;  ///< messages that the operator's gateway took
    std::uint64_t failed = 0;       ///< attempts
    std::uint64_t given_up = 0;     ///< messages
    std::size_t waiting = 0;        ///< now, for their next attempt or its answer
};

/// Hands text messages to the operator's gateway, which sends them: a POST of one JSON document each,
/// `{"id", "to", "text", "sender"}`, with a bearer token. A 2xx ends it. What may pass (no answer, 408, 429, 5xx) is
/// tried again under the same id; any other status gives it up. Messages are in memory alone: those that wait when the
/// program ends are lost, and their buyers ask for new ones. Of a number or a text nothing is told to anybody else.
///
/// It works turn by turn and never waits.
class TextGateway final : public Messenger {
  public:
    struct Settings {
        std::string url;
        std::string token;
        std::string sender;  ///< as the buyer's phone shows it
        Reach reach = {};
        std::size_t waiting_max = 1000;  ///< one more is given up at once
    };
    struct Parts {
        Outgoing& outgoing;
        Random& random;
        std::function<foundation::Instant()> system_time;
        /// Told of each message that is given up: `status 401`, `TIMED_OUT`, `QUEUE_FULL`. May be called from any
        /// thread.
        std::function<void(std::string_view why)> on_given_up;
    };
    /// `wake` is called on any thread when there is something to do. What the parts name outlives the gateway.
    TextGateway(Settings settings, Parts parts, std::function<void()> wake);
    ~TextGateway() override;

    void send(TextMessage message) override;
    /// Sends what is due. Gives the instant by the system's clock at which there is more, if nothing wakes it before.
    std::optional<foundation::Instant> turn();
    /// May be called from any thread.
    TextNumbers numbers() const;

  private:
    struct Waiting {
        std::string body;
        std::size_t failures = 0;
        std::optional<foundation::Instant> next = {};  ///< nothing: it is under way
    };
    /// Shared with requests under way, which may outlive the gateway.
    struct Desk;

    const Settings settings_;
    const Parts parts_;
    const std::shared_ptr<Desk> desk_;
};

}  // namespace saldo::service
