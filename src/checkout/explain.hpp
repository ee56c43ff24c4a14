#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "checkout/session.hpp"

namespace saldo::checkout {

/// What happened in a session, step by step, and what it comes to for the shop. Nothing in it tells who the buyer is.
struct SessionExplanation {
    /// One event, in a sentence.
    struct Step {
        std::int64_t seq = 0;
        foundation::Instant at;
        std::string what;
        bool operator==(const Step&) const = default;
    };
    Session session;  ///< as it stands
    std::vector<Step> steps;
};

/// Requires the session's events from the first on.
SessionExplanation explain(std::span<const Recorded> events, std::string_view session_id);

/// Whether the goods may leave: what was bought is a purchase, and nobody advises against it.
bool may_ship(SessionStatus status);
/// Why, in a sentence for the shop.
std::string_view shipping_advice(SessionStatus status);

}  // namespace saldo::checkout
