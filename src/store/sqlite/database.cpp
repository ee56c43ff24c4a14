#include "store/sqlite/database.hpp"

#include <sqlite3.h>

#include <system_error>
#include <utility>

#include "service/event_store.hpp"

namespace saldo::store::sqlite {

namespace {

/// The engine's own word is kept behind ours: an operator searches for it.
std::string sentence(const std::filesystem::path& file, sqlite3* handle) {
    const std::string name = file.string();
    const std::string detail = std::string(" (SQLite: ") + sqlite3_errmsg(handle) + ").";
    const int system_error = sqlite3_system_errno(handle);
    const std::string cause =
        system_error != 0 ? ": " + std::generic_category().message(system_error) + detail : detail;
    switch (sqlite3_extended_errcode(handle) & 0xFF) {
        case SQLITE_FULL:
            return "There is no room left for " + name + detail;
        case SQLITE_IOERR:
            return "Reading or writing " + name + " failed" + cause;
        case SQLITE_READONLY:
        case SQLITE_PERM:
            return "The file " + name + " cannot be written" + detail;
        case SQLITE_CANTOPEN:
            return "The file " + name + " cannot be opened" + cause;
        case SQLITE_NOTADB:
            return "The file " + name + " is not a database" + detail;
        case SQLITE_CORRUPT:
            return "The file " + name + " is damaged" + detail;
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return "The file " + name + " is being written by another process" + detail;
        default:
            return "The store " + name + " failed" + detail;
    }
}

/// How long a connection waits for one of another process: a reading command beside the server, at its opening or end.
constexpr int busy_timeout_ms = 5'000;

}  // namespace

void Database::Close::operator()(sqlite3* handle) const {
    sqlite3_close_v2(handle);
}

Database::Database(std::filesystem::path file, Mode mode) : file_(std::move(file)) {
    const int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
                      (mode == Mode::read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE);
    sqlite3* opened = nullptr;
    const int result = sqlite3_open_v2(file_.c_str(), &opened, flags, nullptr);
    handle_.reset(opened);
    if (opened == nullptr) throw service::StoreFailed("There is no memory left to open " + file_.string() + ".");
    if (result != SQLITE_OK) fail();
    sqlite3_busy_timeout(opened, busy_timeout_ms);
    execute("PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF; PRAGMA wal_autocheckpoint = 0");
}

void Database::fail() const {
    const int code = sqlite3_extended_errcode(handle_.get()) & 0xFF;
    if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB) throw service::StoreDamaged(sentence(file_, handle_.get()));
    throw service::StoreFailed(sentence(file_, handle_.get()));
}

void Database::execute(const char* sql) {
    if (sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK) fail();
}

std::int64_t Database::number(const char* sql) {
    Statement statement(*this, sql);
    Rows rows = statement.rows();
    return rows.next() ? rows.integer(0) : 0;
}

std::int64_t Database::changes() const {
    return sqlite3_changes64(handle_.get());
}

bool Database::is_in_transaction() const {
    return sqlite3_get_autocommit(handle_.get()) == 0;
}

Rows::~Rows() {
    sqlite3_reset(statement_.handle_.get());
}

bool Rows::next() {
    const int result = sqlite3_step(statement_.handle_.get());
    if (result == SQLITE_ROW) return true;
    if (result != SQLITE_DONE) statement_.database_.fail();
    return false;
}

std::int64_t Rows::integer(int column) const {
    return sqlite3_column_int64(statement_.handle_.get(), column);
}

std::string_view Rows::bytes(int column) const {
    sqlite3_stmt* const handle = statement_.handle_.get();
    const void* const data = sqlite3_column_blob(handle, column);
    const int size = sqlite3_column_bytes(handle, column);
    return {static_cast<const char*>(data), static_cast<std::size_t>(size)};
}

bool Rows::is_null(int column) const {
    return sqlite3_column_type(statement_.handle_.get(), column) == SQLITE_NULL;
}

void Statement::Finalize::operator()(sqlite3_stmt* handle) const {
    sqlite3_finalize(handle);
}

Statement::Statement(Database& database, std::string_view sql) : database_(database) {
    sqlite3_stmt* prepared = nullptr;
    const int result = sqlite3_prepare_v3(database.handle(), sql.data(), static_cast<int>(sql.size()),
                                          SQLITE_PREPARE_PERSISTENT, &prepared, nullptr);
    handle_.reset(prepared);
    if (result != SQLITE_OK) database.fail();
}

void Statement::bind(int at, std::int64_t value) {
    if (sqlite3_bind_int64(handle_.get(), at, value) != SQLITE_OK) database_.fail();
}

void Statement::bind(int at, std::string_view value) {
    if (sqlite3_bind_text64(handle_.get(), at, value.data() != nullptr ? value.data() : "", value.size(), SQLITE_STATIC,
                            SQLITE_UTF8) != SQLITE_OK)
        database_.fail();
}

void Statement::bind(int at, Blob value) {
    if (sqlite3_bind_blob64(handle_.get(), at, value.bytes.data() != nullptr ? value.bytes.data() : "",
                            value.bytes.size(), SQLITE_STATIC) != SQLITE_OK)
        database_.fail();
}

}  // namespace saldo::store::sqlite
