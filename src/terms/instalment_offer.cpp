#include "terms/instalment_offer.hpp"

#include <array>
#include <utility>

#include "foundation/outcome.hpp"

namespace saldo::terms {

using foundation::Day;
using foundation::Days;

namespace {

constexpr std::array regimes{
    std::pair{CreditRegime::merchant_deferral, std::string_view{"merchant_deferral"}},
    std::pair{CreditRegime::consumer_credit, std::string_view{"consumer_credit"}},
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

InstalmentOffer offer_of(const InstalmentTerms& terms, CreditRegime regime, const InstalmentPlan& plan) {
    foundation::ensure(!plan.instalments.empty(), "a plan has at least one instalment");
    const Instalment& first = plan.instalments.front();
    const Instalment& last = plan.instalments.back();
    return {.regime = regime,
            .cash_price = plan.credit,
            .total_payable = plan.total(),
            .cost_of_credit = plan.fees(),
            .interest_rate = plan.interest_rate,
            .effective_rate = plan.effective_rate,
            .regular_rate = first.total(),
            .last_rate = last.total(),
            .first_due = first.due,
            .last_due = last.due,
            .last_withdrawal = last_withdrawal_day(regime, plan.created),
            .convention = terms.convention,
            .monthly_rate = monthly_rate(terms.convention, plan.interest_rate),
            .first_period_days = static_cast<int>((first.due - plan.created).count()),
            .apr_time = terms.apr_time,
            .first_interval = interval_between(terms.apr_time, PeriodUnit::month, plan.created, first.due),
            .plan = plan};
}

std::vector<InstalmentOffer> offers(const InstalmentTerms& terms, CreditRegime regime, const OfferWish& wish) {
    std::vector<InstalmentOffer> found;
    for (const int count : terms.months_allowed) {
        const auto plan = plan_by_number(terms, {.calculated = wish.calculated,
                                                 .credit = wish.credit,
                                                 .instalments = count,
                                                 .payment_day = wish.payment_day});
        if (plan) found.push_back(offer_of(terms, regime, *plan));
    }
    return found;
}

}  // namespace saldo::terms
