#include "terms/credit_regime.hpp"

#include <array>
#include <utility>

namespace saldo::terms {

using foundation::Day;
using foundation::Days;

namespace {

constexpr std::array regimes{
    std::pair{CreditRegime::merchant_deferral, std::string_view{"merchant_deferral"}},
    std::pair{CreditRegime::consumer_credit, std::string_view{"consumer_credit"}},
};

constexpr std::array interests{
    std::pair{InterestOnWithdrawal::none, std::string_view{"none"}},
    std::pair{InterestOnWithdrawal::until_withdrawal, std::string_view{"until_withdrawal"}},
};

}  // namespace

std::string_view name_of(CreditRegime regime) {
    for (const auto& [each, name] : regimes)
        if (each == regime) return name;
    std::unreachable();
}

std::optional<CreditRegime> credit_regime(std::string_view name) {
    for (const auto& [regime, each] : regimes)
        if (each == name) return regime;
    return std::nullopt;
}

std::string_view name_of(InterestOnWithdrawal interest) {
    for (const auto& [each, name] : interests)
        if (each == interest) return name;
    std::unreachable();
}

std::optional<InterestOnWithdrawal> interest_on_withdrawal(std::string_view name) {
    for (const auto& [interest, each] : interests)
        if (each == name) return interest;
    return std::nullopt;
}

std::optional<Day> last_withdrawal_day(CreditRegime regime, Day agreed) {
    constexpr Days period{14};  // Directive (EU) 2023/2225, article 26; the day of the agreement is not counted
    switch (regime) {
        case CreditRegime::merchant_deferral:
            return std::nullopt;
        case CreditRegime::consumer_credit:
            return agreed + period;
    }
    std::unreachable();
}

}  // namespace saldo::terms
