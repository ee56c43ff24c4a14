#include "http/saldo_codec.hpp"

#include <gtest/gtest.h>

#include <ostream>
#include <stdexcept>
#include <string>
#include <string_view>

namespace saldo::http {

namespace {

using foundation::Currency;
using foundation::Days;
using foundation::Instant;
using foundation::Money;

const Currency eur = *Currency::parse("EUR");

template <class Read>
auto read_with(std::string_view body, Read read) {
    const auto document = parse_object(body);
    if (!document) throw std::invalid_argument("no JSON: " + std::string(body));
    return read(document->root());
}

CommandRead payment_of(std::string_view body, std::optional<Currency> currency = eur) {
    return read_with(body, [&](auto root) { return read_payment(root, currency); });
}
CommandRead fee_of(std::string_view body) {
    return read_with(body, [](auto root) { return read_fee(root, eur); });
}
CommandRead block_of(std::string_view body) {
    return read_with(body, [](auto root) { return read_dunning_block(root); });
}
CommandRead level_of(std::string_view body) {
    return read_with(body, [](auto root) { return read_dunning_level(root); });
}
auto clock_of(std::string_view body) {
    return read_with(body, [](auto root) { return read_clock_change(root); });
}

template <class Outcome>
std::string faults_of(const Outcome& outcome) {
    if (outcome) return "accepted";
    std::string told;
    for (const FieldFault& fault : outcome.error().fields)
        told += (told.empty() ? "" : "; ") + fault.json_path + " " + fault.message;
    return told;
}

struct WrongBody {
    CommandRead (*read)(std::string_view);
    std::string_view body;
    std::string_view told;
};
void PrintTo(const WrongBody& row, std::ostream* out) {
    *out << row.body;
}
class WrongBooking : public testing::TestWithParam<WrongBody> {};

TEST_P(WrongBooking, is_told_by_its_fields) {
    EXPECT_EQ(faults_of(GetParam().read(GetParam().body)), GetParam().told);
}

CommandRead payment_in_eur(std::string_view body) {
    return payment_of(body);
}

constexpr std::string_view not_positive =
    "$.amount must be a number above 0 with at most 2 decimals, at most 10000000000";
constexpr std::string_view not_other_than_zero =
    "$.gross must be a number other than 0 with at most 2 decimals, at most 10000000000";

INSTANTIATE_TEST_SUITE_P(
    Field, WrongBooking,
    testing::Values(
        WrongBody{payment_in_eur, "{}", "$.type is missing; $.amount is missing"},
        WrongBody{payment_in_eur, R"({"type": "PAID", "amount": 1})", "$.type must be one of DEBIT, CREDIT"},
        WrongBody{payment_in_eur, R"({"type": "debit", "amount": 1})", "$.type must be one of DEBIT, CREDIT"},
        WrongBody{payment_in_eur, R"({"type": "DEBIT", "amount": 0})", not_positive},
        WrongBody{payment_in_eur, R"({"type": "CREDIT", "amount": -5})", not_positive},
        WrongBody{payment_in_eur, R"({"type": "DEBIT", "amount": 0.001})", not_positive},
        WrongBody{payment_in_eur, R"({"type": "DEBIT", "amount": 1, "value_date": "20.03.2020"})",
                  "$.value_date must be a date, YYYY-MM-DD"},
        WrongBody{payment_in_eur, R"({"type": "DEBIT", "amount": 1, "reference": ""})",
                  "$.reference must have 1 to 255 characters"},
        WrongBody{payment_in_eur, R"({"type": "DEBIT", "amount": 1, "comment": ""})",
                  "$.comment must have 1 to 1000 characters"},
        WrongBody{fee_of, "{}", "$.type is missing; $.gross is missing"},
        WrongBody{fee_of, R"({"type": "DUNNING_FEE", "gross": 0})", not_other_than_zero},
        WrongBody{fee_of, R"({"type": "DUNNING_FEE", "gross": "5"})", not_other_than_zero},
        WrongBody{fee_of, R"({"type": "FINE", "gross": 5})",
                  "$.type must be one of PAY_LATER_FEE, SERVICE_CHARGE, DUNNING_FEE, RETURN_DEBIT_NOTE_FEE, INTEREST, "
                  "PAY_LATER_WITHDRAWN, SERVICE_CHARGE_RETURN, DUNNING_FEE_RETURN, RETURN_DEBIT_NOTE_FEE_RETURN"},
        WrongBody{fee_of, R"({"type": "DUNNING_FEE", "gross": 5, "date": 20200320})",
                  "$.date must be a date, YYYY-MM-DD"},
        WrongBody{block_of, "{}",
                  "$.blocked_from is missing; $.blocked_until is missing; $.blocking_reason is missing"},
        WrongBody{block_of, R"({"blocked_from": "2020-03-32", "blocked_until": "2020-04-01", "blocking_reason": "x"})",
                  "$.blocked_from must be a date, YYYY-MM-DD"},
        WrongBody{block_of, R"({"blocked_from": "2020-03-25", "blocked_until": "2020-04-01", "blocking_reason": ""})",
                  "$.blocking_reason must have 1 to 255 characters"},
        WrongBody{level_of, "{}", "$.level is missing"},
        WrongBody{level_of, R"({"level": "SECOND_DUNNING"})",
                  "$.level must be one of NO_DUNNING, PAYMENT_REMINDER, FIRST_DUNNING, LAST_DUNNING, COLLECTION, "
                  "COLLECTION_FINISHED"}));

TEST(Payment, is_read_field_by_field) {
    const auto read = payment_of(
        R"({"type": "CREDIT", "amount": 50.5, "value_date": "2020-03-20", "reference": "KK7709094U2", "comment": "one\ntwo"})");
    ASSERT_TRUE(read) << faults_of(read);
    const auto& command = std::get<ledger::BookSettlement>(*read);
    EXPECT_EQ(command.type, ledger::SettlementType::credit);
    EXPECT_EQ(command.amount, Money(5050, eur));
    EXPECT_EQ(command.value_date, foundation::parse_day("2020-03-20"));
    EXPECT_EQ(command.reference->text(), "KK7709094U2");
    EXPECT_EQ(command.comment->text(), "one\ntwo");
}

TEST(Fee, may_be_negative_and_the_ledger_judges_it) {
    const auto read = fee_of(R"({"type": "DUNNING_FEE_RETURN", "gross": -5})");
    ASSERT_TRUE(read) << faults_of(read);
    EXPECT_EQ(std::get<ledger::BookFee>(*read).gross, Money(-500, eur));
}

TEST(DunningBlock, that_ends_before_it_starts_is_the_ledgers_to_refuse) {
    EXPECT_EQ(
        faults_of(block_of(R"({"blocked_from": "2020-04-02", "blocked_until": "2020-04-01", "blocking_reason": "x"})")),
        "accepted");
}

TEST(ClockMove, is_an_instant_or_a_duration) {
    EXPECT_EQ(clock_of(R"({"now": "2020-03-20T10:00:00+01:00"})")->move,
              ClockMove{*foundation::parse_instant("2020-03-20T09:00:00Z")});
    EXPECT_EQ(clock_of(R"({"advance": "P14D"})")->move, ClockMove{ClockAdvance{.days = Days{14}}});
    EXPECT_EQ(clock_of(R"({"advance": "P2W"})")->move, ClockMove{ClockAdvance{.days = Days{14}}});
    EXPECT_EQ(clock_of(R"({"advance": "P1DT12H30M5S"})")->move,
              (ClockMove{ClockAdvance{.days = Days{1}, .time = std::chrono::seconds{45'005}}}));
    EXPECT_EQ(faults_of(clock_of(R"({"now": "2020-03-20T09:00:00Z", "advance": "P1D"})")),
              "$ must have advance or now, not both");
}

TEST(ClockChange, moves_freezes_or_both) {
    const auto both = *clock_of(R"({"advance": "P1D", "frozen": true})");
    EXPECT_EQ(both.move, ClockMove{ClockAdvance{.days = Days{1}}});
    EXPECT_EQ(both.frozen, true);
    const auto alone = *clock_of(R"({"frozen": false})");
    EXPECT_EQ(alone.move, std::nullopt);
    EXPECT_EQ(alone.frozen, false);
    EXPECT_EQ(faults_of(clock_of("{}")), "$ must have advance, now or frozen");
    EXPECT_EQ(faults_of(clock_of(R"({"frozen": "yes"})")), "$.frozen must be true or false");
}

TEST(ClockMove, has_no_other_durations) {
    for (const std::string_view text : {"", "P", "PT", "P1", "1D", "P1M", "P1Y", "P-1D", "P1D2", "PT1D", "P1W1D",
                                        "P1.5D", "PT1S1M", "p1d", "P1DT", "P 1D", "P999999999999999999999D", "P36526D"})
        EXPECT_EQ(faults_of(clock_of(R"({"advance": ")" + std::string(text) + R"("})")),
                  "$.advance must be a duration such as P14D, P2W or PT36H, at most 100 years")
            << text;
}

TEST(ClockMove, by_days_keeps_the_time_of_day_where_the_clocks_change) {
    const auto berlin = *foundation::Zone::find("Europe/Berlin");
    const auto before = *foundation::parse_instant("2020-03-28T10:00:00+01:00");
    EXPECT_EQ(target_of(ClockAdvance{.days = Days{2}}, before, berlin),
              *foundation::parse_instant("2020-03-30T10:00:00+02:00"));
    EXPECT_EQ(target_of(ClockAdvance{.time = std::chrono::hours{48}}, before, berlin),
              *foundation::parse_instant("2020-03-30T11:00:00+02:00"));
}

TEST(ClockMove, does_not_leave_the_calendar) {
    const auto late = *foundation::parse_instant("2999-12-31T00:00:00Z");
    EXPECT_EQ(target_of(ClockAdvance{.days = Days{36'525}}, late, foundation::Zone::utc()),
              *foundation::parse_instant("2999-12-31T23:59:59.999999Z"));
}

}  // namespace

}  // namespace saldo::http
