#include "foundation/money.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cstdlib>

#include "foundation/outcome.hpp"

namespace saldo::foundation {
namespace {

const Currency eur = *Currency::parse("EUR");
const Currency chf = *Currency::parse("CHF");
const Currency jpy = *Currency::parse("JPY");
const Currency bhd = *Currency::parse("BHD");

Decimal decimal(const char* token) {
    return *Decimal::parse(token);
}

TEST(Currency, knows_the_decimals_of_iso_4217) {
    const struct {
        const char* code;
        int decimals;
    } rows[] = {{"EUR", 2}, {"CHF", 2}, {"USD", 2}, {"AED", 2}, {"ZWG", 2}, {"JPY", 0}, {"KRW", 0}, {"ISK", 0},
                {"BHD", 3}, {"KWD", 3}, {"TND", 3}, {"HUF", 2}, {"XAF", 0}, {"SLE", 2}, {"XCG", 2}};
    for (const auto& row : rows) {
        const auto currency = Currency::parse(row.code);
        ASSERT_TRUE(currency) << row.code;
        EXPECT_EQ(currency->decimals(), row.decimals) << row.code;
        EXPECT_EQ(currency->code(), row.code);
    }
}

TEST(Currency, refuses_what_is_no_currency_in_use) {
    for (const char* code : {"",    "E",   "EU",  "EURO", "eur", "Eur", "EU ", "EUR ", "XXX", "XTS",
                             "XAU", "DEM", "HRK", "BGN",  "ANG", "AAA", "ZZZ", "123",  "EU1", "ABC"})
        EXPECT_FALSE(Currency::parse(code)) << code;
    EXPECT_FALSE(Currency::parse(std::string_view{"EU\0", 3}));
}

TEST(Currency, every_code_is_found_in_the_sorted_list) {
    int found = 0;
    char code[4] = "AAA";
    for (code[0] = 'A'; code[0] <= 'Z'; ++code[0])
        for (code[1] = 'A'; code[1] <= 'Z'; ++code[1])
            for (code[2] = 'A'; code[2] <= 'Z'; ++code[2])
                if (const auto currency = Currency::parse(code)) {
                    ++found;
                    EXPECT_EQ(currency->code(), code);
                    EXPECT_GE(currency->decimals(), 0);
                    EXPECT_LE(currency->decimals(), 3);
                }
    EXPECT_EQ(found, 156);
}

TEST(Money, reads_and_prints_major_units) {
    const struct {
        const char* token;
        Currency currency;
        std::int64_t minor;
        const char* text;
    } rows[] = {
        {"170", eur, 17'000, "170"},
        {"33.8", eur, 3'380, "33.8"},
        {"33.80", eur, 3'380, "33.8"},
        {"33.8000", eur, 3'380, "33.8"},
        {"0", eur, 0, "0"},
        {"-0.00", eur, 0, "0"},
        {"-25", eur, -2'500, "-25"},
        {"0.01", eur, 1, "0.01"},
        {"-0.01", eur, -1, "-0.01"},
        {"230", jpy, 230, "230"},
        {"1.125", bhd, 1'125, "1.125"},
        {"10000000000", eur, 1'000'000'000'000, "10000000000"},
        {"230.0", jpy, 230, "230"},
        {"1.0000000", jpy, 1, "1"},
        {"-10000000000", eur, -1'000'000'000'000, "-10000000000"},
    };
    for (const auto& row : rows) {
        const auto money = Money::parse(row.token, row.currency);
        ASSERT_TRUE(money) << row.token;
        EXPECT_EQ(money->minor(), row.minor) << row.token;
        EXPECT_EQ(money->currency(), row.currency);
        EXPECT_EQ(money->text(), row.text);
    }
}

TEST(Money, refuses_over_precise_huge_and_malformed_amounts) {
    const struct {
        const char* token;
        Currency currency;
    } rows[] = {{"0.001", eur},
                {"33.805", eur},
                {"0.1", jpy},
                {"1.1251", bhd},
                {"1e2", eur},
                {"1E0", eur},
                {"01", eur},
                {"", eur},
                {"-", eur},
                {"+1", eur},
                {"1.", eur},
                {".1", eur},
                {"10000000000.01", eur},
                {"1e400", eur},
                {"-10000000000.01", eur},
                {"999999999999999", eur},
                {"12345678901234567890", eur},
                {"\"1\"", eur}};
    for (const auto& row : rows) EXPECT_FALSE(Money::parse(row.token, row.currency)) << row.token;
}

TEST(Money, of_two_currencies_never_meets) {
    const Money euro{100, eur};
    const Money franc{100, chf};
    EXPECT_THROW(euro + franc, BrokenInvariant);
    EXPECT_THROW(euro - franc, BrokenInvariant);
    EXPECT_THROW(static_cast<void>(euro < franc), BrokenInvariant);
    EXPECT_NE(euro, franc);
    EXPECT_NE(Money::zero(eur), Money::zero(chf));
}

TEST(Money, overflow_is_a_broken_invariant) {
    const Money most{INT64_MAX, eur};
    const Money least{INT64_MIN, eur};
    const Money cent{1, eur};
    EXPECT_THROW(most + cent, BrokenInvariant);
    EXPECT_THROW(least - cent, BrokenInvariant);
    EXPECT_THROW(-least, BrokenInvariant);
    EXPECT_EQ((-most).minor(), -INT64_MAX);
    Money sum = most;
    EXPECT_THROW(sum += cent, BrokenInvariant);
    EXPECT_EQ(sum, most);
}

TEST(Money, rounds_half_away_from_zero) {
    const struct {
        const char* value;
        Currency currency;
        std::int64_t minor;
    } rows[] = {{"18.445", eur, 1'845}, {"18.4449", eur, 1'844}, {"-18.445", eur, -1'845}, {"-18.4449", eur, -1'844},
                {"0.005", eur, 1},      {"0.0049", eur, 0},      {"-0.005", eur, -1},      {"-0.0049", eur, 0},
                {"33.796", eur, 3'380}, {"0.5", jpy, 1},         {"1.4999", jpy, 1},       {"-0.5", jpy, -1},
                {"1.0005", bhd, 1'001}, {"1.0004", bhd, 1'000},  {"2.5", jpy, 3},          {"0", eur, 0}};
    for (const auto& row : rows) EXPECT_EQ(rounded(decimal(row.value), row.currency).minor(), row.minor) << row.value;
}

TEST(LineTotal, is_price_and_discount_times_quantity_rounded_once) {
    const struct {
        const char* price;
        const char* discount;
        std::int64_t quantity;
        std::int64_t minor;
    } rows[] = {
        {"18.45", "-1.55", 2, 3'380},  // the seed's figures
        {"15.5", "-1.3", 2, 2'840},
        {"50", "-2", 3, 14'400},
        {"0.333", "0", 3, 100},    // 0.999: rounding each unit first would give 0.99
        {"0.0049", "0", 100, 49},  // rounding each unit first would give 0
        {"0.0001", "0", 50, 1},    // half a cent
        {"0.0001", "0", 49, 0},
        {"1", "-1", 1'000'000, 0},
        {"-2.95", "0", 1, -295},
        {"-0.0001", "0", 50, -1},
        {"5", "0", 0, 0},
    };
    for (const auto& row : rows)
        EXPECT_EQ(line_total(decimal(row.price), decimal(row.discount), row.quantity, eur).minor(), row.minor)
            << row.price << " x " << row.quantity;
}

TEST(LineTotal, overflow_is_a_broken_invariant) {
    const Decimal most = Decimal::of_units(Decimal::units_max);
    EXPECT_EQ(line_total(most, Decimal{}, 900, eur).minor(), 9'000'000'000'000'000'000);
    EXPECT_THROW(line_total(most, Decimal{}, 1'000, eur), BrokenInvariant);
    EXPECT_THROW(line_total(most, most, INT64_MAX, eur), BrokenInvariant);
    const Decimal least = Decimal::of_units(INT64_MIN);
    EXPECT_THROW(line_total(least, least, INT64_MIN, eur), BrokenInvariant);
}

Money any_amount() {
    return {*rc::gen::inRange<std::int64_t>(-Money::minor_max, Money::minor_max + 1),
            *rc::gen::element(eur, chf, jpy, bhd)};
}

RC_GTEST_PROP(Money, what_is_printed_is_read_back, ()) {
    const Money money = any_amount();
    const auto again = Money::parse(money.text(), money.currency());
    RC_ASSERT(again.has_value());
    RC_ASSERT(*again == money);
}

RC_GTEST_PROP(Money, adding_and_taking_away_again_changes_nothing, ()) {
    const Money left = any_amount();
    const Money right{any_amount().minor(), left.currency()};
    RC_ASSERT(left + right - right == left);
    RC_ASSERT(left + right == right + left);
    RC_ASSERT(left - right == -(right - left));
    RC_ASSERT((left < right) == (right > left));
    RC_ASSERT((left - right).is_negative() == (left < right));
}

RC_GTEST_PROP(Money, is_at_most_half_a_minor_unit_from_the_decimal, ()) {
    const Currency currency = *rc::gen::element(eur, jpy, bhd);
    const auto units = *rc::gen::inRange<std::int64_t>(-100'000'000'000, 100'000'000'000);
    const std::int64_t step = currency == eur ? 100 : currency == jpy ? 10'000 : 10;
    const std::int64_t minor = rounded(Decimal::of_units(units), currency).minor();
    const std::int64_t away = minor * step - units;
    RC_ASSERT(2 * std::abs(away) <= step);
    // A half goes away from zero, so the two signs mirror each other.
    RC_ASSERT(rounded(Decimal::of_units(-units), currency).minor() == -minor);
    if (2 * std::abs(away) == step) RC_ASSERT(std::abs(minor * step) > std::abs(units));
}

}  // namespace
}  // namespace saldo::foundation
