#pragma once

#include "foundation/outcome.hpp"
#include "ledger/command.hpp"
#include "ledger/decide.hpp"
#include "ledger/transaction.hpp"
#include "terms/contract.hpp"
#include "terms/replan.hpp"

namespace saldo::ledger {

/// What the buyer of so much agrees to, reckoned on that day; or why the contract does not let them. Requires a
/// contract with instalments.
foundation::Outcome<AgreedInstalments, Refusal> agree(const terms::InstalmentTerms& terms,
                                                      const WantedInstalments& wanted, foundation::Money gross,
                                                      foundation::Day today);

/// How many instalments, from the first on, what was received has paid whole. Payments beside the plan pay none; what
/// went back to the buyer has paid nothing.
int paid_instalments(const Transaction& transaction);

/// What a change makes of the plan: it is made (for the first goods shipped), made anew, or ended. Counts for `on`, or
/// for the day of the latest making if that is later.
foundation::Outcome<Decision, terms::ReplanRefusal> replan(const Transaction& transaction, foundation::Day on,
                                                           const decltype(terms::Replan::change)& change);

/// The end of the plan and what goes back with it: its interest, and the service charge as far as it was not given
/// back. Empty where there is no plan.
Decision end_of_plan(const Transaction& transaction, foundation::Day on);

}  // namespace saldo::ledger
