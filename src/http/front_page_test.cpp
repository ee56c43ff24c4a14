#include "http/front_page.hpp"

#include <gtest/gtest.h>

#include "foundation/json.hpp"

namespace saldo::http {
namespace {

Call call_of(std::vector<std::pair<std::string, std::string>> fields = {}) {
    return {.request = request_of({.fields = std::move(fields)}), .caller = nullptr, .names = {}, .values = {}};
}

TEST(front_page, says_the_same_to_get_and_post) {
    const auto routes = front_page_routes("https://pay.example.com");
    ASSERT_EQ(routes.size(), 2U);
    std::vector<std::string> pages;
    for (const Route& route : routes) {
        EXPECT_EQ(route.pattern, "/");
        EXPECT_FALSE(route.api.has_value()) << "anybody may look";
        route.handler(call_of(), Respond::into([&](Response response) {
                          EXPECT_EQ(response.status, 200);
                          pages.emplace_back(response.body.view());
                      }));
    }
    ASSERT_EQ(pages.size(), 2U);
    EXPECT_EQ(pages.front(), pages.back());
}

TEST(front_page, leads_to_every_interface) {
    std::string page;
    front_page_routes("https://pay.example.com").front().handler(call_of(), Respond::into([&](Response response) {
                                                                     page = response.body.view();
                                                                 }));
    const auto document = foundation::JsonDocument::parse(page);
    ASSERT_TRUE(document.has_value());
    EXPECT_EQ(document->root().find("token_endpoint")->string(), "https://pay.example.com/oauth/token");
    EXPECT_EQ(document->root().find("saldo_api")->string(), "https://pay.example.com/saldo/v1");
}

TEST(front_page, is_not_sent_again_to_who_has_it) {
    const auto routes = front_page_routes("https://pay.example.com");
    const auto ask = [&](std::vector<std::pair<std::string, std::string>> fields) {
        Response answer;
        routes.front().handler(call_of(std::move(fields)),
                               Respond::into([&](Response response) { answer = std::move(response); }));
        return answer;
    };
    const std::string etag(ask({}).fields.find("ETag"));
    EXPECT_EQ(ask({{"If-None-Match", etag}}).status, 304);
    EXPECT_EQ(ask({{"If-None-Match", etag}}).fields.find("ETag"), etag);
    EXPECT_EQ(ask({{"If-None-Match", "\"another\", W/" + etag}}).status, 304);
    EXPECT_EQ(ask({{"If-None-Match", etag.substr(1, etag.size() - 2)}}).status, 200) << "a tag has quotes";
    EXPECT_EQ(ask({{"If-Match", etag}}).status, 200);
    EXPECT_EQ(ask({{"If-Match", "\"another\""}}).status, 412);
}

}  // namespace
}  // namespace saldo::http
