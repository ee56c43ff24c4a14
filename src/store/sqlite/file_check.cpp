#include "store/sqlite/file_check.hpp"

#include <random>
#include <string>
#include <tuple>

#include "service/event_store.hpp"
#include "store/sqlite/database.hpp"
#include "store/sqlite/log_heads.hpp"
#include "store/sqlite/schema.hpp"
#include "subject/keyed_hash.hpp"

namespace saldo::store::sqlite {

namespace {

using service::StoreFault;
using Fault = std::optional<StoreFault>;

std::string schema_text(Database& database) {
    Statement select(database,
                     "SELECT type || ' ' || name || ' ' || tbl_name || ' ' || coalesce(sql, '') FROM "
                     "sqlite_schema ORDER BY type, name");
    std::string text;
    Rows rows = select.rows();
    while (rows.next()) text += rows.text(0) + '\n';
    return text;
}

Fault fault_of_schema(Database& database) {
    Database fresh(":memory:", Mode::read_write);
    migrate_log(fresh);
    if (schema_text(database) == schema_text(fresh)) return std::nullopt;
    return StoreFault{"the schema of " + database.file().string(), "a table or index is not as this Saldo makes it."};
}

Fault fault_said(Database& database, std::string_view pragma) {
    Statement check(database, pragma);
    Rows rows = check.rows();
    if (!rows.next() || rows.bytes(0) == "ok") return std::nullopt;
    return StoreFault{"the file " + database.file().string(), "SQLite says: " + rows.text(0) + '.'};
}

/// Pages, rows against columns, and every row of the small tables in its index. The log's own index is held against the
/// log in `fault_of_log`: SQLite would look for each event by its stream, which takes three times as long.
Fault fault_of_structure(Database& database) {
    for (const char* pragma :
         {"PRAGMA quick_check(1)", "PRAGMA integrity_check(meta)", "PRAGMA integrity_check(secrets)"})
        if (auto fault = fault_said(database, pragma)) return fault;
    return std::nullopt;
}

/// Where events lie, as a set: its size and the sum of keyed hashes. Equal sets are equal, others are told apart.
class Places {
  public:
    explicit Places(const subject::KeyedHash& hash) : hash_(hash) {}

    void add(std::int64_t id, std::int64_t bucket, std::int64_t seq, std::string_view stream) {
        text_.clear();
        for (const std::int64_t number : {id, bucket, seq})
            text_.append(reinterpret_cast<const char*>(&number), sizeof number);
        text_ += stream;
        sum_ += hash_(text_);
        ++count_;
    }
    bool operator==(const Places& other) const { return count_ == other.count_ && sum_ == other.sum_; }

  private:
    const subject::KeyedHash& hash_;
    std::string text_;  ///< room that is used again
    std::int64_t count_ = 0;
    std::uint64_t sum_ = 0;
};

/// A hash that nobody can have foreseen who wrote the file.
subject::KeyedHash drawn_hash() {
    std::random_device chance;
    std::string bytes;
    while (bytes.size() < subject::Key::size) bytes += static_cast<char>(chance() & 0xFFU);
    return {*subject::Key::of(bytes), "places"};
}

/// What one reading of all events in their order tells.
struct LogSeen {
    std::int64_t newest = 0;  ///< event up to the place that the heads were saved at, and when it was recorded
    std::int64_t recorded_at = 0;
    Heads heads;  ///< the chains' ends at that place
    std::optional<std::int64_t> orphan =
        std::nullopt;  ///< the event that a subject's key is kept for, but begins nothing
};

/// Goes over the subjects' keys beside the events that they are kept for.
class KeysBeside {
  public:
    explicit KeysBeside(Database& database)
        : select_(database, "SELECT first_event FROM subject_keys ORDER BY first_event"), rows_(select_.rows()) {
        move_on();
    }
    /// The next event. Gives the one that a key was kept for though it is not there or begins no stream.
    std::optional<std::int64_t> pass(std::int64_t id, std::int64_t seq) {
        if (!event_ || *event_ > id) return std::nullopt;
        if (*event_ < id || seq != 1) return event_;
        move_on();
        return std::nullopt;
    }
    /// The event that the next key is kept for.
    std::optional<std::int64_t> next() const { return event_; }

