// The published cases of ../shared/oracles against our own numbers.

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "foundation/json.hpp"
#include "terms/apr.hpp"
#include "terms/business_days.hpp"
#include "terms/day_count.hpp"

namespace saldo::terms {
namespace {

using foundation::Day;
using foundation::Decimal;
using foundation::JsonDocument;
using foundation::JsonKind;
using foundation::JsonValue;

/// A test that reads one file; without the file it is skipped.
class Oracle : public testing::Test {
  protected:
    explicit Oracle(std::string_view name)
        : path_(std::filesystem::path{SALDO_SOURCE_DIR} / "../shared/oracles" / name) {}

    void SetUp() override {
        if (!std::filesystem::exists(path_)) GTEST_SKIP() << "the published cases are not here: " << path_;
        std::stringstream text;
        text << std::ifstream{path_}.rdbuf();
        auto document = JsonDocument::parse(text.str());
        ASSERT_TRUE(document) << path_;
        document_.emplace(std::move(*document));
    }

    JsonValue root() const { return document_->root(); }
    static JsonValue list(const JsonValue& value, std::string_view name) {
        const JsonValue found = value.find(name).value();
        EXPECT_GT(found.size(), 0U) << name;
        return found;
    }
    static std::string text(const JsonValue& value, std::string_view name) {
        return std::string{value.find(name).value().string()};
    }
    static Day day(const JsonValue& value, std::string_view name) { return *foundation::parse_day(text(value, name)); }
    static Decimal decimal(const JsonValue& value) { return Decimal::parse(value.number()).value(); }
    static int integer(const JsonValue& value, std::string_view name, int otherwise) {
        const auto found = value.find(name);
        return found ? static_cast<int>(found->integer().value()) : otherwise;
    }
    static double number(const JsonValue& value, std::string_view name) {
        return std::stod(std::string{value.find(name).value().number()});
    }

