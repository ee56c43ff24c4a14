#include "http/token_route.hpp"

#include <gtest/gtest.h>

#include "foundation/json.hpp"
#include "http/sign_in_stage.hpp"

namespace saldo::http {
namespace {

using namespace std::chrono_literals;
using Fields = std::vector<std::pair<std::string, std::string>>;
using foundation::JsonDocument;

struct Sent {
    std::string client = "shop";
    std::string secret = std::string(test_secret);
    std::string audience = std::string(payment_audience);
    std::string scope = "";
    std::string from = "192.0.2.1";
};

class TokenRouteTest : public ::testing::Test {
  protected:
    Response post(Fields fields, std::string body, std::string from = "192.0.2.1") {
        return ask({.method = "POST",
                    .target = "/oauth/token",
                    .fields = std::move(fields),
                    .body = std::move(body),
                    .client = std::move(from)});
    }
    Response ask(RequestText text) {
        Response answer{.status = 0};
        router_(request_of(std::move(text)), Respond::into([&](Response response) { answer = std::move(response); }));
        return answer;
    }
    Response sign_in(const Sent& sent) {
        std::string body = R"({"grant_type":"client_credentials","client_id":")" + sent.client +
                           R"(","client_secret":")" + sent.secret + R"(","audience":")" + sent.audience + '"';
        if (!sent.scope.empty()) body += R"(,"scope":")" + sent.scope + '"';
        return post({{"Content-Type", "application/json"}}, body + '}', sent.from);
    }
    static std::string member(const Response& response, std::string_view name) {
        const auto json = JsonDocument::parse(response.body.view());
        const auto found = json ? json->root().find(name) : std::nullopt;
        return found && found->kind() == foundation::JsonKind::string ? std::string(found->string()) : "";
    }
    static std::string error_of(const Response& response) { return member(response, "error"); }
    TokenClaims claims_of(const Response& response) {
        return verify_token(member(response, "access_token"), keys_, test_issuer, stage_.now).value();
    }

    SignInStage stage_;
    SigningKeys keys_{stage_.secrets, stage_.now};
    BearerGate gate_{keys_, stage_.directory(), stage_.time(), {.issuer = std::string(test_issuer)}};
    TokenDesk desk_{keys_, stage_.directory(), stage_.time(), stage_.random, {.issuer = std::string(test_issuer)}};
    Router router_{sign_in_routes(desk_, keys_, stage_.time()), gate_};
};

TEST_F(TokenRouteTest, a_client_that_proves_itself_gets_a_token_for_half_an_hour) {
    stage_.now += 400ms;
    const auto response = sign_in({});
    ASSERT_EQ(response.status, 200) << response.body.view();
    EXPECT_EQ(response.body.view(), R"({"access_token":")" + member(response, "access_token") +
                                        R"(","expires_in":1800,"token_type":"Bearer"})");
    EXPECT_EQ(response.fields.find("Content-Type"), "application/json");
    EXPECT_EQ(response.fields.find("Cache-Control"), "no-store");
    EXPECT_EQ(response.fields.find("Pragma"), "no-cache");

    auto expected = stage_.claims();
    expected.issued_at = stage_.now - 400ms;
    expected.expires_at = expected.issued_at + 1800s;
    auto claims = claims_of(response);
    EXPECT_EQ(claims.token_id.size(), 22U);
    expected.token_id = claims.token_id;
    EXPECT_EQ(claims, expected);
    EXPECT_NE(claims_of(sign_in({})).token_id, claims.token_id);
}

TEST_F(TokenRouteTest, the_token_opens_the_api_that_was_asked_for) {
    const auto token = member(sign_in({.audience = "http://localhost/order/status/v2/transactions"}), "access_token");
    const auto request = request_of({.fields = {{"Authorization", "Bearer " + token}}});
    ASSERT_TRUE(gate_.caller_of(*request, Api::order_status));
    EXPECT_EQ((*gate_.caller_of(*request, Api::order_status))->audience,
              "http://localhost/order/status/v2/transactions");
    EXPECT_FALSE(gate_.caller_of(*request, Api::transaction_status));
}

