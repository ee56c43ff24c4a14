#include "terms/direct_debit.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "foundation/json.hpp"

namespace saldo::terms {
namespace {

using foundation::Day;

Day day(const char* text) {
    return *foundation::parse_day(text);
}

TEST(CreditorIdentifier, has_check_digits_that_leave_the_business_code_out) {
    for (const char* good : {"DE98ZZZ09999999999", "DE98ABC09999999999", "AT61ZZZ01234567890"})
        EXPECT_TRUE(is_creditor_identifier(good)) << good;
    for (const char* bad : {"", "DE98ZZZ", "DE97ZZZ09999999999", "DE98ZZZ09999999998", "de98ZZZ09999999999",
                            "DE98 ZZZ 09999999999", "98DEZZZ09999999999", "DE98ZZZ09999999999000000000000000000"})
        EXPECT_FALSE(is_creditor_identifier(bad)) << bad;
}

TEST(ReturnReasons, say_what_follows_for_later_collections) {
    EXPECT_EQ(return_reason("AM04")->then, AfterReturn::tried_again);
    EXPECT_EQ(return_reason("AC04")->then, AfterReturn::mandate_void);
    EXPECT_EQ(return_reason("FF01")->then, AfterReturn::not_tried);
    EXPECT_TRUE(return_reason("AM04")->is_charged);
    EXPECT_FALSE(return_reason("MD01")->is_charged) << "who never gave a mandate owes nothing for it";
    for (const char* code : {"", "AM", "am04", "AM040", "XX99"}) EXPECT_EQ(return_reason(code), nullptr) << code;
}

TEST(ReturnReasons, are_all_that_are_published) {
    const std::filesystem::path file = std::filesystem::path(SALDO_SOURCE_DIR) / "../shared/oracles/sdd.json";
    std::ifstream in(file, std::ios::binary);
    if (!in) GTEST_SKIP() << file << " is not here";
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    const auto document = foundation::JsonDocument::parse(text);
    ASSERT_TRUE(document);
    const auto codes = document->root().find("reason_codes");
    ASSERT_TRUE(codes);
    codes->each([](foundation::JsonValue code) { EXPECT_NE(return_reason(code.name()), nullptr) << code.name(); });
}

TEST(CollectionDay, is_a_day_of_target_that_the_bank_and_the_buyer_can_know_of) {
    const DirectDebit terms{.creditor_id = "DE98ZZZ09999999999", .notice_days = 5};
    EXPECT_EQ(collection_day(terms, day("2020-04-10"), day("2020-04-01")), day("2020-04-14")) << "Good Friday";
    EXPECT_EQ(collection_day(terms, day("2020-03-13"), day("2020-03-12")), day("2020-03-13"));
    EXPECT_EQ(collection_day(terms, day("2020-03-13"), day("2020-03-13")), day("2020-03-18")) << "told anew";
    EXPECT_EQ(submission_day(terms, day("2020-04-14")), day("2020-04-09"));
}

TEST(Mandate, ends_36_months_after_its_last_use) {
    EXPECT_EQ(mandate_void_from(day("2020-03-10")), day("2023-03-10"));
    EXPECT_EQ(mandate_void_from(day("2020-02-29")), day("2023-02-28"));
}

}  // namespace
}  // namespace saldo::terms
