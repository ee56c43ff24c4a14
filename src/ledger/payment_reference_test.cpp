#include "ledger/payment_reference.hpp"

#include <gtest/gtest.h>

#include <set>

#include "foundation/outcome.hpp"

namespace saldo::ledger {
namespace {

constexpr foundation::Bucket buckets[] = {0, 1, 17, 2048, 4095};

TEST(payment_reference, is_unique_for_every_place_in_the_log) {
    std::set<std::string> seen;
    for (const foundation::Bucket bucket : buckets)
        for (std::int64_t position = 1; position <= 5'000; ++position)
            EXPECT_TRUE(seen.insert(payment_reference(bucket, position, "secret")).second);
}

TEST(payment_reference, has_the_published_form_and_a_check_digit) {
    for (std::int64_t position = 1; position <= 500; ++position) {
        const std::string reference = payment_reference(7, position, "secret");
        ASSERT_EQ(reference.size(), 11U);
        EXPECT_TRUE(is_payment_reference(reference)) << reference;
    }
    EXPECT_FALSE(is_payment_reference("KK77090941U"));
    EXPECT_FALSE(is_payment_reference(""));
}

TEST(payment_reference, notices_every_single_wrong_digit) {
    const std::string right = payment_reference(99, 12'345, "secret");
    for (std::size_t i = 2; i < right.size(); ++i) {
        if (i == 9) continue;
        for (char digit = '0'; digit <= '9'; ++digit) {
            std::string typed = right;
            typed[i] = digit;
            EXPECT_EQ(is_payment_reference(typed), typed == right) << typed;
        }
    }
}

TEST(payment_reference, tells_its_bucket) {
    for (const foundation::Bucket bucket : buckets)
        for (const std::int64_t position : {1, 2, 1000, 42'000'000})
            EXPECT_EQ(bucket_of_reference(payment_reference(bucket, position, "secret"), "secret"), bucket);
}

TEST(payment_reference, does_not_follow_from_the_one_before) {
    EXPECT_NE(payment_reference(1, 1, "one secret"), payment_reference(1, 1, "another secret"));
}

TEST(payment_reference, runs_out_with_a_fault_rather_than_a_repeat) {
    EXPECT_THROW(payment_reference(0, 42'910'157, "secret"), foundation::BrokenInvariant);
    EXPECT_THROW(payment_reference(0, 0, "secret"), foundation::BrokenInvariant);
}

TEST(clearing_reference, counts_in_three_digits_and_goes_on) {
    EXPECT_EQ(clearing_reference("KK7709094U2", 1), "KK7709094U2-001");
    EXPECT_EQ(clearing_reference("KK7709094U2", 999), "KK7709094U2-999");
    EXPECT_EQ(clearing_reference("KK7709094U2", 1000), "KK7709094U2-1000");
}

}  // namespace
}  // namespace saldo::ledger
