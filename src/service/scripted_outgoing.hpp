#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "service/outgoing.hpp"

// What tests of requests that leave share.

namespace saldo::service {

/// Receivers whose answers the test gives, one by one.
class ScriptedOutgoing final : public Outgoing {
  public:
    struct Sent {
        OutgoingRequest request;
        std::move_only_function<void(OutgoingAnswer)> answered;

        std::string field(std::string_view name) const {
            for (const auto& [one, value] : request.fields)
                if (one == name) return value;
            return {};
        }
    };
    void send(OutgoingRequest request, std::move_only_function<void(OutgoingAnswer)> answered) override {
        under_way.push_back({std::move(request), std::move(answered)});
        most_under_way = std::max(most_under_way, under_way.size());
    }
    /// Answers what was sent first and is still under way.
    void answer(int status, std::optional<OutgoingFailure> failure = {}) { answer_at(0, status, failure); }
    void answer_at(std::size_t at, int status, std::optional<OutgoingFailure> failure = {}) {
        Sent sent = std::move(under_way.at(at));
        under_way.erase(under_way.begin() + static_cast<std::ptrdiff_t>(at));
        sent.answered({.status = status, .failure = failure, .duration = std::chrono::milliseconds(7)});
    }

    std::deque<Sent> under_way;
    std::size_t most_under_way = 0;
};

}  // namespace saldo::service