TEST_F(TokenRouteTest, a_form_and_http_basic_do_as_well) {
    const std::string form = "grant_type=client_credentials&audience=" + std::string(payment_audience);
    const Fields type{{"Content-Type", "application/x-www-form-urlencoded"}};
    EXPECT_EQ(post(type, form + "&client_id=shop&client_secret=the+secret+of+every+client+here").status, 200);
    // shop:the+secret+of+every+client+here
    const std::string pair = "Basic c2hvcDp0aGUrc2VjcmV0K29mK2V2ZXJ5K2NsaWVudCtoZXJl";
    EXPECT_EQ(post({type[0], {"Authorization", pair}}, form).status, 200);
}

TEST_F(TokenRouteTest, an_unknown_client_a_revoked_one_and_a_wrong_secret_look_the_same) {
    for (const Sent& sent : {Sent{.client = "stranger"}, Sent{.client = "gone"}, Sent{.secret = "wrong"},
                             Sent{.client = "stranger", .secret = std::string(32, '0')}}) {
        const auto response = sign_in(sent);
        EXPECT_EQ(response.status, 401);
        EXPECT_EQ(response.body.view(),
                  R"({"error":"invalid_client","error_description":"Unknown client or wrong secret."})");
        EXPECT_EQ(response.fields.find("WWW-Authenticate"), R"(Basic realm="saldo")");
        EXPECT_EQ(response.fields.find("Cache-Control"), "no-store");
    }
}

TEST_F(TokenRouteTest, who_used_a_header_that_does_not_hold_is_asked_for_basic) {
    const std::string form = "grant_type=client_credentials&audience=" + std::string(payment_audience);
    for (const char* sent : {"Basic c2hvcDp3cm9uZw==", "Bearer abc"}) {
        const auto response =
            post({{"Content-Type", "application/x-www-form-urlencoded"}, {"Authorization", sent}}, form);
        EXPECT_EQ(response.status, 401) << sent;
        EXPECT_EQ(error_of(response), "invalid_client") << sent;
        EXPECT_EQ(response.fields.find("WWW-Authenticate"), R"(Basic realm="saldo")") << sent;
    }
}

TEST_F(TokenRouteTest, an_audience_that_is_no_api_of_ours_is_an_invalid_target) {
    for (const char* audience :
         {"https://pay.example/dispute/management", "nothing", "https://pay.example/saldo/v1/"}) {
        const auto response = sign_in({.audience = audience});
        EXPECT_EQ(response.status, 400);
        EXPECT_EQ(error_of(response), "invalid_target") << audience;
    }
}

TEST_F(TokenRouteTest, nobody_learns_which_audiences_there_are_without_proving_who_they_are) {
    EXPECT_EQ(error_of(sign_in({.secret = "wrong", .audience = "nothing"})), "invalid_client");
    EXPECT_EQ(error_of(sign_in({.secret = "wrong", .audience = std::string(saldo_audience)})), "invalid_client");
}

TEST_F(TokenRouteTest, each_kind_of_client_has_its_apis) {
    const std::string yes = "";
    const std::string no = "unauthorized_client";
    struct Row {
        const char* client;
        std::string payment, transaction_status, order_status, hosted_page, saldo;
    };
    for (const Row& row : {Row{"shop", yes, yes, yes, yes, no}, Row{"reader", no, yes, yes, no, yes},
                           Row{"booker", no, no, no, no, yes}, Row{"house", no, yes, yes, no, yes}}) {
        const auto asked = [&](std::string_view audience) {
            return error_of(sign_in({.client = row.client, .audience = std::string(audience)}));
        };
        EXPECT_EQ(asked(payment_audience), row.payment) << row.client;
        EXPECT_EQ(asked(transaction_status_audience), row.transaction_status) << row.client;
        EXPECT_EQ(asked(order_status_audience), row.order_status) << row.client;
        EXPECT_EQ(asked(hosted_page_audience), row.hosted_page) << row.client;
        EXPECT_EQ(asked(saldo_audience), row.saldo) << row.client;
    }
}

