#include "terms/day_count.hpp"

#include <algorithm>
#include <utility>

namespace saldo::terms {

using foundation::Day;
using foundation::Days;
using std::chrono::year_month_day;

namespace {

struct Date {
    explicit Date(Day day) {
        const year_month_day date{day};
        year = static_cast<int>(date.year());
        month = static_cast<int>(static_cast<unsigned>(date.month()));
        day_of_month = static_cast<int>(static_cast<unsigned>(date.day()));
        is_last_of_february = month == 2 && is_last_of_month(day);
    }
    int year;
    int month;
    int day_of_month;
    bool is_last_of_february;
};

std::int64_t calendar_days(Day from, Day to) {
    return (to - from).count();
}

Day first_of_year(int year) {
    return Day{std::chrono::year{year} / 1 / 1};
}

std::int64_t length_of_year(int year) {
    return calendar_days(first_of_year(year), first_of_year(year + 1));
}

/// Days of 30-day months, once the two days of the month are what the rule makes of them.
std::int64_t thirty_days_between(const Date& from, const Date& to) {
    return 360 * (to.year - from.year) + 30 * (to.month - from.month) + (to.day_of_month - from.day_of_month);
}

std::int64_t thirty_days_between(DayCount rule, Day from, Day to) {
    Date begin{from};
    Date end{to};
    switch (rule) {
        case DayCount::thirty_360_bond_basis:
            if (begin.day_of_month == 31) begin.day_of_month = 30;
            if (end.day_of_month == 31 && begin.day_of_month == 30) end.day_of_month = 30;
            break;
        case DayCount::thirty_360_us:
            // The 31st is judged before February's last day becomes a 30th: 29 February to 31 March is 31 days.
            if (begin.day_of_month == 31) begin.day_of_month = 30;
            if (end.day_of_month == 31 && begin.day_of_month == 30) end.day_of_month = 30;
            if (begin.is_last_of_february && end.is_last_of_february) end.day_of_month = 30;
            if (begin.is_last_of_february) begin.day_of_month = 30;
            break;
        case DayCount::thirty_e_360:
            if (begin.day_of_month == 31) begin.day_of_month = 30;
            if (end.day_of_month == 31) end.day_of_month = 30;
            break;
        case DayCount::thirty_e_360_isda:
            if (begin.day_of_month == 31 || begin.is_last_of_february) begin.day_of_month = 30;
            if (end.day_of_month == 31 || end.is_last_of_february) end.day_of_month = 30;
            break;
        case DayCount::actual_360:
        case DayCount::actual_365_fixed:
        case DayCount::actual_actual_isda:
        case DayCount::actual_actual_day_end:
        case DayCount::actual_actual_afb:
            break;
    }
    return thirty_days_between(begin, end);
}

/// Each year's days by its own length. 365 and 366 have no common factor: sums are over 365 x 366 = 133 590.
YearFraction by_calendar_years(Day from, Day to) {
    constexpr std::int64_t common = 133'590;
    std::int64_t numerator = 0;
    for (int year = Date{from}.year; from < to; ++year) {
        const Day end = std::min(to, first_of_year(year + 1));
        numerator += calendar_days(from, end) * (common / length_of_year(year));
        from = end;
    }
    return {numerator, common};
}

YearFraction by_afb(Day from, Day to) {
    std::int64_t years = 0;
    Day rest_end = to;
    while (true) {
        Day earlier = months_later(rest_end, -12);
        // A year back from 28 February lands on the 29th where there is one.
        if (Date{earlier}.month == 2 && Date{earlier}.day_of_month == 28 && !Date{earlier}.is_last_of_february)
            earlier += Days{1};
        if (earlier < from) break;
        ++years;
        rest_end = earlier;
    }
    std::int64_t length = 365;
    for (const int year : {Date{from}.year, Date{rest_end}.year}) {
        const year_month_day leap{std::chrono::year{year}, std::chrono::February, std::chrono::day{29}};
        if (leap.ok() && from <= Day{leap} && Day{leap} < rest_end) length = 366;
    }
    return {years * length + calendar_days(from, rest_end), length};
}

}  // namespace

std::int64_t days_between(DayCount rule, Day from, Day to) {
    if (to < from) return -days_between(rule, to, from);
    switch (rule) {
        case DayCount::actual_360:
        case DayCount::actual_365_fixed:
        case DayCount::actual_actual_isda:
        case DayCount::actual_actual_day_end:
        case DayCount::actual_actual_afb:
            return calendar_days(from, to);
        case DayCount::thirty_360_bond_basis:
        case DayCount::thirty_e_360:
        case DayCount::thirty_e_360_isda:
        case DayCount::thirty_360_us:
            return thirty_days_between(rule, from, to);
    }
    std::unreachable();
}

YearFraction year_fraction(DayCount rule, Day from, Day to) {
    if (to < from) {
        const YearFraction forward = year_fraction(rule, to, from);
        return {-forward.numerator, forward.denominator};
    }
    switch (rule) {
        case DayCount::actual_365_fixed:
            return {calendar_days(from, to), 365};
        case DayCount::actual_actual_isda:
            return by_calendar_years(from, to);
        case DayCount::actual_actual_day_end:
            return by_calendar_years(from + Days{1}, to + Days{1});
        case DayCount::actual_actual_afb:
            return by_afb(from, to);
        case DayCount::actual_360:
        case DayCount::thirty_360_bond_basis:
        case DayCount::thirty_e_360:
        case DayCount::thirty_e_360_isda:
        case DayCount::thirty_360_us:
            return {days_between(rule, from, to), 360};
    }
    std::unreachable();
}

int days_of_year_ending(Day day) {
    return static_cast<int>(calendar_days(months_later(day, -12), day));
}

Day months_later(Day day, int months) {
    year_month_day date{day};
    date += std::chrono::months{months};
    return date.ok() ? Day{date} : Day{date.year() / date.month() / std::chrono::last};
}

bool is_last_of_month(Day day) {
    const year_month_day date{day};
    return day == Day{date.year() / date.month() / std::chrono::last};
}

}  // namespace saldo::terms
