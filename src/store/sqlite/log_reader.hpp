#pragma once

#include "service/event_store.hpp"
#include "store/sqlite/database.hpp"

namespace saldo::store::sqlite {

/// What the calls of a reader see: each the newest commits, or all what there was when the reader was made.
enum class Seeing { newest, one_moment };

/// Reads the log over a connection of its own. Every call is one statement, and so sees one state of the store.
class SqliteLogReader final : public service::LogReader {
  public:
    explicit SqliteLogReader(const std::filesystem::path& file, Seeing seeing = Seeing::newest);

    service::StreamContent read(const service::StreamName& stream) override;
    std::vector<std::string> streams(foundation::Bucket bucket, std::string_view prefix) override;
    Page read_after(const service::LogCursor& cursor, int limit) override;
    service::LogCursor end() override;
    std::int64_t count() override;

  private:
    Database database_;
    Statement stream_;
    Statement names_;
    Statement page_;
    Statement newest_;
    Statement count_;
};

/// The smallest text behind all that begin with `prefix`, compared byte by byte; empty: there is none.
std::string behind_prefix(std::string_view prefix);

}  // namespace saldo::store::sqlite
