#include "terms/instalment_offer.hpp"

#include <gtest/gtest.h>

namespace saldo::terms {
namespace {

using foundation::Decimal;
using foundation::Money;

foundation::Day day(const char* text) {
    return *foundation::parse_day(text);
}

Money euro(const char* text) {
    return *Money::parse(text, {});
}

InstalmentTerms published() {
    InstalmentTerms terms;
    terms.interest_rate = terms.interest_rate_max = *Decimal::parse("13.7");
    terms.service_charge = euro("3.95");
    terms.instalment_min = euro("20");
    return terms;
}

const OfferWish wish{.calculated = day("2016-01-06"), .credit = euro("230")};

TEST(InstalmentOffer, says_all_that_a_buyer_must_know) {
    const auto plan =
        plan_by_number(published(), {.calculated = wish.calculated, .credit = wish.credit, .instalments = 6}).value();
    const InstalmentOffer offer = offer_of(published(), CreditRegime::consumer_credit, plan);
    EXPECT_EQ(offer.cash_price, euro("230"));
    EXPECT_EQ(offer.cost_of_credit, euro("14.67"));
    EXPECT_EQ(offer.total_payable, euro("244.67"));
    EXPECT_EQ(offer.interest_rate, *Decimal::parse("13.7"));
    EXPECT_EQ(offer.effective_rate, *Decimal::parse("19.32"));
    EXPECT_EQ(offer.regular_rate, euro("40.79"));
    EXPECT_EQ(offer.last_rate, euro("40.72"));
    EXPECT_EQ(offer.first_due, day("2016-02-28"));
    EXPECT_EQ(offer.last_due, day("2016-07-28"));
    EXPECT_EQ(offer.last_withdrawal, day("2016-01-20"));
    EXPECT_EQ(offer.monthly_rate, *Decimal::parse("1.08"));
    EXPECT_EQ(offer.first_period_days, 53);
    EXPECT_EQ(offer.first_interval, (Interval{.months = 1, .days = 22, .days_in_year = 365}));
    EXPECT_EQ(offer.plan, plan);
}

TEST(InstalmentOffer, is_made_for_every_number_that_nothing_speaks_against) {
    const auto found = offers(published(), CreditRegime::consumer_credit, wish);
    ASSERT_EQ(found.size(), 3U);  // 24 and more instalments would be below 20
    EXPECT_EQ(found[0].plan.instalments.size(), 3U);
    EXPECT_EQ(found[1].plan.instalments.size(), 6U);
    EXPECT_EQ(found[2].plan.instalments.size(), 12U);
    EXPECT_EQ(found[2].regular_rate, euro("21.04"));
    EXPECT_TRUE(offers(published(), CreditRegime::consumer_credit, {.calculated = wish.calculated, .credit = euro("5")})
                    .empty());
}

TEST(CreditRegime, of_consumer_credit_alone_gives_a_right_of_withdrawal) {
    EXPECT_EQ(last_withdrawal_day(CreditRegime::consumer_credit, day("2026-12-24")), day("2027-01-07"));
    EXPECT_EQ(last_withdrawal_day(CreditRegime::merchant_deferral, day("2026-12-24")), std::nullopt);
    for (const CreditRegime regime : {CreditRegime::merchant_deferral, CreditRegime::consumer_credit})
        EXPECT_EQ(credit_regime(name_of(regime)), regime);
    EXPECT_EQ(credit_regime("CONSUMER_CREDIT"), std::nullopt);
}

}  // namespace
}  // namespace saldo::terms
