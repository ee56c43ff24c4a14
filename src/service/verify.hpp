#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "service/anchor.hpp"
#include "service/event_store.hpp"
#include "service/search_index.hpp"
#include "service/store_fault.hpp"
#include "subject/sealing.hpp"

namespace saldo::service {

struct Verified {
    std::int64_t events = 0;
    std::int64_t streams = 0;
    std::optional<StoreFault> fault = {};
};

/// What a store is held against. The index is that of the store, both may be in use by a server meanwhile.
struct VerifyInput {
    LogReader& log;
    SearchIndex& index;
    subject::Key master_key;
    /// How many events of how many have been looked at.
    std::function<void(std::int64_t done, std::int64_t total)> progress = {};
    /// Purchases, and as many sessions, that are kept while the log is read, at least 1: enough for those that
    /// go on side by side. One that was let go and goes on all the same is read again by its stream, at the price of a
    /// search in the store.
    std::size_t purchases_at_hand = 50'000;
    /// Where the chains ended once, if that is known.
    const Anchor* anchor = nullptr;
};

/// Computes a whole store again and compares.
///
/// In one pass, in the order of the log: the chain of hashes of every bucket, positions without a gap, and time that
/// never goes back; of every stream numbers without a gap, every event readable and its seal unbroken; every purchase
/// folding, its postings balanced and equal to what its documents say is open; every session folding. Then by another
/// way: the same streams and events are found by their names. Then what is derived: words, sums and session records of
/// the index.
///
/// What it cannot show without an anchor is that events were cut off the end of a bucket, or that the whole log was
/// written anew with hashes that fit: nothing that is left tells of it. With one, it is so up to the anchor.
///
/// A store that cannot be read on is at fault at the event it was read to.
Verified verify(const VerifyInput& input);

}  // namespace saldo::service
