#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "service/event_store.hpp"
#include "service/search_index.hpp"
#include "subject/sealing.hpp"

namespace saldo::service {

/// The first place of a store that is not as it must be, as a sentence that names bucket, position, stream and seq.
struct StoreFault {
    std::string where;  ///< `bucket 7, position 3 (event 2 of 6Z54V9SXRCRSKDXDGKZW)`
    std::string what;
    bool operator==(const StoreFault&) const = default;
};

struct Verified {
    std::int64_t events = 0;
    std::int64_t streams = 0;
    std::optional<StoreFault> fault = {};
    /// Whether the index was also searched for words that no event gives. It is not while a server moves it on.
    bool searched_for_surplus_words = false;
};

/// What a store is held against. The index is that of the store, both may be in use by a server meanwhile.
struct VerifyInput {
    LogReader& log;
    SearchIndex& index;
    subject::Key master_key;
    /// How many events of how many have been looked at; a total of 0: it is not known yet.
    std::function<void(std::int64_t done, std::int64_t total)> progress = {};
};

/// Computes a whole store again and compares.
///
/// In the order of the log: the chain of hashes of every bucket, positions without a gap, and time that never goes
/// back. Stream by stream: numbers without a gap, every event readable and its seal unbroken, every purchase folding,
/// its postings balanced and equal to what its documents say is open. Then what is derived: words and sums of the
/// index.
///
/// What it cannot show is that events were cut off the end of a bucket: nothing that is left tells of them.
Verified verify(const VerifyInput& input);

}  // namespace saldo::service
