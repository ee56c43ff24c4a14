#include "http/router.hpp"

#include <gtest/gtest.h>

#include "foundation/json.hpp"
#include "foundation/outcome.hpp"
#include "http/sign_in_stage.hpp"

namespace saldo::http {
namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

/// A handler that says its name, its caller and what the path gave it.
std::function<void(Call, Respond)> echo(const std::string& name) {
    return [name](Call call, Respond respond) {
        std::string text = name + ' ' + std::string(call.request->method);
        for (std::size_t i = 0; i < call.names.size(); ++i) text += ' ' + call.names[i] + '=' + call.values[i];
        if (call.caller) text += " for " + call.caller->client_id;
        respond(Response{.body = text});
    };
}

std::optional<Response> no_other_partner(const Request& request, const Caller&) {
    if (request.header("X-Partner").empty()) return std::nullopt;
    return Response{.status = 403, .body = std::string(R"({"code":"TURNED_AWAY"})")};
}

std::vector<Route> test_routes() {
    std::vector<Route> routes;
    routes.push_back({.method = "GET", .pattern = "/open", .handler = echo("open")});
    routes.push_back({.method = "GET", .pattern = "/purchases/{id}", .handler = echo("purchase")});
    routes.push_back({.method = "GET", .pattern = "/purchases/newest", .handler = echo("newest")});
    routes.push_back({.method = "DELETE",
                      .pattern = "/purchases/newest/block",
                      .takes = {"application/json"},
                      .gives = {},
                      .handler = echo("unblock")});
    routes.push_back({.method = "POST",
                      .pattern = "/purchases/{id}/captures/{capture}",
                      .api = Api::payment,
                      .turns_away = no_other_partner,
                      .takes = {"application/json"},
                      .handler = echo("capture")});
    routes.push_back({.method = "PATCH",
                      .pattern = "/purchases/{id}",
                      .takes = {"application/merge-patch+json"},
                      .handler = echo("patch")});
    routes.push_back({.method = "GET",
                      .pattern = "/status/{id}",
                      .api = Api::transaction_status,
                      .takes = {"application/json"},
                      .handler = echo("status")});
    routes.push_back({.method = "POST",
                      .pattern = "/saldo/v1/fees",
                      .api = Api::saldo,
                      .scope = partner::Scope::book,
                      .takes = {"application/json"},
                      .handler = echo("fee")});
    return routes;
}

std::string code_of(const Response& response) {
    const auto json = foundation::JsonDocument::parse(response.body.view());
    return json ? std::string(json->root().find("code")->string()) : "";
}

class RouterTest : public ::testing::Test {
  protected:
    Response ask(std::string_view method, std::string_view target, Fields fields = {}, std::string body = {}) {
        Response answer{.status = 0};
        router_(request_of({.method = method, .target = target, .fields = std::move(fields), .body = std::move(body)}),
                Respond::into([&](Response response) { answer = std::move(response); }));
        return answer;
    }
    std::string body_of(std::string_view target) { return std::string(ask("GET", target).body.view()); }

    std::string token(std::string_view client, std::string_view audience, std::vector<partner::Scope> scopes = {}) {
        auto claims = stage_.claims();
        claims.client_id = client;
        claims.audience = audience;
        claims.scopes = std::move(scopes);
        return "Bearer " + sign_token(claims, keys_.signer(stage_.now));
    }

