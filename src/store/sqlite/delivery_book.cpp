#include "store/sqlite/delivery_book.hpp"

#include <algorithm>
#include <chrono>
#include <functional>
#include <limits>
#include <system_error>
#include <utility>

#include "store/sqlite/database.hpp"

namespace saldo::store::sqlite {

using foundation::Instant;
using service::Attempt;
using service::AttemptResult;
using service::Delivery;
using service::DeliveryState;
using service::DueDelivery;
using service::LogCursor;
using service::Notice;

namespace {

constexpr std::int64_t book_version = 1;
constexpr std::int64_t forgotten_at_once = 500;

/// `turns` has the deliveries whose next attempt is planned: the first waiting one of each session, and what an
/// operator sends again.
constexpr const char* tables = R"sql(
    CREATE TABLE progress (one INTEGER PRIMARY KEY CHECK (one = 1), cursor TEXT NOT NULL) STRICT;
    INSERT INTO progress VALUES (1, '');
    CREATE TABLE deliveries (
        number INTEGER PRIMARY KEY,
        id TEXT NOT NULL,
        previous_id TEXT NOT NULL,
        sequence INTEGER NOT NULL,
        partner_id TEXT NOT NULL,
        session_id TEXT NOT NULL,
        event_seq INTEGER NOT NULL,
        session_status TEXT NOT NULL,
        changed_at INTEGER NOT NULL,
        state INTEGER NOT NULL,
        attempts INTEGER NOT NULL,
        failures INTEGER NOT NULL,
        ended_at INTEGER NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX deliveries_by_id ON deliveries (id);
    CREATE INDEX deliveries_of_session ON deliveries (session_id, sequence);
    CREATE INDEX deliveries_of_partner ON deliveries (partner_id, state, number);
    CREATE INDEX deliveries_by_state ON deliveries (state, number);
    CREATE TABLE attempts (
        delivery INTEGER NOT NULL,
        number INTEGER NOT NULL,
        began_at INTEGER NOT NULL,
        duration_us INTEGER NOT NULL,
        host TEXT NOT NULL,
        status INTEGER NOT NULL,
        failure TEXT NOT NULL,
        PRIMARY KEY (delivery, number)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE turns (
        delivery INTEGER PRIMARY KEY,
        partner_id TEXT NOT NULL,
        session_id TEXT NOT NULL,
        due_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX turns_of_partner ON turns (partner_id, due_at);
    CREATE INDEX turns_of_session ON turns (session_id);
    CREATE INDEX turns_by_time ON turns (due_at);
)sql";

constexpr const char* book_settings =
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; "
    "PRAGMA cache_size = -8192; PRAGMA wal_autocheckpoint = 2000";

constexpr std::string_view delivery_columns =
    "d.number, d.id, d.previous_id, d.sequence, d.partner_id, d.session_id, d.event_seq, d.session_status, "
    "d.changed_at, d.state, d.attempts, d.failures";

std::string select_deliveries(std::string_view rest) {
    return "SELECT " + std::string(delivery_columns) + ' ' + std::string(rest);
}

std::int64_t count_of(Instant instant) {
    return instant.time_since_epoch().count();
}

Instant instant_of(std::int64_t count) {
    return Instant(std::chrono::microseconds(count));
}

std::int64_t number_of(DeliveryState state) {
    return static_cast<std::int64_t>(state);
}

constexpr std::int64_t delay_max_us =
    std::chrono::duration_cast<std::chrono::microseconds>(service::delivery_delays.back()).count();

Database opened(const std::filesystem::path& file) {
    Database database(file, Mode::read_write);
    database.execute(book_settings);
    const std::int64_t version = database.number("PRAGMA user_version");
    if (version > book_version)
        throw service::StoreFailed("The book of deliveries " + file.string() +
                                   " was written by a newer Saldo: use that one, or a newer one.");
    if (version == 0) {
        database.execute("BEGIN IMMEDIATE");
        database.execute(tables);
        database.execute(("PRAGMA user_version = " + std::to_string(book_version)).c_str());
        database.execute("COMMIT");
    }
    return database;
}

Database opened_to_read(const std::filesystem::path& file) {
    Database database(file, Mode::read_only);
    if (database.number("PRAGMA user_version") != book_version)
        throw service::StoreFailed("The book of deliveries " + file.string() + " was written by another Saldo.");
    return database;
}

/// Columns of `delivery_columns` from 1 on.
Notice notice_of(const Rows& row) {
    return {.id = row.text(1),
            .previous_id = row.text(2),
            .sequence = row.integer(3),
            .partner_id = row.text(4),
            .session_id = row.text(5),
            .event_seq = row.integer(6),
            .session_status = row.text(7),
            .changed_at = instant_of(row.integer(8))};
}

}  // namespace

struct SqliteDeliveryBook::Tables {
    explicit Tables(Database opened_file) : database(std::move(opened_file)) {}

    Database database;
    Statement progress{database, "SELECT cursor FROM progress"};
    Statement move{database, "UPDATE progress SET cursor = ?"};
    Statement add{database,
                  "INSERT OR IGNORE INTO deliveries (id, previous_id, sequence, partner_id, session_id, event_seq, "
                  "session_status, changed_at, state, attempts, failures, ended_at) "
                  "VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0, 0)"};
    Statement add_turn{database,
                       "INSERT INTO turns (delivery, partner_id, session_id, due_at) "
                       "SELECT number, partner_id, session_id, ?2 FROM deliveries WHERE number = ?1"};
    Statement move_turn{database, "UPDATE turns SET due_at = ?2 WHERE delivery = ?1"};
    Statement end_turn{database, "DELETE FROM turns WHERE delivery = ?"};
    Statement turn_of_session{database, "SELECT 1 FROM turns WHERE session_id = ? LIMIT 1"};
    Statement first_waiting{database,
                            "SELECT number FROM deliveries WHERE session_id = ? AND state = 0 "
                            "ORDER BY sequence LIMIT 1"};
    Statement by_id{database, select_deliveries("FROM deliveries d WHERE d.id = ?")};
    Statement add_attempt{database,
                          "INSERT OR REPLACE INTO attempts (delivery, number, began_at, duration_us, host, status, "
                          "failure) VALUES (?, ?, ?, ?, ?, ?, ?)"};
    Statement succeeded{database, "SELECT 1 FROM attempts WHERE delivery = ? AND status BETWEEN 200 AND 299 LIMIT 1"};
    Statement change{database,
                     "UPDATE deliveries SET state = ?2, attempts = max(attempts, ?3), failures = ?4, ended_at = ?5 "
                     "WHERE number = ?1"};
    Statement attempts_of{database,
                          "SELECT number, began_at, duration_us, host, status, failure FROM attempts "
                          "WHERE delivery = ? ORDER BY number"};
    Statement turn_at{database, "SELECT due_at FROM turns WHERE delivery = ?"};
    Statement next_partner{database, "SELECT partner_id FROM turns WHERE partner_id > ? ORDER BY partner_id LIMIT 1"};
    Statement due_of{database, select_deliveries("FROM turns t JOIN deliveries d ON d.number = t.delivery "
                                                 "WHERE t.partner_id = ?1 AND (t.due_at <= ?2 OR t.due_at > ?3) "
                                                 "ORDER BY t.due_at, t.delivery LIMIT ?4")};
    Statement next_turn{database, "SELECT due_at FROM turns WHERE due_at > ? ORDER BY due_at LIMIT 1"};
    Statement waiting{database, "SELECT count(*) FROM deliveries WHERE state = 0"};
    Statement of_session{database, select_deliveries("FROM deliveries d WHERE d.session_id = ?1 AND d.number < ?2 "
                                                     "AND (?3 = '' OR d.partner_id = ?3) AND (?4 < 0 OR d.state = ?4) "
                                                     "ORDER BY d.number DESC LIMIT ?5")};
    Statement of_partner{database, select_deliveries("FROM deliveries d WHERE d.partner_id = ?1 AND d.state = ?2 "
                                                     "AND d.number < ?3 ORDER BY d.number DESC LIMIT ?4")};
    Statement of_state{database, select_deliveries("FROM deliveries d WHERE d.state = ?1 AND d.number < ?2 "
                                                   "ORDER BY d.number DESC LIMIT ?3")};
    Statement oldest_ended{database,
                           "SELECT number FROM (SELECT number, state, ended_at FROM deliveries ORDER BY number "
                           "LIMIT ?2) WHERE state <> 0 AND ended_at < ?1"};
    Statement forget_attempts{database, "DELETE FROM attempts WHERE delivery = ?"};
    Statement forget{database, "DELETE FROM deliveries WHERE number = ?"};

    /// Runs `changes` as one transaction.
    template <class Changes>
    void together(const Changes& changes) {
        database.execute("BEGIN IMMEDIATE");
        try {
            changes();
            database.execute("COMMIT");
        } catch (...) {
            if (database.is_in_transaction()) database.execute("ROLLBACK");
            throw;
        }
    }

    bool has_turn(std::string_view session_id) { return turn_of_session.rows(session_id).next(); }

    /// The session's turn goes to its first waiting delivery, unless somebody has it.
    void give_turn(const std::string& session_id, Instant now) {
        if (has_turn(session_id)) return;
        std::int64_t first = 0;
        {
            Rows row = first_waiting.rows(std::string_view(session_id));
            if (!row.next()) return;
            first = row.integer(0);
        }
        add_turn.run(first, count_of(now));
    }

    void enter(const Notice& notice, Instant now) {
        add.run(std::string_view(notice.id), std::string_view(notice.previous_id), notice.sequence,
                std::string_view(notice.partner_id), std::string_view(notice.session_id), notice.event_seq,
                std::string_view(notice.session_status), count_of(notice.changed_at));
        if (database.changes() > 0) give_turn(notice.session_id, now);
    }

    void record(const AttemptResult& result, Instant now) {
        std::int64_t number = 0, failures = 0;
        std::string session_id;
        {
            Rows row = by_id.rows(std::string_view(result.delivery_id));
            if (!row.next()) return;  // forgotten
            number = row.integer(0);
            session_id = row.text(5);
            failures = row.integer(11);
        }
        const Attempt& attempt = result.attempt;
        add_attempt.run(number, std::int64_t{attempt.number}, count_of(attempt.began_at),
                        std::int64_t{attempt.duration.count()}, std::string_view(attempt.host),
                        std::int64_t{attempt.status}, std::string_view(attempt.failure));
        DeliveryState state = result.next.state;
        // What was delivered once stays so, even if sending it again failed.
        if (state == DeliveryState::given_up && succeeded.rows(number).next()) state = DeliveryState::delivered;
        change.run(number, number_of(state), std::int64_t{attempt.number}, failures + (attempt.succeeded() ? 0 : 1),
                   count_of(now));
        if (state == DeliveryState::waiting) {
            move_turn.run(number, count_of(result.next.attempt_at));
            return;
        }
        end_turn.run(number);
        give_turn(session_id, now);
    }

    /// With its attempts and its turn.
    Delivery completed(std::int64_t number, Notice notice, DeliveryState state) {
        Delivery delivery{.notice = std::move(notice), .state = state};
        {
            Rows row = turn_at.rows(number);
            if (row.next()) delivery.next_attempt_at = instant_of(row.integer(0));
        }
        Rows rows = attempts_of.rows(number);
        while (rows.next())
            delivery.attempts.push_back({.number = static_cast<int>(rows.integer(0)),
                                         .began_at = instant_of(rows.integer(1)),
                                         .duration = std::chrono::microseconds(rows.integer(2)),
                                         .host = rows.text(3),
                                         .status = static_cast<int>(rows.integer(4)),
                                         .failure = rows.text(5)});
        return delivery;
    }
};

SqliteDeliveryBook::SqliteDeliveryBook(std::unique_ptr<Tables> opened) : tables_(std::move(opened)) {}
SqliteDeliveryBook::~SqliteDeliveryBook() = default;

std::unique_ptr<SqliteDeliveryBook> SqliteDeliveryBook::open(const DataDirectory& directory) {
    make_private_file(directory.deliveries());
    return std::unique_ptr<SqliteDeliveryBook>(
        new SqliteDeliveryBook(std::make_unique<Tables>(opened(directory.deliveries()))));
}

std::unique_ptr<SqliteDeliveryBook> SqliteDeliveryBook::open_read_only(const DataDirectory& directory) {
    return std::unique_ptr<SqliteDeliveryBook>(
        new SqliteDeliveryBook(std::make_unique<Tables>(opened_to_read(directory.deliveries()))));
}

LogCursor SqliteDeliveryBook::cursor() {
    const std::lock_guard hold(guard_);
    Rows row = tables_->progress.rows();
    return row.next() ? LogCursor{row.text(0)} : LogCursor{};
}

void SqliteDeliveryBook::enter(const std::vector<Notice>& notices, const LogCursor& cursor, Instant now) {
    const std::lock_guard hold(guard_);
    tables_->together([&] {
        for (const Notice& notice : notices) tables_->enter(notice, now);
        tables_->move.run(std::string_view(cursor.text));
    });
}

void SqliteDeliveryBook::record(const std::vector<AttemptResult>& results, Instant now) {
    const std::lock_guard hold(guard_);
    tables_->together([&] {
        for (const AttemptResult& result : results) tables_->record(result, now);
    });
}

std::vector<std::string> SqliteDeliveryBook::partners_waiting() {
    const std::lock_guard hold(guard_);
    std::vector<std::string> found;
    std::string last;
    while (true) {
        Rows row = tables_->next_partner.rows(std::string_view(last));
        if (!row.next()) return found;
        last = row.text(0);
        found.push_back(last);
    }
}

std::vector<DueDelivery> SqliteDeliveryBook::due(std::string_view partner_id, Instant now, int limit) {
    const std::lock_guard hold(guard_);
    std::vector<DueDelivery> found;
    Rows rows =
        tables_->due_of.rows(partner_id, count_of(now), count_of(now) + delay_max_us, static_cast<std::int64_t>(limit));
    while (rows.next())
        found.push_back({.notice = notice_of(rows),
                         .attempts = static_cast<int>(rows.integer(10)),
                         .failures = static_cast<int>(rows.integer(11))});
    return found;
}

std::optional<Instant> SqliteDeliveryBook::next_due(Instant now) {
    const std::lock_guard hold(guard_);
    Rows row = tables_->next_turn.rows(count_of(now));
    if (!row.next()) return std::nullopt;
    return instant_of(row.integer(0));
}

std::int64_t SqliteDeliveryBook::count_waiting() {
    const std::lock_guard hold(guard_);
    Rows row = tables_->waiting.rows();
    return row.next() ? row.integer(0) : 0;
}

SqliteDeliveryBook::Page SqliteDeliveryBook::list(const service::DeliveryQuestion& question, std::int64_t after,
                                                  int limit) {
    const std::lock_guard hold(guard_);
    struct Found {
        std::int64_t number;
        Notice notice;
        DeliveryState state;
    };
    std::vector<Found> found;
    const std::int64_t behind = after > 0 ? after : std::numeric_limits<std::int64_t>::max();
    const auto wanted = static_cast<std::int64_t>(limit) + 1;
    const auto take = [&](Rows rows) {
        while (rows.next())
            found.push_back({rows.integer(0), notice_of(rows), static_cast<DeliveryState>(rows.integer(9))});
    };
    if (!question.session_id.empty()) {
        take(tables_->of_session.rows(std::string_view(question.session_id), behind,
                                      std::string_view(question.partner_id),
                                      question.state ? number_of(*question.state) : std::int64_t{-1}, wanted));
    } else {
        for (const DeliveryState state : service::all_delivery_states) {
            if (question.state && *question.state != state) continue;
            if (question.partner_id.empty())
                take(tables_->of_state.rows(number_of(state), behind, wanted));
            else
                take(tables_->of_partner.rows(std::string_view(question.partner_id), number_of(state), behind, wanted));
        }
    }
    std::ranges::sort(found, std::greater{}, &Found::number);
    Page page;
    for (Found& one : found) {
        if (std::cmp_equal(page.deliveries.size(), limit)) return page;
        page.next = one.number;
        page.deliveries.push_back(tables_->completed(one.number, std::move(one.notice), one.state));
    }
    page.next = 0;
    return page;
}

std::optional<Delivery> SqliteDeliveryBook::find(std::string_view delivery_id) {
    const std::lock_guard hold(guard_);
    std::int64_t number = 0;
    std::optional<Notice> notice;
    DeliveryState state{};
    {
        Rows row = tables_->by_id.rows(delivery_id);
        if (!row.next()) return std::nullopt;
        number = row.integer(0);
        notice = notice_of(row);
        state = static_cast<DeliveryState>(row.integer(9));
    }
    return tables_->completed(number, *std::move(notice), state);
}

bool SqliteDeliveryBook::send_again(std::string_view delivery_id, Instant now) {
    const std::lock_guard hold(guard_);
    std::int64_t number = 0, attempts = 0;
    {
        Rows row = tables_->by_id.rows(delivery_id);
        if (!row.next() || row.integer(9) == number_of(DeliveryState::waiting)) return false;
        number = row.integer(0);
        attempts = row.integer(10);
    }
    tables_->together([&] {
        // As many failures as there are delays: the attempt is the last one, however it ends.
        tables_->change.run(number, number_of(DeliveryState::waiting), attempts,
                            static_cast<std::int64_t>(service::delivery_delays.size()), std::int64_t{0});
        tables_->add_turn.run(number, count_of(now));
    });
    return true;
}

void SqliteDeliveryBook::forget_before(Instant instant) {
    const std::lock_guard hold(guard_);
    std::vector<std::int64_t> numbers;
    {
        Rows rows = tables_->oldest_ended.rows(count_of(instant), forgotten_at_once);
        while (rows.next()) numbers.push_back(rows.integer(0));
    }
    if (numbers.empty()) return;
    tables_->together([&] {
        for (const std::int64_t number : numbers) {
            tables_->forget_attempts.run(number);
            tables_->forget.run(number);
        }
    });
}

}  // namespace saldo::store::sqlite
