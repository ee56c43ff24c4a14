#include "store/sqlite/schema.hpp"

#include <array>
#include <string>

#include "service/event_store.hpp"

namespace saldo::store::sqlite {

namespace {

/// What each version of the schema adds to the one before it. A step that has been released is never changed.
///
/// Kept plain, so that it can stand on a server too: whole numbers for money and time (microseconds since 1970, days
/// since 1970), no triggers, partial indexes or generated keys, and the log's unique key begins with the bucket.
constexpr std::array steps{
    // The order of `id` is the order of the log. `hash` stands before the long columns: opening the store reads the
    // newest hashes and nothing behind them. The hash chain alone guards (bucket, position): a second unique index
    // would halve the write rate.
    //
    // A subject's key is kept under the id of its stream's first event: keys are then only ever added at the end of
    // their table, and no page of it is split. A page that is split leaves copies of its rows behind, which nobody
    // would overwrite when the key is destroyed.
    R"sql(
        CREATE TABLE events (
            id INTEGER PRIMARY KEY,
            bucket INTEGER NOT NULL,
            seq INTEGER NOT NULL,
            position INTEGER NOT NULL,
            recorded_at INTEGER NOT NULL,
            effective_at INTEGER NOT NULL,
            value_date INTEGER NOT NULL,
            schema_version INTEGER NOT NULL,
            hash BLOB NOT NULL,
            stream TEXT NOT NULL,
            type TEXT NOT NULL,
            actor TEXT NOT NULL,
            key TEXT NOT NULL,
            fingerprint BLOB NOT NULL,
            body TEXT NOT NULL,
            sealed BLOB NOT NULL
        ) STRICT;
        CREATE UNIQUE INDEX events_of_stream ON events (bucket, stream, seq);
        CREATE TABLE subject_keys (first_event INTEGER PRIMARY KEY, wrapped BLOB NOT NULL) STRICT;
        CREATE TABLE secrets (name TEXT PRIMARY KEY, wrapped BLOB NOT NULL) STRICT;
        CREATE TABLE saved_heads (
            one INTEGER PRIMARY KEY CHECK (one = 1),
            as_of INTEGER NOT NULL,
            recorded_at INTEGER NOT NULL,
            heads BLOB NOT NULL
        ) STRICT;
        INSERT INTO saved_heads VALUES (1, 0, 0, x'');
    )sql",
};

constexpr std::int64_t newest = steps.size();

std::int64_t version_of(Database& database) {
    if (database.number("SELECT count(*) FROM sqlite_schema WHERE name = 'meta'") == 0) return 0;
    return database.number("SELECT value FROM meta WHERE name = 'schema_version'");
}

void refuse_newer(const Database& database, std::int64_t version) {
    if (version > newest)
        throw service::StoreFailed("The store " + database.file().string() + " has schema version " +
                                   std::to_string(version) + ", this Saldo knows up to " + std::to_string(newest) +
                                   ": use the Saldo that wrote it, or a newer one.");
}

}  // namespace

void migrate_log(Database& database) {
    const std::int64_t before = version_of(database);
    refuse_newer(database, before);
    if (before == newest) return;
    database.execute("BEGIN IMMEDIATE");
    try {
        database.execute("CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT");
        for (std::int64_t version = before; version < newest; ++version)
            database.execute(steps[static_cast<std::size_t>(version)]);
        Statement(database, "INSERT OR REPLACE INTO meta VALUES ('schema_version', ?)").run(newest);
        database.execute("COMMIT");
    } catch (const service::StoreFailed&) {
        if (database.is_in_transaction()) database.execute("ROLLBACK");
        throw;
    }
}

void require_log_schema(Database& database) {
    const std::int64_t version = version_of(database);
    refuse_newer(database, version);
    if (version < newest)
        throw service::StoreFailed("The store " + database.file().string() + " has schema version " +
                                   std::to_string(version) +
                                   " and was not yet opened by a server of this Saldo, which "
                                   "brings it to version " +
                                   std::to_string(newest) + ".");
}

}  // namespace saldo::store::sqlite
