#include "service/delivery.hpp"

#include <utility>

#include "foundation/id.hpp"

namespace saldo::service {

std::string delivery_id(const foundation::Digest& event_hash) {
    // Hashed once more, so that it is not the beginning of what stands in the log for everybody to compare.
    return foundation::id_text(foundation::sha256("webhook delivery/" + std::string(foundation::bytes_of(event_hash))));
}

std::string_view name_of(DeliveryState state) {
    switch (state) {
        case DeliveryState::waiting:
            return "WAITING";
        case DeliveryState::delivered:
            return "DELIVERED";
        case DeliveryState::given_up:
            return "GIVEN_UP";
    }
    std::unreachable();
}

std::optional<DeliveryState> delivery_state(std::string_view name) {
    for (const DeliveryState state : all_delivery_states)
        if (name_of(state) == name) return state;
    return std::nullopt;
}

DeliveryNext after_attempt(const Attempt& attempt, int failures, foundation::Instant now) {
    if (attempt.succeeded()) return {.state = DeliveryState::delivered};
    if (std::cmp_greater_equal(failures, delivery_delays.size())) return {.state = DeliveryState::given_up};
    return {.state = DeliveryState::waiting,
            .attempt_at = now + delivery_delays.at(static_cast<std::size_t>(failures))};
}

}  // namespace saldo::service
