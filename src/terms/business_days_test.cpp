#include "terms/business_days.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <vector>

namespace saldo::terms {
namespace {

using foundation::Day;
using foundation::Days;

Day day(const char* text) {
    return *foundation::parse_day(text);
}

std::vector<std::string> holidays(BusinessCalendar calendar, int year) {
    std::vector<std::string> found;
    for (Day at = Day{std::chrono::year{year} / 1 / 1}; at < Day{std::chrono::year{year + 1} / 1 / 1}; at += Days{1})
        if (is_holiday(calendar, at)) found.push_back(foundation::day_text(at).substr(5));
    return found;
}

TEST(BusinessDays, rest_on_the_holidays_of_each_country) {
    // Easter Sunday 2026 is 5 April.
    const struct {
        BusinessCalendar calendar;
        std::vector<std::string> days;
    } rows[] = {
        {BusinessCalendar::target, {"01-01", "04-03", "04-06", "05-01", "12-25", "12-26"}},
        {BusinessCalendar::germany, {"01-01", "04-03", "04-06", "05-01", "05-14", "05-25", "10-03", "12-25", "12-26"}},
        {BusinessCalendar::austria,
         {"01-01", "01-06", "04-06", "05-01", "05-14", "05-25", "06-04", "08-15", "10-26", "11-01", "12-08", "12-25",
          "12-26"}},
        {BusinessCalendar::switzerland,
         {"01-01", "01-02", "04-03", "04-06", "05-01", "05-14", "05-25", "08-01", "12-25", "12-26"}},
        {BusinessCalendar::netherlands,
         {"01-01", "04-03", "04-06", "04-27", "05-05", "05-14", "05-25", "12-25", "12-26"}},
    };
    for (const auto& row : rows) EXPECT_EQ(holidays(row.calendar, 2026), row.days);
}

TEST(BusinessDays, keep_the_dutch_birthday_on_saturday_when_it_falls_on_sunday) {
    EXPECT_TRUE(is_holiday(BusinessCalendar::netherlands, day("2025-04-26")));
    EXPECT_FALSE(is_holiday(BusinessCalendar::netherlands, day("2025-04-27")));
    EXPECT_FALSE(is_holiday(BusinessCalendar::netherlands, day("2024-04-26")));
    EXPECT_TRUE(is_holiday(BusinessCalendar::netherlands, day("2024-04-27")));
    EXPECT_TRUE(is_holiday(BusinessCalendar::netherlands, day("2013-04-30")));
    EXPECT_FALSE(is_holiday(BusinessCalendar::netherlands, day("2013-04-27")));
}

TEST(BusinessDays, rested_once_for_the_reformation_in_all_of_germany) {
    EXPECT_TRUE(is_holiday(BusinessCalendar::germany, day("2017-10-31")));
    EXPECT_FALSE(is_holiday(BusinessCalendar::germany, day("2018-10-31")));
}

TEST(BusinessDays, follow_easter_from_its_earliest_to_its_latest_day) {
    const struct {
        int year;
        const char* easter;
    } rows[] = {{1943, "1943-04-25"}, {1961, "1961-04-02"}, {2000, "2000-04-23"}, {2008, "2008-03-23"},
                {2011, "2011-04-24"}, {2019, "2019-04-21"}, {2038, "2038-04-25"}, {2049, "2049-04-18"},
                {2076, "2076-04-19"}, {2100, "2100-03-28"}, {2285, "2285-03-22"}, {2999, "2999-03-24"}};
    for (const auto& row : rows) EXPECT_EQ(easter_sunday(row.year), day(row.easter)) << row.year;
    for (int year = 1900; year < 3000; ++year) {
        const Day easter = easter_sunday(year);
        EXPECT_EQ(std::chrono::weekday{easter}, std::chrono::Sunday);
        EXPECT_GE(easter, Day(std::chrono::year{year} / 3 / 22));
        EXPECT_LE(easter, Day(std::chrono::year{year} / 4 / 25));
    }
}

TEST(BusinessDays, are_counted_both_ways) {
    EXPECT_EQ(business_days_later(BusinessCalendar::target, day("2026-12-28"), -1), day("2026-12-24"));
    EXPECT_EQ(business_days_later(BusinessCalendar::target, day("2026-04-07"), -2), day("2026-04-01"));
    EXPECT_EQ(business_days_later(BusinessCalendar::germany, day("2026-05-13"), 1), day("2026-05-15"));
    EXPECT_EQ(business_days_later(BusinessCalendar::target, day("2026-12-26"), 0), day("2026-12-26"));
    EXPECT_EQ(shifted(BusinessCalendar::austria, day("2026-12-08"), Shift::none), day("2026-12-08"));
    EXPECT_EQ(shifted(BusinessCalendar::austria, day("2026-12-08"), Shift::following), day("2026-12-09"));
}

RC_GTEST_PROP(BusinessDays, are_reached_by_every_shift_within_days, ()) {
    const auto calendar =
        *rc::gen::element(BusinessCalendar::target, BusinessCalendar::germany, BusinessCalendar::austria,
                          BusinessCalendar::switzerland, BusinessCalendar::netherlands);
    const Day some = day("1990-01-01") + Days{*rc::gen::inRange(0, 50'000)};
    for (const Shift shift : {Shift::following, Shift::modified_following, Shift::preceding}) {
        const Day found = shifted(calendar, some, shift);
        RC_ASSERT(is_business_day(calendar, found));
        RC_ASSERT(std::chrono::abs(found - some) <= Days{6});
        if (is_business_day(calendar, some)) RC_ASSERT(found == some);
    }
    const auto month = [](Day one) { return std::chrono::year_month_day{one}.month(); };
    RC_ASSERT(month(shifted(calendar, some, Shift::modified_following)) == month(some));
    const int count = *rc::gen::inRange(0, 40);
    const Day from = shifted(calendar, some, Shift::following);
    RC_ASSERT(business_days_later(calendar, business_days_later(calendar, from, count), -count) == from);
}

}  // namespace
}  // namespace saldo::terms
