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

/// The end of the plan because the buyer withdrew, and what goes back with it: the service charge as far as it was not
/// given back, and the interest, but for what the law of the contract's country lets stay: that up to the day on which
/// the withdrawal was declared. Empty where there is no plan.
Decision withdrawal_of_plan(const Transaction& transaction, foundation::Day declared, foundation::Day today);

/// What goods that come back after a withdrawal take off the interest that stayed owed. Empty where none did.
Decision interest_given_back(const Transaction& transaction, foundation::Day today, foundation::Money returned);

}  // namespace saldo::ledger
