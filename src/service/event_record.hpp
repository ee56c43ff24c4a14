#pragma once

#include <cstdint>
#include <string>

#include "foundation/calendar.hpp"
#include "foundation/digest.hpp"
#include "foundation/id.hpp"

namespace saldo::service {

/// Where a stream lies in the log: its bucket and its name (a transaction's id, or `partner/<id>`).
struct StreamName {
    foundation::Bucket bucket = 0;
    std::string name;
    bool operator==(const StreamName&) const = default;
};

/// One event as the log keeps it: the envelope in the open, the body as the very bytes that are stored and hashed.
///
/// 1 <= seq, gap-free in its stream; 1 <= position, gap-free in its bucket; recorded_at never decreases within a
/// bucket.
struct EventRecord {
    StreamName stream;
    std::int64_t seq = 0;
    std::int64_t position = 0;  ///< given by the log
    std::string type;
    int schema_version = 1;
    foundation::Instant recorded_at;
    foundation::Instant effective_at;
    foundation::Day value_date;
    std::string actor;          ///< an opaque id of who caused it: a client's id, or `system`
    std::string key;            ///< the Idempotency-Key of the command; empty without one
    std::string fingerprint;    ///< 32 bytes with a key, else empty
    std::string body;           ///< JSON, nothing of a person in it
    std::string sealed;         ///< the encrypted texts of the body; empty if it has none
    foundation::Digest hash{};  ///< given by the log
};

/// The hash of an event: SHA-256 over the hash before it in its bucket (zeros for the first), its whole envelope and
/// the digests of its stored body and sealed part. Every variable part is preceded by its length, so that no two events
/// share one reading.
foundation::Digest chained(const foundation::Digest& previous, const EventRecord& record);

}  // namespace saldo::service
