#include "foundation/calendar.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace saldo::foundation {

namespace {

using std::chrono::microseconds;
using std::chrono::seconds;

constexpr int year_min = 1900;
constexpr int year_max = 2999;
constexpr Instant first_instant = Day{std::chrono::year{year_min} / 1 / 1};
constexpr Instant last_instant = Instant{Day{std::chrono::year{year_max + 1} / 1 / 1}} - microseconds{1};

/// Exactly `size` digits at the front of `text`, taken off it.
std::optional<int> take_digits(std::string_view& text, std::size_t size) {
    if (text.size() < size) return std::nullopt;
    int value = 0;
    for (std::size_t i = 0; i < size; ++i) {
        if (text[i] < '0' || text[i] > '9') return std::nullopt;
        value = value * 10 + (text[i] - '0');
    }
    text.remove_prefix(size);
    return value;
}

bool take(std::string_view& text, char wanted) {
    if (!text.starts_with(wanted)) return false;
    text.remove_prefix(1);
    return true;
}

std::optional<Day> take_day(std::string_view& text) {
    const auto year = take_digits(text, 4);
    if (!year || !take(text, '-')) return std::nullopt;
    const auto month = take_digits(text, 2);
    if (!month || !take(text, '-')) return std::nullopt;
    const auto day = take_digits(text, 2);
    if (!day || *year < year_min || *year > year_max) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year{*year}, std::chrono::month{static_cast<unsigned>(*month)},
                                           std::chrono::day{static_cast<unsigned>(*day)}};
    if (!date.ok()) return std::nullopt;
    return Day{date};
}

/// `.` and one to six digits, or nothing at all.
std::optional<microseconds> take_fraction(std::string_view& text) {
    if (!take(text, '.')) return microseconds{0};
    int value = 0;
    int digits = 0;
    while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
        if (++digits > 6) return std::nullopt;
        value = value * 10 + (text.front() - '0');
        text.remove_prefix(1);
    }
    if (digits == 0) return std::nullopt;
    for (; digits < 6; ++digits) value *= 10;
    return microseconds{value};
}

std::optional<seconds> take_offset(std::string_view& text) {
    if (take(text, 'Z') || take(text, 'z')) return seconds{0};
    const bool east = text.starts_with('+');
    if (!east && !text.starts_with('-')) return std::nullopt;
    text.remove_prefix(1);
    const auto hours = take_digits(text, 2);
    if (!hours || !take(text, ':')) return std::nullopt;
    const auto minutes = take_digits(text, 2);
    if (!minutes || *hours > 23 || *minutes > 59) return std::nullopt;
    const seconds offset = std::chrono::hours{*hours} + std::chrono::minutes{*minutes};
    return east ? offset : -offset;
}

void put(std::string& out, unsigned value, int width) {
    std::array<char, 10> digits{};
    for (int i = width; i-- > 0;) {
        digits[static_cast<std::size_t>(i)] = static_cast<char>('0' + value % 10);
        value /= 10;
    }
    out.append(digits.data(), static_cast<std::size_t>(width));
}

void put_day(std::string& out, Day day) {
    const std::chrono::year_month_day date{day};
    put(out, static_cast<unsigned>(static_cast<int>(date.year())), 4);
    out += '-';
    put(out, static_cast<unsigned>(date.month()), 2);
    out += '-';
    put(out, static_cast<unsigned>(date.day()), 2);
}

void put_time(std::string& out, microseconds since_midnight) {
    const auto total = static_cast<std::uint64_t>(since_midnight.count());
    const auto whole = static_cast<unsigned>(total / 1'000'000);
    const auto fraction = static_cast<unsigned>(total % 1'000'000);
    put(out, whole / 3600, 2);
    out += ':';
    put(out, whole / 60 % 60, 2);
    out += ':';
    put(out, whole % 60, 2);
    if (fraction == 0) return;
    out += '.';
    if (fraction % 1000 == 0)
        put(out, fraction / 1000, 3);
    else
        put(out, fraction, 6);
}

}  // namespace

std::optional<Day> parse_day(std::string_view text) {
    const auto day = take_day(text);
    return text.empty() ? day : std::nullopt;
}

std::string day_text(Day day) {
    std::string out;
    put_day(out, day);
    return out;
}