  private:
    std::filesystem::path path_;
    std::optional<JsonDocument> document_;
};

struct DayCountOracle : Oracle {
    DayCountOracle() : Oracle("daycount.json") {}
};
struct TargetOracle : Oracle {
    TargetOracle() : Oracle("target_calendar.json") {}
};
struct AprOracle : Oracle {
    AprOracle() : Oracle("apr.json") {}
};

TEST_F(DayCountOracle, agrees_in_every_row) {
    const std::pair<const char*, DayCount> rules[] = {
        {"ACT_360", DayCount::actual_360},
        {"ACT_365F", DayCount::actual_365_fixed},
        {"ACT_ACT_ISDA", DayCount::actual_actual_isda},
        {"ACT_ACT_AFB", DayCount::actual_actual_afb},
        {"THIRTY_360_BondBasis", DayCount::thirty_360_bond_basis},
        {"THIRTY_E_360", DayCount::thirty_e_360},
        {"THIRTY_E_360_ISDA_German", DayCount::thirty_e_360_isda},
        {"THIRTY_360_USA", DayCount::thirty_360_us},
    };
    list(root(), "rows").each([&](const JsonValue& row) {
        const Day start = day(row, "start");
        const Day end = day(row, "end");
        for (const auto& [name, rule] : rules) {
            const JsonValue expected = row.find(name).value();
            const YearFraction fraction = year_fraction(rule, start, end);
            EXPECT_EQ(days_between(rule, start, end), integer(expected, "days", -1))
                << name << ' ' << text(row, "start") << ' ' << text(row, "end");
            EXPECT_NEAR(static_cast<double>(fraction.numerator) / static_cast<double>(fraction.denominator),
                        number(expected, "year_fraction"), 5.1e-13)
                << name << ' ' << text(row, "start") << ' ' << text(row, "end");
        }
    });
}

TEST_F(TargetOracle, agrees_in_every_year) {
    list(root(), "years").each([&](const JsonValue& row) {
        const int year = std::stoi(std::string{row.name()});
        EXPECT_EQ(easter_sunday(year), day(row, "easter_sunday")) << year;
        std::vector<std::string> holidays;
        for (Day at = Day{std::chrono::year{year} / 1 / 1}; at < Day{std::chrono::year{year + 1} / 1 / 1};
             at += foundation::Days{1}) {
            const std::chrono::weekday weekday{at};
            const bool weekend = weekday == std::chrono::Saturday || weekday == std::chrono::Sunday;
            if (!weekend && !is_business_day(BusinessCalendar::target, at))
                holidays.push_back(foundation::day_text(at));
        }
        std::vector<std::string> expected;
        row.find("weekday_holidays")->each([&](const JsonValue& one) { expected.emplace_back(one.string()); });
        EXPECT_EQ(holidays, expected);
    });
}

TEST_F(TargetOracle, agrees_in_every_step_and_shift) {
    list(root(), "add_business_days").each([&](const JsonValue& row) {
        EXPECT_EQ(business_days_later(BusinessCalendar::target, day(row, "start"), integer(row, "add_target_days", 0)),
                  day(row, "expected"))
            << text(row, "start");
    });
    list(root(), "adjust").each([&](const JsonValue& row) {
        const std::string name = text(row, "convention");
        const Shift shift = name == "Following"           ? Shift::following
                            : name == "ModifiedFollowing" ? Shift::modified_following
                                                          : Shift::preceding;
        ASSERT_TRUE(shift != Shift::preceding || name == "Preceding") << name;
        EXPECT_EQ(shifted(BusinessCalendar::target, day(row, "date"), shift), day(row, "expected"))
            << text(row, "date") << ' ' << name;
    });
}

TEST_F(AprOracle, agrees_in_every_interval) {
    list(root(), "time_intervals").each([&](const JsonValue& row) {
        const std::string unit = text(row, "period");
        const PeriodUnit period = unit == "year"    ? PeriodUnit::year
                                  : unit == "month" ? PeriodUnit::month
                                                    : PeriodUnit::week;
        const Interval interval =
            interval_between(AprTimeRule::eu_remark_c, period, day(row, "start"), day(row, "end"));
        const int periods = integer(row, "whole_periods", -1);
        const std::string where = text(row, "start") + " " + text(row, "end") + " " + unit;
        EXPECT_EQ(interval.months + interval.weeks, unit == "year" ? 12 * periods : periods) << where;
        EXPECT_EQ(interval.days, integer(row, "days", -1)) << where;
        if (interval.days > 0) {
            EXPECT_EQ(interval.days_in_year, integer(row, "days_in_year", -1)) << where;
        }
        const double value =
            interval.months / 12.0 + interval.weeks / 52.0 + static_cast<double>(interval.days) / interval.days_in_year;
        EXPECT_NEAR(value, number(row, "value"), 5.1e-11) << where;
    });
}

TEST_F(AprOracle, agrees_in_every_case) {
    list(root(), "cases").each([&](const JsonValue& row) {
        std::vector<CashFlow> flows;
        list(row, "flows").each([&](const JsonValue& group) {
            Interval at;
            if (const auto first = group.find("first"))
                at = {.months = integer(*first, "months", 0),
                      .weeks = integer(*first, "weeks", 0),
                      .days = integer(*first, "days", 0),
                      .days_in_year = integer(*first, "days_in_year", 365)};
            const int step = integer(group, "step_months", 0);
            const auto add = [&](const JsonValue& amount) {
                flows.push_back({decimal(amount), at});
                at.months += step;
            };
            if (const auto amounts = group.find("amounts"))
                amounts->each(add);
            else
                for (int i = 0; i < integer(group, "count", 1); ++i) add(*group.find("amount"));
        });
        const std::string id = text(row, "id");
        const auto six = effective_rate_text(flows, 6);
        ASSERT_TRUE(six) << id;
        if (const auto expected = row.find("expected_apr_percent"); expected->kind() == JsonKind::number) {
            const auto exact = effective_rate_text(flows, 12);
            EXPECT_NEAR(std::stod(*exact), number(row, "expected_apr_percent"), number(row, "tolerance_percent_points"))
                << id;
        }
        const auto one = effective_rate(flows, 1);
        ASSERT_TRUE(one) << id;
        EXPECT_EQ(*one, decimal(*row.find("expected_apr_percent_1dp"))) << id;
        EXPECT_NEAR(std::stod(*six), number(row, "recomputed_percent"), 6e-7) << id;
    });
}

}  // namespace
}  // namespace saldo::terms
