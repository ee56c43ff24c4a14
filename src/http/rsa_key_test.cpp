#include "http/rsa_key.hpp"

#include <gtest/gtest.h>

#include "foundation/base64.hpp"
#include "http/test_key.hpp"

namespace saldo::http {

using foundation::base64url;
using foundation::from_base64url;
namespace {

/// The test key with one member's name spoiled.
std::string without(std::string_view member) {
    std::string jwk(test_key_jwk);
    const std::string name = '"' + std::string(member) + "\":";
    return jwk.replace(jwk.find(name), name.size(), "\"x\":");
}

TEST(RsaKey, is_named_by_its_thumbprint) {
    EXPECT_EQ(RsaKey::from_private_jwk(test_key_jwk)->kid(), test_key_kid);
}

TEST(RsaKey, is_the_same_after_it_was_written_and_read) {
    const auto key = RsaKey::generate();
    const auto again = RsaKey::from_private_jwk(key.private_jwk());
    ASSERT_TRUE(again);
    EXPECT_EQ(again->public_jwk(), key.public_jwk());
    EXPECT_TRUE(key.signed_this(again->sign("at+jwt", R"({"a":1})")));
}

TEST(RsaKey, signs_with_a_header_that_names_algorithm_type_and_key) {
    const auto key = *RsaKey::from_private_jwk(test_key_jwk);
    const std::string token = key.sign("at+jwt", R"({"a":1})");
    const auto first = token.find('.');
    const auto second = token.rfind('.');
    EXPECT_EQ(from_base64url(token.substr(0, first)),
              R"({"alg":"RS256","typ":"at+jwt","kid":")" + std::string(test_key_kid) + R"("})");
    EXPECT_EQ(from_base64url(token.substr(first + 1, second - first - 1)), R"({"a":1})");
    EXPECT_EQ(from_base64url(token.substr(second + 1))->size(), 256U);
}

TEST(RsaKey, knows_what_it_signed_from_what_another_signed_and_from_what_was_changed) {
    const auto key = *RsaKey::from_private_jwk(test_key_jwk);
    const std::string token = key.sign("at+jwt", R"({"a":1})");
    EXPECT_TRUE(key.signed_this(token));
    EXPECT_FALSE(RsaKey::generate().signed_this(token));
    std::string other_claims = token;
    other_claims.replace(token.find('.') + 1, token.rfind('.') - token.find('.') - 1, base64url(R"({"a":2})"));
    EXPECT_FALSE(key.signed_this(other_claims));
    EXPECT_FALSE(key.signed_this(token.substr(0, token.rfind('.') + 1)));
    EXPECT_FALSE(key.signed_this("no token"));
}

TEST(RsaKey, is_read_only_whole_and_of_the_right_kind) {
    EXPECT_FALSE(RsaKey::from_private_jwk(""));
    EXPECT_FALSE(RsaKey::from_private_jwk(R"({"kty":"oct","k":"c2VjcmV0"})"));
    EXPECT_FALSE(RsaKey::from_private_jwk(RsaKey::from_private_jwk(test_key_jwk)->public_jwk()));
    for (const char* member : {"n", "e", "d"}) EXPECT_FALSE(RsaKey::from_private_jwk(without(member))) << member;
    // Half of another key.
    std::string mixed(test_key_jwk);
    const auto other = RsaKey::generate().private_jwk();
    const auto value = [](std::string_view jwk, std::string_view name) {
        const auto from = jwk.find('"' + std::string(name) + "\":\"") + name.size() + 4;
        return std::pair(from, jwk.find('"', from) - from);
    };
    const auto [at, size] = value(mixed, "n");
    const auto [other_at, other_size] = value(other, "n");
    mixed.replace(at, size, other.substr(other_at, other_size));
    EXPECT_FALSE(RsaKey::from_private_jwk(mixed));
}

}  // namespace
}  // namespace saldo::http
