#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/delivery.hpp"
#include "service/event_store.hpp"

namespace saldo::service {

/// A delivery that is to be sent now.
struct DueDelivery {
    Notice notice;
    int attempts = 0;  ///< made so far
    int failures = 0;  ///< of them, since it was begun to be sent, or begun again
    bool operator==(const DueDelivery&) const = default;
};

/// An attempt that has ended, and what follows it.
struct AttemptResult {
    std::string delivery_id;
    Attempt attempt;
    DeliveryNext next;
};

/// Which deliveries are asked for. Empty texts: of every partner, of every session.
struct DeliveryQuestion {
    std::string partner_id = {};
    std::string session_id = {};
    std::optional<DeliveryState> state = {};
};

/// What was sent to merchants and what is still to be sent. That cannot be computed from the log again: it tells of the
/// world outside. The book may lose its last attempts with the machine's power; then they are made once more.
///
/// The first waiting delivery of a session is the one whose attempts are made; the next one's turn comes when it is
/// delivered or given up. May be used from any thread.
class DeliveryBook {
  public:
    virtual ~DeliveryBook() = default;
    /// How far the log was read.
    virtual LogCursor cursor() = 0;
    /// Enters the notices and moves the cursor, in one step. Those whose id stands in the book already stay as they
    /// are. Of a session, notices come in order.
    virtual void enter(const std::vector<Notice>& notices, const LogCursor& cursor, foundation::Instant now) = 0;
    /// Writes down what became of attempts, in one step; the turn of the sessions' next deliveries comes now.
    virtual void record(const std::vector<AttemptResult>& results, foundation::Instant now) = 0;

    /// Partners of whom something is to be sent sooner or later, sorted.
    virtual std::vector<std::string> partners_waiting() = 0;
    /// The partner's deliveries whose next attempt is due, longest due first, at most `limit`. What would be due later
    /// than any delay leads was planned by a clock that has since been set back, and is due.
    virtual std::vector<DueDelivery> due(std::string_view partner_id, foundation::Instant now, int limit) = 0;
    /// When the next attempt after `now` is planned.
    virtual std::optional<foundation::Instant> next_due(foundation::Instant now) = 0;
    virtual std::int64_t count_waiting() = 0;

    /// Where a page of a list ends: opaque but for 0, its beginning.
    struct Page {
        std::vector<Delivery> deliveries;
        std::int64_t next = 0;  ///< 0: nothing follows
    };
    /// The newest first, those behind `after`, at most `limit`.
    virtual Page list(const DeliveryQuestion& question, std::int64_t after, int limit) = 0;
    virtual std::optional<Delivery> find(std::string_view delivery_id) = 0;
    /// Makes one more attempt due, and that one alone. False, and nothing done, for a delivery that waits anyway or is
    /// not there.
    virtual bool send_again(std::string_view delivery_id, foundation::Instant now) = 0;
    /// Forgets deliveries that ended before `instant`, some of them at a time.
    virtual void forget_before(foundation::Instant instant) = 0;
};

}  // namespace saldo::service
