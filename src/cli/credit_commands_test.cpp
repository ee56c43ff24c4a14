#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "cli/command_line.hpp"
#include "cli/printing.hpp"
#include "foundation/json.hpp"

namespace saldo::cli {
namespace {

using foundation::JsonDocument;
using foundation::JsonValue;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using Words = std::vector<std::string>;

class Credit : public ::testing::Test {
  protected:
    ExitCode run(const Words& words, const std::string& typed = "") {
        std::istringstream in(typed);
        std::ostringstream out_stream, err_stream;
        const auto code = cli::run(words, Program{}, {.in = in, .out = out_stream, .err = err_stream});
        out = out_stream.str();
        err = err_stream.str();
        return code;
    }

    /// The published sample with other or further words.
    ExitCode plan(const Words& others, const Words& months = {"--months", "6"}) {
        Words words{"plan", "--amount", "230", "--rate", "13.7", "--date", "2016-01-06"};
        words.insert(words.end(), months.begin(), months.end());
        words.insert(words.end(), others.begin(), others.end());
        return run(words);
    }

    std::string out, err;
};

using SaldoPlan = Credit;
using SaldoApr = Credit;

TEST_F(SaldoPlan, prints_the_published_sample_as_a_table_and_how_each_number_was_reached) {
    ASSERT_EQ(plan({"--service-charge", "3.95", "--payment-day", "28", "--apr", "act/365"}), ExitCode::ok) << err;
    EXPECT_THAT(out, StartsWith("230.00 EUR in 6 x 40.79, the last 40.72; effective annual rate 19.36 %\n"));
    EXPECT_THAT(out, HasSubstr("\n1  2016-02-28       40.79      4.41      35.72    0.66  194.28  54/365\n"
                               "2  2016-03-28       40.79      2.09      38.04    0.66  156.24    1/12\n"));
    EXPECT_THAT(out, HasSubstr("   in all          244.67     10.72     230.00    3.95\n"));
    for (const char* name :
         {"interest_rate 13.7", "monthly_interest_rate 1.08", "first_due_date 2016-02-28", "first_interest 4.41",
          "regular_instalment 40.79", "amount_interest 10.72", "last_instalment 40.72", "amount_fees 14.67",
          "amount_total 244.67", "effective_interest_rate 19.36"})
        EXPECT_THAT(out, HasSubstr("\n" + std::string(name) + "\n  ")) << out;
}

TEST_F(SaldoPlan, prints_the_same_as_data) {
    ASSERT_EQ(plan({"--service-charge", "3.95", "--json"}), ExitCode::ok) << err;
    const auto document = JsonDocument::parse(out);
    ASSERT_TRUE(document) << out;
    const JsonValue offer = document->root();
    const auto number = [&](std::string_view name) { return std::string(offer.find(name)->number()); };
    EXPECT_EQ(number("regular_instalment"), "40.79");
    EXPECT_EQ(number("last_instalment"), "40.72");
    EXPECT_EQ(number("amount_interest"), "10.72");
    EXPECT_EQ(number("amount_total"), "244.67");
    EXPECT_EQ(number("effective_interest_rate"), "19.32");
    EXPECT_EQ(offer.find("withdrawal_until")->string(), "2016-01-20");
    EXPECT_EQ(offer.find("instalments")->size(), 6U);
    int last = 0;
    offer.find("instalments")->each([&](JsonValue one) {
        last = static_cast<int>(one.find("instalment_number")->integer().value());
        EXPECT_EQ(one.find("residual_debt")->is_null(), last == 6);
    });
    EXPECT_EQ(last, 6);
    EXPECT_EQ(offer.find("explanation")->size(), 10U);
}

TEST_F(SaldoPlan, finds_the_fewest_instalments_of_a_wished_rate) {
    ASSERT_EQ(plan({"--service-charge", "3.95", "--json"}, {"--wish", "50"}), ExitCode::ok) << err;
    EXPECT_THAT(out, HasSubstr("\"number_of_instalments\":6,"));
    ASSERT_EQ(plan({"--allowed", "4,5,7", "--json"}, {"--wish", "50"}), ExitCode::ok) << err;
    EXPECT_THAT(out, HasSubstr("\"number_of_instalments\":5,"));
}

TEST_F(SaldoPlan, by_a_merchants_own_deferral_gives_no_right_of_withdrawal) {
    ASSERT_EQ(plan({"--regime", "merchant_deferral", "--json"}), ExitCode::ok) << err;
    EXPECT_EQ(out.find("withdrawal_until"), std::string::npos);
}

TEST_F(SaldoPlan, refuses_bad_terms_and_says_why) {
    const auto refusal = [&](const Words& others, const Words& months = {"--months", "6"}) {
        Words words = others;
        words.emplace_back("--json");
        EXPECT_EQ(plan(words, months), ExitCode::refused);
        EXPECT_EQ(out, "");
        return err.substr(0, err.find(",\"message"));
    };
    EXPECT_EQ(refusal({}, {"--months", "0"}), R"({"error":{"code":"NUMBER_OF_INSTALMENTS_NOT_ALLOWED")");
    EXPECT_EQ(refusal({}, {"--months", "121"}), R"({"error":{"code":"NUMBER_OF_INSTALMENTS_NOT_ALLOWED")");
    EXPECT_EQ(refusal({"--service-charge", "3.95", "--cap", "19.31"}), R"({"error":{"code":"EFFECTIVE_RATE_TOO_HIGH")");
    EXPECT_EQ(refusal({}, {"--wish", "2.47"}), R"({"error":{"code":"NEVER_REPAID")");
    EXPECT_EQ(refusal({}, {"--wish", "5"}), R"({"error":{"code":"WISHED_RATE_TOO_LOW")");
    EXPECT_EQ(refusal({"--payment-day", "32"}), R"({"error":{"code":"TERMS_MALFORMED")");
    EXPECT_EQ(plan({"--service-charge", "3.95", "--cap", "19.32"}), ExitCode::ok);
}

TEST_F(SaldoPlan, is_not_computed_from_words_that_are_no_numbers) {
    EXPECT_EQ(plan({"--service-charge", "3,95"}), ExitCode::usage);
    EXPECT_EQ(err, "saldo: `--service-charge` takes an amount, not `3,95`.\n");
    EXPECT_EQ(plan({"--cap", "1e2"}), ExitCode::usage);
    EXPECT_EQ(plan({"--convention", "30/365"}), ExitCode::usage);
    EXPECT_EQ(plan({"--apr", "UK"}), ExitCode::usage);
    EXPECT_EQ(plan({"--currency", "EURO"}), ExitCode::usage);
    EXPECT_EQ(plan({}, {}), ExitCode::usage);
    EXPECT_EQ(plan({"--wish", "50"}), ExitCode::usage);
    EXPECT_EQ(err, "saldo: `saldo plan` needs `--months` or `--wish`, and not both.\n");
    EXPECT_EQ(run({"plan", "--months", "6"}), ExitCode::usage);
}

TEST_F(SaldoApr, prints_the_rate_with_six_decimals_and_with_one) {
    const std::string flows =
        R"({"id": "EC-MCD-27", "flows": [{"amount": 170000}, {"amount": -3400},
            {"amount": -1217.93, "count": 240, "first": {"months": 1}, "step_months": 1}]})";
    ASSERT_EQ(run({"apr", "-", "--json"}, flows), ExitCode::ok) << err;
    EXPECT_EQ(out, "{\"apr_percent\":6.434402,\"apr_percent_1dp\":6.4}\n");
    ASSERT_EQ(run({"apr", "-"}, flows), ExitCode::ok);
    EXPECT_EQ(out, "Effective annual rate 6.434402 %, with one decimal 6.4 %\n");
}

