#include "terms/instalment_offer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace saldo::terms {
namespace {

using foundation::Decimal;
using foundation::Money;
using ::testing::ElementsAre;

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
    const InstalmentOffer offer = offer_of(published(), {.regime = CreditRegime::consumer_credit}, plan);
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
    const auto found = offers(published(), {.regime = CreditRegime::consumer_credit}, wish).value();
    ASSERT_EQ(found.size(), 3U);  // 24 and more instalments would be below 20
    EXPECT_EQ(found[0].plan.instalments.size(), 3U);
    EXPECT_EQ(found[1].plan.instalments.size(), 6U);
    EXPECT_EQ(found[2].plan.instalments.size(), 12U);
    EXPECT_EQ(found[2].regular_rate, euro("21.04"));
}

TEST(InstalmentOffer, is_made_for_a_number_or_a_rate_and_is_then_that_of_the_list) {
    const auto all = offers(published(), {.regime = CreditRegime::consumer_credit}, wish).value();
    OfferWish one = wish;
    one.instalments = 6;
    EXPECT_EQ(offers(published(), {.regime = CreditRegime::consumer_credit}, one).value(), std::vector{all[1]});
    one.instalments.reset();
    one.wished_rate = euro("50");
    EXPECT_EQ(offers(published(), {.regime = CreditRegime::consumer_credit}, one).value(), std::vector{all[1]});
}

TEST(InstalmentOffer, that_cannot_be_says_why) {
    const auto refusal = [](OfferWish other) {
        return offers(published(), {.regime = CreditRegime::consumer_credit}, other).error();
    };
    EXPECT_EQ(refusal({.calculated = wish.calculated, .credit = euro("5")}), PlanRefusal::instalment_too_low);
    EXPECT_EQ(refusal({.calculated = wish.calculated, .credit = wish.credit, .instalments = 7}),
              PlanRefusal::number_of_instalments_not_allowed);
    EXPECT_EQ(refusal({.calculated = wish.calculated, .credit = wish.credit, .wished_rate = euro("2")}),
              PlanRefusal::never_repaid);
    EXPECT_EQ(refusal({.calculated = wish.calculated, .credit = wish.credit, .payment_day = 3}),
              PlanRefusal::payment_day_not_allowed);
}

TEST(InstalmentOffer, falls_due_on_the_first_day_of_the_terms_unless_another_is_chosen) {
    InstalmentTerms terms = published();
    terms.payment_days = {15, 28};
    EXPECT_EQ(offers(terms, {.regime = CreditRegime::consumer_credit}, wish).value()[0].first_due, day("2016-02-15"));
    OfferWish other = wish;
    other.payment_day = 28;
    EXPECT_EQ(offers(terms, {.regime = CreditRegime::consumer_credit}, other).value()[0].first_due, day("2016-02-28"));
}

std::vector<std::string> explanation_of(InstalmentTerms terms, PlanConvention convention) {
    terms.convention = convention;
    OfferWish one = wish;
    one.instalments = 6;
    std::vector<std::string> lines;
    const InstalmentOffer offer = offers(terms, {.regime = CreditRegime::consumer_credit}, one).value().front();
    for (const ExplainedNumber& number : explained(terms, offer))
        lines.push_back(number.name + " " + number.value + ": " + number.how);
    return lines;
}

TEST(InstalmentOffer, explains_every_number_of_the_published_sample) {
    EXPECT_THAT(
        explanation_of(published(), PlanConvention::gateway),
        ElementsAre(
            "interest_rate 13.7: percent a year by the convention gateway: the rate is an effective one: interest "
            "grows "
            "by (1 + rate)^share of the year",
            "monthly_interest_rate 1.08: (1 + 13.7 %)^(1/12) - 1, half up to two decimals, to be shown; the plan is "
            "computed with the unrounded rate",
            "first_due_date 2016-02-28: the first payment day (28, or the month's last) at least 28 days after "
            "2016-01-06; then the same day of each month",
            "first_interest 4.41: 53 days from 2016-01-06 to 2016-02-28, counted with one more: 230 x ((1 + 13.7 "
            "%)^(54/365) - 1)",
            "regular_instalment 40.79: 40.13 repays 230 with interest in 6 equal instalments, up to the cent; + 0.66 "
            "of "
            "the service charge, 3.95 / 6 up to the cent",
            "amount_interest 10.72: the sum of all periods, kept unrounded from period to period; the running total is "
            "rounded half up, so that the sum is rounded once",
            "last_instalment 40.72: the principal that is left, its interest and the rest of the service charge: the "
            "plan ends at exactly 0",
            "amount_fees 14.67: 10.72 interest + 3.95 service charge",
            "amount_total 244.67: 230 + 14.67, which is the sum of the instalments",
            "effective_interest_rate 19.32: the X that solves 230 = sum of instalment / (1 + X)^t, with t from "
            "2016-01-06 in whole months counted back from each due date and the days before them over the length of "
            "their year: 1/12 + 22/365 to 6/12 + 22/365; X = 19.316944 %, half up to two decimals, once, from the "
            "unrounded root"));
}

TEST(InstalmentOffer, explains_how_each_convention_counts_the_first_period) {
    const auto first_interest = [](PlanConvention convention) { return explanation_of(published(), convention)[3]; };
    const std::string days = ": 53 days from 2016-01-06 to 2016-02-28";
    EXPECT_EQ(first_interest(PlanConvention::nominal_monthly),
              "first_interest 2.63" + days + ", counted as a month: 230 x 13.7 % x 1/12");
    EXPECT_EQ(first_interest(PlanConvention::thirty_360), "first_interest 4.55" + days + ": 230 x 13.7 % x 52/360");
    EXPECT_EQ(first_interest(PlanConvention::actual_365), "first_interest 4.58" + days + ": 230 x 13.7 % x 53/365");
    EXPECT_EQ(first_interest(PlanConvention::actual_actual), "first_interest 4.56" + days + ": 230 x 13.7 % x 53/366");
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
