#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "ledger/standing.hpp"
#include "ledger/transaction.hpp"

namespace saldo::projection {

/// Why money is owed, or not any more: goods were shipped, came back, or will not come.
enum class ClaimType { shipment, claim_return, cancel };
std::string_view name_of(ClaimType type);

struct Claim {
    ClaimType type;
    foundation::Day date;
    foundation::Money amount;  ///< positive for SHIPMENT, else negative
    std::int64_t seq = 0;      ///< of the event it comes from
    int number = 0;  ///< of a shipment: which of the transaction's invoices it is, from 1; of a prepayment and else: 0
};
struct Fee {
    ledger::FeeType type;
    foundation::Day date;
    foundation::Money gross;
    std::int64_t seq = 0;
};
struct Settlement {
    ledger::SettlementType type;
    foundation::Day date;
    foundation::Money amount;  ///< CREDIT positive, DEBIT negative
    std::int64_t seq = 0;
};

enum class PaymentState { open, underpaid, balanced, overpaid };
std::string_view name_of(PaymentState state);

/// What the buyer owes, and why: everything that counts for days up to `as_of`, each list by date, then by recording.
struct OpenClaim {
    std::vector<Claim> claims;
    std::vector<Fee> fees;
    std::vector<Settlement> settlements;
    foundation::Money claimed;    ///< sum of claims
    foundation::Money fee_gross;  ///< sum of fees
    foundation::Money received;   ///< minus the sum of settlements: what the buyer paid, net of what went back

    foundation::Money current() const { return claimed + fee_gross; }
    /// What is to be paid; negative: what the buyer has paid too much.
    foundation::Money amount() const { return current() - received; }
    /// 0 BALANCED, below OVERPAID, above UNDERPAID if anything was received (net), else OPEN.
    PaymentState state() const;
};

OpenClaim open_claim_of(const ledger::Transaction& transaction, foundation::Day as_of);

}  // namespace saldo::projection
