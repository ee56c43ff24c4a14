#pragma once

#include <optional>
#include <string>
#include <vector>

#include "foundation/calendar.hpp"
#include "foundation/decimal.hpp"
#include "foundation/money.hpp"
#include "foundation/outcome.hpp"
#include "terms/apr.hpp"
#include "terms/credit_regime.hpp"
#include "terms/day_count.hpp"
#include "terms/instalment_plan.hpp"

namespace saldo::terms {

/// Everything a buyer must see of a plan before agreeing to it, and how its numbers came about.
struct InstalmentOffer {
    CreditConditions conditions{};
    foundation::Money cash_price{};      ///< of the goods: the credit
    foundation::Money total_payable{};   ///< cash price + cost of credit
    foundation::Money cost_of_credit{};  ///< interest + service charge
    foundation::Decimal interest_rate{};
    foundation::Decimal effective_rate{};
    foundation::Money regular_rate{};  ///< every instalment but the last
    foundation::Money last_rate{};
    foundation::Day first_due{};
    foundation::Day last_due{};
    std::optional<foundation::Day> last_withdrawal{};  ///< counted from the day of the calculation

    PlanConvention convention = PlanConvention::gateway;
    foundation::Decimal monthly_rate{};  ///< percent
    int first_period_days = 0;           ///< from the calculation to the first due date
    AprTimeRule apr_time = AprTimeRule::eu_remark_c;
    Interval first_interval{};  ///< the same time as the effective rate counts it

    InstalmentPlan plan{};
    bool operator==(const InstalmentOffer&) const = default;
};

/// The plan as the buyer sees it. Requires a plan just made, not one that was re-made.
InstalmentOffer offer_of(const InstalmentTerms& terms, CreditConditions conditions, const InstalmentPlan& plan);

/// What a buyer asks to see. With neither number nor rate: everything there is.
struct OfferWish {
    foundation::Day calculated{};
    foundation::Money credit{};
    std::optional<int> instalments{};                ///< this number of them
    std::optional<foundation::Money> wished_rate{};  ///< to pay at most so much a month; not beside a number
    std::optional<int> payment_day{};                ///< nothing: the first of the terms
};

/// What the terms offer for a wish: the plan of that number, the one with the fewest instalments of at most that
/// rate, or one for each allowed number that nothing speaks against, by number. At least one, or why there is none: of
/// a list, what speaks against its first. Whoever shows or sells instalments asks here, so that all say the same.
foundation::Outcome<std::vector<InstalmentOffer>, PlanRefusal> offers(const InstalmentTerms& terms,
                                                                      const CreditConditions& conditions,
                                                                      const OfferWish& wish);

/// The share of a year for which each instalment of the offer bears interest, as its convention counts: the gateway
/// raises 1 + rate to it, the others multiply with it.
std::vector<YearFraction> counted_periods(const InstalmentOffer& offer);

/// How one number of an offer came about: convention, day count, rounding.
struct ExplainedNumber {
    std::string name;   ///< as documents call it: `effective_interest_rate`
    std::string value;  ///< as documents print it
    std::string how;
    bool operator==(const ExplainedNumber&) const = default;
};

/// Every number of an offer that these terms made, in the order in which they are found.
std::vector<ExplainedNumber> explained(const InstalmentTerms& terms, const InstalmentOffer& offer);

}  // namespace saldo::terms
