#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "foundation/calendar.hpp"
#include "foundation/decimal.hpp"
#include "foundation/money.hpp"

namespace saldo::terms {

/// Under which law the buyer pays later.
enum class CreditRegime {
    merchant_deferral,  ///< the merchant's own deferred payment, outside Directive (EU) 2023/2225
    consumer_credit,    ///< within it: facts before the contract, the effective rate, a right of withdrawal
};

/// `merchant_deferral`, `consumer_credit`: names for settings and documents, both ways.
std::string_view name_of(CreditRegime regime);
std::optional<CreditRegime> credit_regime(std::string_view name);

/// Who lends. Not a person's data.
struct Creditor {
    std::string name;
    std::string address;  ///< in one line
    bool operator==(const Creditor&) const = default;
};

/// What paying late costs, as the buyer is told before the order.
struct LatePayment {
    foundation::Decimal interest_rate{};              ///< percent a year on what is overdue
    std::optional<foundation::Money> reminder_fee{};  ///< for each reminder after the first
    bool operator==(const LatePayment&) const = default;
};

/// The law under which a credit is given, and what it wants the buyer told beside the numbers (Directive (EU)
/// 2023/2225, art. 10). A merchant's own deferral needs neither creditor nor cost of late payment.
struct CreditConditions {
    CreditRegime regime = CreditRegime::merchant_deferral;
    std::optional<Creditor> creditor{};
    std::optional<LatePayment> late_payment{};
    bool operator==(const CreditConditions&) const = default;
};

/// What a buyer who withdraws owes of the interest.
enum class InterestOnWithdrawal {
    none,              ///< nothing
    until_withdrawal,  ///< what ran from the day of the credit to the day of the declaration
};

/// `none`, `until_withdrawal`: names for settings and events, both ways.
std::string_view name_of(InterestOnWithdrawal interest);
std::optional<InterestOnWithdrawal> interest_on_withdrawal(std::string_view name);

/// How long a buyer who withdrew may take to pay for the goods, from the day of the declaration on (Directive (EU)
/// 2023/2225, art. 26).
constexpr foundation::Days time_to_pay_after_withdrawal{30};

/// The last day on which the buyer may withdraw from a credit agreed on a day: the fourteenth after it. Nothing where
/// the regime gives no such right.
std::optional<foundation::Day> last_withdrawal_day(CreditRegime regime, foundation::Day agreed);

}  // namespace saldo::terms