TEST_F(SaldoApr, takes_dates_and_lists_of_amounts) {
    const auto rate = [&](const std::string& flows, const Words& options = {}) {
        Words words{"apr", "-", "--json"};
        words.insert(words.end(), options.begin(), options.end());
        EXPECT_EQ(run(words, "{\"flows\": [" + flows + "]}"), ExitCode::ok) << err;
        return out;
    };
    const std::string dated = R"({"amount": 1000, "first": {"date": "1994-01-01"}},
                                 {"amount": -1200, "date": "1995-07-01"})";
    const std::string counted = R"({"amount": 1000}, {"amount": -1200, "first": {"days": 546}})";
    EXPECT_EQ(rate(dated, {"--rule", "act/365"}), rate(counted));
    EXPECT_EQ(rate(dated), rate(R"({"amount": 1000}, {"amount": -1200, "first": {"months": 18}})"));
    EXPECT_EQ(rate(R"({"amount": 1000, "date": "2013-01-31"},
                      {"amounts": [-500, -510, -20], "first": {"date": "2013-02-28"}, "step_months": 1})"),
              rate(R"({"amount": 1000}, {"amount": -500, "first": {"months": 1}},
                      {"amount": -510, "date": "2013-03-28"}, {"amount": -20, "date": "2013-04-28"},
                      {"amount": 0.0001, "date": "2013-01-31"}, {"amount": -0.0001, "date": "2013-01-31"})"));
    EXPECT_EQ(rate(R"({"amount": 170, "date": "2026-01-01"}, {"amount": -171.95, "date": "2026-01-15"})",
                   {"--period", "week"}),
              "{\"apr_percent\":34.51934,\"apr_percent_1dp\":34.5}\n");
}

