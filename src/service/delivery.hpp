#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "foundation/calendar.hpp"
#include "foundation/digest.hpp"

namespace saldo::service {

/// Something that a merchant is to be told: a session has another status. It follows from the log alone.
struct Notice {
    std::string id;             ///< of the delivery; the same however often it is made from the log again
    std::string previous_id;    ///< of the session's notice before; empty: this is the first
    std::int64_t sequence = 1;  ///< among the session's notices: 1, 2, 3, ...
    std::string partner_id;
    std::string session_id;
    std::int64_t event_seq = 0;      ///< which event of the session it tells of
    std::string session_status;      ///< `COMPLETED`
    foundation::Instant changed_at;  ///< by the business clock
    bool operator==(const Notice&) const = default;
};

/// The id of the notice that an event with this hash gives. Another history of the same session, as after the restore
/// of a backup, has other hashes and so other ids.
std::string delivery_id(const foundation::Digest& event_hash);

enum class DeliveryState : std::uint8_t {
    waiting,    ///< for its turn in the session, or for its next attempt
    delivered,  ///< answered with 2xx
    given_up,   ///< every attempt failed
};
inline constexpr std::array all_delivery_states{DeliveryState::waiting, DeliveryState::delivered,
                                                DeliveryState::given_up};
/// `WAITING`
std::string_view name_of(DeliveryState state);
std::optional<DeliveryState> delivery_state(std::string_view name);

/// One try to deliver. Instants are the system's: a webhook's delays do not run on the business clock.
struct Attempt {
    int number = 1;  ///< among the delivery's attempts
    foundation::Instant began_at;
    std::chrono::microseconds duration{};
    std::string host;     ///< with its port; of a URL nothing else is kept
    int status = 0;       ///< 0: none came, and `failure` says why
    std::string failure;  ///< `TIMED_OUT`; empty: a status came
    bool operator==(const Attempt&) const = default;

    bool succeeded() const { return status >= 200 && status <= 299; }
};

/// A notice and how far it has come.
struct Delivery {
    Notice notice;
    DeliveryState state = DeliveryState::waiting;
    std::optional<foundation::Instant> next_attempt_at;  ///< of what waits and has no other of its session before it
    std::vector<Attempt> attempts;
    bool operator==(const Delivery&) const = default;
};

/// What becomes of a delivery.
struct DeliveryNext {
    DeliveryState state = DeliveryState::waiting;
    foundation::Instant attempt_at{};  ///< of what waits
    bool operator==(const DeliveryNext&) const = default;
};

/// How long after a failed attempt the next one follows; after the last of them it is given up (the published rule).
inline constexpr std::array<std::chrono::seconds, 3> delivery_delays{std::chrono::seconds(3), std::chrono::seconds(6),
                                                                     std::chrono::seconds(9)};

/// What follows an attempt that ended at `now`: 2xx ends it, everything else (a redirect too) is a failure. `failures`
/// are those before this attempt since it was begun to be sent.
DeliveryNext after_attempt(const Attempt& attempt, int failures, foundation::Instant now);

}  // namespace saldo::service
