#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>

#include "service/search_index.hpp"
#include "store/data_directory.hpp"
#include "store/sqlite/database.hpp"

namespace saldo::store::sqlite {

/// The derived index in a file of its own, beside the log: written in batches behind it, lost without harm. May be used
/// from several threads.
class SqliteSearchIndex final : public service::SearchIndex {
  public:
    /// Makes the index where there is none. One that another version of Saldo made, or that is damaged, is thrown away
    /// and begins anew.
    static std::unique_ptr<SqliteSearchIndex> open(const DataDirectory& directory);
    /// For a reading command beside a running server. Throws StoreFailed when there is none of this version.
    static std::unique_ptr<SqliteSearchIndex> open_read_only(const DataDirectory& directory);
    ~SqliteSearchIndex() override;

    service::LogCursor cursor() override;
    void apply(const service::IndexBatch& batch, const service::LogCursor& cursor) override;
    std::vector<service::SearchTerm> find(std::string_view partner_id, std::string_view word,
                                          const service::SearchTerm* after, int limit) override;
    std::vector<service::AccountChange> sums(std::string_view partner_id) override;
    Whole read_whole(const std::function<void(const service::SearchTerm&)>& each,
                     const std::function<void(const service::SessionRow&)>& each_session) override;
    std::vector<service::DueEntry> due(foundation::Instant until, int limit) override;
    void sessions(const service::SessionsWanted& wanted, const service::SessionLook& look) override;
    void forget(const std::vector<service::DueEntry>& looked_at, const std::vector<service::DueEntry>& next) override;
    void clear() override;

  private:
    struct Reading;
    struct Writing;
    SqliteSearchIndex(std::filesystem::path file, Mode mode);

    std::filesystem::path file_;
    std::mutex writing_guard_;
    std::unique_ptr<Writing> writing_;  // none when opened to read
    std::mutex reading_guard_;
    std::unique_ptr<Reading> reading_;
};

}  // namespace saldo::store::sqlite
