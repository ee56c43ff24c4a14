#include "store/sqlite/event_store.hpp"

#include <system_error>
#include <utility>

#include "foundation/outcome.hpp"
#include "store/sqlite/log_reader.hpp"
#include "store/sqlite/log_writer.hpp"
#include "store/sqlite/schema.hpp"

namespace saldo::store::sqlite {

namespace {

std::unique_ptr<Database> prepared(const std::filesystem::path& file) {
    make_private_file(file);
    auto database = std::make_unique<Database>(file, Mode::read_write);
    database->execute(
        "PRAGMA page_size = 4096; PRAGMA secure_delete = ON; PRAGMA journal_mode = WAL; "
        "PRAGMA synchronous = FULL");
    migrate_log(*database);
    return database;
}

bool is_there(const std::filesystem::path& file) {
    std::error_code ignored;
    return std::filesystem::exists(file, ignored);
}

std::filesystem::path wal_of(std::filesystem::path file) {
    return file += "-wal";
}

}  // namespace

std::unique_ptr<SqliteEventStore> SqliteEventStore::open(const DataDirectory& directory, StoreLimits limits) {
    return std::unique_ptr<SqliteEventStore>(new SqliteEventStore(directory, limits, Mode::read_write));
}

std::unique_ptr<SqliteEventStore> SqliteEventStore::open_read_only(const DataDirectory& directory) {
    return std::unique_ptr<SqliteEventStore>(new SqliteEventStore(directory, {}, Mode::read_only));
}

SqliteEventStore::SqliteEventStore(const DataDirectory& directory, StoreLimits limits, Mode mode)
    : file_(directory.database()), limits_(limits), mode_(mode) {
    if (mode == Mode::read_only) {
        if (!is_there(file_)) throw service::StoreFailed("There is no store in " + directory.path().string() + ".");
        secrets_ = std::make_unique<Database>(file_, Mode::read_only);
        require_log_schema(*secrets_);
        return;
    }
    lock_.emplace(directory);
    // An empty store in its place would be taken for what should have been restored.
    if (!is_there(file_) && is_there(directory.unfinished()))
        throw service::StoreFailed("A restore or import into " + directory.path().string() +
                                   " was not finished: repeat it, or remove " + directory.unfinished().string() + ".");
    std::error_code ignored;
    if (is_there(file_))
        std::filesystem::remove_all(directory.unfinished(), ignored);  // its maker died once it was done
    const bool is_left_over = is_there(wal_of(file_));
    secrets_ = prepared(file_);
    checkpointer_ = std::make_unique<Checkpointer>(file_, turn_, limits.wal_pages);
    // A process that died may have destroyed a key whose last copies are still in the log it left behind.
    if (is_left_over) checkpointer_->erase_soon();
}

std::unique_ptr<service::LogReader> SqliteEventStore::snapshot() {
    return std::make_unique<SqliteLogReader>(file_, Seeing::one_moment);
}

std::unique_ptr<service::LogReader> SqliteEventStore::reader() {
    return std::make_unique<SqliteLogReader>(file_);
}

std::unique_ptr<service::LogWriter> SqliteEventStore::writer() {
    foundation::ensure(mode_ == Mode::read_write, "a store that was opened to read is asked for a writer");
    return std::make_unique<SqliteLogWriter>(
        file_,
        SqliteLogWriter::Settings{.events_between_heads = limits_.events_between_heads, .pages_max = limits_.pages_max},
        turn_, *checkpointer_);
}

std::optional<std::string> SqliteEventStore::secret(std::string_view name) {
    const std::lock_guard hold(secrets_guard_);
    Statement find(*secrets_, "SELECT wrapped FROM secrets WHERE name = ?");
    Rows rows = find.rows(name);
    if (!rows.next()) return std::nullopt;
    return rows.text(0);
}

std::vector<std::string> SqliteEventStore::secret_names(std::string_view prefix) {
    const std::lock_guard hold(secrets_guard_);
    Statement list(*secrets_, "SELECT name FROM secrets WHERE name >= ?1 AND (?2 = '' OR name < ?2) ORDER BY name");
    const std::string end = behind_prefix(prefix);
    Rows rows = list.rows(prefix, std::string_view(end));
    std::vector<std::string> names;
    while (rows.next()) names.push_back(rows.text(0));
    return names;
}

void SqliteEventStore::put_secret(std::string_view name, std::string_view wrapped) {
    foundation::ensure(mode_ == Mode::read_write, "a store that was opened to read is asked to keep a secret");
    {
        const std::lock_guard hold(secrets_guard_);
        const std::lock_guard mine(turn_);
        Statement(*secrets_,
                  "INSERT INTO secrets (name, wrapped) VALUES (?, ?) "
                  "ON CONFLICT DO UPDATE SET wrapped = excluded.wrapped")
            .run(name, Blob{wrapped});
    }
    checkpointer_->erase_soon();  // what it may have replaced
}

void SqliteEventStore::remove_secret(std::string_view name) {
    foundation::ensure(mode_ == Mode::read_write, "a store that was opened to read is asked to forget a secret");
    {
        const std::lock_guard hold(secrets_guard_);
        const std::lock_guard mine(turn_);
        Statement(*secrets_, "DELETE FROM secrets WHERE name = ?").run(name);
    }
    checkpointer_->erase_soon();
}

bool SqliteEventStore::checkpoint() {
    foundation::ensure(mode_ == Mode::read_write, "a store that was opened to read is asked for a checkpoint");
    return checkpointer_->erase_now();
}

}  // namespace saldo::store::sqlite
