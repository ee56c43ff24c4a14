#include "foundation/iban.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <utility>

#include "foundation/json.hpp"

namespace saldo::foundation {
namespace {

TEST(Iban, of_the_published_test_accounts_is_accepted_as_people_type_it) {
    for (const char* text : {"DE44100500001654698497", "DE44 1005 0000 1654 6984 97", "de44 1005 0000 1654 6984 97",
                             "AT811967500100915806", "NL18ABNA0484869868", "NL18 abna 0484 8698 68",
                             "CH93 0076 2011 6238 5295 7", " DE44100500001654698497 ", "DE44.1005.0000.1654.6984.97",
                             "DE44-1005-0000-1654-6984-97", "DE44\u00A01005\u00A00000\u00A01654\u00A06984\u00A097"})
        EXPECT_TRUE(is_iban(text)) << text;
}

TEST(Iban, with_any_fault_is_refused) {
    const struct {
        const char* text;
        const char* fault;
    } rows[] = {
        {"", "empty"},
        {"DE", "no more than a country"},
        {"DE44", "no account"},
        {"DE4410050000165469849", "too short"},
        {"DE441005000016546984970", "too long"},
        {"DE45100500001654698497", "wrong check digits"},
        {"DE44100500001654698479", "two digits swapped"},
        {"DE4410050000165469849O", "a letter where Germany has digits"},
        {"NL18AB1A0484869868", "a digit where the Netherlands have letters"},
        {"XX44100500001654698497", "no such country"},
        {"US64SVBKUS6S3300958879", "a country without IBANs"},
        {"D144100500001654698497", "a digit in the country"},
        {"DEX4100500001654698497", "a letter in the check digits"},
        {"DE44_1005_0000_1654_6984_97", "another separator"},
        {"DE44\t100500001654698497", "a tab"},
        {"DE44\n100500001654698497", "a line break"},
        {"DE44100500001654698497\xC2", "half a character"},
        {"DE4410050000165469849７", "a wide digit"},
    };
    for (const auto& row : rows) EXPECT_FALSE(is_iban(row.text)) << row.fault;
}

TEST(Iban, has_check_digits_from_02_to_98) {
    // 00, 01 and 99 leave the same remainders as 97, 98 and 02, which alone are right.
    const auto body = [](int number) {
        std::string digits = std::to_string(number);
        return std::string(18 - digits.size(), '0') + digits;
    };
    int twins = 0;
    for (int number = 0; number < 2'000; ++number) {
        for (const auto& [right, twin] : {std::pair{"97", "00"}, std::pair{"98", "01"}, std::pair{"02", "99"}}) {
            if (!is_iban("DE" + std::string(right) + body(number))) continue;
            ++twins;
            EXPECT_FALSE(is_iban("DE" + std::string(twin) + body(number)));
        }
    }
    EXPECT_GT(twins, 30);
}

TEST(Iban, is_kept_electronically_and_shown_in_groups) {
    EXPECT_EQ(iban_electronic("de44 1005.0000-1654 6984 97"), "DE44100500001654698497");
    EXPECT_EQ(iban_electronic(""), "");
    EXPECT_EQ(iban_printed("DE44100500001654698497"), "DE44 1005 0000 1654 6984 97");
    EXPECT_EQ(iban_printed("NO9386011117947"), "NO93 8601 1117 947");
    EXPECT_EQ(iban_printed("be68539007547034"), "BE68 5390 0754 7034");
    EXPECT_EQ(iban_printed(""), "");
}

RC_GTEST_PROP(Iban, with_one_digit_changed_or_two_swapped_is_refused, ()) {
    std::string iban = *rc::gen::element<std::string>("DE44100500001654698497", "AT811967500100915806",
                                                      "CH9300762011623852957", "FR1420041010050500013M02606");
    RC_ASSERT(is_iban(iban));
    const auto at = *rc::gen::inRange<std::size_t>(2, iban.size() - 1);
    std::string swapped = iban;
    std::swap(swapped[at], swapped[at + 1]);
    if (swapped != iban) RC_ASSERT(!is_iban(swapped));
    const char digit = *rc::gen::inRange<char>('0', static_cast<char>('9' + 1));
    if (iban[at] != digit) {
        iban[at] = digit;
        RC_ASSERT(!is_iban(iban));
    }
}

RC_GTEST_PROP(Iban, no_text_makes_the_check_stumble, (const std::string& text)) {
    if (is_iban(text)) RC_ASSERT(is_iban(iban_printed(text)));
    RC_ASSERT(!is_iban("DE44" + text) || text.size() >= 18);
}

class IbanOracle : public testing::Test {
  protected:
    void SetUp() override {
        const auto path = std::filesystem::path{SALDO_SOURCE_DIR} / "../shared/oracles/iban.json";
        if (!std::filesystem::exists(path)) GTEST_SKIP() << "the published cases are not here: " << path;
        std::stringstream text;
        text << std::ifstream{path}.rdbuf();
        auto document = JsonDocument::parse(text.str());
        ASSERT_TRUE(document) << path;
        document_.emplace(std::move(*document));
    }

