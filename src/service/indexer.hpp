#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <vector>

#include "checkout/session.hpp"
#include "service/event_store.hpp"
#include "service/search_index.hpp"

namespace saldo::service {

/// What a page of the log does not say itself.
struct BeforePage {
    /// The partner of a purchase whose authorisation is not in the page.
    std::function<std::string(const StreamName&)> partner_of;
    /// A session as it stood after its event `seq`, without its texts.
    std::function<checkout::Session(const StreamName&, std::int64_t seq)> session_at;
};

/// What one page of the log adds to the index.
IndexBatch index_batch(const std::vector<EventRecord>& page, const BeforePage& before);

/// The row of a session. Its texts are not looked at.
SessionRow row_of(const checkout::Session& session);

/// Keeps the index behind the log: now and then in large batches, and always before a question is answered, so that a
/// write is found at once. May be used from any thread.
class Indexer {
  public:
    /// `pause_ms`: how long the index may lag while nobody asks. Store and index outlive the indexer.
    Indexer(EventStore& store, SearchIndex& index, int pause_ms = 500);
    ~Indexer();

    /// Transactions known by words that begin with `word`, without regard to case; see `SearchIndex::find`.
    std::vector<SearchTerm> find(std::string_view partner_id, std::string_view word, const SearchTerm* after,
                                 int limit);
    /// The sums of every account, and up to which position of the log they count.
    struct Sums {
        std::vector<AccountChange> accounts;
        LogCursor as_of;
    };
    Sums sums(std::string_view partner_id);
    std::vector<DueEntry> due(foundation::Instant until, int limit);
    void forget(const std::vector<DueEntry>& looked_at, const std::vector<DueEntry>& next);
    void sessions(const SessionsWanted& wanted, const SessionLook& look);

  private:
    void catch_up();
    void run(int pause_ms);
    std::string partner_of(const StreamName& stream);
    checkout::Session session_at(const StreamName& stream, std::int64_t seq);

    std::mutex guard_;  ///< of everything below
    SearchIndex& index_;
    std::unique_ptr<LogReader> reader_;
    std::unordered_map<std::string, std::string> partners_;  ///< by transaction id, of those seen lately

    std::mutex pause_guard_;
    std::condition_variable stopped_;
    bool stops_ = false;
    std::thread thread_;
};

}  // namespace saldo::service
