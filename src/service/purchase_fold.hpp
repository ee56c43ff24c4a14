#pragma once

#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "ledger/event.hpp"
#include "service/event_store.hpp"
#include "service/purchases.hpp"
#include "subject/sealing.hpp"

namespace saldo::service {

/// The texts of an event; nothing where there is no key, empty where there are no texts.
/// Throws BrokenInvariant if they do not open under the key.
std::optional<std::string> opened_texts(const EventRecord& record, const subject::Key* key);

/// A stored record as the ledger understands it. `key` opens its texts; without it every text is erased.
/// Throws BrokenInvariant for bytes that are no event of ours.
ledger::Recorded recorded_of(const EventRecord& record, const subject::Key* key);
/// The same, but its texts are only opened and held to their form: all are erased in what is given.
ledger::Recorded recorded_without_texts(const EventRecord& record, const subject::Key* key);

/// The subject's key of a stream, unwrapped; nothing when it was destroyed. Throws BrokenInvariant if the master key
/// does not fit.
std::optional<subject::Key> unwrapped_key(const subject::Key& master_key, std::string_view stream,
                                          std::string_view wrapped);
std::string wrapped_key(const subject::Key& master_key, std::string_view stream, const subject::Key& key);

/// The texts of an event under the subject's key, bound to their place in the log; empty for no texts.
std::string sealed_texts(const subject::Key& key, std::string_view stream, std::int64_t seq, std::string_view texts);

/// The purchase of a stream up to and including `last_seq`. Requires at least one event.
Purchase purchase_of(const subject::Key& master_key, const StreamName& stream, const StreamContent& content,
                     std::int64_t last_seq = std::numeric_limits<std::int64_t>::max());

/// The seq of the last event that was decided along with that one.
std::int64_t end_of_decision(const StreamContent& content, std::int64_t seq);

/// The purchase after one more record.
void add(Purchase& purchase, const EventRecord& record);

}  // namespace saldo::service
