#pragma once

#include <optional>
#include <string_view>

#include "foundation/calendar.hpp"

namespace saldo::terms {

/// Under which law the buyer pays later.
enum class CreditRegime {
    merchant_deferral,  ///< the merchant's own deferred payment, outside Directive (EU) 2023/2225
    consumer_credit,    ///< within it: facts before the contract, the effective rate, a right of withdrawal
};

/// `merchant_deferral`, `consumer_credit`: names for settings and documents, both ways.
std::string_view name_of(CreditRegime regime);
std::optional<CreditRegime> credit_regime(std::string_view name);

/// How long a buyer who withdrew may take to pay for the goods, from the day of the declaration on (Directive (EU)
/// 2023/2225, art. 26).
constexpr foundation::Days time_to_pay_after_withdrawal{30};

/// The last day on which the buyer may withdraw from a credit agreed on a day: the fourteenth after it. Nothing where
/// the regime gives no such right.
std::optional<foundation::Day> last_withdrawal_day(CreditRegime regime, foundation::Day agreed);

}  // namespace saldo::terms