  private:
    void move_on() { event_ = rows_.next() ? std::optional(rows_.integer(0)) : std::nullopt; }

    Statement select_;
    Rows rows_;
    std::optional<std::int64_t> event_;
};

LogSeen read_events(Database& database, std::int64_t as_of, std::size_t buckets, Places& places) {
    LogSeen seen{.heads = Heads(buckets)};
    KeysBeside keys(database);
    Statement events(database, "SELECT id, bucket, seq, position, recorded_at, hash, stream FROM events ORDER BY id");
    Rows rows = events.rows();
    while (rows.next()) {
        const std::int64_t id = rows.integer(0);
        places.add(id, rows.integer(1), rows.integer(2), rows.bytes(6));
        if (!seen.orphan) seen.orphan = keys.pass(id, rows.integer(2));
        if (id > as_of) continue;
        seen.newest = id;
        seen.recorded_at = rows.integer(4);
        const auto bucket = static_cast<std::size_t>(rows.integer(1));
        const auto hash = foundation::digest_of(rows.bytes(5));
        if (bucket < buckets && hash) seen.heads[bucket] = {.position = rows.integer(3), .hash = *hash};
    }
    if (!seen.orphan) seen.orphan = keys.next();
    return seen;
}

/// The streams' index must lead to every event, in its order.
Fault fault_of_index(Database& database, const subject::KeyedHash& hash, const Places& of_events) {
    Places places(hash);
    std::tuple<std::int64_t, std::string, std::int64_t> last{-1, "", 0};
    Statement index(database,
                    "SELECT id, bucket, seq, stream FROM events INDEXED BY events_of_stream "
                    "ORDER BY bucket, stream, seq");
    Rows rows = index.rows();
    while (rows.next()) {
        const std::tuple at(rows.integer(1), rows.bytes(3), rows.integer(2));
        if (!(last < at))
            return StoreFault{"the index of the streams", "event " + rows.text(0) + " is not in its place."};
        last = at;
        places.add(rows.integer(0), rows.integer(1), rows.integer(2), rows.bytes(3));
    }
    if (places == of_events) return std::nullopt;
    return StoreFault{"the index of the streams", "does not lead to the events of the log and to no others."};
}

/// The subjects' keys, the heads as they were saved and the streams' index, all against the events.
Fault fault_of_log(Database& database) {
    Statement saved(database, "SELECT as_of, recorded_at, heads FROM saved_heads");
    Rows row = saved.rows();
    if (!row.next()) return StoreFault{"the saved chain heads", "are missing."};
    const std::int64_t as_of = row.integer(0);
    const Heads heads = unpacked(row.bytes(2));
    const subject::KeyedHash hash = drawn_hash();
    Places places(hash);
    const LogSeen seen = read_events(database, as_of, heads.size(), places);
    if (seen.orphan)
        return StoreFault{"the subjects' keys",
                          "one is kept for event " + std::to_string(*seen.orphan) + ", which begins no stream."};
    if (seen.newest < as_of)
        return StoreFault{"the log behind event " + std::to_string(seen.newest),
                          "events are missing: the saved chain heads are as of event " + std::to_string(as_of) + '.'};
    for (std::size_t bucket = 0; bucket < heads.size(); ++bucket)
        if (heads[bucket] != seen.heads[bucket])
            return StoreFault{
                "bucket " + std::to_string(bucket),
                "the saved chain head is not that of position " + std::to_string(seen.heads[bucket].position) + '.'};
    if (row.integer(1) != seen.recorded_at)
        return StoreFault{"the saved chain heads", "are as of another time than the event they are of."};
    return fault_of_index(database, hash, places);
}

}  // namespace

Fault fault_of_file(const std::filesystem::path& file) {
    Database database(file, Mode::read_only);
    database.execute("PRAGMA cache_size = -16384; BEGIN");
    try {
        for (const auto check : {fault_of_schema, fault_of_structure, fault_of_log})
            if (auto fault = check(database)) return fault;
    } catch (const service::StoreDamaged& damaged) {
        return StoreFault{"the file " + file.string(), damaged.what()};
    }
    return std::nullopt;
}

}  // namespace saldo::store::sqlite
