#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "checkout/session.hpp"
#include "foundation/json_writer.hpp"

namespace saldo::checkout {

/// The published session record (seed 000), fields in the seed's order, left out where they have no value. Everything
/// that was due by now must have been folded into the session.
std::string record_json(const Session& session);
/// The same, as a value of a larger document.
void write_record(foundation::JsonWriter& json, const Session& session);

/// Whether the record's status is another one than before the event: when a webhook leaves.
bool changes_status(const Event& event, SessionStatus before);

/// One change of status, and the record as of it.
struct StatusChange {
    std::int64_t seq = 0;  ///< of the event
    foundation::Instant at;
    SessionStatus status;
    std::string record;
};
/// Every change of status of a session in order, from its creation on, each with the record as of that event, whatever
/// happened later. `events` is the whole stream.
std::vector<StatusChange> status_changes(std::span<const Recorded> events, std::string_view session_id);

}  // namespace saldo::checkout
