#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "foundation/calendar.hpp"
#include "foundation/digest.hpp"
#include "foundation/id.hpp"
#include "service/event_record.hpp"

namespace saldo::service {

/// Follows the hash chains of all buckets through the log, event by event.
class ChainCheck {
  public:
    /// The end of a bucket's chain, as far as it was followed.
    struct End {
        std::int64_t position = 0;
        foundation::Digest hash{};
    };

    ChainCheck() : ends_(foundation::bucket_count) {}

    /// What is wrong with the next event of the log: its bucket, its position, its hash, or its time; nothing if it
    /// follows the one before.
    std::optional<std::string> follow(const EventRecord& record);

    const End& end_of(foundation::Bucket bucket) const { return ends_.at(bucket); }

  private:
    std::vector<End> ends_;
    foundation::Instant newest_;
};

}  // namespace saldo::service
