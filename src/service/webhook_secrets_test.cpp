#include "service/webhook_secrets.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "foundation/digest.hpp"
#include "service/fake_secrets.hpp"

namespace saldo::service {

namespace {

using foundation::Instant;
using std::chrono::hours;
using Switch = WebhookSecrets::Switch;

class WebhookSecretsTest : public testing::Test {
  protected:
    SecretsAlone store;
    StoreSecrets wrapped{store, *subject::Key::of(std::string(32, 'k'))};
    DrawnBytes random;
    WebhookSecrets secrets{wrapped, random};
    Instant now{hours(500'000)};

    /// As another run of the program finds it.
    std::string signing_at(Instant instant) { return WebhookSecrets(wrapped, random).signing_at("P1", instant); }
};

TEST_F(WebhookSecretsTest, there_is_always_one_of_256_bits_and_it_stays) {
    const std::string first = secrets.signing_at("P1", now);
    EXPECT_EQ(first.size(), 43U);
    EXPECT_EQ(secrets.signing_at("P1", now + hours(1000)), first);
    EXPECT_EQ(signing_at(now), first);
    EXPECT_NE(secrets.signing_at("P2", now), first);
}

TEST_F(WebhookSecretsTest, are_kept_wrapped) {
    const std::string secret = secrets.renew("P1", now, Switch::after_overlap).secret;
    for (const auto& [name, content] : store.kept) EXPECT_EQ(content.find(secret), std::string::npos) << name;
}

TEST_F(WebhookSecretsTest, the_first_that_is_told_signs_at_once_whether_or_not_one_has_signed_before) {
    EXPECT_EQ(secrets.renew("P1", now, Switch::after_overlap).signs_from, now);
    (void)secrets.signing_at("P2", now);
    const auto told = secrets.renew("P2", now, Switch::after_overlap);
    EXPECT_EQ(told.signs_from, now);
    EXPECT_EQ(secrets.signing_at("P2", now), told.secret);
}

TEST_F(WebhookSecretsTest, a_new_one_signs_after_the_overlap) {
    const std::string old = secrets.renew("P1", now, Switch::after_overlap).secret;
    const auto made = secrets.renew("P1", now, Switch::after_overlap);
    EXPECT_EQ(made.signs_from, now + WebhookSecrets::overlap);
    const auto before = made.signs_from - std::chrono::microseconds(1);
    EXPECT_EQ(secrets.signing_at("P1", before), old);
    EXPECT_EQ(signing_at(before), old);
    EXPECT_EQ(secrets.signing_at("P1", made.signs_from), made.secret);
    EXPECT_EQ(signing_at(made.signs_from), made.secret);
}

TEST_F(WebhookSecretsTest, one_that_got_about_is_replaced_at_once) {
    secrets.renew("P1", now, Switch::after_overlap);
    const auto made = secrets.renew("P1", now, Switch::at_once);
    EXPECT_EQ(made.signs_from, now);
    EXPECT_EQ(signing_at(now), made.secret);
}

TEST_F(WebhookSecretsTest, one_that_never_signed_gives_way_to_the_next) {
    const std::string old = secrets.renew("P1", now, Switch::after_overlap).secret;
    secrets.renew("P1", now, Switch::after_overlap);
    const auto third = secrets.renew("P1", now + hours(1), Switch::after_overlap);
    EXPECT_EQ(signing_at(now + hours(24)), old);
    EXPECT_EQ(signing_at(now + hours(25)), third.secret);
}

}  // namespace

}  // namespace saldo::service
