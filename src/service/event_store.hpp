#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "service/event_record.hpp"

namespace saldo::service {

/// The store cannot do what was asked (disk full, I/O error, file gone): nothing of it happened.
class StoreFailed : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// What the store holds cannot be read: a file was damaged.
class StoreDamaged : public StoreFailed {
    using StoreFailed::StoreFailed;
};

/// A commit whose end is not known: what it held is there whole or not at all, and only reading again tells which.
class CommitUnknown : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// A cursor that this log never gave out: it comes from another log, or from a time that a restored backup has undone.
class CursorUnknown : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// A place in the log behind which reading goes on. Opaque: only the store that made it can read it. Default: the
/// beginning.
struct LogCursor {
    std::string text;
    bool operator==(const LogCursor&) const = default;
};

/// A stream as it stood at one moment.
struct StreamContent {
    std::vector<EventRecord> events;  ///< in order of seq; empty: there is no such stream
    std::string wrapped_key;          ///< the subject's key under the master key; empty: none, or erased
};

/// Reads the log. A reader serves one thread at a time; each call sees one consistent state of the store, of committed
/// events alone.
class LogReader {
  public:
    virtual ~LogReader() = default;
    virtual StreamContent read(const StreamName& stream) = 0;
    /// Names of the streams in a bucket that begin with `prefix`, sorted.
    virtual std::vector<std::string> streams(foundation::Bucket bucket, std::string_view prefix) = 0;
    /// At most `limit` events behind the cursor in the order of the log, and the cursor behind the last of them.
    /// Throws CursorUnknown: what was derived up to there must be derived again from the beginning.
    struct Page {
        std::vector<EventRecord> events;
        std::vector<std::string> wrapped_keys;  ///< beside each event, if it begins a stream with a key; else empty
        LogCursor next;
    };
    virtual Page read_after(const LogCursor& cursor, int limit) = 0;
    /// The cursor behind the newest event.
    virtual LogCursor end() = 0;
    /// How many events there are, counted by their streams: another way to them than `read_after`.
    virtual std::int64_t count() = 0;
};

/// What one command adds to the log: all of it or nothing.
struct Append {
    StreamName stream;
    std::int64_t expected_version =
        0;  ///< the seq of the last event that the decision was made on; 0: the stream is new
    std::vector<EventRecord>
        events;  ///< seq expected_version + 1, + 2, ...; position and hash are filled in by the log
    std::optional<std::string> new_wrapped_key;  ///< the key of a new stream's subject; requires expected_version == 0
    bool erases_key = false;                     ///< destroys the subject's key
};

/// Writes the log. Exactly one exists per store (two would be a second server: the constructor of the store refuses
/// that).
class LogWriter {
  public:
    virtual ~LogWriter() = default;
    virtual void begin() = 0;
    /// The newest recorded_at of the log, counting this batch; the beginning of 1970 when the log is empty.
    virtual foundation::Instant last_recorded_at() = 0;
    /// The position that the next event of the bucket will get, counting what this batch has appended.
    virtual std::int64_t next_position(foundation::Bucket bucket) = 0;
    /// Appends within the batch and fills in position and hash. False, and nothing appended, when the stream's version
    /// is not the expected one. Throws StoreFailed: then the whole batch must be rolled back. Requires 0 <
    /// events.size(), their seq in order, and no recorded_at before the last one.
    virtual bool append(Append& append) = 0;
    /// Makes the batch durable. Throws CommitUnknown; then this writer is of no more use.
    virtual void commit() = 0;
    /// Forgets the batch, or does nothing where there is none.
    virtual void rollback() = 0;
};

/// The log and the store's own secrets.
class EventStore {
  public:
    virtual ~EventStore() = default;
    virtual std::unique_ptr<LogReader> reader() = 0;
    /// The writer, with the newest chain heads. After CommitUnknown the old one is dropped and a new one asked for:
    /// once it is given, what a reader finds is settled for good.
    virtual std::unique_ptr<LogWriter> writer() = 0;
    /// A secret of the store under the master key (`id_secret`, signing keys), by name. These four may be called from
    /// any thread, but not between `begin` and `commit` of the writer's.
    virtual std::optional<std::string> secret(std::string_view name) = 0;
    virtual std::vector<std::string> secret_names(std::string_view prefix) = 0;
    virtual void put_secret(std::string_view name, std::string_view wrapped) = 0;
    virtual void remove_secret(std::string_view name) = 0;
};

}  // namespace saldo::service