    SignInStage stage_;
    SigningKeys keys_{stage_.secrets, stage_.now};
    BearerGate gate_{keys_, stage_.directory(), stage_.time(), {.issuer = std::string(test_issuer)}};
    Router router_{test_routes(), gate_};
};

TEST_F(RouterTest, a_path_finds_its_route_segment_by_segment) {
    EXPECT_EQ(body_of("/open"), "open GET");
    EXPECT_EQ(body_of("/open?a=b"), "open GET");
    EXPECT_EQ(body_of("/purchases/6Z54V9SXRCRSKDXDGKZW"), "purchase GET id=6Z54V9SXRCRSKDXDGKZW");
    for (const char* path : {"/", "/Open", "/open/", "//open", "/open/more", "/ope", "/purchases", "/purchases/",
                             "/purchases//captures/1", "/purchases/1/", "/purchases/1/2", "/./open", "/x/../open"})
        EXPECT_EQ(ask("GET", path).status, 404) << path;
}

TEST_F(RouterTest, a_named_segment_comes_before_a_parameter_and_gives_way_where_it_leads_nowhere) {
    EXPECT_EQ(body_of("/purchases/newest"), "newest GET");
    EXPECT_EQ(ask("DELETE", "/purchases/newest/block").body.view(), "unblock DELETE");
    const auto capture =
        ask("POST", "/purchases/newest/captures/1",
            {{"Authorization", token("shop", payment_audience)}, {"Content-Type", "application/json"}});
    EXPECT_EQ(capture.body.view(), "capture POST id=newest capture=1 for shop");
}

TEST_F(RouterTest, a_way_that_led_nowhere_leaves_no_parameters_behind) {
    std::vector<Route> routes;
    routes.push_back({.method = "GET", .pattern = "/a/{x}/b", .handler = echo("long")});
    routes.push_back({.method = "GET", .pattern = "/{y}/{z}/c", .handler = echo("other")});
    const Router router(std::move(routes), gate_);
    std::string body;
    router(request_of({.target = "/a/1/c"}), Respond::into([&](Response response) { body = response.body.view(); }));
    EXPECT_EQ(body, "other GET y=a z=1");
}

TEST_F(RouterTest, escapes_are_resolved_within_a_segment_and_an_escaped_slash_divides_nothing) {
    EXPECT_EQ(body_of("/%6Fpen"), "open GET");
    EXPECT_EQ(body_of("/purchases/a%20b%C3%A4"), "purchase GET id=a b\xC3\xA4");
    EXPECT_EQ(body_of("/purchases/a%2Fb"), "purchase GET id=a%2Fb");
    EXPECT_EQ(ask("GET", "/purchases%2Fnewest").status, 404);
    EXPECT_EQ(body_of("/purchases/%7Bid%7D"), "purchase GET id={id}");
}

TEST_F(RouterTest, an_unknown_path_says_so_to_everybody) {
    const auto response = ask("GET", "/nowhere");
    EXPECT_EQ(response.status, 404);
    EXPECT_EQ(code_of(response), "NOT_FOUND");
    EXPECT_EQ(response.fields.find("Content-Type"), "application/problem+json");
    EXPECT_EQ(response.fields.find("WWW-Authenticate"), "");
}

TEST_F(RouterTest, a_method_that_the_path_does_not_have_is_told_which_it_has) {
    const auto response = ask("DELETE", "/purchases/1");
    EXPECT_EQ(response.status, 405);
    EXPECT_EQ(code_of(response), "METHOD_NOT_ALLOWED");
    EXPECT_EQ(response.fields.find("Allow"), "GET, HEAD, PATCH");
    EXPECT_EQ(ask("GET", "/saldo/v1/fees").fields.find("Allow"), "POST");
    EXPECT_EQ(ask("HEAD", "/saldo/v1/fees").status, 405);
    EXPECT_EQ(ask("GET", "/purchases/newest/block").fields.find("Allow"), "DELETE");
}

TEST_F(RouterTest, head_is_answered_by_whoever_answers_get) {
    EXPECT_EQ(ask("HEAD", "/open").body.view(), "open HEAD");  // the server leaves the body out
    EXPECT_EQ(ask("HEAD", "/status/1").status, 401);
}

TEST_F(RouterTest, options_tell_the_methods_without_a_token) {
    const auto response = ask("OPTIONS", "/status/1");
    EXPECT_EQ(response.status, 204);
    EXPECT_EQ(response.fields.find("Allow"), "GET, HEAD");
    EXPECT_EQ(ask("OPTIONS", "/nowhere").status, 404);
    EXPECT_EQ(ask("OPTIONS", "*").fields.find("Allow"), "DELETE, GET, HEAD, OPTIONS, PATCH, POST");
}

TEST_F(RouterTest, a_handler_learns_who_calls) {
    const Fields good{{"Authorization", token("shop", transaction_status_audience)},
                      {"Content-Type", "application/json"}};
    EXPECT_EQ(ask("GET", "/status/1", good).body.view(), "status GET id=1 for shop");
}

/// Each row breaks the rule it names and every later one, so that the table proves the order of the checks too.
TEST_F(RouterTest, the_first_check_that_fails_answers) {
    const std::string shop = token("shop", payment_audience);
    const std::string reader = token("reader", saldo_audience, {partner::Scope::read});
    const std::string booker = token("booker", saldo_audience, {partner::Scope::book});
    struct Row {
        const char* method;
        const char* target;
        Fields fields;
        int status;
        const char* code;
    };
    const std::pair<std::string, std::string> html{"Accept", "text/html"};
    const std::pair<std::string, std::string> text{"Content-Type", "text/plain"};
    const std::vector<Row> table{
        {"DELETE", "/saldo/v1/nothing", {{"Authorization", shop}, html, text}, 404, "NOT_FOUND"},
        {"DELETE", "/saldo/v1/fees", {{"Authorization", shop}, html, text}, 405, "METHOD_NOT_ALLOWED"},
        {"POST", "/saldo/v1/fees", {{"Authorization", shop}, html, text}, 401, "INVALID_TOKEN"},
        {"POST", "/saldo/v1/fees", {{"Authorization", reader}, html, text}, 403, "INSUFFICIENT_SCOPE"},
        {"POST",
         "/purchases/1/captures/2",
         {{"Authorization", shop}, {"X-Partner", "another"}, html, text},
         403,
         "TURNED_AWAY"},
        {"POST", "/saldo/v1/fees", {{"Authorization", booker}, html, text}, 406, "NOT_ACCEPTABLE"},
        {"POST", "/saldo/v1/fees", {{"Authorization", booker}, text}, 415, "UNSUPPORTED_MEDIA_TYPE"},
    };
    for (const Row& row : table) {
        const auto response = ask(row.method, row.target, row.fields);
        EXPECT_EQ(response.status, row.status) << row.code;
        EXPECT_EQ(code_of(response), row.code);
    }
    const auto good = ask("POST", "/saldo/v1/fees", {{"Authorization", booker}, {"Content-Type", "application/json"}});
    EXPECT_EQ(good.body.view(), "fee POST for booker");
}

TEST_F(RouterTest, a_read_that_takes_a_content_type_wants_one) {
    const std::string authorization = token("shop", transaction_status_audience);
    EXPECT_EQ(ask("GET", "/status/1", {{"Authorization", authorization}}).status, 415);
    EXPECT_EQ(ask("GET", "/status/1", {{"Authorization", authorization}, {"Content-Type", "text/xml"}}).status, 415);
    EXPECT_EQ(ask("GET", "/open", {{"Content-Type", "text/xml"}}).status, 200);
}

TEST_F(RouterTest, a_delete_wants_a_content_type_only_for_a_body) {
    EXPECT_EQ(ask("DELETE", "/purchases/newest/block").status, 200);
    EXPECT_EQ(ask("DELETE", "/purchases/newest/block", {}, "{}").status, 415);
    EXPECT_EQ(ask("DELETE", "/purchases/newest/block", {{"Content-Type", "application/json"}}, "{}").status, 200);
}

TEST_F(RouterTest, a_patch_is_told_what_it_may_send) {
    const auto response = ask("PATCH", "/purchases/1", {{"Content-Type", "application/json"}});
    EXPECT_EQ(response.status, 415);
    EXPECT_EQ(response.fields.find("Accept-Patch"), "application/merge-patch+json");
}

TEST_F(RouterTest, where_there_is_nothing_to_give_accept_does_not_matter) {
    EXPECT_EQ(ask("DELETE", "/purchases/newest/block", {{"Accept", "text/html"}}).status, 200);
    EXPECT_EQ(ask("GET", "/open", {{"Accept", "text/html"}}).status, 406);
}

TEST_F(RouterTest, every_answer_carries_the_pattern_it_came_by) {
    EXPECT_EQ(ask("GET", "/purchases/1").route, "/purchases/{id}");
    EXPECT_EQ(ask("PUT", "/purchases/1").route, "/purchases/{id}");
    EXPECT_EQ(ask("GET", "/status/1").route, "/status/{id}");
    EXPECT_EQ(ask("OPTIONS", "/status/1").route, "/status/{id}");
    EXPECT_EQ(ask("GET", "/nowhere").route, "");
}

TEST_F(RouterTest, a_handler_that_forgets_to_answer_is_a_500) {
    std::vector<Route> routes;
    routes.push_back({.method = "GET", .pattern = "/", .handler = [](Call, Respond) {}});
    const Router forgetful(std::move(routes), gate_);
    int status = 0;
    forgetful(request_of({}), Respond::into([&](Response response) { status = response.status; }));
    EXPECT_EQ(status, 500);
}

TEST_F(RouterTest, denials_are_told_to_whoever_keeps_the_log) {
    std::string told;
    router_.on_denied = [&](std::string_view request_id, std::string_view reason) {
        told += std::string(request_id) + ' ' + std::string(reason) + ';';
    };
    ask("GET", "/status/1");
    ask("GET", "/status/1", {{"Authorization", token("shop", payment_audience)}});
    EXPECT_EQ(told, "test no_credentials;test wrong_audience;");
}

TEST_F(RouterTest, two_routes_never_answer_the_same) {
    auto routes = test_routes();
    routes.push_back({.method = "GET", .pattern = "/purchases/{other}", .handler = echo("other")});
    EXPECT_THROW(Router(std::move(routes), gate_), foundation::BrokenInvariant);
}

TEST_F(RouterTest, a_parameter_is_asked_for_by_its_name) {
    const std::vector<std::string> names{"id", "capture"};
    const Call call{.request = nullptr, .caller = nullptr, .names = names, .values = {"1", "2"}};
    EXPECT_EQ(call.parameter("capture"), "2");
    EXPECT_THROW(call.parameter("refund"), foundation::BrokenInvariant);
}

TEST_F(RouterTest, lists_its_routes_in_their_order) {
    ASSERT_EQ(router_.routes().size(), test_routes().size());
    EXPECT_EQ(router_.routes()[1].pattern, "/purchases/{id}");
}

}  // namespace
}  // namespace saldo::http
