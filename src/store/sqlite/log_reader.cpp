#include "store/sqlite/log_reader.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>

#include "store/sqlite/schema.hpp"

namespace saldo::store::sqlite {

namespace {

using foundation::Day;
using foundation::Instant;
using service::EventRecord;
using service::LogCursor;

Database opened(const std::filesystem::path& file) {
    Database database(file, Mode::read_only);
    // The inner pages of the log and of its index, and a few leaves: of ten million events they take 20 MB.
    database.execute("PRAGMA cache_size = -16384");
    require_log_schema(database);
    return database;
}

/// Columns of `event_columns`, from 0 on.
EventRecord record_of(const Rows& row) {
    EventRecord record;
    record.stream.bucket = static_cast<foundation::Bucket>(row.integer(1));
    record.seq = row.integer(2);
    record.position = row.integer(3);
    record.recorded_at = Instant(std::chrono::microseconds(row.integer(4)));
    record.effective_at = Instant(std::chrono::microseconds(row.integer(5)));
    record.value_date = Day(std::chrono::days(row.integer(6)));
    record.schema_version = static_cast<int>(row.integer(7));
    const auto hash = foundation::digest_of(row.bytes(8));
    if (!hash)
        throw service::StoreDamaged("Event " + std::to_string(row.integer(0)) + " of the log has no whole hash.");
    record.hash = *hash;
    record.stream.name = row.bytes(9);
    record.type = row.bytes(10);
    record.actor = row.bytes(11);
    record.key = row.bytes(12);
    record.fingerprint = row.bytes(13);
    record.body = row.bytes(14);
    record.sealed = row.bytes(15);
    return record;
}

constexpr std::string_view select_stream =
    "SELECT e.id, e.bucket, e.seq, e.position, e.recorded_at, e.effective_at, e.value_date, e.schema_version, e.hash, "
    "e.stream, e.type, e.actor, e.key, e.fingerprint, e.body, e.sealed, k.wrapped "
    "FROM events e LEFT JOIN subject_keys k ON e.seq = 1 AND k.first_event = e.id "
    "WHERE e.bucket = ? AND e.stream = ? ORDER BY e.seq";
constexpr std::string_view select_names =
    "SELECT stream FROM events WHERE bucket = ?1 AND stream >= ?2 AND (?3 = '' OR stream < ?3) AND seq = 1 "
    "ORDER BY stream";
constexpr std::string_view select_page =
    "SELECT e.id, e.bucket, e.seq, e.position, e.recorded_at, e.effective_at, e.value_date, e.schema_version, e.hash, "
    "e.stream, e.type, e.actor, e.key, e.fingerprint, e.body, e.sealed, k.wrapped "
    "FROM events e LEFT JOIN subject_keys k ON e.seq = 1 AND k.first_event = e.id "
    "WHERE e.id >= ? ORDER BY e.id LIMIT ?";
constexpr std::string_view count_events = "SELECT count(*) FROM events INDEXED BY events_of_stream";
constexpr int wrapped_key_column = 16;
constexpr std::string_view select_newest = "SELECT id, hash FROM events ORDER BY id DESC LIMIT 1";

/// A destroyed key leaves its zeros behind.
std::string wrapped_key_of(const Rows& row) {
    const std::string_view key = row.bytes(wrapped_key_column);
    return std::string(key.find_first_not_of('\0') != std::string_view::npos ? key : std::string_view{});
}

/// Room that is made at once for the events of a page; a larger one grows.
constexpr int page_reserved_max = 2'000;

/// Enough of the hash to tell one log from another.
constexpr std::size_t mark_octets = 8;

/// `<id>-<start of the event's hash>`: the hash shows whether the event is still the one that was read.
LogCursor cursor_behind(std::int64_t id, std::string_view hash) {
    return {std::to_string(id) + '-' + foundation::hex(hash.substr(0, mark_octets))};
}

std::int64_t id_in(const LogCursor& cursor) {
    if (cursor.text.empty()) return 0;
    std::int64_t id = 0;
    const char* const end = cursor.text.data() + cursor.text.size();
    const auto [rest, error] = std::from_chars(cursor.text.data(), end, id);
    if (error != std::errc{} || rest == end || *rest != '-' || id < 1)
        throw service::CursorUnknown("\"" + cursor.text + "\" is no place in a log.");
    return id;
}

}  // namespace

SqliteLogReader::SqliteLogReader(const std::filesystem::path& file, Seeing seeing)
    : database_(opened(file)),
      stream_(database_, select_stream),
      names_(database_, select_names),
      page_(database_, select_page),
      newest_(database_, select_newest),
      count_(database_, count_events) {
    if (seeing == Seeing::newest) return;
    database_.execute("BEGIN");
    end();  // the first reading is the moment that all others see
}

service::StreamContent SqliteLogReader::read(const service::StreamName& stream) {
    service::StreamContent content;
    Rows rows = stream_.rows(stream.bucket, stream.name);
    while (rows.next()) {
        content.events.push_back(record_of(rows));
        if (content.events.back().seq == 1) content.wrapped_key = wrapped_key_of(rows);
    }
    return content;
}

std::vector<std::string> SqliteLogReader::streams(foundation::Bucket bucket, std::string_view prefix) {
    std::vector<std::string> names;
    const std::string end = behind_prefix(prefix);
    Rows rows = names_.rows(bucket, prefix, std::string_view(end));
    while (rows.next()) names.push_back(rows.text(0));
    return names;
}

service::LogReader::Page SqliteLogReader::read_after(const LogCursor& cursor, int limit) {
    Page page{.events = {}, .wrapped_keys = {}, .next = cursor};
    const std::int64_t seen = id_in(cursor);
    // The event at the cursor is read once more: it proves that this is the log which the cursor came from.
    Rows rows = page_.rows(seen, limit + (seen > 0 ? 1 : 0));
    if (seen > 0 && (!rows.next() || rows.integer(0) != seen || cursor_behind(seen, rows.bytes(8)) != cursor))
        throw service::CursorUnknown("The log " + database_.file().string() + " has no place \"" + cursor.text + "\".");
    page.events.reserve(static_cast<std::size_t>(std::min(limit, page_reserved_max)));
    page.wrapped_keys.reserve(page.events.capacity());
    std::int64_t last = seen;
    while (rows.next()) {
        page.events.push_back(record_of(rows));
        page.wrapped_keys.push_back(wrapped_key_of(rows));
        last = rows.integer(0);
    }
    if (!page.events.empty()) page.next = cursor_behind(last, foundation::bytes_of(page.events.back().hash));
    return page;
}

std::int64_t SqliteLogReader::count() {
    Rows rows = count_.rows();
    return rows.next() ? rows.integer(0) : 0;
}

LogCursor SqliteLogReader::end() {
    Rows rows = newest_.rows();
    return rows.next() ? cursor_behind(rows.integer(0), rows.bytes(1)) : LogCursor{};
}

std::string behind_prefix(std::string_view prefix) {
    std::string end(prefix);
    while (!end.empty() && static_cast<unsigned char>(end.back()) == 0xFF) end.pop_back();
    if (!end.empty()) end.back() = static_cast<char>(static_cast<unsigned char>(end.back()) + 1);
    return end;
}

}  // namespace saldo::store::sqlite
