#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ledger/transaction.hpp"
#include "terms/instalment_offer.hpp"

namespace saldo::projection {

/// One making of the plan: when, and what it did to the plan before.
struct PlanMaking {
    std::int64_t seq = 0;
    foundation::Day date;
    std::string why;
    const terms::InstalmentPlan* plan;  ///< within the transaction; nothing: it ended
};

/// How a plan came about.
struct PlanExplanation {
    std::vector<terms::ExplainedNumber> numbers;  ///< of its first making: convention, day count, rounding
    std::vector<PlanMaking> makings;              ///< in order; the last is the one that holds
};

/// The plan of a purchase by instalments, as made up to that day; nothing where none was made by then.
std::optional<PlanExplanation> explain_plan(const ledger::Transaction& transaction, foundation::Day as_of);

}  // namespace saldo::projection
