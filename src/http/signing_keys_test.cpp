#include "http/signing_keys.hpp"

#include <gtest/gtest.h>

#include <set>

#include "foundation/json.hpp"
#include "http/sign_in_stage.hpp"

namespace saldo::http {
namespace {

using foundation::JsonDocument;
using std::chrono::microseconds;

class SigningKeysTest : public ::testing::Test {
  protected:
    SignInStage stage_;
};

TEST_F(SigningKeysTest, are_read_from_the_secrets_of_the_store) {
    const SigningKeys keys(stage_.secrets, stage_.now);
    EXPECT_EQ(keys.signer(stage_.now).kid(), test_key_kid);
    EXPECT_EQ(stage_.store.kept.size(), 1U);
}

TEST(SigningKeys, are_made_on_the_first_start_sign_at_once_and_are_there_on_the_second) {
    SecretsAlone store;
    service::StoreSecrets secrets(store, test_master_key());
    const auto now = *foundation::parse_instant("2026-05-05T12:00:00.5Z");
    const SigningKeys keys(secrets, now);
    const std::string kid = keys.signer(now).kid();
    EXPECT_TRUE(store.kept.contains("signing_key/" + kid));

    const SigningKeys again(secrets, now);
    EXPECT_EQ(again.list(now), (std::vector<SigningKeys::Listed>{{kid, KeyState::current, now}}));
    EXPECT_TRUE(again.signer(now).signed_this(keys.signer(now).sign("at+jwt", "{}")));
}

TEST_F(SigningKeysTest, do_not_open_under_another_master_key) {
    service::StoreSecrets others(stage_.store, test_master_key('x'));
    EXPECT_THROW(SigningKeys(others, stage_.now), service::MasterKeyUnusable);
}

TEST_F(SigningKeysTest, show_their_public_part_alone) {
    const SigningKeys keys(stage_.secrets, stage_.now);
    const auto json = JsonDocument::parse(keys.key_set(stage_.now));
    ASSERT_TRUE(json);
    const auto list = json->root().find("keys");
    ASSERT_TRUE(list && list->size() == 1);
    std::set<std::string_view> names;
    list->first().each([&](foundation::JsonValue value) { names.insert(value.name()); });
    EXPECT_EQ(names, (std::set<std::string_view>{"kty", "use", "alg", "kid", "n", "e"}));
    const auto text = [&](std::string_view name) { return list->first().find(name)->string(); };
    EXPECT_EQ(text("kty"), "RSA");
    EXPECT_EQ(text("use"), "sig");
    EXPECT_EQ(text("alg"), "RS256");
    EXPECT_EQ(text("kid"), test_key_kid);
    EXPECT_EQ(text("e"), "AQAB");
    EXPECT_NE(test_key_jwk.find(text("n")), std::string_view::npos);
}

TEST_F(SigningKeysTest, are_published_before_they_sign_and_kept_until_their_last_token_has_run_out) {
    SigningKeys keys(stage_.secrets, stage_.now);
    const std::string old(test_key_kid);
    const auto rotated_at = stage_.now;
    const auto changes_at = rotated_at + SigningKeys::lead;
    const auto ends_at = changes_at + SigningKeys::overlap;
    const std::string fresh = keys.rotate(rotated_at);

    const auto states = [&](foundation::Instant at) {
        std::vector<std::pair<std::string, KeyState>> found;
        for (const auto& listed : keys.list(at)) found.emplace_back(listed.kid, listed.state);
        return found;
    };
    using States = decltype(states(rotated_at));
    const States published{{old, KeyState::current}, {fresh, KeyState::next}};
    const States overlapping{{old, KeyState::previous}, {fresh, KeyState::current}};
    const States alone{{fresh, KeyState::current}};
    EXPECT_EQ(states(rotated_at), published);
    EXPECT_EQ(states(changes_at - microseconds(1)), published);
    EXPECT_EQ(states(changes_at), overlapping);
    EXPECT_EQ(states(ends_at - microseconds(1)), overlapping);
    EXPECT_EQ(states(ends_at), alone);

    EXPECT_EQ(keys.signer(changes_at - microseconds(1)).kid(), old);
    EXPECT_EQ(keys.signer(changes_at).kid(), fresh);
    EXPECT_NE(keys.key_set(rotated_at).find(fresh), std::string::npos);
    EXPECT_NE(keys.key_set(ends_at - microseconds(1)).find(old), std::string::npos);
    EXPECT_EQ(keys.key_set(ends_at).find(old), std::string::npos);
    EXPECT_TRUE(keys.find(old, ends_at - microseconds(1)));
    EXPECT_FALSE(keys.find(old, ends_at));
    EXPECT_FALSE(keys.find("unheard of", rotated_at));
}

TEST_F(SigningKeysTest, that_are_done_leave_the_store_with_the_next_rotation) {
    SigningKeys keys(stage_.secrets, stage_.now);
    keys.rotate(stage_.now);
    EXPECT_EQ(stage_.store.kept.size(), 2U);
    keys.rotate(stage_.now + SigningKeys::lead + SigningKeys::overlap);
    EXPECT_EQ(stage_.store.kept.size(), 2U);
    EXPECT_FALSE(stage_.store.kept.contains("signing_key/" + std::string(test_key_kid)));
}

TEST_F(SigningKeysTest, of_another_process_are_seen_after_a_reload) {
    SigningKeys ours(stage_.secrets, stage_.now);
    SigningKeys theirs(stage_.secrets, stage_.now);
    const std::string fresh = theirs.rotate(stage_.now);
    EXPECT_FALSE(ours.find(fresh, stage_.now));
    ours.reload();
    EXPECT_EQ(ours.list(stage_.now), theirs.list(stage_.now));
}

TEST_F(SigningKeysTest, sign_even_when_the_system_clock_was_set_back_before_them_all) {
    const SigningKeys keys(stage_.secrets, stage_.now);
    EXPECT_EQ(keys.signer(*foundation::parse_instant("1999-01-01T00:00:00Z")).kid(), test_key_kid);
}

}  // namespace
}  // namespace saldo::http
