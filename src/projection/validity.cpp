#include <algorithm>

#include "ledger/standing.hpp"
#include "projection/status.hpp"

namespace saldo::projection {

using foundation::Instant;
using ledger::DunningBlocked;
using ledger::Transaction;

std::optional<Instant> valid_until(const Transaction& transaction, Instant now) {
    std::optional<Instant> end;
    const auto consider = [&](Instant change) {
        if (change > now && (!end || change < *end)) end = change;
    };
    if (!transaction.is_declined() && !transaction.has_end_recorded()) {
        consider(transaction.expires);
        if (transaction.is_prepayment())
            consider(transaction.zone().start_of(transaction.reservation_end_date() + foundation::Days{1}));
    }
    if (transaction.awaits_code()) consider(transaction.verification->terms.deadline);
    if (!transaction.dunning_blocks.empty())
        if (const auto* block = std::get_if<DunningBlocked>(&transaction.dunning_blocks.back().what))
            consider(transaction.zone().start_of(block->until + foundation::Days{1}));
    return end;
}

}  // namespace saldo::projection
