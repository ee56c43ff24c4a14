#pragma once

#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checkout/event.hpp"
#include "checkout/session.hpp"
#include "service/event_store.hpp"
#include "service/purchases.hpp"
#include "subject/sealing.hpp"

namespace saldo::service {

/// A session as its stream tells it: the folded session and what the envelopes know beside it.
struct CheckoutSession {
    checkout::Session session;
    std::optional<KeyUse> made_with;          ///< the Idempotency-Key it was created with
    std::optional<subject::Key> subject_key;  ///< gone when the person is erased
};

/// Where a session's stream lies. Requires `foundation::is_uuid(session_id)`.
StreamName stream_of_session(std::string_view session_id);
/// Whether the stream is a session's, by its name.
bool is_session(const StreamName& stream);

/// A stored record as the room checkout understands it. `key` opens its texts; without it every text is erased.
/// Throws BrokenInvariant for bytes that are no event of ours.
checkout::Recorded session_event_of(const EventRecord& record, const subject::Key* key);

/// The events of a session in order, without its texts; none where there is no such session.
std::vector<checkout::Recorded> session_events(LogReader& reader, std::string_view session_id);

/// The session of a stream up to and including `last_seq`; version 0: there is none.
CheckoutSession session_of(const subject::Key& master_key, const StreamName& stream, const StreamContent& content,
                           std::int64_t last_seq = std::numeric_limits<std::int64_t>::max());

/// The session after one more record.
void add(CheckoutSession& session, const EventRecord& record);

}  // namespace saldo::service
