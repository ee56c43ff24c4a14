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
#include "terms/annuity.hpp"
#include "terms/apr.hpp"
#include "terms/business_days.hpp"
#include "terms/day_count.hpp"
#include "terms/instalment_plan.hpp"
#include "terms/precision.hpp"
#include "terms/schedule.hpp"

namespace saldo::terms {
namespace {

using foundation::Currency;
using foundation::Day;
using foundation::Days;
using foundation::Decimal;
using foundation::JsonDocument;
using foundation::JsonKind;
using foundation::JsonValue;
using foundation::Money;

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
struct AnnuityOracle : Oracle {
    AnnuityOracle() : Oracle("annuity.json") {}
    JsonValue case_of(std::string_view id) const {
        std::optional<JsonValue> found;
        list(root(), "cases").each([&](const JsonValue& one) {
            if (text(one, "id") == id) found = one;
        });
        return found.value();
    }
    static Money euros(const JsonValue& value, std::string_view name) {
        return Money::parse(text(value, name), *Currency::parse("EUR")).value();
    }
};

using Number = Bounded<Exact>;

Number ratio(std::int64_t numerator, std::int64_t denominator) {
    return Number::ratio(numerator, denominator);
}

/// A JSON number or text as an exact fraction: `9.4822`, `0.08/12`.
Number exactly(std::string_view text) {
    const std::size_t slash = text.find('/');
    const Decimal whole = Decimal::parse(text.substr(0, slash)).value();
    const Number number = ratio(whole.units(), Decimal::scale);
    return slash == std::string_view::npos ? number : number / exactly(text.substr(slash + 1));
}

double approximately(const Number& number) {
    return static_cast<double>(number.value());
}

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
             at += Days{1}) {
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

TEST_F(AnnuityOracle, gateway_plans_are_reproduced_to_the_cent) {
    int plans = 0;
    list(root(), "cases").each([&](const JsonValue& one) {
        const std::string id = text(one, "id");
        if (!id.starts_with("RATEPAY-")) return;
        ++plans;
        const JsonValue inputs = one.find("inputs").value();
        const JsonValue expected = one.find("expected").value();
        InstalmentTerms terms;
        terms.apr_time = AprTimeRule::actual_365;
        terms.interest_rate = Decimal::parse(text(inputs, "interest_rate")).value();
        terms.interest_rate_max = terms.interest_rate;
        terms.service_charge = euros(inputs, "service_charge");
        // The profiles differ in the distance to the first due date; the days of the first period tell which it was.
        PlanByNumber wish{.credit = euros(inputs, "amount"), .instalments = integer(inputs, "number_of_rates", 0)};
        if (inputs.find("calculation_date")) {
            wish.calculated = day(inputs, "calculation_date");
            wish.payment_day = integer(inputs, "payment_firstday", 0);
            const int fitted = integer(inputs, "days_first_period_fitted", 54) - 1;
            terms.days_to_first_due_min = std::min(fitted, 28);
        }
        const auto plan = plan_by_number(terms, wish);
        ASSERT_TRUE(plan) << id;
        if (inputs.find("first_due")) {
            EXPECT_EQ(plan->instalments.front().due, day(inputs, "first_due")) << id;
        }
        const auto is = [&](const char* name, const std::string& ours) {
            if (!expected.find(name)) return;
            EXPECT_EQ(Decimal::parse(ours), Decimal::parse(text(expected, name))) << id << ' ' << name;
        };
        is("rate", plan->instalments.front().total().text());
        is("gateway_rate", plan->instalments.front().total().text());
        is("last_rate", plan->instalments.back().total().text());
        is("interest_amount", plan->interest().text());
        is("total_amount", plan->total().text());
        is("annual_percentage_rate", plan->effective_rate.text());
        is("monthly_debit_interest", monthly_rate(terms.convention, terms.interest_rate).text());
    });
    EXPECT_GE(plans, 5);
    EXPECT_FALSE(plan_by_number(InstalmentTerms{}, {.credit = Money{200'000, {}}, .instalments = 0}));
}

/// Rows `emi`, `interest`, `principal`, `balance` against parts of a debt.
void expect_rows(const JsonValue& rows, const std::vector<Part>& parts, Money debt, const std::string& id) {
    ASSERT_EQ(rows.size(), parts.size()) << id;
    std::size_t at = 0;
    Money balance = debt;
    rows.each([&](const JsonValue& row) {
        const Part& part = parts[at++];
        const auto cents = [&](const char* name) {
            return Money::parse(row.find(name)->string(), debt.currency()).value().minor();
        };
        balance -= Money{part.repayment, debt.currency()};
        EXPECT_EQ(part.interest + part.repayment, cents("emi")) << id << ' ' << at;
        EXPECT_EQ(part.interest, cents("interest")) << id << ' ' << at;
        EXPECT_EQ(part.repayment, cents("principal")) << id << ' ' << at;
        EXPECT_EQ(balance.minor(), cents("balance")) << id << ' ' << at;
    });
}

constexpr CentRules evened{.last = LastInstalment::evened};

TEST_F(AnnuityOracle, schedules_by_the_calendar_are_reproduced_row_by_row) {
    int schedules = 0;
    list(root(), "cases").each([&](const JsonValue& one) {
        const std::string id = text(one, "id");
        if (!id.starts_with("FINERACT-disbursed")) return;
        ++schedules;
        const JsonValue inputs = one.find("inputs").value();
        const JsonValue convention = one.find("convention").value();
        const Number rate = exactly(text(inputs, "interest_rate")) / Number{100};
        const Money debt = euros(inputs, "disbursed");
        // Some rows of the source end a period before the next begins; their rate factors are those of the beginnings.
        std::vector<Day> begins;
        Day last_end;
        inputs.find("periods")->each([&](const JsonValue& period) {
            begins.push_back(day(period, "from_"));
            last_end = day(period, "to");
        });
        const bool monthly = id.find("Month") != std::string::npos && id.ends_with("Every1Month");
        begins.push_back(monthly ? months_later(begins.back(), 1) : last_end);
        const std::string year = text(convention, "days_in_year");
        std::vector<Number> rates;
        for (std::size_t i = 1; i < begins.size(); ++i) {
            const auto rule = year == "DAYS_360" ? DayCount::thirty_e_360_isda : DayCount::actual_actual_day_end;
            const YearFraction fraction = year_fraction(rule, begins[i - 1], begins[i]);
            rates.push_back(rate * (year == "DAYS_364" ? ratio((begins[i] - begins[i - 1]).count(), 364)
                                                       : ratio(fraction.numerator, fraction.denominator)));
        }
        std::size_t at = 0;
        one.find("expected")->each([&](const JsonValue& row) {
            EXPECT_NEAR(approximately(rates[at++]), number(row, "rate_factor"), 6e-13) << id << ' ' << at;
        });
        const Number first_interest = Number{debt.minor()} * rates.front();
        const Amortisation<Exact> amortisation{debt.minor(), first_interest, std::span{rates}.subspan(1), evened};
        expect_rows(*one.find("expected"), amortisation.parts().value(), debt, id);
    });
    EXPECT_GE(schedules, 4);
}

TEST_F(AnnuityOracle, schedules_of_months_come_out_of_plans_too) {
    const struct {
        const char* id;
        PlanConvention convention;
    } rows[] = {
        {"FINERACT-disbursedAmt100_dayInYears360_daysInMonth30_repayEvery1Month", PlanConvention::thirty_360},
        {"FINERACT-disbursedAmt100_dayInYearsActual_daysInMonthActual_repayEvery1Month", PlanConvention::actual_actual},
    };
    for (const auto& row : rows) {
        const JsonValue one = case_of(row.id);
        const JsonValue inputs = one.find("inputs").value();
        InstalmentTerms terms;
        terms.convention = row.convention;
        terms.interest_rate = terms.interest_rate_max = Decimal::parse(text(inputs, "interest_rate")).value();
        const Day start = day(inputs, "disbursement_date");
        terms.payment_days = {static_cast<int>(static_cast<unsigned>(std::chrono::year_month_day{start}.day()))};
        const Money debt = euros(inputs, "disbursed");
        const auto plan = plan_by_number(
            terms, {.calculated = start, .credit = debt, .instalments = 6, .payment_day = terms.payment_days.front()});
        ASSERT_TRUE(plan) << row.id;
        std::vector<Part> parts;
        for (const Instalment& instalment : plan->instalments)
            parts.push_back({instalment.interest.minor(), instalment.repayment.minor()});
        expect_rows(*one.find("expected"), parts, debt, row.id);
    }
}

TEST_F(AnnuityOracle, schedule_of_a_debt_that_begins_within_a_month) {
    const JsonValue one = case_of("FINERACT-GEN-192.22");
    const JsonValue inputs = one.find("inputs").value();
    const Money debt = euros(inputs, "disbursed");
    const Number month = exactly(text(inputs, "interest_rate")) / Number{1200};
    const std::vector<Number> later(5, month);
    const Amortisation<Exact> amortisation{debt.minor(), Number{debt.minor()} * month * ratio(17, 31), later, evened};
    expect_rows(*one.find("expected"), amortisation.parts().value(), debt, "FINERACT-GEN-192.22");
}

TEST_F(AnnuityOracle, closed_forms_agree) {
    int forms = 0;
    list(root(), "cases").each([&](const JsonValue& one) {
        const std::string id = text(one, "id");
        if (!id.starts_with("FN-")) return;
        ++forms;
        const std::string function = text(*one.find("convention"), "function");
        const JsonValue inputs = one.find("inputs").value();
        const auto input = [&](const char* name) {
            const JsonValue value = inputs.find(name).value();
            return exactly(value.kind() == JsonKind::string ? value.string() : value.number());
        };
        const auto periods = [&] {
            return std::vector<Number>(static_cast<std::size_t>(integer(inputs, "nper", 0)), input("rate"));
        };
        double ours = 0;
        if (function == "pmt") {
            ours = -approximately(regular_instalment<Exact>(input("pv"), periods()));
        } else if (function == "ppmt") {
            ASSERT_EQ(integer(inputs, "per", 0), 1);
            ours = approximately(input("pv") * input("rate") - regular_instalment<Exact>(input("pv"), periods()));
        } else if (function == "ipmt") {
            ASSERT_EQ(integer(inputs, "per", 0), 1);
            ours = -approximately(input("pv") * input("rate"));
        } else if (function == "pv") {
            ours = -approximately(input("pmt") / regular_instalment<Exact>(Number{1}, periods()));
        } else if (function == "nper") {
            // Not the number is computed but what it must say: so many savings grow to the sum.
            const Number rate = input("rate");
            const auto count = static_cast<std::int64_t>(std::llround(number(one, "expected") * 1e15));
            const Number grown = (power(Number{1} + rate, count, 1'000'000'000'000'000) - Number{1}) / rate;
            EXPECT_NEAR(approximately(Number{0} - input("pmt") * grown), approximately(input("fv")), 1e-6) << id;
            return;
        } else if (function == "effect") {
            const auto n = integer(inputs, "npery", 0);
            ours = approximately(whole_power(Number{1} + input("nominal") / Number{n}, n) - Number{1});
        } else if (function == "nominal") {
            const auto n = integer(inputs, "npery", 0);
            const Number effective = ratio(std::llround(std::stod(text(inputs, "effect")) * 1e6), 1'000'000);
            ours = approximately((power(Number{1} + effective, 1, n) - Number{1}) * Number{n});
        } else if (function == "xirr") {
            std::vector<CashFlow> flows;
            inputs.find("values")->each(
                [&](const JsonValue& value) { flows.push_back({-Decimal::parse(value.number()).value(), {}}); });
            const Day start = *foundation::parse_day(inputs.find("dates")->first().string());
            std::size_t at = 0;
            inputs.find("dates")->each([&](const JsonValue& date) {
                flows[at++].at = interval_between(AprTimeRule::actual_365, PeriodUnit::month, start,
                                                  *foundation::parse_day(date.string()));
            });
            ours = std::stod(effective_rate_text(flows, 12).value()) / 100;
        } else {
            ASSERT_EQ(function, "payodd");
            // The days beyond the first month bear simple interest of a 30-day month.
            std::vector<Number> rates = periods();
            const Number odd = rates.front() * ratio(integer(inputs, "days_first", 0) - 30, 30);
            rates.front() = (Number{1} + rates.front()) * (Number{1} + odd) - Number{1};
            ours = approximately(regular_instalment<Exact>(input("pv"), rates));
        }
        EXPECT_NEAR(ours, number(one, "recomputed"), std::abs(ours) * 1e-14) << id;
        // Published with as many digits as printed: two in Excel's pages, where the file repeats them.
        EXPECT_NEAR(ours, number(one, "expected"), std::max(5e-3 * (std::abs(ours) > 10 ? 1 : 0), 1e-7)) << id;
    });
    EXPECT_GE(forms, 11);
}

TEST_F(AnnuityOracle, interest_that_is_capitalised_each_quarter) {
    const JsonValue one = case_of("CURO-EX3");
    const JsonValue inputs = one.find("inputs").value();
    const JsonValue expected = one.find("expected").value();
    const auto count = static_cast<std::size_t>(integer(inputs, "n", 0));
    const Money debt = euros(inputs, "principal");
    const Money instalment = euros(expected, "instalment");
    const auto regular = [&](const Number& month) {
        return regular_instalment<Exact>(Number{debt.minor()}, std::vector<Number>(count, month), 3);
    };
    const Number month = exactly(text(inputs, "rate")) / Number{1200};
    EXPECT_EQ(whole(regular(month), Rounding::half_up), instalment.minor());

    // The table is made with the rate that the rounded instalment pays, a little below the nominal one.
    Number low{0};
    Number high = month;
    for (int i = 0; i < 100; ++i) {
        const Number middle = (low + high) * ratio(1, 2);
        (regular(middle).value() < Exact{instalment.minor()} ? low : high) = {middle.value(), 0};
    }
    Number balance{debt.minor()};
    expected.find("interest_capitalised")->each([&](const JsonValue& quarter) {
        Number interest{0};
        for (int i = 0; i < 3; ++i) {
            interest = interest + balance * low;
            balance = balance - Number{instalment.minor()};
        }
        balance = balance + interest;
        EXPECT_EQ(whole(interest, Rounding::half_up), Money::parse(quarter.string(), debt.currency()).value().minor());
    });
}

TEST_F(AnnuityOracle, table_of_the_commission_shows_an_unrounded_amortisation) {
    const JsonValue one = case_of("EC-MCD-01-TABLE");
    const Number month = ratio(6, 1200);
    std::vector<Number> rates(240, month);
    Number balance{0};
    Number instalment{0};
    int tables = 0;
    one.find("expected")->each([&](const JsonValue& row) {
        const auto cents = [&](const char* name) { return euros(row, name).minor(); };
        if (integer(row, "n", 0) == 1) {
            // The second table is that of example 2: its first period is a month and three days.
            rates.front() = tables++ == 0 ? month : ratio(6, 100) * (ratio(1, 12) + ratio(3, 365));
            balance = Number{cents("opening")};
            instalment = regular_instalment<Exact>(balance, rates);
        }
        EXPECT_EQ(whole(instalment, Rounding::half_up), cents("total"));
        EXPECT_EQ(whole(balance, Rounding::half_up), cents("opening"));
        const Number interest = balance * (integer(row, "n", 0) == 1 ? rates.front() : month);
        EXPECT_EQ(whole(interest, Rounding::half_up), cents("interest"));
        EXPECT_EQ(whole(instalment - interest, Rounding::half_up), cents("principal"));
        balance = balance + interest - instalment;
        EXPECT_EQ(whole(balance, Rounding::half_up), cents("closing"));
    });
    EXPECT_EQ(tables, 2);
    const Money credit{20'000'000, {}};
    const Money fee{400'000, {}};
    const JsonValue totals = one.find("totals").value();
    const Money paid{240 * euros(*one.find("inputs"), "instalment").minor(), {}};
    EXPECT_EQ(paid + fee, euros(totals, "total_payable"));
    EXPECT_EQ(paid + fee - credit, euros(totals, "total_cost"));
}

TEST_F(AnnuityOracle, seed_identities_hold_to_the_cent) {
    // Examples of fields, not of one plan: what adds up there adds up here.
    case_of("SEED-IDENTITIES");
    const auto euro = [](const char* text) { return Money::parse(text, {}).value(); };
    EXPECT_EQ(euro("186.07") + euro("14.4"), euro("200.47"));
    EXPECT_EQ(spread(euro("14.4"), 6), std::vector<Money>(6, euro("2.4")));
    const Instalment one{.interest = euro("1.3"), .repayment = euro("27.31"), .fee = euro("2.4")};
    EXPECT_EQ(one.total(), euro("31.01"));
    EXPECT_EQ(foundation::line_total(*Decimal::parse("18.45"), *Decimal::parse("-1.55"), 2, {}), euro("33.8"));
    EXPECT_EQ(foundation::rounded(*Decimal::parse("18.445"), {}), euro("18.45"));
}

}  // namespace
}  // namespace saldo::terms
