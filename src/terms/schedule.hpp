#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "foundation/calendar.hpp"
#include "foundation/money.hpp"
#include "terms/annuity.hpp"
#include "terms/instalment_plan.hpp"

namespace saldo::terms {

/// What is to be repaid in the instalments to come.
struct ScheduleRequest {
    PlanConvention convention = PlanConvention::gateway;
    foundation::Decimal interest_rate{};
    std::vector<PrincipalStep> running{};  ///< since the beginning of the first period; its last step is the debt
    bool begins_with_drawdown = true;      ///< the first period does: it follows no due date
    std::vector<foundation::Day> due{};    ///< of each instalment, rising; not empty
    /// Interest and repayment of each instalment, where that stays and the number gives way.
    std::optional<foundation::Money> kept_instalment{};
};

/// Interest and repayment of each instalment; no element where the debt cannot be repaid so.
std::vector<Part> schedule(const ScheduleRequest& request);

/// Interest up to a day of the first period, half up to the cent.
foundation::Money accrued_interest(const ScheduleRequest& request, foundation::Day until);

/// An amount spread over instalments: each part rounded up to the cent, the last takes the rest. Rounded down where the
/// others would leave less than nothing for it.
std::vector<foundation::Money> spread(foundation::Money amount, std::size_t count);

/// A debt that is paid out on a day and the instalments that repay it.
std::vector<CashFlow> cash_flows_of(AprTimeRule rule, foundation::Day day, foundation::Money debt,
                                    const std::vector<Instalment>& instalments);

/// The effective annual rate, two decimals, of a debt on one day and the instalments after it.
foundation::Outcome<foundation::Decimal, AprRefusal> effective_rate_of(AprTimeRule rule, foundation::Day day,
                                                                       foundation::Money debt,
                                                                       const std::vector<Instalment>& instalments);

/// Numbers the instalments, fills their residual debts and checks that they repay the credit to the cent.
void number_and_balance(foundation::Money credit, std::vector<Instalment>& instalments);

}  // namespace saldo::terms
