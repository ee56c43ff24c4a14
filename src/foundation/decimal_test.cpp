#include "foundation/decimal.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>

#include "foundation/outcome.hpp"

namespace saldo::foundation {
namespace {

TEST(Decimal, reads_up_to_four_places_exactly) {
    const struct {
        const char* token;
        std::int64_t units;
        const char* text;
    } rows[] = {
        {"0", 0, "0"},
        {"-0", 0, "0"},
        {"0.0", 0, "0"},
        {"7", 70'000, "7"},
        {"170", 1'700'000, "170"},
        {"33.8", 338'000, "33.8"},
        {"33.80", 338'000, "33.8"},
        {"-2.95", -29'500, "-2.95"},
        {"0.0001", 1, "0.0001"},
        {"-0.0001", -1, "-0.0001"},
        {"19.0000000000000000000000000000", 190'000, "19"},
        {"99999999999999.9999", 999'999'999'999'999'999, "99999999999999.9999"},
        {"100000000000000", 1'000'000'000'000'000'000, "100000000000000"},
    };
    for (const auto& row : rows) {
        const auto decimal = Decimal::parse(row.token);
        ASSERT_TRUE(decimal) << row.token;
        EXPECT_EQ(decimal->units(), row.units) << row.token;
        EXPECT_EQ(decimal->text(), row.text) << row.token;
    }
}

TEST(Decimal, refuses_what_is_no_plain_number_or_says_too_much) {
    for (const char* token : {"",
                              "-",
                              "--1",
                              "+1",
                              ".",
                              ".5",
                              "5.",
                              "-.5",
                              "1.2.3",
                              "1,5",
                              " 1",
                              "1 ",
                              "0x10",
                              "1e2",
                              "1E2",
                              "1.5e1",
                              "01",
                              "00",
                              "-01",
                              "00.5",
                              "NaN",
                              "Infinity",
                              "1_000",
                              "٣",
                              "0.00001",
                              "1.23456",
                              "100000000000000.0001",
                              "100000000000001",
                              "922337203685477",
                              "922337203685478",
                              "999999999999999",
                              "1000000000000000",
                              "99999999999999999999999999"})
        EXPECT_FALSE(Decimal::parse(token)) << token;
    EXPECT_FALSE(Decimal::parse(std::string_view{"1\0", 2}));
    EXPECT_FALSE(Decimal::parse(std::string(100'000, '9')));
}

TEST(Decimal, overflow_is_a_broken_invariant) {
    EXPECT_THROW(Decimal::of_units(INT64_MAX) + Decimal::of_units(1), BrokenInvariant);
    EXPECT_THROW(Decimal::of_units(INT64_MIN) + Decimal::of_units(-1), BrokenInvariant);
    EXPECT_THROW(-Decimal::of_units(INT64_MIN), BrokenInvariant);
    EXPECT_EQ((-Decimal::of_units(INT64_MAX)).units(), -INT64_MAX);
}

TEST(Decimal, orders_by_value) {
    EXPECT_LT(*Decimal::parse("-2.95"), *Decimal::parse("-2.9"));
    EXPECT_EQ(*Decimal::parse("19"), *Decimal::parse("19.0000"));
    EXPECT_TRUE(Decimal{}.is_zero());
    EXPECT_TRUE(Decimal::parse("-0.0001")->is_negative());
    EXPECT_FALSE(Decimal::parse("-0")->is_negative());
}

TEST(Decimal, even_the_smallest_number_has_a_text) {
    EXPECT_EQ(decimal_text(INT64_MIN, 4), "-922337203685477.5808");
    EXPECT_EQ(decimal_text(INT64_MIN, 0), "-9223372036854775808");
    EXPECT_EQ(decimal_text(INT64_MAX, 3), "9223372036854775.807");
}

RC_GTEST_PROP(Decimal, what_is_printed_is_read_back, ()) {
    const auto units = *rc::gen::inRange<std::int64_t>(-Decimal::units_max, Decimal::units_max + 1);
    const Decimal decimal = Decimal::of_units(units);
    const auto again = Decimal::parse(decimal.text());
    RC_ASSERT(again.has_value());
    RC_ASSERT(*again == decimal);
    RC_ASSERT(again->text() == decimal.text());
}

RC_GTEST_PROP(Decimal, sums_as_whole_units_do, (std::int32_t left, std::int32_t right)) {
    RC_ASSERT((Decimal::of_units(left) + Decimal::of_units(right)).units() == std::int64_t{left} + right);
}

RC_GTEST_PROP(Decimal, no_text_makes_the_reader_stumble, (const std::string& text)) {
    if (const auto decimal = Decimal::parse(text)) {
        RC_ASSERT(decimal->units() <= Decimal::units_max);
        RC_ASSERT(decimal->units() >= -Decimal::units_max);
    }
}

}  // namespace
}  // namespace saldo::foundation
