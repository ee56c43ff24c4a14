#pragma once

#include <vector>

#include "foundation/digest.hpp"
#include "service/event_store.hpp"

namespace saldo::service {

/// For each event the hash of the one before it in its bucket's chain, zeros for the first: with it, anybody can
/// compute the event's own hash again. All events are of one bucket. Reads the whole bucket, which holds one stream in
/// 4,096: for people who look, not for every request.
std::vector<foundation::Digest> previous_hashes(LogReader& reader, const std::vector<EventRecord>& events);

}  // namespace saldo::service
