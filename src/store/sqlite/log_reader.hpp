#pragma once

#include "service/event_store.hpp"
#include "store/sqlite/database.hpp"

namespace saldo::store::sqlite {

/// Reads the log over a connection of its own. Every call is one statement, and so sees one state of the store.
class SqliteLogReader final : public service::LogReader {
  public:
    explicit SqliteLogReader(const std::filesystem::path& file);

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
