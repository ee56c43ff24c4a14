#include "terms/apr.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <string>
#include <vector>

namespace saldo::terms {
namespace {

using foundation::Day;
using foundation::Days;
using foundation::Decimal;

using Flows = std::vector<CashFlow>;

CashFlow after_months(const char* amount, int months) {
    return {*Decimal::parse(amount), {.months = months}};
}

CashFlow after_days(const char* amount, int days) {
    return {*Decimal::parse(amount), {.days = days}};
}

std::string rate(const Flows& flows, int places) {
    const auto found = effective_rate_text(flows, places);
    return found ? *found : "refused";
}

TEST(EffectiveRate, is_rounded_once_half_up_from_the_unrounded_root) {
    const struct {
        const char* back;
        int places;
        const char* rate;
    } rows[] = {
        {"-1030.55", 1, "3.1"},
        {"-1030.55", 2, "3.06"},  // the Commission's examples: 3.055 and 3.054
        {"-1030.54", 1, "3.1"},
        {"-1030.54", 2, "3.05"},
        {"-1030.5", 1, "3.1"},
        {"-1030.4999", 1, "3"},  // 3.05 and a hair below
        {"-1030.4999", 5, "3.04999"},
        {"-1030.45", 1, "3"},  // 3.045 is not made 3.05 first
        {"-1000", 6, "0"},
        {"-1000.0001", 1, "0"},
        {"-1000.0001", 6, "0.00001"},
        {"-990", 2, "-1"},
        {"-999.5", 1, "0"},
        {"-999.4", 1, "-0.1"},  // halves go up below zero too
        {"-0.0001", 2, "-100"},
        {"-0.0001", 6, "-99.99999"},
        {"-1055.5", 1, "5.6"},
    };
    for (const auto& row : rows)
        EXPECT_EQ(rate({after_months("1000", 0), after_months(row.back, 12)}, row.places), row.rate) << row.back;
}

TEST(EffectiveRate, meets_a_tie_exactly_even_behind_roots_of_higher_order) {
    // 1.0555^2 = 1.11408025 and 1.0305^3 = 1.094319122625: the rate is exactly 5.55 and 3.05.
    EXPECT_EQ(rate({after_months("1000000", 0), after_months("-1114080.25", 24)}, 1), "5.6");
    EXPECT_EQ(rate({after_months("1000000", 0), after_months("-1114080.2499", 24)}, 1), "5.5");
    EXPECT_EQ(rate({after_months("1000000000", 0), after_months("-1094319122.625", 36)}, 1), "3.1");
    EXPECT_EQ(rate({after_months("1000000000", 0), after_months("-1094319122.6249", 36)}, 1), "3");
    // Twelve payments that 1 % a month pays exactly: 1.01^12 - 1 = 12.6825030131969720661201 %.
    EXPECT_EQ(rate({after_months("1000000", 0), after_months("-1126825.0301", 12)}, 4), "12.6825");
    Flows flows{after_months("100000000000", 0)};
    for (int month = 1; month < 12; ++month) flows.push_back(after_months("-1000000000", month));
    flows.push_back(after_months("-101000000000", 12));
    EXPECT_EQ(rate(flows, 12), "12.682503013197");
}

TEST(EffectiveRate, of_short_and_dear_credit_is_as_exact) {
    EXPECT_EQ(rate({after_days("100", 0), after_days("-101", 1)}, 6), "3678.343433");
    EXPECT_EQ(rate({after_days("100", 0), after_days("-110", 1)}, 2), "128330558031335169.69");
    EXPECT_EQ(rate({after_days("170", 0), after_days("-171.95", 14)}, 6), "34.628973");
    EXPECT_EQ(rate({after_days("170", 0), {*Decimal::parse("-171.95"), {.weeks = 2}}}, 6), "34.51934");
    EXPECT_EQ(effective_rate(Flows{after_days("100", 0), after_days("-200", 1)}, 2).error(), AprRefusal::out_of_range);
    EXPECT_EQ(effective_rate(Flows{after_days("100", 0), after_days("-110", 1)}, 2).error(), AprRefusal::out_of_range);
    EXPECT_EQ(effective_rate(Flows{after_days("100", 0), after_days("-1", 1)}, 2).error(), AprRefusal::out_of_range);
}

TEST(EffectiveRate, takes_payments_before_the_first_drawdown) {
    // Twelve savings of 100, 3000 paid out, 24 rates of 80: the rates 10.54 and 190.82 percent both solve it.
    Flows flows{after_months("3000", 0)};
    for (int month = 1; month <= 12; ++month) flows.push_back(after_months("-100", -month));
    for (int month = 1; month <= 24; ++month) flows.push_back(after_months("-80", month));
    EXPECT_EQ(rate(flows, 12), "10.544554169542");
    // A year before instead of after: who pays first is the one who lends.
    EXPECT_EQ(rate({after_months("-1000", -12), after_months("1100", 0)}, 2), "10");
    EXPECT_EQ(rate({after_days("-1000", -365), after_months("1100", 0)}, 2), "10");
}

TEST(EffectiveRate, of_several_solutions_is_the_one_nearest_to_zero) {
    // (g - 1.1)(g - 1.2)(g - 1.3) = 0
    EXPECT_EQ(
        rate({after_months("1000", 0), after_months("-3600", 12), after_months("4310", 24), after_months("-1716", 36)},
             6),
        "10");
}

TEST(EffectiveRate, is_refused_where_there_is_none) {
    const auto refusal = [](const Flows& flows) { return effective_rate_text(flows, 2).error(); };
    EXPECT_EQ(refusal({}), AprRefusal::no_drawdown);
    EXPECT_EQ(refusal({after_months("-1", 0)}), AprRefusal::no_drawdown);
    EXPECT_EQ(refusal({after_months("0", 0), after_months("-1", 0)}), AprRefusal::no_drawdown);
    EXPECT_EQ(refusal({after_months("1", 0)}), AprRefusal::no_payment);
    EXPECT_EQ(refusal({after_months("100", 0), after_months("-90", 0)}), AprRefusal::no_solution);
    EXPECT_EQ(refusal({after_months("100", 0), after_months("-110", 0), after_months("-5", 3)}),
              AprRefusal::no_solution);
    // Borrow 100, pay back 300 half way, borrow 250: for no rate worth the same.
    EXPECT_EQ(refusal({after_months("100", 0), after_months("-300", 6), after_months("250", 12)}),
              AprRefusal::no_solution);
}

TEST(EffectiveRate, sums_what_moves_at_one_time) {
    EXPECT_EQ(rate({after_months("1000", 0), after_months("-100", 0), after_months("-990", 12)}, 2), "10");
    EXPECT_EQ(
        rate({after_months("-100", 0), after_months("-990", 12), after_months("600", 0), after_months("400", 0)}, 2),
        "10");
}

TEST(Interval, before_the_drawdown_is_negative) {
    const Day drawdown = *foundation::parse_day("2013-02-15");
    const Day payment = *foundation::parse_day("2013-01-12");
    EXPECT_EQ(interval_between(AprTimeRule::eu_remark_c, PeriodUnit::month, drawdown, payment),
              (Interval{.months = -1, .days = -3, .days_in_year = 366}));
    EXPECT_EQ(interval_between(AprTimeRule::actual_365, PeriodUnit::month, drawdown, payment), (Interval{.days = -34}));
}

TEST(Interval, of_a_month_end_to_a_shorter_month_end_is_whole) {
    const struct {
        const char* from;
        const char* to;
        Interval interval;
    } rows[] = {
        {"2019-01-31", "2019-02-28", {.months = 1}},
        {"2019-01-31", "2019-03-31", {.months = 2}},
        {"2019-01-31", "2019-04-30", {.months = 3}},
        {"2020-01-30", "2020-02-29", {.months = 1}},
        {"2019-02-28", "2019-03-28", {.months = 1}},
        {"2012-02-26", "2012-03-29", {.months = 1, .days = 3, .days_in_year = 366}},
        {"2020-03-01", "2020-03-01", {}},
        {"2020-03-01", "2020-03-02", {.days = 1, .days_in_year = 366}},
        {"2020-02-28", "2020-02-29", {.days = 1, .days_in_year = 366}},
    };
    for (const auto& row : rows)
        EXPECT_EQ(interval_between(AprTimeRule::eu_remark_c, PeriodUnit::month, *foundation::parse_day(row.from),
                                   *foundation::parse_day(row.to)),
                  row.interval)
            << row.from << ' ' << row.to;
}

/// A credit with a fee taken at once, paid back in rates that are worth a rate unknown to the test.
Flows any_credit() {
    const auto amount = *rc::gen::inRange<std::int64_t>(10'000, 100'000'000'000);
    const int count = *rc::gen::inRange(1, 60);
    const auto each = amount / count + *rc::gen::inRange<std::int64_t>(1, amount);
    Flows flows{{Decimal::of_units(amount), {}}};
    const int first = *rc::gen::inRange(0, 40);
    for (int i = 1; i <= count; ++i)
        flows.push_back({Decimal::of_units(-each), {.months = i, .days = first, .days_in_year = 366}});
    return flows;
}

long double value_at(const Flows& flows, long double rate) {
    long double sum = 0;
    for (const CashFlow& flow : flows) {
        const long double years = flow.at.months / 12.0L + flow.at.weeks / 52.0L +
                                  static_cast<long double>(flow.at.days) / flow.at.days_in_year;
        sum += static_cast<long double>(flow.amount.units()) * std::pow(1 + rate, -years);
    }
    return sum;
}

RC_GTEST_PROP(EffectiveRate, solves_its_own_equation, ()) {
    const Flows flows = any_credit();
    const auto found = effective_rate_text(flows, 12);
    if (!found) {
        RC_ASSERT(found.error() == AprRefusal::out_of_range);
        return;
    }
    const long double scale = static_cast<long double>(flows.front().amount.units());
    RC_ASSERT(std::abs(value_at(flows, std::stold(*found) / 100)) / scale < 1e-9L);
}

RC_GTEST_PROP(EffectiveRate, lies_within_half_of_its_last_digit, ()) {
    const Flows flows = any_credit();
    const int places = *rc::gen::inRange(0, 5);
    const auto found = effective_rate_text(flows, places);
    if (!found) return;
    const long double half = std::pow(0.1L, static_cast<long double>(places)) / 2;
    const long double percent = std::stold(*found);
    RC_ASSERT(value_at(flows, (percent - half) / 100) <= 0);
    RC_ASSERT(value_at(flows, (percent + half) / 100) >= 0);
}

RC_GTEST_PROP(EffectiveRate, of_credit_without_cost_is_zero, ()) {
    const Flows credit = any_credit();
    Flows flows;
    std::int64_t sum = 0;
    for (std::size_t i = 1; i < credit.size(); ++i) {
        flows.push_back(credit[i]);
        sum -= credit[i].amount.units();
    }
    flows.push_back({Decimal::of_units(sum), {}});
    RC_ASSERT(rate(flows, 12) == "0");
}

RC_GTEST_PROP(EffectiveRate, does_not_depend_on_units_order_or_where_time_begins, ()) {
    const Flows flows = any_credit();
    Flows other{flows.rbegin(), flows.rend()};
    const int months = *rc::gen::inRange(-30, 30);
    for (CashFlow& flow : other) {
        flow.amount = Decimal::of_units(flow.amount.units() * 7);
        flow.at.months += months;
    }
    RC_ASSERT(rate(flows, 6) == rate(other, 6));
}

RC_GTEST_PROP(EffectiveRate, rises_with_the_cost, ()) {
    Flows flows = any_credit();
    const auto cheap = effective_rate_text(flows, 6);
    flows.back().amount = Decimal::of_units(flows.back().amount.units() - 1'000);
    const auto dear = effective_rate_text(flows, 6);
    if (cheap && dear) RC_ASSERT(std::stold(*dear) >= std::stold(*cheap));
}

}  // namespace
}  // namespace saldo::terms
