#pragma once

#include <memory>
#include <string>

#include "service/lane.hpp"

namespace saldo::faults {

/// The state of a stream in these tests: how long it is.
struct Length {
    std::int64_t events = 0;
};

inline service::Fold<Length> length_fold() {
    return {.whole =
                [](const service::StreamName&, const service::StreamContent& content) {
                    return std::make_shared<const Length>(Length{std::ssize(content.events)});
                },
            .further =
                [](const Length& before, const service::Append& append) {
                    return std::make_shared<const Length>(Length{before.events + std::ssize(append.events)});
                }};
}

/// An append of `events` events, each of which says in its body which one of how many it is: `2/3`.
inline service::Append counted_append(const service::StreamName& stream, const service::LaneContext& context,
                                      int events, std::size_t body_size = 8) {
    service::Append append;
    for (int i = 1; i <= events; ++i) {
        service::EventRecord record;
        record.stream = stream;
        record.seq = context.version + i;
        record.type = "Counted";
        record.recorded_at = context.now;
        record.effective_at = context.now;
        record.actor = "faults";
        record.body = std::to_string(i) + '/' + std::to_string(events) + ' ';
        record.body.append(body_size, '.');
        append.events.push_back(std::move(record));
    }
    if (context.version == 0) append.new_wrapped_key = "key of " + stream.name;
    return append;
}

class SystemClock final : public service::Clock {
  public:
    foundation::Instant now() override {
        return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
    }
};

}  // namespace saldo::faults
