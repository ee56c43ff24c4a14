#include "http/webhook_api.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "http/route_stage.hpp"
#include "service/event_store.hpp"

namespace saldo::http {

namespace {

using foundation::Instant;
using service::Attempt;
using service::Delivery;
using service::DeliveryQuestion;
using service::DeliveryState;

Instant at_second(int seconds) {
    return Instant(std::chrono::seconds(1'780'674'096 + seconds));
}

Delivery delivery(const std::string& id, const std::string& partner, DeliveryState state) {
    return {.notice = {.id = id,
                       .previous_id = id == "D1" ? "" : "D1",
                       .sequence = id == "D1" ? 1 : 2,
                       .partner_id = partner,
                       .session_id = "46c13096-2615-4894-96af-48b55dcd5f26",
                       .event_seq = 7,
                       .session_status = "COMPLETED",
                       .changed_at = at_second(0) + std::chrono::microseconds(325775)},
            .state = state,
            .next_attempt_at = {},
            .attempts = {}};
}

class WebhookRoutes : public testing::Test {
  protected:
    std::map<std::string, Delivery> book{{"D1", delivery("D1", "partner-1", DeliveryState::delivered)},
                                         {"D2", delivery("D2", "partner-1", DeliveryState::waiting)},
                                         {"E1", delivery("E1", "partner-2", DeliveryState::given_up)}};
    std::vector<std::string> sent_again;
    DeliveryQuestion asked;
    std::int64_t asked_after = -1;
    int asked_limit = 0;
    std::int64_t next = 0;
    bool store_fails = false;
    service::WebhookSecrets::Switch switched{};

    RouteStage stage{webhook_routes(
        {.directory =
             [] {
                 std::vector<partner::Partner> partners{{.id = "partner-1", .name = "One"},
                                                        {.id = "partner-2", .name = "Two"}};
                 return std::make_shared<const service::PartnerDirectory>(std::move(partners));
             },
         .in_background =
             [](std::move_only_function<void()> task) {
                 task();
                 return true;
             },
         .list =
             [this](const DeliveryQuestion& question, std::int64_t after, int limit) {
                 if (store_fails) throw service::StoreFailed("the disk is full");
                 asked = question;
                 asked_after = after;
                 asked_limit = limit;
                 return service::DeliveryBook::Page{.deliveries = {book.at("D2"), book.at("D1")}, .next = next};
             },
         .find = [this](std::string_view id) -> std::optional<Delivery> {
             const auto found = book.find(std::string(id));
             return found == book.end() ? std::nullopt : std::optional(found->second);
         },
         .send_again =
             [this](std::string_view id) {
                 if (book.at(std::string(id)).state == DeliveryState::waiting) return false;
                 sent_again.emplace_back(id);
                 return true;
             },
         .renew_secret =
             [this](const std::string&, service::WebhookSecrets::Switch when) {
                 switched = when;
                 return service::NewWebhookSecret{.secret = "new secret", .signs_from = at_second(0)};
             }})};
};

TEST_F(WebhookRoutes, tell_a_delivery_with_its_attempts_and_no_more_of_a_url_than_its_host) {
    book.at("D2").next_attempt_at = at_second(16);
    book.at("D2").attempts = {{.number = 1,
                               .began_at = at_second(1),
                               .duration = std::chrono::microseconds(10'000'123),
                               .host = "shop.example:8443",
                               .status = 0,
                               .failure = "TIMED_OUT"},
                              {.number = 2,
                               .began_at = at_second(14),
                               .duration = std::chrono::microseconds(87'000),
                               .host = "shop.example:8443",
                               .status = 503,
                               .failure = ""}};
    const Response answer = stage.get("/saldo/v1/webhook-deliveries/D2");
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.fields.find("Cache-Control"), "no-store");
    EXPECT_EQ(
        answer.body.view(),
        R"({"delivery_id":"D2","sequence":2,"previous_delivery_id":"D1","partner_id":"partner-1",)"
        R"("session_id":"46c13096-2615-4894-96af-48b55dcd5f26","session_status":"COMPLETED",)"
        R"("changed_at":"2026-06-05T15:41:36.325775Z","state":"WAITING","next_attempt_at":"2026-06-05T15:41:52Z",)"
        R"("attempts":[{"number":1,"began_at":"2026-06-05T15:41:37Z","duration_ms":10000,)"
        R"("host":"shop.example:8443","failure":"TIMED_OUT"},{"number":2,"began_at":"2026-06-05T15:41:50Z",)"
        R"("duration_ms":87,"host":"shop.example:8443","status":503}]})");
}

TEST_F(WebhookRoutes, list_what_the_caller_may_see_and_asked_for) {
    stage.get("/saldo/v1/webhook-deliveries");
    EXPECT_EQ(asked.partner_id, "partner-1");
    EXPECT_EQ(asked.session_id, "");
    EXPECT_EQ(asked.state, std::nullopt);
    EXPECT_EQ(asked_limit, 20);
    EXPECT_EQ(asked_after, 0);

    stage.get("/saldo/v1/webhook-deliveries?session_id=S1&state=GIVEN_UP&limit=7");
    EXPECT_EQ(asked.session_id, "S1");
    EXPECT_EQ(asked.state, DeliveryState::given_up);
    EXPECT_EQ(asked_limit, 7);

    stage.caller.partner_id = partner::every_partner;
    stage.get("/saldo/v1/webhook-deliveries");
    EXPECT_EQ(asked.partner_id, "");
}

TEST_F(WebhookRoutes, go_on_behind_the_cursor_that_the_page_before_gave) {
    next = 41;
    const std::string page(stage.get("/saldo/v1/webhook-deliveries").body.view());
    const auto at = page.find(R"("next_cursor":")");
    ASSERT_NE(at, std::string::npos);
    const std::string cursor = page.substr(at + 15, page.find('"', at + 15) - at - 15);
    next = 0;
    const std::string last(stage.get("/saldo/v1/webhook-deliveries?cursor=" + cursor).body.view());
    EXPECT_EQ(asked_after, 41);
    EXPECT_EQ(last.find("next_cursor"), std::string::npos);
}

TEST_F(WebhookRoutes, refuse_what_is_no_question) {
    for (const auto& [query, code] :
         std::vector<std::pair<std::string, std::string>>{{"session_id=", "INVALID_SESSION_ID"},
                                                          {"session_id=a&session_id=b", "INVALID_SESSION_ID"},
                                                          {"state=LOST", "INVALID_STATE"},
                                                          {"state=", "INVALID_STATE"},
                                                          {"limit=0", "INVALID_LIMIT"},
                                                          {"limit=101", "INVALID_LIMIT"},
                                                          {"limit=1x", "INVALID_LIMIT"},
                                                          {"cursor=41", "INVALID_CURSOR"},
                                                          {"cursor=", "INVALID_CURSOR"},
                                                          {"state=LOST&limit=0", "INVALID_STATE"}}) {
        const Response answer = stage.get("/saldo/v1/webhook-deliveries?" + query);
        EXPECT_EQ(answer.status, 400) << query;
        EXPECT_NE(answer.body.view().find('"' + code + '"'), std::string_view::npos) << query << answer.body.view();
    }
}

TEST_F(WebhookRoutes, show_another_partners_delivery_as_one_that_is_not_there) {
    EXPECT_EQ(stage.get("/saldo/v1/webhook-deliveries/E1").status, 404);
    EXPECT_EQ(stage.get("/saldo/v1/webhook-deliveries/E1").body.view(),
              stage.get("/saldo/v1/webhook-deliveries/nothing").body.view());
    EXPECT_EQ(stage.post("/saldo/v1/webhook-deliveries/E1/attempts", "").status, 404);
    EXPECT_TRUE(sent_again.empty());
    stage.caller.partner_id = partner::every_partner;
    EXPECT_EQ(stage.get("/saldo/v1/webhook-deliveries/E1").status, 200);
}

TEST_F(WebhookRoutes, send_again_what_does_not_wait_anyway) {
    EXPECT_EQ(stage.post("/saldo/v1/webhook-deliveries/D1/attempts", "").status, 202);
    EXPECT_EQ(sent_again, std::vector<std::string>{"D1"});
    const Response waits = stage.post("/saldo/v1/webhook-deliveries/D2/attempts", "");
    EXPECT_EQ(waits.status, 409);
    EXPECT_NE(waits.body.view().find("\"DELIVERY_WAITING\""), std::string_view::npos);
}

TEST_F(WebhookRoutes, make_a_secret_for_a_partner_that_the_caller_sees) {
    const Response made = stage.post("/saldo/v1/partners/partner-1/webhook-secrets", "");
    EXPECT_EQ(made.status, 201);
    EXPECT_EQ(made.body.view(),
              R"({"partner_id":"partner-1","secret":"new secret","signs_from":"2026-06-05T15:41:36Z"})");
    EXPECT_EQ(switched, service::WebhookSecrets::Switch::after_overlap);
    stage.post("/saldo/v1/partners/partner-1/webhook-secrets?at_once=true", "");
    EXPECT_EQ(switched, service::WebhookSecrets::Switch::at_once);
    EXPECT_EQ(stage.post("/saldo/v1/partners/partner-1/webhook-secrets?at_once=1", "").status, 400);
    EXPECT_EQ(stage.post("/saldo/v1/partners/partner-2/webhook-secrets", "").status, 404);
    EXPECT_EQ(stage.post("/saldo/v1/partners/operator/webhook-secrets", "").status, 404);
}

TEST_F(WebhookRoutes, take_scopes) {
    for (const Route& route : stage.routes())
        EXPECT_EQ(route.scope, route.method == "GET" ? partner::Scope::read : partner::Scope::admin) << route.pattern;
}

TEST_F(WebhookRoutes, answer_503_when_the_store_does_not) {
    store_fails = true;
    EXPECT_EQ(stage.get("/saldo/v1/webhook-deliveries").status, 503);
}

}  // namespace

}  // namespace saldo::http
