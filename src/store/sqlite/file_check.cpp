#include "store/sqlite/file_check.hpp"

#include <string>

#include "service/event_store.hpp"
#include "store/sqlite/database.hpp"
#include "store/sqlite/log_heads.hpp"
#include "store/sqlite/schema.hpp"

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

/// Pages, rows against columns, and every row in every index.
Fault fault_of_structure(Database& database) {
    Statement check(database, "PRAGMA integrity_check(1)");
    Rows rows = check.rows();
    if (!rows.next() || rows.bytes(0) == "ok") return std::nullopt;
    return StoreFault{"the file " + database.file().string(), "SQLite says: " + rows.text(0) + '.'};
}

Fault fault_of_keys(Database& database) {
    Statement orphan(
        database,
        "SELECT k.first_event FROM subject_keys k LEFT JOIN events e ON e.id = k.first_event AND e.seq = 1 "
        "WHERE e.id IS NULL LIMIT 1");
    Rows rows = orphan.rows();
    if (!rows.next()) return std::nullopt;
    return StoreFault{"the subjects' keys", "one is kept for event " + rows.text(0) + ", which begins no stream."};
}

/// The heads as they were saved, against those that the events give up to there.
Fault fault_of_heads(Database& database) {
    Statement saved(database, "SELECT as_of, recorded_at, heads FROM saved_heads");
    Rows row = saved.rows();
    if (!row.next()) return StoreFault{"the saved chain heads", "are missing."};
    const std::int64_t as_of = row.integer(0);
    const Heads heads = unpacked(row.bytes(2));
    Heads found(heads.size());
    std::int64_t newest = 0, recorded_at = 0;
    Statement events(database, "SELECT id, bucket, position, recorded_at, hash FROM events WHERE id <= ? ORDER BY id");
    Rows rows = events.rows(as_of);
    while (rows.next()) {
        newest = rows.integer(0);
        recorded_at = rows.integer(3);
        const auto bucket = static_cast<std::size_t>(rows.integer(1));
        const auto hash = foundation::digest_of(rows.bytes(4));
        if (bucket < found.size() && hash) found[bucket] = {.position = rows.integer(2), .hash = *hash};
    }
    if (newest < as_of)
        return StoreFault{"the log behind event " + std::to_string(newest),
                          "events are missing: the saved chain heads are as of event " + std::to_string(as_of) + '.'};
    for (std::size_t bucket = 0; bucket < heads.size(); ++bucket)
        if (heads[bucket] != found[bucket])
            return StoreFault{"bucket " + std::to_string(bucket), "the saved chain head is not that of position " +
                                                                      std::to_string(found[bucket].position) + '.'};
    if (row.integer(1) != recorded_at)
        return StoreFault{"the saved chain heads", "are as of another time than the event they are of."};
    return std::nullopt;
}

}  // namespace

Fault fault_of_file(const std::filesystem::path& file) {
    Database database(file, Mode::read_only);
    database.execute("BEGIN");
    try {
        for (const auto check : {fault_of_schema, fault_of_structure, fault_of_keys, fault_of_heads})
            if (auto fault = check(database)) return fault;
    } catch (const service::StoreDamaged& damaged) {
        return StoreFault{"the file " + file.string(), damaged.what()};
    }
    return std::nullopt;
}

}  // namespace saldo::store::sqlite
