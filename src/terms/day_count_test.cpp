#include "terms/day_count.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

namespace saldo::terms {
namespace {

using foundation::Day;
using foundation::Days;

constexpr DayCount all[] = {DayCount::actual_360,         DayCount::actual_365_fixed,
                            DayCount::actual_actual_isda, DayCount::actual_actual_day_end,
                            DayCount::actual_actual_afb,  DayCount::thirty_360_bond_basis,
                            DayCount::thirty_e_360,       DayCount::thirty_e_360_isda,
                            DayCount::thirty_360_us};

Day day(const char* text) {
    return *foundation::parse_day(text);
}

Day any_day() {
    return day("1990-01-01") + Days{*rc::gen::inRange(0, 25'000)};
}

bool is(YearFraction fraction, std::int64_t numerator, std::int64_t denominator) {
    return fraction.numerator * denominator == numerator * fraction.denominator;
}

TEST(DayCount, gives_a_day_at_the_turn_of_the_year_to_the_year_it_begins_or_ends_in) {
    // 2023 has 365 days, 2024 has 366.
    EXPECT_TRUE(is(year_fraction(DayCount::actual_actual_isda, day("2023-12-31"), day("2024-01-01")), 1, 365));
    EXPECT_TRUE(is(year_fraction(DayCount::actual_actual_day_end, day("2023-12-31"), day("2024-01-01")), 1, 366));
    EXPECT_TRUE(
        is(year_fraction(DayCount::actual_actual_isda, day("2023-12-31"), day("2024-12-31")), 133'591, 133'590));
    EXPECT_TRUE(is(year_fraction(DayCount::actual_actual_isda, day("2023-01-01"), day("2026-01-01")), 3, 1));
}

TEST(DayCount, makes_a_german_month_of_every_month) {
    for (const char* last : {"2023-01-31", "2023-02-28", "2024-02-29", "2024-03-31", "2024-04-30", "2100-02-28"}) {
        const Day next = day(last) + Days{1};
        const Day next_last = months_later(next, 1) - Days{1};
        EXPECT_EQ(days_between(DayCount::thirty_e_360_isda, day(last), next_last), 30) << last;
    }
    EXPECT_EQ(days_between(DayCount::thirty_e_360_isda, day("2024-01-31"), day("2024-02-29")), 30);
    EXPECT_EQ(days_between(DayCount::thirty_e_360, day("2024-01-31"), day("2024-02-29")), 29);
}

TEST(DayCount, a_month_later_is_the_same_day_or_the_last) {
    const struct {
        const char* from;
        int months;
        const char* to;
    } rows[] = {
        {"2024-01-31", 1, "2024-02-29"},  {"2023-01-31", 1, "2023-02-28"},   {"2024-03-31", -1, "2024-02-29"},
        {"2024-02-29", 12, "2025-02-28"}, {"2024-02-29", 48, "2028-02-29"},  {"2024-10-31", 1, "2024-11-30"},
        {"2024-12-15", 1, "2025-01-15"},  {"2024-01-15", -1, "2023-12-15"},  {"2024-01-30", 13, "2025-02-28"},
        {"2024-05-31", 0, "2024-05-31"},  {"2024-01-31", 120, "2034-01-31"}, {"2000-02-29", -1200, "1900-02-28"}};
    for (const auto& row : rows) EXPECT_EQ(months_later(day(row.from), row.months), day(row.to)) << row.from;
}

TEST(DayCount, a_year_that_holds_a_29th_of_february_has_366_days) {
    EXPECT_EQ(days_of_year_ending(day("2012-02-28")), 365);
    EXPECT_EQ(days_of_year_ending(day("2012-02-29")), 366);
    EXPECT_EQ(days_of_year_ending(day("2013-02-28")), 366);
    EXPECT_EQ(days_of_year_ending(day("2013-03-01")), 365);
    EXPECT_EQ(days_of_year_ending(day("2100-03-01")), 365);
}

RC_GTEST_PROP(DayCount, backwards_is_the_opposite, ()) {
    const Day from = any_day();
    const Day to = any_day();
    for (const DayCount rule : all) {
        const YearFraction forward = year_fraction(rule, from, to);
        const YearFraction backward = year_fraction(rule, to, from);
        RC_ASSERT(is(forward, -backward.numerator, backward.denominator));
        RC_ASSERT(days_between(rule, from, to) == -days_between(rule, to, from));
        RC_ASSERT(forward.denominator > 0);
        RC_ASSERT(is(year_fraction(rule, from, from), 0, 1));
    }
}

RC_GTEST_PROP(DayCount, no_rule_is_further_than_days_from_the_calendar, ()) {
    const Day from = any_day();
    const Day to = from + Days{*rc::gen::inRange(0, 4'000)};
    const double years = static_cast<double>((to - from).count()) / 365.2425;
    for (const DayCount rule : all) {
        const YearFraction fraction = year_fraction(rule, from, to);
        const double counted = static_cast<double>(fraction.numerator) / static_cast<double>(fraction.denominator);
        RC_ASSERT(counted >= 0);
        RC_ASSERT(std::abs(counted - years) < 0.012 + years * 0.016);
    }
}

RC_GTEST_PROP(DayCount, actual_days_add_up, ()) {
    const Day from = any_day();
    const Day middle = from + Days{*rc::gen::inRange(0, 1'000)};
    const Day to = middle + Days{*rc::gen::inRange(0, 1'000)};
    for (const DayCount rule : {DayCount::actual_360, DayCount::actual_365_fixed, DayCount::actual_actual_isda,
                                DayCount::actual_actual_day_end}) {
        const YearFraction whole = year_fraction(rule, from, to);
        const YearFraction first = year_fraction(rule, from, middle);
        const YearFraction second = year_fraction(rule, middle, to);
        RC_ASSERT(is(whole, first.numerator + second.numerator, first.denominator));
    }
}

}  // namespace
}  // namespace saldo::terms
