#include "http/decline.hpp"

#include <gtest/gtest.h>

#include <set>

namespace saldo::http {

namespace {

using ledger::Refusal;

/// Every refusal, from the first enumerator to the last.
std::vector<Refusal> all_refusals() {
    std::vector<Refusal> all;
    for (int i = 0; i <= static_cast<int>(Refusal::dunning_block_ends_before_it_starts); ++i)
        all.push_back(static_cast<Refusal>(i));
    return all;
}

TEST(Decline, is_451_once_the_buyer_is_erased_and_422_otherwise) {
    for (const Refusal refusal : all_refusals())
        EXPECT_EQ(status_of(refusal), refusal == Refusal::anonymized_by_buyer ? 451 : 422) << name_of(refusal);
}

TEST(Decline, belongs_to_one_status_by_its_category) {
    EXPECT_EQ(status_of_category("SYNTAX"), 400);
    EXPECT_EQ(status_of_category("RESOURCE_NOT_FOUND"), 404);
    EXPECT_EQ(status_of_category("CONFLICT"), 409);
    EXPECT_EQ(status_of_category("LEGAL"), 451);
    std::set<std::string_view> of_refusals;
    for (const Refusal refusal : all_refusals()) of_refusals.insert(category_of(refusal));
    EXPECT_EQ(of_refusals.size(), 8U);
}

TEST(Decline, gives_category_and_reason_as_published) {
    const auto response = decline(Refusal::capture_amount_too_high);
    EXPECT_EQ(response.status, 422);
    EXPECT_EQ(response.fields.find("Content-Type"), "application/hal+json");
    EXPECT_EQ(response.body.view(), R"({"category":"UNPROCESSABLE_OPERATION","reasons":["CAPTURE_AMOUNT_TOO_HIGH"]})");
}

TEST(Decline, gives_no_reason_where_the_category_says_it_all) {
    EXPECT_EQ(decline(Refusal::transaction_risk).body.view(), R"({"category":"TRANSACTION_RISK","reasons":[]})");
}

}  // namespace

}  // namespace saldo::http
