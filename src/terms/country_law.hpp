#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "foundation/decimal.hpp"
#include "terms/contract.hpp"
#include "terms/credit_regime.hpp"

namespace saldo::terms {

/// What the law of a country says about credit to buyers, as the operator's settings have it.
struct CountryLaw {
    std::optional<foundation::Decimal> effective_rate_max{};  ///< percent a year; nothing: no cap
    InterestOnWithdrawal interest_on_withdrawal = InterestOnWithdrawal::none;
    bool operator==(const CountryLaw&) const = default;
};

/// By country, ISO 3166-1 alpha-2.
using CountryLaws = std::map<std::string, CountryLaw, std::less<>>;

/// What holds where the settings say nothing else. DE, AT and NL: interest is owed up to the withdrawal (Directive (EU)
/// 2023/2225, art. 26, asks for it up to the repayment; the days after the declaration are not charged). CH: none (KKG,
/// art. 16). Caps change with the market rate: none is known here.
CountryLaws usual_laws();

/// The contract as far as the law of its country lets it: no effective rate above the law's, and what of the interest
/// is owed after a withdrawal. One without a country stays as it is.
Contract under_law(Contract contract, const CountryLaws& laws);

/// Why the law of its country does not let a contract be agreed, in one sentence: no law of that country is known, or
/// its interest rate alone is above the cap. Nothing: it does.
std::optional<std::string> breach_of(const Contract& contract, const CountryLaws& laws);

}  // namespace saldo::terms