TEST_F(SaldoApr, says_what_is_wrong_about_the_flows) {
    const auto wrong = [&](const std::string& json) {
        EXPECT_EQ(run({"apr", "-"}, json), ExitCode::refused);
        const std::size_t colon = err.find("used:\n");
        return colon == std::string::npos ? err : err.substr(colon + 6);
    };
    EXPECT_EQ(wrong("{"), "$ is not valid JSON\n");
    EXPECT_EQ(wrong("[]"), "$.flows is missing: a list of cash flows\n");
    EXPECT_EQ(wrong(R"({"flows": [{"first": {}}]})"), "$.flows[0].amount or a list of `amounts` is needed, not both\n");
    EXPECT_EQ(wrong(R"({"flows": [{"amount": "1"}]})"),
              "$.flows[0].amount must be a number of at most four decimals\n");
    EXPECT_EQ(wrong(R"({"flows": [{"amount": 1, "count": 0}]})"), "$.flows[0].count is 1 to 10000\n");
    EXPECT_EQ(wrong(R"({"flows": [{"amount": 1, "first": {"days": 1, "days_in_year": 360}}]})"),
              "$.flows[0].first.days_in_year is neither 365 nor 366\n");
    EXPECT_EQ(wrong(R"({"flows": [{"amount": 1, "first": {"date": "2013-02-30"}}]})"),
              "$.flows[0].first.date is no date: \"2013-02-30\"\n");
    EXPECT_EQ(wrong(R"({"flows": [{"amount": 1}, {"amount": -1, "date": "2013-02-28"}]})"),
              "$.flows have dates, but no drawdown has: they are counted from the first one's\n");
    EXPECT_THAT(wrong(R"({"flows": [{"amount": 1, "frist": {}}]})"), HasSubstr("$.flows[0].frist is not known here"));
    EXPECT_EQ(wrong(R"({"flows": [{"amount": 1}]})"), "saldo: Nothing comes back: no amount is below 0.\n");
    EXPECT_EQ(run({"apr", "/nowhere/flows.json"}), ExitCode::refused);
    EXPECT_EQ(err, "saldo: The file /nowhere/flows.json cannot be read.\n");
    EXPECT_EQ(run({"apr", "-", "--rule", "uk"}, "{}"), ExitCode::usage);
    EXPECT_EQ(run({"apr", "-", "--period", "day"}, "{}"), ExitCode::usage);
}

TEST_F(SaldoApr, agrees_with_every_published_case) {
    const auto path = std::filesystem::path{SALDO_SOURCE_DIR} / "../shared/oracles/apr.json";
    if (!std::filesystem::exists(path)) GTEST_SKIP() << "the published cases are not here: " << path;
    std::stringstream text;
    text << std::ifstream{path}.rdbuf();
    const auto document = JsonDocument::parse(text.str());
    ASSERT_TRUE(document);
    document->root().find("cases")->each([&](JsonValue one) {
        ASSERT_EQ(run({"apr", "-", "--json"}, indented(one)), ExitCode::ok) << err;
        const auto answer = JsonDocument::parse(out);
        const auto number = [](JsonValue in, std::string_view name) {
            return std::stod(std::string(in.find(name)->number()));
        };
        EXPECT_EQ(number(answer->root(), "apr_percent_1dp"), number(one, "expected_apr_percent_1dp")) << out;
        EXPECT_NEAR(number(answer->root(), "apr_percent"), number(one, "recomputed_percent"), 6e-7) << out;
    });
}

}  // namespace
}  // namespace saldo::cli
