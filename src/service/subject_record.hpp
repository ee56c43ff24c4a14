#pragma once

#include <string>
#include <vector>

#include "service/event_store.hpp"
#include "subject/sealing.hpp"

namespace saldo::service {

/// Everything that is kept about the person behind a purchase or a session, event by event, with every sealed text
/// opened: the answer to an access request. `[erased]` where the key was destroyed.
///
/// `{"transaction_id" or "session_id", "erased", "events": [{"seq", "type", "recorded_at", "value_date", "actor",
/// "says": {...}}]}`
///
/// Requires at least one event. Throws BrokenInvariant if the master key does not fit.
std::string subject_record(const subject::Key& master_key, const StreamName& stream, const StreamContent& content);

}  // namespace saldo::service
