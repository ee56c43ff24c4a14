#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "service/search_index.hpp"

namespace saldo::store::memory {

/// The derived index in memory, for scenarios and simulations. May be used from several threads.
class MemorySearchIndex final : public service::SearchIndex {
  public:
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
    /// Folded word, word, field, transaction, partner: the order in which words are found.
    using Place = std::tuple<std::string, std::string, std::string, std::string, std::string>;
    /// Partner, currency, account.
    using Account = std::tuple<std::string, std::string, std::string>;

    std::vector<service::AccountChange> sums_of(std::string_view partner_id) const;

    std::mutex guard_;
    service::LogCursor cursor_;
    std::set<Place> terms_;
    std::map<Account, std::pair<std::int64_t, std::int64_t>> sums_;
    std::set<std::pair<foundation::Instant, std::string>> due_;
    std::map<std::tuple<std::string, foundation::Instant, std::string>, service::SessionRow> sessions_;
};

}  // namespace saldo::store::memory
