#include "store/sqlite/search_index.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <system_error>
#include <tuple>
#include <utility>

#include "foundation/outcome.hpp"
#include "store/folded.hpp"
#include "store/sqlite/log_reader.hpp"

namespace saldo::store::sqlite {

using foundation::ensure;
using service::AccountChange;
using service::DueEntry;
using service::ListedSession;
using service::LogCursor;
using service::SearchTerm;
using service::SessionRow;

namespace {

/// Any change of the tables or of `folded` gets the next number: an index of another number is built again.
constexpr std::int64_t index_version = 3;

constexpr const char* tables = R"sql(
    CREATE TABLE progress (one INTEGER PRIMARY KEY CHECK (one = 1), cursor TEXT NOT NULL) STRICT;
    INSERT INTO progress VALUES (1, '');
    CREATE TABLE terms (
        partner_id TEXT NOT NULL,
        folded TEXT NOT NULL,
        word TEXT NOT NULL,
        field TEXT NOT NULL,
        transaction_id TEXT NOT NULL,
        PRIMARY KEY (partner_id, folded, word, field, transaction_id)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE sums (
        partner_id TEXT NOT NULL,
        currency TEXT NOT NULL,
        account TEXT NOT NULL,
        debit_minor INTEGER NOT NULL,
        credit_minor INTEGER NOT NULL,
        PRIMARY KEY (partner_id, currency, account)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE due (
        at INTEGER NOT NULL,
        stream TEXT NOT NULL,
        PRIMARY KEY (at, stream)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE sessions (
        partner_id TEXT NOT NULL,
        created INTEGER NOT NULL,
        session_id TEXT NOT NULL,
        record TEXT NOT NULL,
        expires INTEGER,
        PRIMARY KEY (partner_id, created, session_id)
    ) STRICT, WITHOUT ROWID;
    -- Of open sessions. Apart from them, so that the lists of past days are read from full pages: a session that ended
    -- would leave a hole in its own.
    CREATE TABLE expired_records (
        partner_id TEXT NOT NULL,
        created INTEGER NOT NULL,
        session_id TEXT NOT NULL,
        record TEXT NOT NULL,
        PRIMARY KEY (partner_id, created, session_id)
    ) STRICT, WITHOUT ROWID;
)sql";

/// What the operating system has not written when the machine stops is derived again: no commit waits for the disk.
constexpr const char* index_settings =
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; "
    "PRAGMA cache_size = -16384; PRAGMA wal_autocheckpoint = 4000";

Database opened(const std::filesystem::path& file) {
    Database database(file, Mode::read_write);
    database.execute(index_settings);
    const std::int64_t version = database.number("PRAGMA user_version");
    if (version == index_version) return database;
    if (database.number("SELECT count(*) FROM sqlite_schema") > 0)
        throw service::StoreFailed("The index " + file.string() + " was made by another version of Saldo.");
    database.execute("BEGIN IMMEDIATE");
    database.execute(tables);
    database.execute(("PRAGMA user_version = " + std::to_string(index_version)).c_str());
    database.execute("COMMIT");
    return database;
}

Database opened_to_read(const std::filesystem::path& file) {
    Database database(file, Mode::read_only);
    if (database.number("PRAGMA user_version") != index_version)
        throw service::StoreFailed("The index " + file.string() + " was made by another version of Saldo.");
    return database;
}

void remove_files(const std::filesystem::path& file) {
    for (const char* suffix : {"", "-wal", "-shm"}) {
        std::error_code ignored;
        std::filesystem::remove(std::filesystem::path(file) += suffix, ignored);
    }
}

std::int64_t count_of(foundation::Instant instant) {
    return instant.time_since_epoch().count();
}

foundation::Instant instant_of(std::int64_t count) {
    return foundation::Instant(std::chrono::microseconds(count));
}

/// The order in which words are found, whatever partner they belong to.
auto place_of(const SearchTerm& term) {
    return std::tuple(folded(term.word), std::string_view(term.word), std::string_view(term.field),
                      std::string_view(term.transaction_id));
}

/// What is read while this lives is read as of its first reading.
class OneMoment {
  public:
    explicit OneMoment(Database& database) : database_(database) { database_.execute("BEGIN"); }
    ~OneMoment() {
        try {
            if (database_.is_in_transaction()) database_.execute("ROLLBACK");
        } catch (const service::StoreFailed&) {
            // The failure that ended it is on its way already.
        }
    }
    OneMoment(const OneMoment&) = delete;
    OneMoment& operator=(const OneMoment&) = delete;

  private:
    Database& database_;
};

}  // namespace

struct SqliteSearchIndex::Writing {
    explicit Writing(const std::filesystem::path& file) : database(opened(file)) {}

    Database database;
    Statement begin{database, "BEGIN IMMEDIATE"};
    Statement commit{database, "COMMIT"};
    Statement add_term{database,
                       "INSERT OR IGNORE INTO terms (partner_id, folded, word, field, transaction_id) "
                       "VALUES (?, ?, ?, ?, ?)"};
    Statement add_sum{database,
                      "INSERT INTO sums (partner_id, currency, account, debit_minor, credit_minor) "
                      "VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
                      "debit_minor = debit_minor + excluded.debit_minor, "
                      "credit_minor = credit_minor + excluded.credit_minor"};
    Statement add_due{database, "INSERT OR IGNORE INTO due (at, stream) VALUES (?, ?)"};
    Statement remove_due{database, "DELETE FROM due WHERE at = ? AND stream = ?"};
    Statement put_session{database,
                          "INSERT OR REPLACE INTO sessions (partner_id, created, session_id, record, expires) "
                          "VALUES (?1, ?2, ?3, ?4, nullif(?5, 0))"};
    Statement put_expired{database,
                          "INSERT OR REPLACE INTO expired_records (partner_id, created, session_id, record) "
                          "VALUES (?, ?, ?, ?)"};
    Statement remove_expired{database,
                             "DELETE FROM expired_records WHERE partner_id = ? AND created = ? AND session_id = ?"};
    Statement move{database, "UPDATE progress SET cursor = ?"};

    void put(const SessionRow& row) {
        const std::int64_t created = count_of(row.created);
        put_session.run(row.partner_id, created, row.session_id, row.record, row.expires ? count_of(*row.expires) : 0);
        if (row.expires)
            put_expired.run(row.partner_id, created, row.session_id, row.record_once_expired);
        else
            remove_expired.run(row.partner_id, created, row.session_id);
    }

    /// Runs `changes` as one transaction.
    template <class Changes>
    void together(const Changes& changes) {
        begin.run();
        try {
            changes();
            commit.run();
        } catch (...) {
            if (database.is_in_transaction()) database.execute("ROLLBACK");
            throw;
        }
    }
};

struct SqliteSearchIndex::Reading {
    explicit Reading(const std::filesystem::path& file) : database(opened_to_read(file)) {}

    Database database;
    Statement cursor{database, "SELECT cursor FROM progress"};
    Statement next_partner{database, "SELECT partner_id FROM terms WHERE partner_id > ? ORDER BY partner_id LIMIT 1"};
    Statement from_word{database,
                        "SELECT word, field, transaction_id FROM terms WHERE partner_id = ?1 AND folded >= ?2 "
                        "AND folded < ?3 ORDER BY folded, word, field, transaction_id LIMIT ?4"};
    Statement after_word{database,
                         "SELECT word, field, transaction_id FROM terms WHERE partner_id = ?1 "
                         "AND (folded, word, field, transaction_id) > (?5, ?6, ?7, ?8) AND folded >= ?2 "
                         "AND folded < ?3 ORDER BY folded, word, field, transaction_id LIMIT ?4"};
    Statement every_word{database, "SELECT partner_id, folded, word, field, transaction_id FROM terms"};
    Statement sums_of{database,
                      "SELECT partner_id, account, currency, debit_minor, credit_minor FROM sums "
                      "WHERE ?1 = '' OR partner_id = ?1 ORDER BY partner_id, currency, account"};
    Statement due_until{database, "SELECT at, stream FROM due WHERE at <= ? ORDER BY at, stream LIMIT ?"};
    Statement sessions_from{database,
                            "SELECT created, session_id, iif(expires <= ?4, (SELECT e.record FROM expired_records e "
                            "WHERE (e.partner_id, e.created, e.session_id) = (s.partner_id, s.created, s.session_id)), "
                            "record) FROM sessions s "
                            "WHERE partner_id = ?1 AND created >= ?2 AND created < ?3 ORDER BY created, session_id"};
    Statement every_session{database,
                            "SELECT partner_id, created, session_id, s.record, coalesce(expires, 0), e.record "
                            "FROM sessions s LEFT JOIN expired_records e USING (partner_id, created, session_id)"};

    static SessionRow session_in(Rows& rows) {
        SessionRow row{.partner_id = rows.text(0),
                       .created = instant_of(rows.integer(1)),
                       .session_id = rows.text(2),
                       .record = rows.text(3),
                       .expires = std::nullopt,
                       .record_once_expired = rows.text(5)};
        if (const std::int64_t expires = rows.integer(4); expires != 0) row.expires = instant_of(expires);
        return row;
    }

    std::vector<std::string> partners() {
        std::vector<std::string> found;
        std::string last;
        while (true) {
            Rows row = next_partner.rows(last);
            if (!row.next()) return found;
            last = row.text(0);
            found.push_back(last);
        }
    }

    std::vector<AccountChange> sums(std::string_view partner_id) {
        std::vector<AccountChange> found;
        Rows rows = sums_of.rows(partner_id);
        while (rows.next())
            found.push_back({.partner_id = rows.text(0),
                             .account = rows.text(1),
                             .currency = rows.text(2),
                             .debit_minor = rows.integer(3),
                             .credit_minor = rows.integer(4)});
        return found;
    }

    LogCursor place() {
        Rows row = cursor.rows();
        return row.next() ? LogCursor{row.text(0)} : LogCursor{};
    }

    void find(const std::string& partner_id, std::string_view prefix, const SearchTerm* after, int limit,
              std::vector<SearchTerm>& found) {
        std::string end = behind_prefix(prefix);
        if (end.empty()) end = '\xFF';  // behind every text: no UTF-8 begins so
        const std::string after_folded = after != nullptr ? folded(after->word) : std::string{};
        Rows rows = after != nullptr ? after_word.rows(partner_id, prefix, end, limit, after_folded, after->word,
                                                       after->field, after->transaction_id)
                                     : from_word.rows(partner_id, prefix, end, limit);
        while (rows.next())
            found.push_back({.partner_id = partner_id,
                             .word = rows.text(0),
                             .field = rows.text(1),
                             .transaction_id = rows.text(2)});
    }
};

std::unique_ptr<SqliteSearchIndex> SqliteSearchIndex::open(const DataDirectory& directory) {
    const auto open_once = [&] {
        make_private_file(directory.index());
        return std::unique_ptr<SqliteSearchIndex>(new SqliteSearchIndex(directory.index(), Mode::read_write));
    };
    try {
        return open_once();
    } catch (const service::StoreFailed&) {
        remove_files(directory.index());
        return open_once();
    }
}

std::unique_ptr<SqliteSearchIndex> SqliteSearchIndex::open_read_only(const DataDirectory& directory) {
    return std::unique_ptr<SqliteSearchIndex>(new SqliteSearchIndex(directory.index(), Mode::read_only));
}

SqliteSearchIndex::SqliteSearchIndex(std::filesystem::path file, Mode mode) : file_(std::move(file)) {
    if (mode == Mode::read_write) writing_ = std::make_unique<Writing>(file_);
    reading_ = std::make_unique<Reading>(file_);
}

SqliteSearchIndex::~SqliteSearchIndex() = default;

LogCursor SqliteSearchIndex::cursor() {
    const std::lock_guard hold(reading_guard_);
    return reading_->place();
}

void SqliteSearchIndex::apply(const service::IndexBatch& batch, const LogCursor& cursor) {
    ensure(writing_ != nullptr, "an index that was opened to read is written");
    const std::lock_guard hold(writing_guard_);
    writing_->together([&] {
        for (const SearchTerm& term : batch.terms)
            writing_->add_term.run(term.partner_id, folded(term.word), term.word, term.field, term.transaction_id);
        for (const AccountChange& change : batch.changes)
            writing_->add_sum.run(change.partner_id, change.currency, change.account, change.debit_minor,
                                  change.credit_minor);
        for (const DueEntry& entry : batch.due) writing_->add_due.run(count_of(entry.at), entry.stream);
        for (const SessionRow& row : batch.sessions) writing_->put(row);
        writing_->move.run(cursor.text);
    });
}

std::vector<SearchTerm> SqliteSearchIndex::find(std::string_view partner_id, std::string_view word,
                                                const SearchTerm* after, int limit) {
    const std::lock_guard hold(reading_guard_);
    const std::string prefix = folded(word);
    std::vector<SearchTerm> found;
    if (!partner_id.empty()) {
        reading_->find(std::string(partner_id), prefix, after, limit, found);
        return found;
    }
    // Each partner's words lie together; there are few partners, and each gives at most `limit`.
    for (const std::string& each : reading_->partners()) reading_->find(each, prefix, after, limit, found);
    std::ranges::sort(found, [](const SearchTerm& left, const SearchTerm& right) {
        return std::pair(place_of(left), std::string_view(left.partner_id)) <
               std::pair(place_of(right), std::string_view(right.partner_id));
    });
    if (std::ssize(found) > limit) found.resize(static_cast<std::size_t>(limit));
    return found;
}

std::vector<AccountChange> SqliteSearchIndex::sums(std::string_view partner_id) {
    const std::lock_guard hold(reading_guard_);
    return reading_->sums(partner_id);
}

service::SearchIndex::Whole SqliteSearchIndex::read_whole(const std::function<void(const SearchTerm&)>& each,
                                                          const std::function<void(const SessionRow&)>& each_session) {
    const std::lock_guard hold(reading_guard_);
    const OneMoment moment(reading_->database);
    Whole whole{.cursor = reading_->place(), .sums = reading_->sums("")};
    for (Rows sessions = reading_->every_session.rows(); sessions.next();) each_session(Reading::session_in(sessions));
    SearchTerm term;
    Rows rows = reading_->every_word.rows();
    while (rows.next()) {
        term.word = rows.bytes(2);
        if (!is_folded(rows.bytes(1), term.word)) continue;  // what lies at another's place is never found
        term.partner_id = rows.bytes(0);
        term.field = rows.bytes(3);
        term.transaction_id = rows.bytes(4);
        each(term);
    }
    return whole;
}

std::vector<DueEntry> SqliteSearchIndex::due(foundation::Instant until, int limit) {
    const std::lock_guard hold(reading_guard_);
    std::vector<DueEntry> found;
    Rows rows = reading_->due_until.rows(count_of(until), limit);
    while (rows.next()) found.push_back({.at = instant_of(rows.integer(0)), .stream = rows.text(1)});
    return found;
}

void SqliteSearchIndex::sessions(const service::SessionsWanted& wanted, const service::SessionLook& look) {
    const std::lock_guard hold(reading_guard_);
    Rows rows = reading_->sessions_from.rows(wanted.partner_id, count_of(wanted.from), count_of(wanted.until),
                                             count_of(wanted.as_of));
    while (rows.next()) {
        const ListedSession one{instant_of(rows.integer(0)), rows.bytes(1), rows.bytes(2)};
        if (one.created == wanted.from && one.session_id <= wanted.after_id) continue;
        if (!look(one)) return;
    }
}

void SqliteSearchIndex::forget(const std::vector<DueEntry>& looked_at, const std::vector<DueEntry>& next) {
    ensure(writing_ != nullptr, "an index that was opened to read is written");
    const std::lock_guard hold(writing_guard_);
    writing_->together([&] {
        for (const DueEntry& entry : looked_at) writing_->remove_due.run(count_of(entry.at), entry.stream);
        for (const DueEntry& entry : next) writing_->add_due.run(count_of(entry.at), entry.stream);
    });
}

void SqliteSearchIndex::clear() {
    ensure(writing_ != nullptr, "an index that was opened to read is written");
    const std::lock_guard hold(writing_guard_);
    writing_->together([&] {
        writing_->database.execute(
            "DELETE FROM terms; DELETE FROM sums; DELETE FROM due; DELETE FROM sessions; "
            "DELETE FROM expired_records; UPDATE progress SET cursor = ''");
    });
}

}  // namespace saldo::store::sqlite
