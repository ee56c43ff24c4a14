#include "cli/nearest.hpp"

#include <gtest/gtest.h>

#include <array>

namespace saldo::cli {

namespace {

constexpr std::array<std::string_view, 4> words{"listen", "public_url", "data", "trusted_proxies"};

TEST(Nearest, finds_the_word_behind_a_slip_of_the_fingers) {
    EXPECT_EQ(nearest("lsiten", words), "listen");
    EXPECT_EQ(nearest("listn", words), "listen");
    EXPECT_EQ(nearest("publicurl", words), "public_url");
    EXPECT_EQ(nearest("date", words), "data");
    EXPECT_EQ(nearest("trusted_proxy", words), "trusted_proxies");
    EXPECT_EQ(nearest("listen", words), "listen");
}

TEST(Nearest, does_not_guess_where_nothing_is_near) {
    EXPECT_FALSE(nearest("colour", words));
    EXPECT_FALSE(nearest("", words));
    EXPECT_FALSE(nearest("x", std::span<const std::string_view>()));
}

}  // namespace

}  // namespace saldo::cli
