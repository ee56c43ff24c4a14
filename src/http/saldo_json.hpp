#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checkout/explain.hpp"
#include "checkout/session.hpp"
#include "foundation/digest.hpp"
#include "ledger/transaction.hpp"
#include "projection/explain.hpp"
#include "service/event_record.hpp"
#include "service/search_index.hpp"

namespace saldo::http {

/// An event of the log with the hash before it in its bucket's chain.
struct LoggedEvent {
    service::EventRecord record;
    foundation::Digest previous_hash{};
};

/// A purchase that was found, and by what.
struct SearchHit {
    std::shared_ptr<const ledger::Transaction> transaction;
    std::vector<service::SearchTerm> matched;
};

/// The sums of all accounts, and how much of the log is in them.
struct TrialBalance {
    std::string as_of_position;
    std::vector<service::AccountChange> accounts;  ///< each the sum of one partner's account, in any order
};

// The answers under `/saldo/v1`. Of a write: the event of that seq, from the purchase right after it.

std::string payment_json(const ledger::Transaction& transaction, std::int64_t seq);
std::string withdrawal_json(const ledger::Transaction& transaction);
std::string fee_json(const ledger::Transaction& transaction, std::int64_t seq);
std::string dunning_block_json(const ledger::Transaction& transaction, std::int64_t seq);
/// The level that holds. It may have been set long ago, or never: a purchase begins without dunning.
std::string dunning_level_json(const ledger::Transaction& transaction);

std::string events_json(const ledger::Transaction& transaction, const std::vector<LoggedEvent>& log);
std::string session_events_json(const checkout::Session& session, const std::vector<LoggedEvent>& log);
/// What happened in a session, why, and whether the goods may leave.
std::string session_explanation_json(const checkout::SessionExplanation& explanation);
/// `log` holds every event that the tree names.
std::string explanation_json(const ledger::Transaction& transaction, foundation::Day as_of,
                             const projection::Explanation& tree, const std::vector<LoggedEvent>& log);
std::string search_json(const std::vector<SearchHit>& hits, const std::optional<std::string>& next_cursor);
std::string trial_balance_json(const TrialBalance& balance);
std::string clock_json(foundation::Instant now, const foundation::Zone& zone, bool is_frozen);

}  // namespace saldo::http
