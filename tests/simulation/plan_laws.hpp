#pragma once

#include "model.hpp"
#include "verdict.hpp"

namespace saldo::simulation {

/// What every plan of instalments must be, whatever its interest came to: it repays exactly what the buyer keeps, adds
/// up to the cent, leaves what has passed or was paid as it was, and changes what is owed by exactly the difference to
/// the plan before. `model`: the purchase before it, which awaits it.
void check_plan(const Model& model, const ledger::PlanMade& made, foundation::Day day, Verdict& verdict);

/// With the plan goes everything that it cost, but for the interest that a law lets stay after a withdrawal.
void check_end_of_plan(const Model& model, const ledger::PlanEnded& ended, foundation::Day day, Verdict& verdict);

}  // namespace saldo::simulation
