#include "http/token_cache.hpp"

#include <gtest/gtest.h>

#include <string>

namespace saldo::http {
namespace {

using namespace std::chrono_literals;
using foundation::sha256;

const foundation::Instant noon = *foundation::parse_instant("2026-05-05T12:00:00Z");

CallerPtr caller(const std::string& id) {
    return std::make_shared<const Caller>(Caller{.client_id = id, .partner_id = "P", .scopes = {}, .audience = ""});
}

TEST(TokenCache, gives_back_what_was_put_in_for_that_token_alone) {
    TokenCache cache(1000);
    cache.put(sha256("one"), caller("1"), noon);
    cache.put(sha256("two"), caller("2"), noon);
    EXPECT_EQ(cache.find(sha256("one"), noon - 1us)->client_id, "1");
    EXPECT_EQ(cache.find(sha256("two"), noon - 1us)->client_id, "2");
    EXPECT_EQ(cache.find(sha256("three"), noon - 1us), nullptr);
    EXPECT_EQ(cache.find(foundation::Digest{}, noon - 1us), nullptr);
}

TEST(TokenCache, knows_no_token_that_has_run_out) {
    TokenCache cache(1000);
    cache.put(sha256("one"), caller("1"), noon);
    EXPECT_NE(cache.find(sha256("one"), noon - 1us), nullptr);
    EXPECT_EQ(cache.find(sha256("one"), noon), nullptr);
}

TEST(TokenCache, holds_a_token_once) {
    TokenCache cache(1);
    for (int i = 0; i < 100; ++i) cache.put(sha256("one"), caller("1"), noon + std::chrono::seconds(i));
    cache.put(sha256("two"), caller("2"), noon + 1000s);
    EXPECT_NE(cache.find(sha256("one"), noon + 98s), nullptr);
}

TEST(TokenCache, that_is_full_gives_up_what_expires_first) {
    TokenCache cache(1);
    const int many = 2000;
    for (int i = 0; i < many; ++i) cache.put(sha256(std::to_string(i)), caller("x"), noon + std::chrono::seconds(i));
    int found = 0;
    for (int i = 0; i < many; ++i) found += cache.find(sha256(std::to_string(i)), noon - 1us) != nullptr ? 1 : 0;
    EXPECT_LE(found, 16 * 8);
    EXPECT_NE(cache.find(sha256(std::to_string(many - 1)), noon - 1us), nullptr);
    EXPECT_EQ(cache.find(sha256("0"), noon - 1us), nullptr);
}

TEST(TokenCache, has_room_for_what_it_promises_give_or_take_crowded_rows) {
    TokenCache cache(8000);
    for (int i = 0; i < 4000; ++i) cache.put(sha256(std::to_string(i)), caller("x"), noon);
    int found = 0;
    for (int i = 0; i < 4000; ++i) found += cache.find(sha256(std::to_string(i)), noon - 1us) != nullptr ? 1 : 0;
    EXPECT_GT(found, 3900);
}

}  // namespace
}  // namespace saldo::http
