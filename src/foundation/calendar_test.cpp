#include "foundation/calendar.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>

namespace saldo::foundation {
namespace {

using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::minutes;
using std::chrono::seconds;

Day day(const char* text) {
    return *parse_day(text);
}

Instant instant(const char* text) {
    return *parse_instant(text);
}

Zone zone(const char* name) {
    return *Zone::find(name);
}

TEST(Day, is_read_only_in_its_one_form) {
    for (const char* text : {"1900-01-01", "1999-12-31", "2000-02-29", "2020-02-29", "2020-03-10", "2999-12-31"}) {
        ASSERT_TRUE(parse_day(text)) << text;
        EXPECT_EQ(day_text(*parse_day(text)), text);
    }
    for (const char* text : {"",           "2020",        "2020-03",     "2020-3-10",   "2020-03-1",  "20-03-10",
                             "2020/03/10", "2020-03-10 ", " 2020-03-10", "2020-03-10T", "2020-02-30", "2021-02-29",
                             "1900-02-29", "2100-02-29",  "2020-00-10",  "2020-13-10",  "2020-01-00", "2020-01-32",
                             "2020-04-31", "1899-12-31",  "3000-01-01",  "0000-01-01",  "-020-03-10", "+020-03-10",
                             "2020-+3-10", "2020-03--1",  "20200310",    "10.03.2020",  "2020-0a-10"})
        EXPECT_FALSE(parse_day(text)) << text;
}

RC_GTEST_PROP(Day, that_is_printed_is_read_back, ()) {
    const Day some = day("1900-01-01") + Days{*rc::gen::inRange(0, 401'767)};
    RC_ASSERT(parse_day(day_text(some)) == some);
}

TEST(Instant, is_read_with_its_offset) {
    const struct {
        const char* text;
        const char* utc;
    } rows[] = {
        {"2020-03-10T18:06:52.438+01:00", "2020-03-10T17:06:52.438Z"},
        {"2020-03-10T18:06:52+01:00", "2020-03-10T17:06:52Z"},
        {"2020-03-10T18:06:52.438Z", "2020-03-10T18:06:52.438Z"},
        {"2020-03-10t18:06:52z", "2020-03-10T18:06:52Z"},
        {"2026-06-05T15:41:36.325775Z", "2026-06-05T15:41:36.325775Z"},
        {"2026-06-05T15:41:36.3Z", "2026-06-05T15:41:36.300Z"},
        {"2026-06-05T15:41:36.3000Z", "2026-06-05T15:41:36.300Z"},
        {"2026-06-05T15:41:36.3001Z", "2026-06-05T15:41:36.300100Z"},
        {"2026-06-05T15:41:36.000001Z", "2026-06-05T15:41:36.000001Z"},
        {"2026-06-05T15:41:36.000Z", "2026-06-05T15:41:36Z"},
        {"2020-12-31T23:59:59.999999-23:59", "2021-01-01T23:58:59.999999Z"},
        {"2021-01-01T00:00:00+23:59", "2020-12-31T00:01:00Z"},
        {"2020-06-01T00:00:00-00:00", "2020-06-01T00:00:00Z"},
        {"2020-06-01T00:00:00+05:45", "2020-05-31T18:15:00Z"},
        {"1969-12-31T23:59:59.999999Z", "1969-12-31T23:59:59.999999Z"},
        {"1900-01-01T00:00:00Z", "1900-01-01T00:00:00Z"},
        {"2999-12-31T23:59:59.999999Z", "2999-12-31T23:59:59.999999Z"},
    };
    for (const auto& row : rows) {
        const auto read = parse_instant(row.text);
        ASSERT_TRUE(read) << row.text;
        EXPECT_EQ(utc_text(*read), row.utc) << row.text;
    }
}

TEST(Instant, without_offset_impossible_or_too_exact_is_refused) {
    for (const char* text : {"",
                             "2020-03-10",
                             "2020-03-10T18:06:52",
                             "2020-03-10T18:06:52.438",
                             "2020-03-10 18:06:52Z",
                             "2020-03-10T18:06Z",
                             "2020-03-10T24:00:00Z",
                             "2020-03-10T23:60:00Z",
                             "2020-03-10T23:59:60Z",
                             "2016-12-31T23:59:60Z",
                             "2020-03-10T18:06:52.Z",
                             "2020-03-10T18:06:52.1234567Z",
                             "2020-03-10T18:06:52,438Z",
                             "2020-03-10T18:06:52+0100",
                             "2020-03-10T18:06:52+01",
                             "2020-03-10T18:06:52+1:00",
                             "2020-03-10T18:06:52+24:00",
                             "2020-03-10T18:06:52+01:60",
                             "2020-03-10T18:06:52 +01:00",
                             "2020-03-10T18:06:52Z ",
                             "2020-03-10T18:06:52ZZ",
                             "2020-02-30T18:06:52Z",
                             "2020-03-10T-1:06:52Z",
                             "1899-12-31T23:59:59Z",
                             "3000-01-01T00:00:00Z",
                             "1900-01-01T00:00:00+00:01",
                             "2999-12-31T23:59:59-00:01"})
        EXPECT_FALSE(parse_instant(text)) << text;
}

RC_GTEST_PROP(Instant, that_is_printed_in_any_zone_is_read_back, ()) {
    const auto since = *rc::gen::inRange<std::int64_t>(-2'000'000'000'000'000, 32'000'000'000'000'000);
    const Instant some{microseconds{since}};
    RC_ASSERT(parse_instant(utc_text(some)) == some);
    const Zone local = zone(*rc::gen::element("Europe/Berlin", "Europe/Dublin", "America/New_York", "Asia/Kathmandu",
                                              "Australia/Lord_Howe", "America/Havana", "UTC", "Europe/Amsterdam"));
    RC_ASSERT(parse_instant(local.text(some)) == some);
}

TEST(Duration, is_read_as_iso_8601_writes_it) {
    const struct {
        const char* text;
        int months;
        microseconds time;
    } rows[] = {
        {"P14D", 0, Days{14}},
        {"P2W", 0, Days{14}},
        {"P1M", 1, {}},
        {"P1Y", 12, {}},
        {"P1Y2M3W4DT5H6M7S", 14, Days{25} + hours{5} + minutes{6} + seconds{7}},
        {"PT30M", 0, minutes{30}},
        {"P1DT12H", 0, hours{36}},
        {"PT1M", 0, minutes{1}},
        {"P0D", 0, {}},
        {"P100000Y", 1'200'000, {}},
    };
    for (const auto& row : rows) {
        const auto duration = parse_duration(row.text);
        ASSERT_TRUE(duration) << row.text;
        EXPECT_EQ(*duration, (Duration{.months = row.months, .time = row.time})) << row.text;
    }
}

TEST(Duration, of_any_other_form_is_refused) {
    for (const char* text : {"",       "P",       "PT",    "14D",  "P14",  "P14X", "P-1D",     "P+1D",
                             "-P1D",   "P1.5D",   "P1,5D", "P1DT", "PT1D", "P1H",  "P1D1D",    "P1D1M",
                             "PT1S1M", "PT1HT1M", "p1d",   "P1d",  " P1D", "P1D ", "P100001D", "P99999999999999999999D",
                             "PD",     "P1W1W"})
        EXPECT_FALSE(parse_duration(text)) << text;
}

TEST(Duration, moves_months_along_the_calendar_and_time_after_them) {
    const struct {
        const char* from;
        const char* duration;
        const char* to;
    } rows[] = {
        {"2020-01-31T10:00:00Z", "P1M", "2020-02-29T10:00:00Z"},
        {"2021-01-31T10:00:00Z", "P1M", "2021-02-28T10:00:00Z"},
        {"2020-02-29T10:00:00Z", "P1Y", "2021-02-28T10:00:00Z"},
        {"2020-02-29T10:00:00Z", "P4Y", "2024-02-29T10:00:00Z"},
        {"2020-01-31T10:00:00Z", "P1M1D", "2020-03-01T10:00:00Z"},
        {"2020-12-15T23:59:59.999999Z", "P14D", "2020-12-29T23:59:59.999999Z"},
        {"2020-12-15T12:00:00Z", "PT12H", "2020-12-16T00:00:00Z"},
        {"1969-11-30T23:00:00Z", "P3MT1H", "1970-03-01T00:00:00Z"},
        {"2020-03-10T18:00:00Z", "P0D", "2020-03-10T18:00:00Z"},
        {"2998-12-31T00:00:00Z", "P1Y", "2999-12-31T00:00:00Z"},
    };
    for (const auto& row : rows)
        EXPECT_EQ(utc_text(moved(instant(row.from), *parse_duration(row.duration))), row.to)
            << row.from << row.duration;
}

TEST(Duration, beyond_2999_stops_at_its_last_instant) {
    for (const char* text : {"P1000Y", "P100000Y", "P100000Y100000M100000W", "P100000W", "PT1S"}) {
        const Instant start =
            std::string_view{text} == "PT1S" ? instant("2999-12-31T23:59:59.5Z") : instant("2020-03-10T18:00:00Z");
        EXPECT_EQ(utc_text(moved(start, *parse_duration(text))), "2999-12-31T23:59:59.999999Z") << text;
    }
}

TEST(Zone, is_found_by_its_name_and_by_nothing_else) {
    for (const char* name : {"Europe/Berlin", "Europe/Zurich", "America/Argentina/Buenos_Aires", "Etc/GMT+3", "UTC"}) {
        ASSERT_TRUE(Zone::find(name)) << name;
        EXPECT_EQ(Zone::find(name)->name(), name);
        EXPECT_EQ(*Zone::find(name), *Zone::find(name));
    }
    for (const char* name : {"", "Europe", "Europe/", "Europe/Atlantis", "/etc/localtime", "../zoneinfo/Europe/Berlin",
                             "europe/berlin ", "localtime", "posixrules", "posix/Europe/Berlin", "right/Europe/Berlin",
                             "Europe/Berlin\n", "file:Europe/Berlin", "leap-seconds", "+01:00"})
        EXPECT_FALSE(Zone::find(name)) << name;
    EXPECT_FALSE(Zone::find(std::string_view{"UTC\0", 4}));
    EXPECT_NE(zone("Europe/Berlin"), zone("Europe/London"));
}

TEST(Zone, prints_the_offset_in_force_at_that_instant) {
    const struct {
        const char* zone;
        const char* utc;
        const char* text;
    } rows[] = {
        {"Europe/Berlin", "2020-03-10T17:06:52.438Z", "2020-03-10T18:06:52.438+01:00"},
        {"Europe/Berlin", "2020-07-08T17:06:52.438Z", "2020-07-08T19:06:52.438+02:00"},
        {"Europe/Berlin", "2020-07-08T22:30:00Z", "2020-07-09T00:30:00+02:00"},
        // the gap: from 01:59:59 straight to 03:00
        {"Europe/Berlin", "2020-03-29T00:59:59.999999Z", "2020-03-29T01:59:59.999999+01:00"},
        {"Europe/Berlin", "2020-03-29T01:00:00Z", "2020-03-29T03:00:00+02:00"},
        // the overlap: 02:30 twice, told apart by the offset
        {"Europe/Berlin", "2020-10-25T00:30:00Z", "2020-10-25T02:30:00+02:00"},
        {"Europe/Berlin", "2020-10-25T01:30:00Z", "2020-10-25T02:30:00+01:00"},
        // behind the last year of the compiled tables
        {"Europe/Berlin", "2037-07-01T12:00:00Z", "2037-07-01T14:00:00+02:00"},
        {"Europe/Berlin", "2038-01-19T03:14:08Z", "2038-01-19T04:14:08+01:00"},
        {"Europe/Berlin", "2038-07-01T12:00:00Z", "2038-07-01T14:00:00+02:00"},
        {"Europe/Berlin", "2500-07-01T12:00:00Z", "2500-07-01T14:00:00+02:00"},
        {"Europe/Berlin", "2500-12-01T12:00:00Z", "2500-12-01T13:00:00+01:00"},
        {"America/New_York", "2020-03-10T17:06:52.4385Z", "2020-03-10T13:06:52.438500-04:00"},
        {"America/St_Johns", "2020-01-01T00:00:00Z", "2019-12-31T20:30:00-03:30"},
        {"Asia/Kathmandu", "2020-01-01T00:00:00Z", "2020-01-01T05:45:00+05:45"},
        {"UTC", "2020-03-10T17:06:52Z", "2020-03-10T17:06:52+00:00"},
    };
    for (const auto& row : rows) EXPECT_EQ(zone(row.zone).text(instant(row.utc)), row.text) << row.utc;
    EXPECT_EQ(Zone::utc().text(instant("2020-03-10T17:06:52Z")), "2020-03-10T17:06:52+00:00");
}

TEST(Zone, gives_an_instant_its_local_day) {
    const Zone berlin = zone("Europe/Berlin");
    EXPECT_EQ(berlin.day_of(instant("2020-03-10T22:59:59.999999Z")), day("2020-03-10"));
    EXPECT_EQ(berlin.day_of(instant("2020-03-10T23:00:00Z")), day("2020-03-11"));
    EXPECT_EQ(berlin.day_of(instant("2020-07-10T22:00:00Z")), day("2020-07-11"));
    EXPECT_EQ(zone("Pacific/Kiritimati").day_of(instant("2020-03-10T10:00:00Z")), day("2020-03-11"));
    EXPECT_EQ(Zone::utc().day_of(instant("1969-12-31T23:59:59Z")), day("1969-12-31"));
}

TEST(Zone, begins_a_day_at_the_first_instant_that_exists) {
    const struct {
        const char* zone;
        const char* day;
        const char* start;
    } rows[] = {
        {"Europe/Berlin", "2020-03-10", "2020-03-09T23:00:00Z"},
        {"Europe/Berlin", "2020-03-29", "2020-03-28T23:00:00Z"},
        {"Europe/Berlin", "2020-03-30", "2020-03-29T22:00:00Z"},
        {"Europe/Berlin", "2020-10-25", "2020-10-24T22:00:00Z"},
        {"Europe/Berlin", "2038-07-01", "2038-06-30T22:00:00Z"},
        {"America/Sao_Paulo", "2017-10-15", "2017-10-15T03:00:00Z"},  // 00:00 jumped to 01:00
        {"America/Havana", "2020-11-01", "2020-11-01T04:00:00Z"},     // 00:00 comes twice
        {"Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z"},       // a day that Samoa left out
        {"Pacific/Apia", "2011-12-31", "2011-12-30T10:00:00Z"},
        {"UTC", "2020-03-10", "2020-03-10T00:00:00Z"},
    };
    for (const auto& row : rows) EXPECT_EQ(utc_text(zone(row.zone).start_of(day(row.day))), row.start) << row.day;
}

RC_GTEST_PROP(Zone, a_day_begins_where_the_day_before_ends, ()) {
    const Zone local = zone(*rc::gen::element("Europe/Berlin", "Europe/Zurich", "America/New_York", "America/Sao_Paulo",
                                              "Asia/Beirut", "Australia/Lord_Howe", "UTC"));
    const Day some = day("1971-01-01") + Days{*rc::gen::inRange(0, 36'500)};
    const Instant start = local.start_of(some);
    RC_ASSERT(local.day_of(start) == some);
    RC_ASSERT(local.day_of(start - microseconds{1}) == some - Days{1});
    RC_ASSERT(local.start_of(some + Days{1}) > start);
}

}  // namespace
}  // namespace saldo::foundation
