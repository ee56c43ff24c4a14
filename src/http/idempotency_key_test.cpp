#include "http/idempotency_key.hpp"

#include <gtest/gtest.h>

namespace saldo::http {

namespace {

std::optional<std::string> key_of(std::string value) {
    return idempotency_key_of(*request_of({.fields = {{"Idempotency-Key", std::move(value)}}})).value();
}

bool is_refused(std::string value) {
    return !idempotency_key_of(*request_of({.fields = {{"Idempotency-Key", std::move(value)}}}));
}

TEST(IdempotencyKey, is_optional) {
    EXPECT_EQ(idempotency_key_of(*request_of({})).value(), std::nullopt);
}

TEST(IdempotencyKey, is_the_same_bare_and_as_a_quoted_string) {
    EXPECT_EQ(key_of("8e03978e-40d5"), "8e03978e-40d5");
    EXPECT_EQ(key_of("\"8e03978e-40d5\""), "8e03978e-40d5");
    EXPECT_EQ(key_of(R"("a\"b\\c")"), R"(a"b\c)");
}

TEST(IdempotencyKey, has_1_to_64_visible_ascii_characters) {
    EXPECT_EQ(key_of(std::string(64, 'k')), std::string(64, 'k'));
    EXPECT_EQ(key_of('"' + std::string(64, 'k') + '"'), std::string(64, 'k'));
    EXPECT_TRUE(is_refused(""));
    EXPECT_TRUE(is_refused("\"\""));
    EXPECT_TRUE(is_refused(std::string(65, 'k')));
    EXPECT_TRUE(is_refused("two words"));
    EXPECT_TRUE(is_refused("k\xc3\xa9y"));
}

TEST(IdempotencyKey, with_broken_quotes_is_none) {
    EXPECT_TRUE(is_refused("\""));
    EXPECT_TRUE(is_refused("\"open"));
    EXPECT_TRUE(is_refused("\"a\"b\""));
    EXPECT_TRUE(is_refused(R"("a\")"));
    EXPECT_TRUE(is_refused(R"("a\nb")"));
}

TEST(IdempotencyKey, is_given_once) {
    EXPECT_FALSE(idempotency_key_of(*request_of({.fields = {{"Idempotency-Key", "a"}, {"idempotency-key", "a"}}})));
}

}  // namespace

}  // namespace saldo::http
