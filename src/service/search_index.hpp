#pragma once

#include <cstdint>
#include <functional>
#include <optional>
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

/// A purchase or a session to which something may happen by time alone at `at`: worth looking at then.
struct DueEntry {
    foundation::Instant at;
    std::string stream;  ///< its name
    bool operator==(const DueEntry&) const = default;
};

/// A session as the list of its day shows it.
struct SessionRow {
    std::string partner_id;
    foundation::Instant created;
    std::string session_id;
    std::string record;                          ///< the session record, JSON
    std::optional<foundation::Instant> expires;  ///< when it does, if the buyer does nothing; nothing: it is over
    std::string record_once_expired;             ///< the record from then on; empty when it is over
    bool operator==(const SessionRow&) const = default;
};

/// Which sessions a list shows: those of a partner that were created at or after `from` and before `until`, those after
/// (`created`, `session_id`) of the last one that was read.
struct SessionsWanted {
    std::string partner_id;
    foundation::Instant from;
    foundation::Instant until;
    foundation::Instant as_of;  ///< expired is expired, also when nobody has recorded it yet
    std::string after_id = {};  ///< empty: from the first one created at `from` on
};

/// A session in a list, for as long as it is looked at.
struct ListedSession {
    foundation::Instant created;
    std::string_view session_id;
    std::string_view record;  ///< as it was at the instant that was asked for
};
/// Is shown one session after another, for as long as it returns true.
using SessionLook = std::function<bool(const ListedSession&)>;

/// What a stretch of the log adds to the index.
struct IndexBatch {
    std::vector<SearchTerm> terms;  ///< repeated ones count once
    std::vector<AccountChange> changes;
    std::vector<DueEntry> due;              ///< repeated ones count once
    std::vector<SessionRow> sessions = {};  ///< each replaces the one of its id
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
    /// Every row of a session too, in any order.
    virtual Whole read_whole(const std::function<void(const SearchTerm&)>& each,
                             const std::function<void(const SessionRow&)>& each_session) = 0;
    /// Shows sessions in the order of (created, session_id). Whoever looks at them must not ask the index meanwhile.
    virtual void sessions(const SessionsWanted& wanted, const SessionLook& look) = 0;
    /// Entries with `at` <= until, earliest first, then by transaction_id, at most `limit`.
    virtual std::vector<DueEntry> due(foundation::Instant until, int limit) = 0;
    /// Forgets entries that were looked at, and remembers when to look again, in one step.
    virtual void forget(const std::vector<DueEntry>& looked_at, const std::vector<DueEntry>& next) = 0;
    /// Throws away everything: the cursor is at the beginning again.
    virtual void clear() = 0;
};

}  // namespace saldo::service
