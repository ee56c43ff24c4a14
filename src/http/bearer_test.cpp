#include "http/bearer.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "http/sign_in_stage.hpp"

namespace saldo::http {
namespace {

using namespace std::chrono_literals;
using Fields = std::vector<std::pair<std::string, std::string>>;

class BearerTest : public ::testing::Test {
  protected:
    std::string token(const TokenClaims& claims) const { return sign_token(claims, keys_.signer(stage_.now)); }
    std::string token() const { return token(stage_.claims()); }

    foundation::Outcome<CallerPtr, Denial> caller_of(Fields fields, std::string_view target = "/",
                                                     Api api = Api::payment) {
        return gate_.caller_of(*request_of({.target = target, .fields = std::move(fields)}), api);
    }
    foundation::Outcome<CallerPtr, Denial> caller_with(const std::string& token, Api api = Api::payment) {
        return caller_of({{"Authorization", "Bearer " + token}}, "/", api);
    }
    std::string reason_of(const foundation::Outcome<CallerPtr, Denial>& caller) {
        return caller ? "none" : std::string(caller.error().reason);
    }

    SignInStage stage_;
    SigningKeys keys_{stage_.secrets, stage_.now};
    BearerGate gate_{keys_, stage_.directory(), stage_.time(), {.issuer = std::string(test_issuer)}};
};

TEST_F(BearerTest, a_good_token_tells_who_calls) {
    const auto shop = caller_with(token());
    ASSERT_TRUE(shop);
    EXPECT_EQ(**shop, (Caller{.client_id = "shop",
                              .partner_id = "FRUITS",
                              .kind = partner::ClientKind::api,
                              .scopes = {},
                              .api = Api::payment,
                              .audience = std::string(payment_audience)}));
    EXPECT_TRUE((*shop)->sees("FRUITS"));
    EXPECT_FALSE((*shop)->sees("OTHERS"));
    EXPECT_TRUE((*shop)->may(partner::Scope::read));  // scopes are for operators

    auto claims = stage_.claims();
    claims.client_id = "house";
    claims.partner_id = partner::every_partner;
    claims.audience = saldo_audience;
    claims.scopes = {partner::Scope::read};
    const auto house = caller_with(token(claims), Api::saldo);
    ASSERT_TRUE(house);
    EXPECT_TRUE((*house)->sees("FRUITS"));
    EXPECT_TRUE((*house)->sees("OTHERS"));
    EXPECT_TRUE((*house)->may(partner::Scope::read));
    EXPECT_FALSE((*house)->may(partner::Scope::book));  // the client has it, this token has not
}

TEST_F(BearerTest, a_token_is_good_for_one_api_the_first_time_and_every_time) {
    EXPECT_EQ(reason_of(caller_with(token(), Api::transaction_status)), "wrong_audience");
    EXPECT_EQ(reason_of(caller_with(token(), Api::payment)), "none");
    for (const Api other : {Api::transaction_status, Api::order_status, Api::hosted_page, Api::saldo})
        EXPECT_EQ(reason_of(caller_with(token(), other)), "wrong_audience");
    auto claims = stage_.claims();
    claims.audience = "https://api.ratepay.com/dispute/management";
    EXPECT_EQ(reason_of(caller_with(token(claims))), "wrong_audience");
}

TEST_F(BearerTest, a_token_that_was_seen_before_is_not_verified_again) {
    const auto first = caller_with(token());
    ASSERT_TRUE(first);
    EXPECT_EQ(*caller_with(token()), *first);  // the very same object
}

TEST_F(BearerTest, a_token_that_was_seen_before_still_expires) {
    EXPECT_EQ(reason_of(caller_with(token())), "none");
    const std::string seen = token();
    stage_.now += token_life + clock_skew - 1us;
    EXPECT_EQ(reason_of(caller_with(seen)), "none");
    stage_.now += 1us;
    EXPECT_EQ(reason_of(caller_with(seen)), "expired");
}

TEST_F(BearerTest, a_token_that_differs_anywhere_from_one_that_was_seen_is_another) {
    const std::string seen = token();
    ASSERT_EQ(reason_of(caller_with(seen)), "none");
    for (std::size_t at = 0; at < seen.size(); at += 7) {
        std::string changed = seen;
        changed[at] = changed[at] == 'A' ? 'B' : 'A';
        EXPECT_NE(reason_of(caller_with(changed)), "none") << at;
        EXPECT_EQ(reason_of(caller_with(seen)), "none") << at;
    }
}

TEST_F(BearerTest, a_client_that_is_revoked_is_out_at_once) {
    EXPECT_EQ(reason_of(caller_with(token())), "none");
    auto partners = test_partners();
    partners[0].clients[0].revoked = true;
    stage_.everybody = std::make_shared<const service::PartnerDirectory>(std::move(partners));
    EXPECT_EQ(reason_of(caller_with(token())), "client_revoked");
    auto fresh = stage_.claims();
    fresh.token_id = "two";
    EXPECT_EQ(reason_of(caller_with(token(fresh))), "client_revoked");
}

TEST_F(BearerTest, a_client_that_nobody_knows_or_that_belongs_to_another_partner_is_not_let_in) {
    auto claims = stage_.claims();
    claims.partner_id = "OTHERS";
    EXPECT_EQ(reason_of(caller_with(token(claims))), "client_unknown");
    claims = stage_.claims();
    claims.client_id = "stranger";
    EXPECT_EQ(reason_of(caller_with(token(claims))), "client_unknown");
}

TEST_F(BearerTest, what_is_wrong_with_a_token_is_said_inside_only) {
    auto claims = stage_.claims();
    claims.issuer = "https://evil.example";
    const auto denied = caller_with(token(claims));
    EXPECT_EQ(reason_of(denied), "wrong_issuer");
    EXPECT_EQ(unauthorized(denied.error()).body.view(), R"({"code":"INVALID_TOKEN"})");
    EXPECT_EQ(reason_of(caller_with(std::string(token_bytes_max + 1, 'x'))), "too_large");
}

TEST_F(BearerTest, the_scheme_is_read_without_regard_to_case_and_blanks_around) {
    for (const char* scheme : {"bearer ", "BEARER ", "Bearer   "})
        EXPECT_EQ(reason_of(caller_of({{"Authorization", scheme + token()}})), "none") << scheme;
}

struct Challenge {
    const char* what;
    Fields fields;
    const char* target;
    const char* header;
};

TEST_F(BearerTest, the_challenge_names_an_error_only_where_credentials_were_sent) {
    const std::string good = token();
    const char* plain = R"(Bearer realm="saldo")";
    const char* malformed = R"(Bearer realm="saldo", error="invalid_request")";
    const char* invalid = R"(Bearer realm="saldo", error="invalid_token")";
    const std::vector<Challenge> table{
        {"nothing", {}, "/", plain},
        {"in the query", {}, "/?access_token=TOKEN", plain},
        {"in another field", {{"X-Authorization", "Bearer " + good}}, "/", plain},
        {"another scheme", {{"Authorization", "Basic c2hvcDp4"}}, "/", plain},
        {"a scheme that only begins alike", {{"Authorization", "Bearers " + good}}, "/", plain},
        {"the token alone", {{"Authorization", good}}, "/", plain},
        {"empty", {{"Authorization", ""}}, "/", plain},
        {"no token", {{"Authorization", "Bearer"}}, "/", malformed},
        {"blanks for a token", {{"Authorization", "Bearer  "}}, "/", malformed},
        {"two tokens", {{"Authorization", "Bearer " + good + " " + good}}, "/", malformed},
        {"a quoted token", {{"Authorization", "Bearer \"" + good + "\""}}, "/", malformed},
        {"a comma", {{"Authorization", "Bearer " + good + ", Basic c2hvcDp4"}}, "/", malformed},
        {"two fields", {{"Authorization", "Bearer " + good}, {"Authorization", "Bearer " + good}}, "/", malformed},
        {"no token of ours", {{"Authorization", "Bearer abc"}}, "/", invalid},
        {"padding", {{"Authorization", "Bearer " + good + "="}}, "/", invalid},
    };
    for (const Challenge& row : table) {
        const auto denied = caller_of(row.fields, row.target);
        ASSERT_FALSE(denied) << row.what;
        const Response response = unauthorized(denied.error());
        EXPECT_EQ(response.status, 401) << row.what;
        EXPECT_EQ(response.body.view(), R"({"code":"INVALID_TOKEN"})") << row.what;
        EXPECT_EQ(response.fields.find("Content-Type"), "application/json") << row.what;
        EXPECT_EQ(response.fields.find("WWW-Authenticate"), row.header) << row.what;
    }
}

TEST_F(BearerTest, many_threads_are_let_in_while_keys_rotate_and_clients_are_revoked) {
    std::mutex guard;
    auto everybody = stage_.everybody;
    const BearerGate gate(keys_,
                          [&] {
                              const std::lock_guard lock(guard);
                              return everybody;
                          },
                          stage_.time(), {.issuer = std::string(test_issuer), .remembered_tokens_max = 1});
    std::atomic<int> let_in = 0;
    std::atomic<bool> stop = false;
    {
        std::vector<std::jthread> threads;
        for (int thread = 0; thread < 3; ++thread)
            threads.emplace_back([&, thread] {
                auto claims = stage_.claims();
                for (int i = 0; !stop; ++i) {
                    claims.token_id = std::to_string(thread * 1000 + i % 20);
                    const auto bearer = "Bearer " + token(claims);
                    const auto request = request_of({.fields = {{"Authorization", bearer}}});
                    for (int again = 0; again < 3; ++again) let_in += gate.caller_of(*request, Api::payment) ? 1 : 0;
                }
            });
        keys_.rotate(stage_.now - SigningKeys::lead);
        while (let_in < 100) std::this_thread::yield();
        auto partners = test_partners();
        partners[0].clients[0].revoked = true;
        {
            const std::lock_guard lock(guard);
            everybody = std::make_shared<const service::PartnerDirectory>(std::move(partners));
        }
        stop = true;
    }
    EXPECT_EQ(
        reason_of(gate.caller_of(*request_of({.fields = {{"Authorization", "Bearer " + token()}}}), Api::payment)),
        "client_revoked");
}

TEST(InsufficientScope, names_the_scope_that_it_takes) {
    const Response response = insufficient_scope(partner::Scope::book, "req");
    EXPECT_EQ(response.status, 403);
    EXPECT_EQ(response.fields.find("WWW-Authenticate"),
              R"(Bearer realm="saldo", error="insufficient_scope", scope="book")");
    EXPECT_EQ(response.fields.find("Content-Type"), "application/problem+json");
    EXPECT_EQ(
        response.body.view(),
        R"({"type":"about:blank","title":"Forbidden","status":403,"detail":"This takes a client with the scope book.",)"
        R"("code":"INSUFFICIENT_SCOPE","request_id":"req"})");
}

}  // namespace
}  // namespace saldo::http