    JsonValue list(std::string_view name) const {
        const JsonValue found = document_->root().find(name).value();
        EXPECT_GT(found.size(), 0U) << name;
        return found;
    }
    static std::string text(const JsonValue& value, std::string_view name) {
        return std::string{value.find(name).value().string()};
    }

  private:
    std::optional<JsonDocument> document_;
};

TEST_F(IbanOracle, accepts_every_example_and_refuses_it_with_its_last_digit_changed) {
    list("registry_examples").each([&](const JsonValue& row) {
        EXPECT_TRUE(is_iban(text(row, "example"))) << text(row, "example");
        EXPECT_EQ(row.find("length")->integer(), static_cast<std::int64_t>(text(row, "example").size()));
    });
    list("invalid_last_digit_changed").each([&](const JsonValue& row) {
        EXPECT_FALSE(is_iban(text(row, "input"))) << text(row, "input");
    });
}

TEST_F(IbanOracle, accepts_and_refuses_as_listed) {
    list("valid").each([&](const JsonValue& row) {
        EXPECT_TRUE(is_iban(text(row, "input"))) << text(row, "input");
        EXPECT_EQ(iban_electronic(text(row, "input")), text(row, "electronic"));
    });
    list("invalid").each([&](const JsonValue& row) {
        EXPECT_FALSE(is_iban(text(row, "input"))) << text(row, "input") << ": " << text(row, "reason");
    });
    list("print_format").each([&](const JsonValue& row) {
        EXPECT_EQ(iban_printed(text(row, "electronic")), text(row, "print"));
    });
}

TEST_F(IbanOracle, holds_every_country_to_its_length_and_structure) {
    // An account of the right kind of characters, then one of the wrong kind in each place, each with the check digits
    // that fit: only the structure can tell them apart.
    const auto with_check_digits = [](const std::string& country, const std::string& account) {
        int rest = 0;
        for (const char c : account + country + "00")
            rest = c >= 'A' ? (rest * 100 + (c - 'A' + 10)) % 97 : (rest * 10 + (c - '0')) % 97;
        const std::string digits = std::to_string(98 - rest);
        return country + (digits.size() == 1 ? "0" : "") + digits + account;
    };
    list("structure").each([&](const JsonValue& row) {
        const std::string country{row.name()};
        std::string kinds;
        std::size_t size = 0;
        for (const char c : text(row, "bban")) {
            if (c >= '0' && c <= '9') size = size * 10 + static_cast<std::size_t>(c - '0');
            if (c == 'n' || c == 'a' || c == 'c') kinds.append(std::exchange(size, 0), c);
        }
        std::string account;
        for (const char kind : kinds) account += kind == 'n' ? '7' : 'K';
        const std::string right = with_check_digits(country, account);
        EXPECT_TRUE(is_iban(right)) << right;
        EXPECT_EQ(row.find("length")->integer(), static_cast<std::int64_t>(right.size())) << country;
        EXPECT_FALSE(is_iban(with_check_digits(country, account + "7"))) << country;
        EXPECT_FALSE(is_iban(with_check_digits(country, account.substr(1)))) << country;
        for (std::size_t i = 0; i < kinds.size(); ++i) {
            std::string other = account;
            other[i] = kinds[i] == 'a' ? '7' : 'K';
            EXPECT_EQ(is_iban(with_check_digits(country, other)), kinds[i] == 'c') << country << " at " << i;
        }
    });
}

}  // namespace
}  // namespace saldo::foundation
