#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "foundation/calendar.hpp"
#include "foundation/decimal.hpp"
#include "foundation/money.hpp"
#include "foundation/outcome.hpp"
#include "terms/apr.hpp"
#include "terms/credit_regime.hpp"

namespace saldo::terms {

/// How a plan's interest is found and brought to cents.
enum class PlanConvention {
    /// The published payment gateway's: the rate is an effective one; to the first due date (1 + r)^(d / 365) with d
    /// the
    /// days plus one, then equal months; instalment up to the cent, interest rounded once in the total.
    gateway,
    /// A twelfth of the nominal rate for every period, the first too, however long.
    nominal_monthly,
    thirty_360,     ///< nominal rate by German months of 30 days
    actual_365,     ///< nominal rate by days over 365
    actual_actual,  ///< nominal rate by days over the length of their year, a day belonging to its end
};

/// `gateway`, `nominal_monthly`, `30/360`, `act/365`, `act/act`: names for settings and explanations, both ways.
std::string_view name_of(PlanConvention convention);
std::optional<PlanConvention> plan_convention(std::string_view name);

/// What an unscheduled payment does to the plan.
enum class UnscheduledPayments {
    shorten,  ///< the instalment stays, the last ones fall away
    lower,    ///< the number stays, the instalments become smaller
};

/// `shorten`, `lower`: names for contracts, both ways.
std::string_view name_of(UnscheduledPayments unscheduled);
std::optional<UnscheduledPayments> unscheduled_payments(std::string_view name);

/// What a contract says about instalments.
struct InstalmentTerms {
    PlanConvention convention = PlanConvention::gateway;
    AprTimeRule apr_time = AprTimeRule::eu_remark_c;
    UnscheduledPayments unscheduled = UnscheduledPayments::shorten;
    foundation::Decimal interest_rate{};                      ///< percent a year, 0 to interest_rate_max
    foundation::Decimal interest_rate_max{};                  ///< of the contract
    std::optional<foundation::Decimal> effective_rate_max{};  ///< percent a year; the contract's or its country's law's
    /// What of the interest stays owed after a withdrawal, as the law of the contract's country says. Nothing: none.
    std::optional<InterestOnWithdrawal> interest_on_withdrawal{};
    foundation::Money service_charge{};                     ///< for the whole plan, in the plan's currency
    foundation::Money instalment_min{};                     ///< smallest regular instalment
    std::vector<int> months_allowed{3, 6, 12, 24, 36, 48};  ///< numbers of instalments, each 1 to 120, rising
    /// Days of the month, each 1 to 31. The first is that of a buyer who chooses none.
    std::vector<int> payment_days{28, 2, 15};
    int days_to_first_due_min = 28;  ///< from the calculation to the first due date
    bool operator==(const InstalmentTerms&) const = default;
};

constexpr int instalments_max = 120;

/// Everything that contradicts itself in the terms, one sentence each; empty: they can be used.
std::vector<std::string> faults_of(const InstalmentTerms& terms);

/// One payment of a plan. interest + repayment + fee = total(), what is to be paid on the due day.
struct Instalment {
    int number = 1;
    foundation::Day due{};
    foundation::Money interest{};
    foundation::Money repayment{};
    foundation::Money fee{};          ///< the part of the service charge
    foundation::Money unscheduled{};  ///< paid extra before the due date, beside total()
    foundation::Money residual{};     ///< principal that is left; zero behind the last
    foundation::Money total() const { return interest + repayment + fee; }
    bool operator==(const Instalment&) const = default;
};

/// Principal that bears interest from a day on, within the running period.
struct PrincipalStep {
    foundation::Day from{};
    foundation::Money principal{};
    bool operator==(const PrincipalStep&) const = default;
};

/// A debt and the instalments that repay it.
///
/// Sum of repayments and unscheduled payments = credit; sum of instalment totals and unscheduled payments = total().
struct InstalmentPlan {
    foundation::Day created{};              ///< of the latest making
    foundation::Money credit{};             ///< what was bought and not returned
    int payment_day = 28;                   ///< of the month
    int number_agreed = 0;                  ///< of instalments; a shortened plan has fewer
    foundation::Decimal interest_rate{};    ///< percent a year
    foundation::Decimal effective_rate{};   ///< percent a year, two decimals, all costs in it
    std::vector<Instalment> instalments{};  ///< by number
    std::vector<PrincipalStep> running{};  ///< the principal since the last due date that passed, or the first drawdown

    foundation::Money interest() const;
    foundation::Money service_charge() const;
    foundation::Money fees() const { return interest() + service_charge(); }
    foundation::Money total() const { return credit + fees(); }
    bool operator==(const InstalmentPlan&) const = default;
};

/// Why there is no such plan, in order of precedence: where several hold, the first is given.
enum class PlanRefusal {
    credit_not_positive,
    credit_too_high,            ///< above Money::minor_max
    currency_not_of_the_terms,  ///< another than that of the service charge
    number_of_instalments_not_allowed,
    payment_day_not_allowed,
    interest_rate_too_high,           ///< above interest_rate_max
    credit_too_small_for_the_number,  ///< less than a cent for each instalment
    never_repaid,                     ///< the instalment does not exceed the interest
    wished_rate_too_low,              ///< no allowed number of instalments has one as small
    instalment_too_low,               ///< below instalment_min
    effective_rate_too_high,          ///< above effective_rate_max, or beyond all bounds
};

/// `NEVER_REPAID`, and a sentence that says why.
std::string_view name_of(PlanRefusal refusal);
std::string_view explain(PlanRefusal refusal);

/// The first payment day at least so many days after the calculation. In a month without that day it is the last.
foundation::Day first_due_date(foundation::Day calculated, int payment_day, int days_min);

/// `count` due dates in successive months, each on the payment day or the last of its month.
std::vector<foundation::Day> due_dates(foundation::Day first_due, int payment_day, int count);

struct PlanByNumber {
    foundation::Day calculated{};  ///< the day on which the buyer gets the credit
    foundation::Money credit{};
    int instalments = 0;
    int payment_day = 28;
};
foundation::Outcome<InstalmentPlan, PlanRefusal> plan_by_number(const InstalmentTerms& terms, const PlanByNumber& wish);

/// What was agreed for a whole purchase, and what of it is repaid now.
struct PlanAsAgreed {
    foundation::Day calculated{};
    foundation::Money credit{};
    int instalments = 0;
    int payment_day = 28;
    foundation::Decimal effective_rate{};  ///< of the plan that was agreed; where that of this one has no bounds
};
/// The plan for the part of a purchase that is shipped. It is made however small the part is: limits were looked at
/// when the whole was agreed. It has fewer instalments where there is less than a cent for each. Requires credit > 0 in
/// the terms' currency.
InstalmentPlan plan_as_agreed(const InstalmentTerms& terms, const PlanAsAgreed& agreed);

struct PlanByRate {
    foundation::Day calculated{};
    foundation::Money credit{};
    foundation::Money wished_rate{};  ///< what the buyer wants to pay a month at most
    int payment_day = 28;
};
/// The plan with the fewest allowed instalments whose regular one is at most the wished rate.
foundation::Outcome<InstalmentPlan, PlanRefusal> plan_by_rate(const InstalmentTerms& terms, const PlanByRate& wish);

/// The rate of one month in percent, two decimals half up: (1 + r)^(1/12) - 1 for the gateway, else a twelfth.
foundation::Decimal monthly_rate(PlanConvention convention, foundation::Decimal interest_rate);

}  // namespace saldo::terms