std::optional<Instant> parse_instant(std::string_view text) {
    const auto day = take_day(text);
    if (!day || !(take(text, 'T') || take(text, 't'))) return std::nullopt;
    const auto hour = take_digits(text, 2);
    if (!hour || !take(text, ':')) return std::nullopt;
    const auto minute = take_digits(text, 2);
    if (!minute || !take(text, ':')) return std::nullopt;
    const auto second = take_digits(text, 2);
    if (!second || *hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
    const auto fraction = take_fraction(text);
    if (!fraction) return std::nullopt;
    const auto offset = take_offset(text);
    if (!offset || !text.empty()) return std::nullopt;
    const Instant instant = Instant{*day} + std::chrono::hours{*hour} + std::chrono::minutes{*minute} +
                            seconds{*second} + *fraction - *offset;
    if (instant < first_instant || instant > last_instant) return std::nullopt;
    return instant;
}

std::string utc_text(Instant instant) {
    std::string out;
    const Day day = std::chrono::floor<Days>(instant);
    put_day(out, day);
    out += 'T';
    put_time(out, instant - Instant{day});
    out += 'Z';
    return out;
}

std::optional<Duration> parse_duration(std::string_view text) {
    if (!take(text, 'P') || text.empty()) return std::nullopt;
    constexpr int value_max = 100'000;
    Duration duration;
    bool in_time = false;
    // Each letter at most once and in ISO's order: what is still allowed shrinks as we go.
    std::string_view date_units = "YMWD";
    std::string_view time_units = "HMS";
    while (!text.empty()) {
        if (!in_time && take(text, 'T')) {
            in_time = true;
            if (text.empty()) return std::nullopt;
            continue;
        }
        int value = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (error != std::errc{} || value < 0 || value > value_max || end == text.data() + text.size())
            return std::nullopt;
        text.remove_prefix(static_cast<std::size_t>(end - text.data()));
        std::string_view& units = in_time ? time_units : date_units;
        const std::size_t at = units.find(text.front());
        if (at == std::string_view::npos) return std::nullopt;
        const char unit = text.front();
        units.remove_prefix(at + 1);
        text.remove_prefix(1);
        if (in_time && unit == 'H') duration.time += std::chrono::hours{value};
        if (in_time && unit == 'M') duration.time += std::chrono::minutes{value};
        if (in_time && unit == 'S') duration.time += seconds{value};
        if (!in_time && unit == 'Y') duration.months += 12 * value;
        if (!in_time && unit == 'M') duration.months += value;
        if (!in_time && unit == 'W') duration.time += Days{7 * value};
        if (!in_time && unit == 'D') duration.time += Days{value};
    }
    return duration;
}

Instant moved(Instant instant, const Duration& duration) {
    const Day day = std::chrono::floor<Days>(instant);
    const microseconds time = instant - Instant{day};
    std::chrono::year_month_day date{day};
    // Before the sum: a year of std::chrono wraps at 32767.
    if (duration.months > 12 * (year_max - static_cast<int>(date.year()) + 1)) return last_instant;
    date += std::chrono::months{duration.months};
    if (!date.ok()) date = date.year() / date.month() / std::chrono::last;
    return std::min(Instant{Day{date}} + time + duration.time, last_instant);
}

std::optional<Zone> Zone::find(std::string_view name) {
    // The database is a directory of files: a name is a relative path of letters, digits and a few signs, never
    // anything else.
    constexpr std::string_view allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/";
    if (name.empty() || name.front() == '/' || name.find_first_not_of(allowed) != std::string_view::npos)
        return std::nullopt;
    if (name == "localtime" || name.starts_with("right/") || name.starts_with("posix")) return std::nullopt;
    cctz::time_zone rules;
    if (!cctz::load_time_zone(std::string(name), &rules)) return std::nullopt;
    return Zone{rules};
}

Zone Zone::utc() {
    return Zone{cctz::utc_time_zone()};
}

Day Zone::day_of(Instant instant) const {
    const auto offset = seconds{rules_.lookup(std::chrono::floor<seconds>(instant)).offset};
    return std::chrono::floor<Days>(instant + offset);
}

Instant Zone::start_of(Day day) const {
    const std::chrono::year_month_day date{day};
    const cctz::civil_second midnight(static_cast<int>(date.year()),
                                      static_cast<int>(static_cast<unsigned>(date.month())),
                                      static_cast<int>(static_cast<unsigned>(date.day())));
    const auto found = rules_.lookup(midnight);
    // Skipped: the clock jumped over midnight, the day begins at the jump. Repeated: the first of the two.
    return found.kind == cctz::time_zone::civil_lookup::SKIPPED ? Instant{found.trans} : Instant{found.pre};
}

std::string Zone::text(Instant instant) const {
    const int exact = rules_.lookup(std::chrono::floor<seconds>(instant)).offset;
    const int offset = exact - exact % 60;
    const Instant local = instant + seconds{offset};
    std::string out;
    const Day day = std::chrono::floor<Days>(local);
    put_day(out, day);
    out += 'T';
    put_time(out, local - Instant{day});
    out += offset < 0 ? '-' : '+';
    const auto magnitude = static_cast<unsigned>(offset < 0 ? -offset : offset);
    put(out, magnitude / 3600, 2);
    out += ':';
    put(out, magnitude / 60 % 60, 2);
    return out;
}

}  // namespace saldo::foundation
