#include "http/front_page.hpp"

#include <gtest/gtest.h>

#include "foundation/json.hpp"

namespace saldo::http {
namespace {

TEST(front_page, says_the_same_to_get_and_post) {
    const auto routes = front_page_routes("https://pay.example.com");
    ASSERT_EQ(routes.size(), 2U);
    std::vector<std::string> pages;
    for (const Route& route : routes) {
        EXPECT_EQ(route.pattern, "/");
        EXPECT_FALSE(route.api.has_value()) << "anybody may look";
        route.handler(Call{}, Respond::into([&](Response response) {
                          EXPECT_EQ(response.status, 200);
                          pages.emplace_back(response.body.view());
                      }));
    }
    ASSERT_EQ(pages.size(), 2U);
    EXPECT_EQ(pages.front(), pages.back());
}

TEST(front_page, leads_to_every_interface) {
    std::string page;
    front_page_routes("https://pay.example.com").front().handler(Call{}, Respond::into([&](Response response) {
                                                                     page = response.body.view();
                                                                 }));
    const auto document = foundation::JsonDocument::parse(page);
    ASSERT_TRUE(document.has_value());
    EXPECT_EQ(document->root().find("token_endpoint")->string(), "https://pay.example.com/oauth/token");
    EXPECT_EQ(document->root().find("saldo_api")->string(), "https://pay.example.com/saldo/v1");
}

}  // namespace
}  // namespace saldo::http
