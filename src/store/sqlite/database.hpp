#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace saldo::store::sqlite {

enum class Mode { read_write, read_only };

/// Bytes to be kept as a BLOB, where a bare string is kept as TEXT.
struct Blob {
    std::string_view bytes;
};

/// One connection to a database file in WAL mode; used by one thread at a time.
///
/// Everything that goes wrong is thrown as StoreFailed, with a sentence that names the file.
class Database {
  public:
    Database(std::filesystem::path file, Mode mode);

    /// Runs statements that give no rows.
    void execute(const char* sql);
    /// The first column of the only row of a query or pragma.
    std::int64_t number(const char* sql);
    /// Rows that the last statement inserted, changed or deleted.
    std::int64_t changes() const;
    /// True between BEGIN and the end of the transaction, be it COMMIT, ROLLBACK or a failure that undid it.
    bool is_in_transaction() const;

    const std::filesystem::path& file() const { return file_; }
    sqlite3* handle() const { return handle_.get(); }
    /// Throws the failure of the last call.
    [[noreturn]] void fail() const;

  private:
    struct Close {
        void operator()(sqlite3* handle) const;
    };
    std::filesystem::path file_;
    std::unique_ptr<sqlite3, Close> handle_;
};

class Statement;

/// The rows of one run of a statement, read forward only. Views are valid until the next row.
class Rows {
  public:
    explicit Rows(Statement& statement) : statement_(statement) {}
    ~Rows();
    Rows(const Rows&) = delete;
    Rows& operator=(const Rows&) = delete;

    bool next();
    std::int64_t integer(int column) const;
    std::string_view bytes(int column) const;
    std::string text(int column) const { return std::string(bytes(column)); }
    bool is_null(int column) const;

  private:
    Statement& statement_;
};

/// A prepared statement, run again and again with other values. One run at a time: the rows of a run are gone before
/// the next begins, and what is bound lives as long as the run.
class Statement {
  public:
    Statement(Database& database, std::string_view sql);

    template <class... Values>
    [[nodiscard]] Rows rows(const Values&... values) {
        int at = 0;
        (bind(++at, values), ...);
        return Rows(*this);
    }
    template <class... Values>
    void run(const Values&... values) {
        int at = 0;
        (bind(++at, values), ...);
        Rows all(*this);
        while (all.next()) {
        }
    }

  private:
    friend class Rows;
    void bind(int at, std::int64_t value);
    void bind(int at, std::string_view value);
    void bind(int at, Blob value);

    struct Finalize {
        void operator()(sqlite3_stmt* handle) const;
    };
    Database& database_;
    std::unique_ptr<sqlite3_stmt, Finalize> handle_;
};

}  // namespace saldo::store::sqlite
