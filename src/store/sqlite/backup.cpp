#include "store/sqlite/backup.hpp"

#include <sqlite3.h>

#include <fstream>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "store/sqlite/database.hpp"
#include "store/sqlite/schema.hpp"
#include "store/unfinished_file.hpp"

namespace saldo::store::sqlite {

namespace {

/// Steps of the engine's machine between two reports.
constexpr int steps_between_reports = 200'000;
constexpr std::size_t piece_size = 1 << 20;

/// Tells how far a statement has come by the size of the file it writes.
class Watch {
  public:
    Watch(Database& source, std::filesystem::path growing, const OctetsDone& progress)
        : source_(source), growing_(std::move(growing)), progress_(progress) {
        if (!progress_) return;
        total_ = source.number("PRAGMA page_count") * source.number("PRAGMA page_size");
        sqlite3_progress_handler(
            source.handle(), steps_between_reports,
            [](void* watch) {
                static_cast<Watch*>(watch)->tell();
                return 0;
            },
            this);
    }
    ~Watch() { sqlite3_progress_handler(source_.handle(), 0, nullptr, nullptr); }
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;

  private:
    void tell() const {
        std::error_code error;
        const auto size = std::filesystem::file_size(growing_, error);
        if (!error) progress_(static_cast<std::int64_t>(size), total_);
    }
    Database& source_;
    std::filesystem::path growing_;
    const OctetsDone& progress_;
    std::int64_t total_ = 0;
};

/// A backup is a database without a write-ahead log. One that has one was copied by other means, and its newest commits
/// may lie in a file that was left behind.
void require_backup(std::string_view beginning, const std::filesystem::path& file) {
    constexpr std::string_view magic("SQLite format 3\0", 16);
    constexpr std::size_t journal_mode_at = 18;
    if (!beginning.starts_with(magic)) throw service::StoreFailed(file.string() + " is no backup of Saldo.");
    if (beginning.substr(journal_mode_at, 2) != "\x01\x01")
        throw service::StoreFailed(file.string() +
                                   " is a copy of a database, but was not made by `saldo backup`: what it lacks "
                                   "cannot be known.");
}

}  // namespace

void back_up(const DataDirectory& directory, const std::filesystem::path& target, const OctetsDone& progress) {
    std::error_code ignored;
    if (!std::filesystem::exists(directory.database(), ignored))
        throw service::StoreFailed("There is no store in " + directory.path().string() + ".");
    Database source(directory.database(), Mode::read_only);
    require_log_schema(source);
    UnfinishedFile file(target);
    {
        const Watch watch(source, file.path(), progress);
        Statement(source, "VACUUM INTO ?").run(std::string_view(file.path().native()));
    }
    file.finish();
}

void put_back(const std::filesystem::path& backup, const DataDirectory& directory, const OctetsDone& progress) {
    std::ifstream in(backup, std::ios::binary);
    if (!in) throw service::StoreFailed("The backup " + backup.string() + " cannot be read.");
    std::error_code ignored;
    const auto total = static_cast<std::int64_t>(std::filesystem::file_size(backup, ignored));
    UnfinishedFile out(directory.database());
    std::vector<char> piece(piece_size);
    std::int64_t done = 0;
    while (in.read(piece.data(), static_cast<std::streamsize>(piece.size())), in.gcount() > 0) {
        const std::string_view bytes(piece.data(), static_cast<std::size_t>(in.gcount()));
        if (done == 0) require_backup(bytes, backup);
        out.write(bytes);
        done += std::ssize(bytes);
        if (progress) progress(done, total);
    }
    if (in.bad()) throw service::StoreFailed("Reading the backup " + backup.string() + " failed.");
    if (done == 0) throw service::StoreFailed("The backup " + backup.string() + " is empty.");
    out.finish();
}

std::vector<std::string> streams_with(const std::filesystem::path& file, std::string_view event_type) {
    Database database(file, Mode::read_only);
    require_log_schema(database);
    Statement select(database, "SELECT stream FROM events WHERE type = ? ORDER BY id");
    std::vector<std::string> streams;
    Rows rows = select.rows(event_type);
    while (rows.next()) streams.push_back(rows.text(0));
    return streams;
}

}  // namespace saldo::store::sqlite
