#pragma once

#include <cctz/time_zone.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace saldo::foundation {

/// A moment, to the microsecond, without a zone.
using Instant = std::chrono::sys_time<std::chrono::microseconds>;
/// A calendar day, without a zone.
using Day = std::chrono::sys_days;
using Days = std::chrono::days;

/// `YYYY-MM-DD` of the years 1900 to 2999, an existing day; nothing else.
std::optional<Day> parse_day(std::string_view text);
std::string day_text(Day day);

/// An instant with its offset as RFC 3339 writes it (`2020-03-10T18:06:52.438+01:00`, `...Z`), at most six fraction
/// digits. An offset is required; a leap second, an impossible day and years outside 1900 to 2999, written or in UTC,
/// are refused.
std::optional<Instant> parse_instant(std::string_view text);

/// UTC with `Z` and as many fraction digits out of 0, 3, 6 as the instant needs.
std::string utc_text(Instant instant);

/// What ISO 8601 calls a duration, of the forms an operator types: `P14D`, `P2W`, `P1M`, `P1Y`, `PT30M`, `P1DT12H`.
/// Months and years move along the calendar; a day that does not exist becomes the last of its month.
struct Duration {
    int months = 0;
    std::chrono::microseconds time{};
    bool operator==(const Duration&) const = default;
};
std::optional<Duration> parse_duration(std::string_view text);
/// The instant moved forward, months first, in UTC; at most to the last instant of 2999, where our calendar ends.
Instant moved(Instant instant, const Duration& duration);

/// A time zone of the IANA database by its name (`Europe/Berlin`). Copies are cheap.
class Zone {
  public:
    /// Nothing when the system's database has no such zone. Files of the database that are no zones by name (`right/`,
    /// which counts leap seconds, `posix/`, `localtime`) are none.
    static std::optional<Zone> find(std::string_view name);
    static Zone utc();

    std::string name() const { return rules_.name(); }
    /// The calendar day on which the instant falls in this zone.
    Day day_of(Instant instant) const;
    /// The first instant of a day. Where the clock jumps over midnight, the first instant that exists.
    Instant start_of(Day day) const;
    /// Local time with the offset in force at that instant: `2020-03-10T18:06:52.438+01:00`; UTC prints `+00:00`. An
    /// offset with seconds (before 1940) is cut to the minute, so that the text still says the same instant.
    std::string text(Instant instant) const;

    bool operator==(const Zone&) const = default;

  private:
    explicit Zone(cctz::time_zone rules) : rules_(rules) {}
    cctz::time_zone rules_;  // a handle; the library keeps the rules for good
};

}  // namespace saldo::foundation
