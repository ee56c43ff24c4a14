#include "store/sqlite/log_writer.hpp"

#include <sqlite3.h>

#include <chrono>

#include "foundation/outcome.hpp"

namespace saldo::store::sqlite {

namespace {

using foundation::Bucket;
using foundation::ensure;
using foundation::Instant;
using service::EventRecord;
using service::StreamName;

/// Bytes of pages that the writer keeps: the pages of the index that new streams fall into.
constexpr const char* writer_settings =
    "PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA cache_size = -32768";

constexpr std::string_view select_version =
    "SELECT seq FROM events WHERE bucket = ? AND stream = ? ORDER BY seq DESC LIMIT 1";
constexpr std::string_view insert_event =
    "INSERT INTO events (id, bucket, seq, position, recorded_at, effective_at, value_date, schema_version, hash, "
    "stream, type, actor, key, fingerprint, body, sealed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
constexpr std::string_view insert_key = "INSERT INTO subject_keys (first_event, wrapped) VALUES (?, ?)";
/// Overwritten where it lies, with as many zeros: the row keeps its place, and no copy stays behind.
constexpr std::string_view erase_key =
    "UPDATE subject_keys SET wrapped = zeroblob(length(wrapped)) WHERE first_event = "
    "(SELECT id FROM events WHERE bucket = ? AND stream = ? AND seq = 1)";

Database opened(const std::filesystem::path& file, std::int64_t pages_max) {
    Database database(file, Mode::read_write);
    database.execute(writer_settings);
    if (pages_max > 0) database.number(("PRAGMA max_page_count = " + std::to_string(pages_max)).c_str());
    return database;
}

std::int64_t count_of(Instant instant) {
    return instant.time_since_epoch().count();
}

/// Checked as a whole before the first event is written: a broken append fails alone, its batch goes on.
void require_order(const service::Append& append, Instant recorded_at) {
    ensure(!append.events.empty(), "an append without events");
    ensure(!append.new_wrapped_key || append.expected_version == 0, "a new key for a stream that is not new");
    std::int64_t seq = append.expected_version;
    for (const EventRecord& record : append.events) {
        ensure(record.stream == append.stream && record.seq == ++seq,
               "an append whose events do not follow each other");
        ensure(record.recorded_at >= recorded_at, "an event is recorded before the one in front of it");
        recorded_at = record.recorded_at;
    }
}

}  // namespace

SqliteLogWriter::SqliteLogWriter(const std::filesystem::path& file, Settings settings, Turn& turn,
                                 Checkpointer& checkpointer)
    : database_(opened(file, settings.pages_max)),
      version_(database_, select_version),
      insert_(database_, insert_event),
      insert_key_(database_, insert_key),
      erase_key_(database_, erase_key),
      turn_(turn),
      checkpointer_(checkpointer),
      events_between_heads_(settings.events_between_heads) {
    sqlite3_wal_hook(
        database_.handle(),
        [](void* checkpointer_of_store, sqlite3*, const char*, int pages) {
            static_cast<Checkpointer*>(checkpointer_of_store)->note(pages);
            return SQLITE_OK;
        },
        &checkpointer_);
    begin();
    try {
        read_heads();
        save_heads();
        commit();
    } catch (const service::CommitUnknown& unknown) {
        throw service::StoreFailed(unknown.what());
    } catch (...) {
        end_batch();
        throw;
    }
}

SqliteLogWriter::~SqliteLogWriter() {
    if (has_turn_) end_batch();
}

void SqliteLogWriter::read_heads() {
    {
        Statement saved(database_, "SELECT as_of, recorded_at, heads FROM saved_heads");
        Rows row = saved.rows();
        if (!row.next()) throw service::StoreDamaged("The store " + database_.file().string() + " has no chain heads.");
        newest_id_ = row.integer(0);
        recorded_at_ = Instant(std::chrono::microseconds(row.integer(1)));
        heads_ = unpacked(row.bytes(2));
    }
    Statement tail(database_, "SELECT id, bucket, position, recorded_at, hash FROM events WHERE id > ? ORDER BY id");
    Rows rows = tail.rows(newest_id_);
    while (rows.next()) {
        newest_id_ = rows.integer(0);
        recorded_at_ = Instant(std::chrono::microseconds(rows.integer(3)));
        const auto hash = foundation::digest_of(rows.bytes(4));
        const auto bucket = static_cast<std::size_t>(rows.integer(1));
        if (!hash || bucket >= heads_.size() || rows.integer(2) != heads_[bucket].position + 1)
            throw service::StoreDamaged("The log " + database_.file().string() + " is damaged at event " +
                                        std::to_string(newest_id_) + ".");
        heads_[bucket] = {.position = rows.integer(2), .hash = *hash};
    }
    batch_ = fresh_batch();
}

SqliteLogWriter::Batch SqliteLogWriter::fresh_batch() const {
    return {.heads = {},
            .recorded_at = recorded_at_,
            .newest_id = newest_id_,
            .heads_saved_at = heads_saved_at_,
            .erases = false};
}

void SqliteLogWriter::save_heads() {
    Heads heads = heads_;
    for (const auto& [bucket, head] : batch_.heads) heads[bucket] = head;
    const std::string bytes = packed(heads);
    Statement(database_, "UPDATE saved_heads SET as_of = ?, recorded_at = ?, heads = ?")
        .run(batch_.newest_id, count_of(batch_.recorded_at), Blob{bytes});
    batch_.heads_saved_at = batch_.newest_id;
}

void SqliteLogWriter::begin() {
    ensure(!has_turn_, "a batch begins within another");
    turn_.take();
    has_turn_ = true;
    batch_ = fresh_batch();
    try {
        database_.execute("BEGIN IMMEDIATE");
    } catch (...) {
        end_batch();
        throw;
    }
}

const Head& SqliteLogWriter::head_of(Bucket bucket) const {
    const auto changed = batch_.heads.find(bucket);
    return changed != batch_.heads.end() ? changed->second : heads_.at(bucket);
}

std::int64_t SqliteLogWriter::version_of(const StreamName& stream) {
    Rows rows = version_.rows(stream.bucket, stream.name);
    return rows.next() ? rows.integer(0) : 0;
}

bool SqliteLogWriter::append(service::Append& append) {
    ensure(has_turn_, "an append outside of a batch");
    if (version_of(append.stream) != append.expected_version) return false;

    require_order(append, batch_.recorded_at);

    const std::int64_t first_id = batch_.newest_id + 1;
    for (EventRecord& record : append.events) insert(record);
    if (append.new_wrapped_key) insert_key_.run(first_id, Blob{*append.new_wrapped_key});
    if (append.erases_key) {
        erase_key_.run(append.stream.bucket, append.stream.name);
        batch_.erases = true;
    }
    return true;
}

void SqliteLogWriter::insert(EventRecord& record) {
    const Head& head = head_of(record.stream.bucket);
    record.position = head.position + 1;
    record.hash = service::chained(head.hash, record);
    insert_.run(batch_.newest_id + 1, record.stream.bucket, record.seq, record.position, count_of(record.recorded_at),
                count_of(record.effective_at), record.value_date.time_since_epoch().count(), record.schema_version,
                Blob{foundation::bytes_of(record.hash)}, record.stream.name, record.type, record.actor, record.key,
                Blob{record.fingerprint}, record.body, Blob{record.sealed});
    batch_.heads[record.stream.bucket] = {.position = record.position, .hash = record.hash};
    batch_.recorded_at = record.recorded_at;
    ++batch_.newest_id;
}

void SqliteLogWriter::commit() {
    ensure(has_turn_, "a commit outside of a batch");
    if (batch_.newest_id - batch_.heads_saved_at >= events_between_heads_) save_heads();
    try {
        database_.execute("COMMIT");
    } catch (const service::StoreFailed& failure) {
        end_batch();
        throw service::CommitUnknown(failure.what());
    }
    for (const auto& [bucket, head] : batch_.heads) heads_[bucket] = head;
    recorded_at_ = batch_.recorded_at;
    newest_id_ = batch_.newest_id;
    heads_saved_at_ = batch_.heads_saved_at;
    const bool erases = batch_.erases;
    end_batch();
    if (erases) checkpointer_.erase_soon();
}

void SqliteLogWriter::rollback() {
    if (has_turn_) end_batch();
}

void SqliteLogWriter::end_batch() {
    // A failure can have undone the transaction already; and what ROLLBACK itself cannot undo, the next opening will.
    if (database_.is_in_transaction()) sqlite3_exec(database_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
    batch_ = fresh_batch();
    if (has_turn_) turn_.give_back();
    has_turn_ = false;
}

}  // namespace saldo::store::sqlite
