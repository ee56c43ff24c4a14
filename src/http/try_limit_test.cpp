#include "http/try_limit.hpp"

#include <gtest/gtest.h>

#include <string>

#include "http/sign_in_stage.hpp"

namespace saldo::http {
namespace {

using namespace std::chrono_literals;

class TryLimitTest : public ::testing::Test {
  protected:
    bool may_try(std::string_view client, std::string_view address) { return !wait(client, address); }
    std::optional<std::chrono::seconds> wait(std::string_view client, std::string_view address) {
        return limit_.wait_before({client, address, now_});
    }
    void fail(int times, const std::string& client, const std::string& address) {
        for (int i = 0; i < times; ++i) limit_.failed({client, address, now_});
    }
    /// One failure each of many clients.
    void fail_as_many(int clients, const std::string& address) {
        for (int i = 0; i < clients; ++i) fail(1, "client " + std::to_string(i), address);
    }

    foundation::Instant now_ = *foundation::parse_instant("2026-05-05T12:00:00Z");
    DrawnBytes random_;
    TryLimit limit_{{.per_client_and_address_per_minute = 10, .per_address_per_minute = 100}, random_};
};

TEST_F(TryLimitTest, a_client_may_fail_ten_times_from_one_address_then_it_waits) {
    fail(9, "shop", "192.0.2.1");
    EXPECT_TRUE(may_try("shop", "192.0.2.1"));
    fail(1, "shop", "192.0.2.1");
    EXPECT_EQ(wait("shop", "192.0.2.1"), 6s);
}

TEST_F(TryLimitTest, a_tenth_of_a_minute_gives_back_one_try_and_a_minute_all) {
    fail(10, "shop", "192.0.2.1");
    now_ += 6s - 1us;
    EXPECT_EQ(wait("shop", "192.0.2.1"), 1s);
    now_ += 1us;
    EXPECT_TRUE(may_try("shop", "192.0.2.1"));
    fail(1, "shop", "192.0.2.1");
    EXPECT_FALSE(may_try("shop", "192.0.2.1"));
    now_ += 60s;
    fail(9, "shop", "192.0.2.1");
    EXPECT_TRUE(may_try("shop", "192.0.2.1"));
}

TEST_F(TryLimitTest, nobody_locks_a_client_out_from_another_address) {
    fail(1000, "shop", "192.0.2.1");
    EXPECT_TRUE(may_try("shop", "192.0.2.2"));
}

TEST_F(TryLimitTest, other_clients_of_the_same_address_go_on) {
    fail(10, "shop", "192.0.2.1");
    EXPECT_TRUE(may_try("other", "192.0.2.1"));
}

TEST_F(TryLimitTest, an_address_may_fail_a_hundred_times_whatever_the_client) {
    fail_as_many(99, "192.0.2.1");
    EXPECT_TRUE(may_try("new", "192.0.2.1"));
    fail_as_many(1, "192.0.2.1");
    EXPECT_EQ(wait("new", "192.0.2.1"), 1s);
    EXPECT_TRUE(may_try("new", "192.0.2.2"));
}

TEST_F(TryLimitTest, addresses_of_one_ipv6_network_are_one_place) {
    fail_as_many(50, "2001:db8:0:1::1");
    fail_as_many(50, "2001:db8:0:1:ffff:ffff:ffff:ffff");
    EXPECT_FALSE(may_try("new", "2001:db8:0:1::2"));
    EXPECT_TRUE(may_try("new", "2001:db8:0:2::1"));
}

TEST_F(TryLimitTest, client_and_address_cannot_be_mistaken_for_another_pair) {
    fail(10, "1x", "unix");
    EXPECT_TRUE(may_try("x", "unix1"));
    EXPECT_TRUE(may_try("x1x", "uni"));
}

TEST_F(TryLimitTest, a_clock_that_was_set_back_locks_nobody_out_for_longer_than_a_minute) {
    fail(10, "shop", "192.0.2.1");
    now_ -= 24h;
    EXPECT_FALSE(may_try("shop", "192.0.2.1"));
    now_ += 6s;
    EXPECT_TRUE(may_try("shop", "192.0.2.1"));
}

TEST_F(TryLimitTest, a_clock_that_was_set_back_locks_nobody_out_who_did_not_fail) {
    EXPECT_TRUE(may_try("shop", "192.0.2.1"));
    fail(9, "other", "192.0.2.1");
    now_ -= 24h;
    EXPECT_TRUE(may_try("shop", "192.0.2.1"));
    EXPECT_TRUE(may_try("other", "192.0.2.1"));
    fail(1, "other", "192.0.2.1");
    EXPECT_FALSE(may_try("other", "192.0.2.1"));
}

TEST_F(TryLimitTest, memory_stays_bounded_and_who_fails_most_is_remembered_longest) {
    TryLimit small({.remembered_max = 8}, random_);
    for (int i = 0; i < 10; ++i) small.failed({"shop", "192.0.2.1", now_});
    for (int i = 0; i < 1000; ++i)
        small.failed({"c" + std::to_string(i), "192.0.2." + std::to_string(i % 200 + 2), now_});
    EXPECT_TRUE(small.wait_before({"shop", "192.0.2.1", now_}));
}

TEST_F(TryLimitTest, a_limit_below_one_means_nothing) {
    EXPECT_THROW(TryLimit({.per_client_and_address_per_minute = 0}, random_), std::invalid_argument);
    EXPECT_THROW(TryLimit({.per_address_per_minute = -1}, random_), std::invalid_argument);
}

}  // namespace
}  // namespace saldo::http
