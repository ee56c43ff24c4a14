#include "http/status_query.hpp"

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <string_view>

namespace saldo::http {

namespace {

using projection::Include;

RequestPtr request_with(std::string_view query) {
    static thread_local std::string target;
    target = "/x?" + std::string(query);
    return request_of({.target = target});
}

/// A query and the blocks it names.
struct Blocks {
    std::string_view query;
    Include include;
};
void PrintTo(const Blocks& row, std::ostream* out) {
    *out << row.query;
}
class GoodInclude : public testing::TestWithParam<Blocks> {};

TEST_P(GoodInclude, names_blocks) {
    const auto include = include_of(*request_with(GetParam().query));
    ASSERT_TRUE(include);
    EXPECT_EQ(*include, GetParam().include);
}

INSTANTIATE_TEST_SUITE_P(
    Query, GoodInclude,
    testing::Values(Blocks{"include=basket", {.basket = true}},
                    Blocks{"include=payment_method", {.payment_method = true}},
                    Blocks{"include=payment_status", {.payment_status = true}},
                    Blocks{"include=dunning_status", {.dunning_status = true}},
                    Blocks{"include=all", Include::everything()},
                    Blocks{"include=basket,all,basket", Include::everything()},
                    Blocks{"include=payment_status,basket", {.basket = true, .payment_status = true}},
                    Blocks{"include=payment_status%2Cbasket", {.basket = true, .payment_status = true}},
                    Blocks{"include=basket&x=1&include=payment_status", {.basket = true, .payment_status = true}}));

class BadInclude : public testing::TestWithParam<std::string_view> {};

TEST_P(BadInclude, is_an_unknown_or_empty_element) {
    const auto include = include_of(*request_with(GetParam()));
    ASSERT_FALSE(include);
    EXPECT_EQ(include.error().code, "INVALID_INCLUDE");
}

INSTANTIATE_TEST_SUITE_P(Query, BadInclude,
                         testing::Values("include=", "include", "include=,", "include=basket,", "include=,basket",
                                         "include=Basket", "include=basket%20", "include=baskets",
                                         "include=basket&include=", "include=none"));

TEST(Include, may_be_left_out) {
    EXPECT_EQ(include_of(*request_with("x=1")).value(), std::nullopt);
    EXPECT_EQ(include_of(*request_of({})).value(), std::nullopt);
}

TEST(AsOf, is_one_date) {
    EXPECT_EQ(as_of_of(*request_with("as_of=2020-03-11")).value(), foundation::parse_day("2020-03-11"));
    EXPECT_EQ(as_of_of(*request_with("x")).value(), std::nullopt);
    for (const std::string_view query : {"as_of=", "as_of", "as_of=2020-02-30", "as_of=11.03.2020",
                                         "as_of=2020-03-11T00:00:00Z", "as_of=2020-03-11&as_of=2020-03-11"}) {
        const auto day = as_of_of(*request_with(query));
        ASSERT_FALSE(day) << query;
        EXPECT_EQ(day.error().code, "INVALID_AS_OF") << query;
    }
}

}  // namespace

}  // namespace saldo::http
