#pragma once

#include <optional>
#include <variant>

#include "foundation/calendar.hpp"
#include "foundation/money.hpp"
#include "foundation/outcome.hpp"
#include "terms/instalment_plan.hpp"

namespace saldo::terms {

/// More goods were shipped on the same purchase.
struct FurtherCredit {
    foundation::Money amount{};
};

/// Goods went back. They are credit that never was: the running period's interest on them is not charged.
struct ReturnedCredit {
    foundation::Money amount{};
};

/// The buyer paid beside the plan. From that day on the amount bears no interest.
struct UnscheduledPayment {
    foundation::Money amount{};
};

/// What makes a new plan necessary, and when.
struct Replan {
    foundation::Day on{};  ///< the value date; instalments due before it have passed and stay as they are
    int paid = 0;          ///< instalments from the first on that were paid, passed or not: they stay too
    std::variant<FurtherCredit, ReturnedCredit, UnscheduledPayment> change;
};

/// Why a plan cannot be re-made, in order of precedence.
enum class ReplanRefusal {
    amount_not_positive,
    currency_not_of_the_plan,
    before_the_plan,  ///< before the latest making
    credit_too_high,  ///< further credit above Money::minor_max
    return_exceeds_credit,
    payment_exceeds_debt,  ///< an unscheduled payment above the principal that is still to come
};

/// The plan that replaces the old one; nothing when all credit was returned, and with it its interest and charge.
///
/// Instalments passed or paid keep all but their residual debts, the others are made anew on the same due dates: fewer
/// where the terms let an unscheduled payment shorten the plan, or where there is less than a cent for each. The
/// service charge stays what it was. A return above what is still to come takes the others away and cuts the kept ones
/// from the last on; what the buyer paid too much then is no matter of the plan. Further credit
/// gets as many instalments as were agreed; after the last due date, a whole run of them.
foundation::Outcome<std::optional<InstalmentPlan>, ReplanRefusal> replan(const InstalmentTerms& terms,
                                                                         const InstalmentPlan& plan,
                                                                         const Replan& command);

/// What of the plan's interest has run up to a day, from the day of the credit on: that of the instalments due by then,
/// and of the running period by its days, half up to the cent; at most the plan's. Goods that came back bear none.
foundation::Money interest_run(const InstalmentTerms& terms, const InstalmentPlan& plan, foundation::Day until);

/// What of interest on a credit is left when a part of it came back as if it had never been credit: in proportion, half
/// up to the cent. Nothing when all of it did.
foundation::Money interest_on_rest(foundation::Money interest, foundation::Money credit, foundation::Money returned);

}  // namespace saldo::terms
