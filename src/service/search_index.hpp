#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "service/event_store.hpp"

namespace saldo::service {

/// One way to find a transaction: a word it is known by.
struct SearchTerm {
    std::string partner_id;
    std::string word;   ///< as it was given
    std::string field;  ///< what the word is: `partner_transaction_id`, `ratepay_payment_reference`, ...
    std::string transaction_id;
    bool operator==(const SearchTerm&) const = default;
};

/// A change of one account's running sum.
struct AccountChange {
    std::string partner_id;
    std::string account;
    std::string currency;
    std::int64_t debit_minor = 0;
    std::int64_t credit_minor = 0;
    bool operator==(const AccountChange&) const = default;
};

/// A purchase to which something may happen by time alone at `at`: worth looking at then.
struct DueEntry {
    foundation::Instant at;
    std::string transaction_id;
    bool operator==(const DueEntry&) const = default;
};

/// What a stretch of the log adds to the index.
struct IndexBatch {
    std::vector<SearchTerm> terms;  ///< repeated ones count once
    std::vector<AccountChange> changes;
    std::vector<DueEntry> due;  ///< repeated ones count once
};

/// What is derived from the log for questions across streams: words to search by, running sums of accounts, when to
/// look at what. It may lag behind the log, is never the truth, and can be deleted: it is built again from the log.
class SearchIndex {
  public:
    virtual ~SearchIndex() = default;
    /// How far the index has come.
    virtual LogCursor cursor() = 0;
    /// Adds the batch and moves the cursor, in one step.
    virtual void apply(const IndexBatch& batch, const LogCursor& cursor) = 0;
    /// Terms whose word, compared without regard to case, begins with `word`: sorted by (word, field, transaction_id),
    /// those after `after`, at most `limit`. An empty partner_id means every partner.
    virtual std::vector<SearchTerm> find(std::string_view partner_id, std::string_view word, const SearchTerm* after,
                                         int limit) = 0;
    /// The sums of every account, sorted by (partner_id, currency, account). An empty partner_id means every partner.
    virtual std::vector<AccountChange> sums(std::string_view partner_id) = 0;
    /// All words and sums as they stand at one moment, whatever is added meanwhile, for who holds them against the log.
    /// `each` is told every word that can be found, in any order.
    struct Whole {
        LogCursor cursor;
        std::vector<AccountChange> sums;
    };
    virtual Whole read_whole(const std::function<void(const SearchTerm&)>& each) = 0;
    /// Entries with `at` <= until, earliest first, then by transaction_id, at most `limit`.
    virtual std::vector<DueEntry> due(foundation::Instant until, int limit) = 0;
    /// Forgets entries that were looked at.
    virtual void forget(const std::vector<DueEntry>& looked_at) = 0;
    /// Throws away everything: the cursor is at the beginning again.
    virtual void clear() = 0;
};

}  // namespace saldo::service
