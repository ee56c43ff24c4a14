#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ledger/transaction.hpp"

namespace saldo::projection {

/// An amount and where it comes from. Either a sum of its parts, or an event: a leaf. The parts of a node add up to it.
struct Explanation {
    std::string label;
    foundation::Money amount;
    std::vector<Explanation> parts;
    std::int64_t seq = 0;  ///< of a leaf: the event it comes from
    bool operator==(const Explanation&) const = default;
};

/// Why the open amount is what it is, counting what counts up to `as_of`. A tree without parts: nothing has been booked
/// yet.
Explanation explain(const ledger::Transaction& transaction, foundation::Day as_of);

}  // namespace saldo::projection
