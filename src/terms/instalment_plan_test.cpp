#include "terms/instalment_plan.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include <string>

#include "terms/schedule.hpp"

namespace saldo::terms {
namespace {

using foundation::Currency;
using foundation::Day;
using foundation::Days;
using foundation::Decimal;
using foundation::Money;

Day day(const char* text) {
    return *foundation::parse_day(text);
}

Money euro(const char* text) {
    return *Money::parse(text, *Currency::parse("EUR"));
}

/// The published profile: 13.7 percent, a charge of 3.95.
InstalmentTerms published() {
    InstalmentTerms terms;
    terms.interest_rate = terms.interest_rate_max = *Decimal::parse("13.7");
    terms.service_charge = euro("3.95");
    terms.instalment_min = euro("20");
    return terms;
}

InstalmentTerms free_of_interest(const char* service_charge) {
    InstalmentTerms terms;
    terms.service_charge = euro(service_charge);
    return terms;
}

std::string row(const Instalment& one) {
    return foundation::day_text(one.due) + " " + one.interest.text() + "+" + one.repayment.text() + "+" +
           one.fee.text() + "=" + one.total().text() + " " + one.residual.text();
}

std::vector<std::string> rows(const InstalmentPlan& plan) {
    std::vector<std::string> found;
    for (const Instalment& one : plan.instalments) found.push_back(row(one));
    return found;
}

TEST(InstalmentPlan, of_the_published_sample_comes_out_to_the_cent) {
    const auto plan =
        plan_by_number(published(), {.calculated = day("2016-01-06"), .credit = euro("230"), .instalments = 6});
    ASSERT_TRUE(plan);
    EXPECT_EQ(rows(*plan), (std::vector<std::string>{
                               "2016-02-28 4.41+35.72+0.66=40.79 194.28", "2016-03-28 2.09+38.04+0.66=40.79 156.24",
                               "2016-04-28 1.68+38.45+0.66=40.79 117.79", "2016-05-28 1.27+38.86+0.66=40.79 78.93",
                               "2016-06-28 0.85+39.28+0.66=40.79 39.65", "2016-07-28 0.42+39.65+0.65=40.72 0"}));
    EXPECT_EQ(plan->credit, euro("230"));
    EXPECT_EQ(plan->interest(), euro("10.72"));
    EXPECT_EQ(plan->service_charge(), euro("3.95"));
    EXPECT_EQ(plan->fees(), euro("14.67"));
    EXPECT_EQ(plan->total(), euro("244.67"));
    EXPECT_EQ(plan->interest_rate, *Decimal::parse("13.7"));
    EXPECT_EQ(plan->effective_rate, *Decimal::parse("19.32"));
    EXPECT_EQ(plan->created, day("2016-01-06"));

    InstalmentTerms by_days = published();
    by_days.apr_time = AprTimeRule::actual_365;
    EXPECT_EQ(plan_by_number(by_days, {.calculated = day("2016-01-06"), .credit = euro("230"), .instalments = 6})
                  ->effective_rate,
              *Decimal::parse("19.36"));
}

TEST(InstalmentPlan, free_of_interest_shares_the_credit_equally) {
    const auto plan = plan_by_number(free_of_interest("12"),
                                     {.calculated = day("2020-03-20"), .credit = euro("150"), .instalments = 6});
    ASSERT_TRUE(plan);
    EXPECT_EQ(rows(*plan).front(), "2020-04-28 0+25+2=27 125");
    EXPECT_EQ(rows(*plan).back(), "2020-09-28 0+25+2=27 0");
    EXPECT_EQ(plan->total(), euro("162"));
    EXPECT_EQ(plan->interest(), euro("0"));

    const auto uneven = plan_by_number(free_of_interest("0"), {.credit = euro("2000"), .instalments = 24});
    EXPECT_EQ(uneven->instalments.front().total(), euro("83.33"));
    EXPECT_EQ(uneven->instalments.back().total(), euro("83.41"));
    EXPECT_EQ(uneven->effective_rate, Decimal{});
}

TEST(InstalmentPlan, of_a_single_instalment_is_one_payment) {
    InstalmentTerms terms = published();
    terms.months_allowed = {1};
    terms.instalment_min = euro("0");
    const auto plan =
        plan_by_number(terms, {.calculated = day("2016-01-06"), .credit = euro("0.01"), .instalments = 1});
    ASSERT_FALSE(plan);
    EXPECT_EQ(plan.error(), PlanRefusal::effective_rate_too_high);  // 3.95 for a cent
    terms.service_charge = euro("0");
    EXPECT_EQ(rows(*plan_by_number(terms, {.calculated = day("2016-01-06"), .credit = euro("0.01"), .instalments = 1})),
              std::vector<std::string>{"2016-02-28 0+0.01+0=0.01 0"});
    EXPECT_EQ(rows(*plan_by_number(terms, {.calculated = day("2016-01-06"), .credit = euro("100"), .instalments = 1})),
              std::vector<std::string>{"2016-02-28 1.92+100+0=101.92 0"});
}

TEST(InstalmentPlan, of_the_smallest_debt_still_repays_a_cent_each_time) {
    InstalmentTerms terms = published();
    terms.service_charge = terms.instalment_min = euro("0");
    terms.months_allowed = {6};
    for (const char* credit : {"0.06", "0.07", "0.5"}) {
        const auto plan =
            plan_by_number(terms, {.calculated = day("2016-01-06"), .credit = euro(credit), .instalments = 6});
        ASSERT_TRUE(plan) << credit;
        for (const Instalment& one : plan->instalments) EXPECT_TRUE(one.repayment.is_positive()) << credit;
    }
    // Ten cents bear a cent of interest, which would be all of one instalment.
    EXPECT_EQ(plan_by_number(terms, {.calculated = day("2016-01-06"), .credit = euro("0.1"), .instalments = 6}).error(),
              PlanRefusal::never_repaid);
    EXPECT_EQ(
        plan_by_number(terms, {.calculated = day("2016-01-06"), .credit = euro("0.05"), .instalments = 6}).error(),
        PlanRefusal::credit_too_small_for_the_number);
}

TEST(InstalmentPlan, by_each_convention_charges_what_its_calendar_says) {
    const struct {
        PlanConvention convention;
        const char* first_interest;
        const char* monthly_rate;
    } table[] = {
        {PlanConvention::gateway, "19.18", "1.08"},          // 1.137^(54/365)
        {PlanConvention::nominal_monthly, "11.42", "1.14"},  // 1/12
        {PlanConvention::thirty_360, "19.79", "1.14"},       // 52 days of 360
        {PlanConvention::actual_365, "19.89", "1.14"},       // 53 of 365
        {PlanConvention::actual_actual, "19.84", "1.14"},    // 53 of 366
    };
    for (const auto& each : table) {
        InstalmentTerms terms = published();
        terms.convention = each.convention;
        const auto plan =
            plan_by_number(terms, {.calculated = day("2016-01-06"), .credit = euro("1000"), .instalments = 12});
        ASSERT_TRUE(plan);
        EXPECT_EQ(plan->instalments.front().interest, euro(each.first_interest)) << name_of(each.convention);
        EXPECT_EQ(monthly_rate(each.convention, terms.interest_rate), *Decimal::parse(each.monthly_rate));
        EXPECT_EQ(plan_convention(name_of(each.convention)), each.convention);
    }
    EXPECT_FALSE(plan_convention("GATEWAY"));
    EXPECT_FALSE(plan_convention(""));
}

TEST(DueDates, begin_on_the_next_payment_day_far_enough_away) {
    const struct {
        const char* calculated;
        int payment_day;
        int days_min;
        const char* first;
    } table[] = {
        {"2016-01-06", 28, 28, "2016-02-28"}, {"2022-01-23", 28, 28, "2022-02-28"},
        {"2022-01-23", 2, 28, "2022-03-02"},  {"2022-01-24", 2, 9, "2022-02-02"},
        {"2022-01-31", 28, 28, "2022-02-28"}, {"2022-02-01", 28, 28, "2022-03-28"},
        {"2022-01-01", 15, 14, "2022-01-15"}, {"2022-01-02", 15, 14, "2022-02-15"},
        {"2020-12-20", 15, 28, "2021-02-15"}, {"2023-01-31", 31, 28, "2023-02-28"},
        {"2024-01-31", 30, 28, "2024-02-29"}, {"2024-02-01", 31, 28, "2024-02-29"},
        {"2024-02-29", 29, 0, "2024-02-29"},
    };
    for (const auto& each : table)
        EXPECT_EQ(first_due_date(day(each.calculated), each.payment_day, each.days_min), day(each.first))
            << each.calculated << ' ' << each.payment_day;
}

TEST(DueDates, of_late_days_keep_to_the_end_of_short_months) {
    const auto texts = [](const std::vector<Day>& days) {
        std::vector<std::string> found;
        for (const Day one : days) found.push_back(foundation::day_text(one));
        return found;
    };
    EXPECT_EQ(texts(due_dates(day("2023-12-31"), 31, 5)),
              (std::vector<std::string>{"2023-12-31", "2024-01-31", "2024-02-29", "2024-03-31", "2024-04-30"}));
    EXPECT_EQ(texts(due_dates(day("2023-02-28"), 29, 3)),
              (std::vector<std::string>{"2023-02-28", "2023-03-29", "2023-04-29"}));
    EXPECT_EQ(due_dates(day("2024-02-29"), 30, 120).back(), day("2034-01-30"));
}

TEST(InstalmentPlan, by_rate_takes_the_fewest_instalments_that_are_small_enough) {
    const auto plan = [](const char* wished) {
        return plan_by_rate(published(),
                            {.calculated = day("2016-01-06"), .credit = euro("230"), .wished_rate = euro(wished)});
    };
    EXPECT_EQ(plan("50")->instalments.size(), 6U);
    EXPECT_EQ(plan("50"),
              plan_by_number(published(), {.calculated = day("2016-01-06"), .credit = euro("230"), .instalments = 6}));
    EXPECT_EQ(plan("40.79")->instalments.size(), 6U);
    EXPECT_EQ(plan("40.78")->instalments.size(), 12U);
    EXPECT_EQ(plan("1000")->instalments.size(), 3U);
    EXPECT_EQ(plan("20").error(), PlanRefusal::instalment_too_low);  // 12 of 21.04 are too much, 24 too little
    EXPECT_EQ(plan("5").error(), PlanRefusal::wished_rate_too_low);
    EXPECT_EQ(plan("2.47").error(), PlanRefusal::never_repaid);  // a month's interest is 2.474
    EXPECT_EQ(plan("2.48").error(), PlanRefusal::wished_rate_too_low);
    EXPECT_EQ(plan("0").error(), PlanRefusal::never_repaid);
    EXPECT_EQ(plan("-5").error(), PlanRefusal::never_repaid);
}

TEST(InstalmentPlan, is_refused_for_the_first_reason_that_holds) {
    // Each row breaks its own rule and every later one that it can.
    const Currency franc = *Currency::parse("CHF");
    const struct {
        Money credit;
        int instalments;
        int payment_day;
        const char* rate;
        const char* rate_max;
        PlanRefusal refusal;
    } table[] = {
        {euro("0"), 0, 3, "40", "30", PlanRefusal::credit_not_positive},
        {Money{-1, franc}, 0, 3, "40", "30", PlanRefusal::credit_not_positive},
        {Money{Money::minor_max + 1, franc}, 0, 3, "40", "30", PlanRefusal::credit_too_high},
        {Money{2, franc}, 0, 3, "40", "30", PlanRefusal::currency_not_of_the_terms},
        {euro("0.02"), 0, 3, "40", "30", PlanRefusal::number_of_instalments_not_allowed},
        {euro("0.02"), 7, 3, "40", "30", PlanRefusal::number_of_instalments_not_allowed},
        {euro("0.02"), -6, 3, "40", "30", PlanRefusal::number_of_instalments_not_allowed},
        {euro("0.02"), 121, 3, "40", "30", PlanRefusal::number_of_instalments_not_allowed},
        {euro("0.02"), 3, 3, "40", "30", PlanRefusal::payment_day_not_allowed},
        {euro("0.02"), 3, 28, "40", "30", PlanRefusal::interest_rate_too_high},
        {euro("0.02"), 3, 28, "30", "30", PlanRefusal::credit_too_small_for_the_number},
        {euro("10"), 120, 28, "1000", "1000", PlanRefusal::never_repaid},
        {euro("50"), 3, 28, "30", "30", PlanRefusal::instalment_too_low},
        {euro("70"), 3, 28, "30", "30", PlanRefusal::effective_rate_too_high},
    };
    for (const auto& each : table) {
        InstalmentTerms terms = published();
        terms.months_allowed = {3, 6, 120};
        terms.interest_rate = *Decimal::parse(each.rate);
        terms.interest_rate_max = *Decimal::parse(each.rate_max);
        terms.effective_rate_max = Decimal::parse("30");
        const auto plan = plan_by_number(terms, {.calculated = day("2016-01-06"),
                                                 .credit = each.credit,
                                                 .instalments = each.instalments,
                                                 .payment_day = each.payment_day});
        ASSERT_FALSE(plan) << each.credit.text() << ' ' << each.instalments;
        EXPECT_EQ(plan.error(), each.refusal) << each.credit.text() << ' ' << each.instalments;
    }
    EXPECT_EQ(plan_by_rate(published(),
                           {.calculated = day("2016-01-06"), .credit = euro("230"), .wished_rate = Money{100, franc}})
                  .error(),
              PlanRefusal::currency_not_of_the_terms);
}

TEST(InstalmentTerms, say_every_contradiction) {
    EXPECT_TRUE(faults_of(published()).empty());
    InstalmentTerms terms;
    terms.interest_rate = *Decimal::parse("-1");
    terms.interest_rate_max = *Decimal::parse("1001");
    terms.effective_rate_max = Decimal::parse("-1");
    terms.service_charge = euro("-1");
    terms.instalment_min = Money{-1, *Currency::parse("CHF")};
    terms.months_allowed = {0, 121, 121};
    terms.payment_days = {0, 32};
    terms.days_to_first_due_min = -1;
    EXPECT_EQ(faults_of(terms).size(), 10U);
    terms = published();
    terms.interest_rate_max = *Decimal::parse("13.6999");
    terms.months_allowed = {};
    terms.payment_days = {};
    EXPECT_EQ(faults_of(terms), (std::vector<std::string>{"interest_rate is at most interest_rate_max",
                                                          "months_allowed: at least one number is needed",
                                                          "payment_days: at least one day is needed"}));
}

TEST(Spread, rounds_up_and_leaves_the_rest_to_the_last) {
    const auto parts = [](const char* amount, std::size_t count) {
        std::string text;
        for (const Money part : spread(euro(amount), count)) text += part.text() + " ";
        return text;
    };
    EXPECT_EQ(parts("3.95", 6), "0.66 0.66 0.66 0.66 0.66 0.65 ");
    EXPECT_EQ(parts("12", 3), "4 4 4 ");
    EXPECT_EQ(parts("0.11", 12), "0.01 0.01 0.01 0.01 0.01 0.01 0.01 0.01 0.01 0.01 0.01 0 ");
    EXPECT_EQ(parts("0.03", 6), "0 0 0 0 0 0.03 ");
    EXPECT_EQ(parts("0.14", 5), "0.03 0.03 0.03 0.03 0.02 ");
    EXPECT_EQ(parts("0", 2), "0 0 ");
    EXPECT_EQ(parts("5", 1), "5 ");
}

InstalmentTerms any_terms() {
    InstalmentTerms terms;
    terms.convention =
        *rc::gen::element(PlanConvention::gateway, PlanConvention::nominal_monthly, PlanConvention::thirty_360,
                          PlanConvention::actual_365, PlanConvention::actual_actual);
    terms.apr_time = *rc::gen::element(AprTimeRule::eu_remark_c, AprTimeRule::actual_365);
    const int kind = *rc::gen::inRange(0, 5);
    terms.interest_rate = Decimal::of_units(kind == 0 ? 0 : *rc::gen::inRange<std::int64_t>(0, 600'000));
    terms.interest_rate_max = terms.interest_rate;
    terms.service_charge = Money{*rc::gen::inRange<std::int64_t>(0, 3'000), {}};
    terms.months_allowed = {*rc::gen::inRange(1, 121)};
    terms.payment_days = {*rc::gen::inRange(1, 32)};
    terms.days_to_first_due_min = *rc::gen::inRange(1, 60);
    return terms;
}

RC_GTEST_PROP(InstalmentPlan, adds_up_to_the_cent_in_every_way, ()) {
    const InstalmentTerms terms = any_terms();
    const Day start = day("2019-01-01") + Days{*rc::gen::inRange(0, 2'000)};
    const auto size = *rc::gen::element<std::int64_t>(100, 100'000, 100'000'000, Money::minor_max);
    const Money credit{*rc::gen::inRange<std::int64_t>(1, size + 1), {}};
    const int payment_day = terms.payment_days.front();
    const auto plan = plan_by_number(terms, {.calculated = start,
                                             .credit = credit,
                                             .instalments = terms.months_allowed.front(),
                                             .payment_day = payment_day});
    if (!plan) {
        RC_ASSERT(plan.error() == PlanRefusal::credit_too_small_for_the_number ||
                  plan.error() == PlanRefusal::never_repaid || plan.error() == PlanRefusal::effective_rate_too_high);
        return;
    }
    RC_ASSERT(plan->instalments.size() == static_cast<std::size_t>(terms.months_allowed.front()));
    Money repaid;
    Money paid;
    Money left = credit;
    Day before = start;
    const Money regular = plan->instalments.front().interest + plan->instalments.front().repayment;
    for (const Instalment& one : plan->instalments) {
        repaid += one.repayment;
        paid += one.total();
        RC_ASSERT(one.repayment.is_positive());
        RC_ASSERT(!one.interest.is_negative());
        RC_ASSERT(!one.fee.is_negative());
        RC_ASSERT(one.residual < left);
        left = one.residual;
        RC_ASSERT(one.due > before);
        before = one.due;
        const bool is_last = &one == &plan->instalments.back();
        RC_ASSERT(is_last || one.interest + one.repayment == regular);
        RC_ASSERT(is_last || one.fee == plan->instalments.front().fee);
        RC_ASSERT(is_last == one.residual.is_zero());
    }
    RC_ASSERT(repaid == credit);
    RC_ASSERT(paid == plan->total());
    RC_ASSERT(plan->total() == plan->credit + plan->fees());
    RC_ASSERT(plan->service_charge() == terms.service_charge);
    RC_ASSERT((plan->effective_rate.is_zero()) || !plan->fees().is_zero());
    if (plan->fees().is_zero()) RC_ASSERT(plan->effective_rate.is_zero());
}

RC_GTEST_PROP(InstalmentPlan, with_a_last_instalment_close_to_the_others, ()) {
    const InstalmentTerms terms = any_terms();
    const int count = terms.months_allowed.front();
    const Money credit{*rc::gen::inRange<std::int64_t>(100'000, 10'000'000), {}};
    const auto plan = plan_by_number(terms, {.calculated = day("2024-01-31"),
                                             .credit = credit,
                                             .instalments = count,
                                             .payment_day = terms.payment_days.front()});
    if (!plan) return;
    // A cent too much or too little each month, with what that earns, is what the last one can be off by.
    const double monthly = static_cast<double>(terms.interest_rate.units()) / 12e6;
    const double off = std::pow(1 + monthly, count) / std::max(monthly, 1.0 / count) + 2;
    const Money regular = plan->instalments.front().interest + plan->instalments.front().repayment;
    const Money last = plan->instalments.back().interest + plan->instalments.back().repayment;
    RC_ASSERT(count == 1 || std::abs(static_cast<double>((last - regular).minor())) <= off);
}

}  // namespace
}  // namespace saldo::terms
