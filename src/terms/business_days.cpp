#include "terms/business_days.hpp"

#include <utility>

namespace saldo::terms {

using foundation::Day;
using foundation::Days;

namespace {

/// A day of the calendar seen by its distance from Easter Sunday, and by month and day.
class Feast {
  public:
    explicit Feast(Day day) : date_(day), from_easter_((day - easter_sunday(static_cast<int>(date_.year()))).count()) {}

    bool is(unsigned month, unsigned day) const {
        return date_.month() == std::chrono::month{month} && date_.day() == std::chrono::day{day};
    }
    bool is_good_friday() const { return from_easter_ == -2; }
    bool is_easter_monday() const { return from_easter_ == 1; }
    bool is_ascension() const { return from_easter_ == 39; }
    bool is_whit_monday() const { return from_easter_ == 50; }
    bool is_corpus_christi() const { return from_easter_ == 60; }
    bool is_christmas() const { return is(12, 25) || is(12, 26); }
    int year() const { return static_cast<int>(date_.year()); }

  private:
    std::chrono::year_month_day date_;
    long from_easter_;
};

/// The day on which the birthday of the Dutch monarch is kept; a Sunday gives way to the Saturday before.
bool is_kings_day(const Feast& feast, Day day) {
    const bool is_saturday = std::chrono::weekday{day} == std::chrono::Saturday;
    const bool is_sunday = std::chrono::weekday{day} == std::chrono::Sunday;
    const unsigned month = 4;
    const unsigned birthday = feast.year() >= 2014 ? 27 : 30;
    return (feast.is(month, birthday) && !is_sunday) || (feast.is(month, birthday - 1) && is_saturday);
}

bool is_weekend(Day day) {
    const std::chrono::weekday weekday{day};
    return weekday == std::chrono::Saturday || weekday == std::chrono::Sunday;
}

}  // namespace

Day easter_sunday(int year) {
    // The computus of the Gregorian calendar (Meeus, Jones, Butcher): the Sunday behind the paschal full moon.
    const int golden = year % 19;
    const int century = year / 100;
    const int of_century = year % 100;
    const int correction = (8 * century + 13) / 25;
    const int epact = (19 * golden + century - century / 4 - correction + 15) % 30;
    const int weekday = (32 + 2 * (century % 4) + 2 * (of_century / 4) - epact - of_century % 4) % 7;
    const int late = (golden + 11 * epact + 22 * weekday) / 451;
    const int march_day = epact + weekday - 7 * late + 22;  // counted on from the first of March
    return Day{std::chrono::year{year} / std::chrono::March / 1} + Days{march_day - 1};
}

bool is_holiday(BusinessCalendar calendar, Day day) {
    const Feast feast{day};
    switch (calendar) {
        case BusinessCalendar::target:
            return feast.is(1, 1) || feast.is_good_friday() || feast.is_easter_monday() || feast.is(5, 1) ||
                   feast.is_christmas();
        case BusinessCalendar::germany:
            return feast.is(1, 1) || feast.is_good_friday() || feast.is_easter_monday() || feast.is(5, 1) ||
                   feast.is_ascension() || feast.is_whit_monday() || feast.is(10, 3) || feast.is_christmas() ||
                   (feast.year() == 2017 && feast.is(10, 31));  // 500 years of the Reformation, that once everywhere
        case BusinessCalendar::austria:
            return feast.is(1, 1) || feast.is(1, 6) || feast.is_easter_monday() || feast.is(5, 1) ||
                   feast.is_ascension() || feast.is_whit_monday() || feast.is_corpus_christi() || feast.is(8, 15) ||
                   feast.is(10, 26) || feast.is(11, 1) || feast.is(12, 8) || feast.is_christmas();
        case BusinessCalendar::switzerland:
            return feast.is(1, 1) || feast.is(1, 2) || feast.is_good_friday() || feast.is_easter_monday() ||
                   feast.is(5, 1) || feast.is_ascension() || feast.is_whit_monday() || feast.is(8, 1) ||
                   feast.is_christmas();
        case BusinessCalendar::netherlands:
            return feast.is(1, 1) || feast.is_good_friday() || feast.is_easter_monday() || is_kings_day(feast, day) ||
                   feast.is(5, 5) || feast.is_ascension() || feast.is_whit_monday() || feast.is_christmas();
    }
    std::unreachable();
}

bool is_business_day(BusinessCalendar calendar, Day day) {
    return !is_weekend(day) && !is_holiday(calendar, day);
}

Day shifted(BusinessCalendar calendar, Day day, Shift shift) {
    const auto towards = [&](int step) {
        Day found = day;
        while (!is_business_day(calendar, found)) found += Days{step};
        return found;
    };
    const auto month_of = [](Day one) { return std::chrono::year_month_day{one}.month(); };
    switch (shift) {
        case Shift::none:
            return day;
        case Shift::following:
            return towards(1);
        case Shift::modified_following:
            return month_of(towards(1)) == month_of(day) ? towards(1) : towards(-1);
        case Shift::preceding:
            return towards(-1);
    }
    std::unreachable();
}

Day business_days_later(BusinessCalendar calendar, Day day, int count) {
    const int step = count < 0 ? -1 : 1;
    while (count != 0) {
        day += Days{step};
        if (is_business_day(calendar, day)) count -= step;
    }
    return day;
}

}  // namespace saldo::terms
