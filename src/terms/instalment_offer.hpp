#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "foundation/calendar.hpp"
#include "foundation/decimal.hpp"
#include "foundation/money.hpp"
#include "terms/apr.hpp"
#include "terms/instalment_plan.hpp"

namespace saldo::terms {

/// Under which law the buyer pays later.
enum class CreditRegime {
    merchant_deferral,  ///< the merchant's own deferred payment, outside Directive (EU) 2023/2225
    consumer_credit,    ///< within it: facts before the contract, the effective rate, a right of withdrawal
};

/// `merchant_deferral`, `consumer_credit`: names for settings and documents, both ways.
std::string_view name_of(CreditRegime regime);
std::optional<CreditRegime> credit_regime(std::string_view name);

/// The last day on which the buyer may withdraw from a credit agreed on a day: the fourteenth after it. Nothing where
/// the regime gives no such right.
std::optional<foundation::Day> last_withdrawal_day(CreditRegime regime, foundation::Day agreed);

/// Everything a buyer must see of a plan before agreeing to it, and how its numbers came about.
struct InstalmentOffer {
    CreditRegime regime = CreditRegime::consumer_credit;
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
InstalmentOffer offer_of(const InstalmentTerms& terms, CreditRegime regime, const InstalmentPlan& plan);

struct OfferWish {
    foundation::Day calculated{};
    foundation::Money credit{};
    int payment_day = 28;
};
/// An offer for each number of instalments that the terms allow and nothing speaks against, by number.
std::vector<InstalmentOffer> offers(const InstalmentTerms& terms, CreditRegime regime, const OfferWish& wish);

}  // namespace saldo::terms
