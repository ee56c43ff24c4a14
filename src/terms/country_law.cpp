#include "terms/country_law.hpp"

namespace saldo::terms {

CountryLaws usual_laws() {
    const CountryLaw european{.interest_on_withdrawal = InterestOnWithdrawal::until_withdrawal};
    return {{"AT", european}, {"CH", {}}, {"DE", european}, {"NL", european}};
}

Contract under_law(Contract contract, const CountryLaws& laws) {
    const auto law = contract.country ? laws.find(*contract.country) : laws.end();
    if (law == laws.end() || !contract.instalments) return contract;
    InstalmentTerms& instalments = *contract.instalments;
    const auto& cap = law->second.effective_rate_max;
    if (cap && (!instalments.effective_rate_max || *cap < *instalments.effective_rate_max))
        instalments.effective_rate_max = cap;
    instalments.interest_on_withdrawal = law->second.interest_on_withdrawal;
    return contract;
}

std::optional<std::string> breach_of(const Contract& contract, const CountryLaws& laws) {
    if (!contract.country) return std::nullopt;
    const auto law = laws.find(*contract.country);
    if (law == laws.end())
        return "No law of " + *contract.country + " is known: say what it is below [country." + *contract.country +
               "] in the settings.";
    const auto& cap = law->second.effective_rate_max;
    if (!cap || !contract.instalments || contract.instalments->interest_rate <= *cap) return std::nullopt;
    return "The interest rate of " + contract.instalments->interest_rate.text() + " % is above " + cap->text() +
           " %, the highest effective rate in " + *contract.country + '.';
}

}  // namespace saldo::terms