TEST_F(TokenRouteTest, an_operator_gets_its_scopes_or_those_it_asks_for_and_never_more) {
    using partner::Scope;
    const std::string audience(saldo_audience);
    const auto scopes = [&](const std::string& client, const std::string& scope) {
        return claims_of(sign_in({.client = client, .audience = audience, .scope = scope})).scopes;
    };
    EXPECT_EQ(scopes("house", ""), (std::vector{Scope::read, Scope::book, Scope::dun, Scope::admin}));
    EXPECT_EQ(scopes("house", "dun read"), (std::vector{Scope::read, Scope::dun}));
    for (const char* scope : {"book", "read book", "everything", "read,book"})
        EXPECT_EQ(error_of(sign_in({.client = "reader", .audience = audience, .scope = scope})), "invalid_scope")
            << scope;
    EXPECT_EQ(error_of(sign_in({.client = "shop", .scope = "read"})), "invalid_scope");
    EXPECT_EQ(error_of(sign_in({.client = "house", .audience = std::string(order_status_audience), .scope = "book"})),
              "invalid_scope");
}

TEST_F(TokenRouteTest, the_token_names_the_partner_or_all_of_them) {
    const std::string audience(saldo_audience);
    EXPECT_EQ(claims_of(sign_in({.client = "reader", .audience = audience})).partner_id, "FRUITS");
    EXPECT_EQ(claims_of(sign_in({.client = "house", .audience = audience})).partner_id, partner::every_partner);
}

TEST_F(TokenRouteTest, too_many_failures_are_told_to_wait_even_with_the_right_secret) {
    for (int i = 0; i < 10; ++i) EXPECT_EQ(sign_in({.secret = "wrong"}).status, 401);
    for (const std::string& secret : {std::string("wrong"), std::string(test_secret)}) {
        const auto response = sign_in({.secret = secret});
        EXPECT_EQ(response.status, 429);
        EXPECT_EQ(response.fields.find("Retry-After"), "6");
        EXPECT_EQ(response.fields.find("Cache-Control"), "no-store");
        EXPECT_EQ(response.fields.find("Content-Type"), "application/problem+json");
        EXPECT_EQ(member(response, "code"), "TOO_MANY_TRIES");
    }
    EXPECT_EQ(sign_in({.from = "192.0.2.2"}).status, 200);
    EXPECT_EQ(sign_in({.client = "house", .audience = std::string(saldo_audience)}).status, 200);
    stage_.now += 6s;
    EXPECT_EQ(sign_in({}).status, 200);
}

TEST_F(TokenRouteTest, what_succeeds_or_fails_for_another_reason_is_not_counted) {
    for (int i = 0; i < 200; ++i) {
        ASSERT_EQ(sign_in({}).status, 200);
        ASSERT_EQ(error_of(sign_in({.audience = "nothing"})), "invalid_target");
        ASSERT_EQ(error_of(sign_in({.client = ""})), "invalid_request");
    }
}

TEST_F(TokenRouteTest, many_unknown_clients_of_one_address_are_too_many) {
    for (int i = 0; i < 100; ++i) EXPECT_EQ(sign_in({.client = "c" + std::to_string(i)}).status, 401);
    EXPECT_EQ(sign_in({.client = "another"}).status, 429);
}

TEST_F(TokenRouteTest, only_a_post_of_json_or_a_form_is_read) {
    const auto get = ask({.method = "GET", .target = "/oauth/token"});
    EXPECT_EQ(get.status, 405);
    EXPECT_EQ(get.fields.find("Allow"), "POST");
    EXPECT_EQ(post({{"Content-Type", "text/plain"}}, "x").status, 415);
    EXPECT_EQ(post({}, "").status, 415);
    EXPECT_EQ(post({{"Content-Type", "application/json;charset=latin1"}}, "{}").status, 415);
    EXPECT_EQ(post({{"Content-Type", "application/json"}}, "{").status, 400);
}

TEST_F(TokenRouteTest, nothing_that_was_sent_comes_back) {
    const auto response = sign_in({.client = "zzz-client", .secret = "zzz-secret", .audience = "zzz-audience"});
    EXPECT_EQ(response.body.view().find("zzz"), std::string_view::npos);
    EXPECT_EQ(response.fields.text().find("zzz"), std::string_view::npos);
}

TEST_F(TokenRouteTest, the_keys_are_open_to_everybody_for_a_while) {
    const auto response = ask({.method = "GET", .target = "/.well-known/jwks.json"});
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.fields.find("Content-Type"), "application/json");
    EXPECT_EQ(response.fields.find("Cache-Control"), "public, max-age=300");
    EXPECT_EQ(response.body.view(), keys_.key_set(stage_.now));
    EXPECT_LT(SigningKeys::key_set_age_max, SigningKeys::lead);
}

}  // namespace
}  // namespace saldo::http
