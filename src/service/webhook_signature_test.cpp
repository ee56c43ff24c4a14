#include "service/webhook_signature.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace saldo::service {

namespace {

using foundation::Instant;

Instant at_second(std::int64_t seconds) {
    return Instant(std::chrono::seconds(seconds));
}

TEST(WebhookSignature, is_the_published_one) {
    EXPECT_EQ(webhook_signature("my secret", at_second(1778083162), R"({"key": "value"})"),
              "t=1778083162,v1=Rp1SRtrZLCubfGIGIXXPBS0UnOHnvcDbDbDtWC4nWvQ=");
}

TEST(WebhookSignature, depends_on_every_byte_of_secret_time_and_body) {
    const std::string one = webhook_signature("my secret", at_second(1778083162), "{}");
    EXPECT_NE(one, webhook_signature("my secreT", at_second(1778083162), "{}"));
    EXPECT_NE(one, webhook_signature("my secret", at_second(1778083162), "{ }"));
    const std::string later = webhook_signature("my secret", at_second(1778083163), "{}");
    EXPECT_NE(one.substr(one.find(',')), later.substr(later.find(',')));
}

TEST(WebhookSignature, takes_the_whole_second_that_has_begun) {
    EXPECT_EQ(webhook_signature("s", at_second(10) + std::chrono::microseconds(999'999), ""),
              webhook_signature("s", at_second(10), ""));
}

}  // namespace

}  // namespace saldo::service
