#include "http/message.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <stdexcept>
#include <utility>

#include "http/problem.hpp"

namespace saldo::http {
namespace {

TEST(Request, finds_fields_whatever_their_case) {
    const auto request = request_of({.fields = {{"X-One", "1"}, {"x-TWO", "a"}, {"X-Two", "b"}, {"X-Empty", ""}}});
    EXPECT_EQ(request->header("x-one"), "1");
    EXPECT_EQ(request->header("X-TWO"), "a");
    EXPECT_EQ(request->header_count("x-two"), 2U);
    EXPECT_EQ(request->header_count("x-empty"), 1U);
    EXPECT_EQ(request->header_count("x-none"), 0U);
    EXPECT_EQ(request->header("x-none"), "");
}

TEST(Request, has_its_path_decoded_and_owns_what_it_shows) {
    RequestPtr request;
    {
        std::string target = "/a%20b%2Fc/d?q=%20";
        request = request_of({.target = target});
        target.assign(target.size(), 'x');
    }
    EXPECT_EQ(request->path, "/a b%2Fc/d");
    EXPECT_EQ(request->raw_path, "/a%20b%2Fc/d");
    EXPECT_EQ(request->query, "q=%20");
}

TEST(Request, that_the_server_would_refuse_cannot_be_made) {
    EXPECT_THROW(request_of({.target = "/%"}), std::invalid_argument);
    EXPECT_THROW(request_of({.fields = {{"A", "b\r\nC: d"}, {"E ", ""}}}), std::invalid_argument);
}

TEST(FieldLines, let_no_value_smuggle_a_line) {
    FieldLines lines;
    EXPECT_THROW(lines.add("Location", "/a\r\nSet-Cookie: b"), std::invalid_argument);
    EXPECT_THROW(lines.add("Location", "/a\nb"), std::invalid_argument);
    EXPECT_THROW(lines.add("Loca tion", "/a"), std::invalid_argument);
    EXPECT_THROW(lines.add("", "/a"), std::invalid_argument);
    EXPECT_EQ(lines.text(), "");
}

TEST(FieldLines, are_found_by_name) {
    FieldLines lines;
    lines.add("ETag", "\"a: b\"").add("Allow", "GET");
    EXPECT_EQ(lines.find("etag"), "\"a: b\"");
    EXPECT_EQ(lines.find("allow"), "GET");
    EXPECT_EQ(lines.find("Al"), "");
}

TEST(Response, is_rendered_with_its_length) {
    Response response{.status = 404, .body = "gone"};
    response.fields.add("A", "b");
    EXPECT_EQ(render_head(response), "HTTP/1.1 404 Not Found\r\nA: b\r\nContent-Length: 4\r\n");
    EXPECT_EQ(render_head({.status = 200}), "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n");
}

TEST(Response, without_content_tells_no_length) {
    EXPECT_EQ(render_head({.status = 204}), "HTTP/1.1 204 No Content\r\n");
    EXPECT_EQ(render_head({.status = 304, .body = "left out"}), "HTTP/1.1 304 Not Modified\r\n");
}

TEST(Body, is_not_copied_when_it_is_shared) {
    const auto shared = std::make_shared<const std::string>("document");
    const Body body(shared);
    const Body copy = body;
    EXPECT_EQ(copy.view().data(), shared->data());
}

TEST(Respond, hands_the_answer_over) {
    std::optional<Response> answer;
    Respond::into([&](Response response) { answer = std::move(response); })({.status = 201});
    EXPECT_EQ(answer.value().status, 201);
}

TEST(Respond, dropped_uncalled_answers_500) {
    std::optional<Response> answer;
    {
        const Respond dropped = Respond::into([&](Response response) { answer = std::move(response); });
    }
    EXPECT_EQ(answer.value().status, 500);
}

TEST(Respond, overwritten_uncalled_answers_500) {
    std::optional<Response> answer;
    Respond first = Respond::into([&](Response response) { answer = std::move(response); });
    first = Respond::into([](Response) {});
    EXPECT_EQ(answer.value().status, 500);
}

TEST(Respond, answers_once) {
    int answers = 0;
    {
        Respond respond = Respond::into([&](Response) { ++answers; });
        respond({});
        EXPECT_THROW(respond({}), std::logic_error);
    }
    EXPECT_EQ(answers, 1);
}

TEST(Problem, is_told_as_rfc_9457_wants_it) {
    const auto response = problem_response({.status = 400,
                                            .code = "INVALID_HOST",
                                            .detail = "A \"host\" is wrong.",
                                            .request_id = "r1",
                                            .hint = "Send it once."});
    EXPECT_EQ(response.status, 400);
    EXPECT_EQ(response.fields.find("Content-Type"), "application/problem+json");
    EXPECT_EQ(response.body.view(),
              R"({"type":"about:blank","title":"Bad Request","status":400,"detail":"A \"host\" is wrong.",)"
              R"("code":"INVALID_HOST","request_id":"r1","hint":"Send it once."})");
}

TEST(Problem, without_a_hint_has_none) {
    EXPECT_EQ(problem_text({.status = 404, .code = "C", .detail = "d", .request_id = "r"}),
              R"({"type":"about:blank","title":"Not Found","status":404,"detail":"d","code":"C","request_id":"r"})");
}

}  // namespace
}  // namespace saldo::http
