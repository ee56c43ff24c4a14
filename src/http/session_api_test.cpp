#include "http/session_api.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <stdexcept>

#include "http/route_stage.hpp"
#include "http/session_codec.hpp"
#include "service/event_store.hpp"

namespace saldo::http {
namespace {

using namespace std::chrono_literals;
using foundation::Instant;
using service::SessionLook;
using service::SessionsWanted;

const Instant now_ = *foundation::parse_instant("2026-06-05T16:00:00Z");

class FixedClock final : public service::Clock {
  public:
    Instant now() override { return now_; }
};

/// The lists need none of it.
class NoSessions final : public service::Sessions {
  public:
    void create(service::Origin, service::RequestedSession, OnMade) override { refuse(); }
    void find(service::Origin, std::string, OnSession) override { refuse(); }
    void flag_fraud(service::Origin, std::string, checkout::FlagFraud, OnResult) override { refuse(); }
    void open(std::string, OnSession) override { refuse(); }
    void resume(std::string, OnSession) override { refuse(); }
    std::string cookie_of(std::string_view) const override { return {}; }
    std::string form_token_of(std::string_view) const override { return {}; }
    void act(std::string, checkout::Command, OnResult) override { refuse(); }
    void confirm(std::string, checkout::ConsentReceipt, std::optional<ledger::RiskVerdict>, OnResult) override {
        refuse();
    }
    void enter_code(std::string, std::string, OnResult) override { refuse(); }
    void send_new_code(std::string, OnResult) override { refuse(); }

  private:
    [[noreturn]] static void refuse() { throw std::logic_error("nobody asks for this here"); }
};

/// The records of one day out of `count` sessions, a hundredth of a second apart.
class SessionLists : public testing::Test {
  protected:
    int count = 0;
    std::size_t piece_size_max = 0;
    int pages_until_failure = 1'000'000;
    std::vector<SessionsWanted> asked;
    FixedClock clock;
    NoSessions sessions;
    RouteStage stage{session_routes(
        {.sessions = sessions,
         .clock = clock,
         .public_url = "https://pay.example",
         .in_background =
             [](auto task) {
                 task();
                 return true;
             },
         .list = [this](const SessionsWanted& wanted, const SessionLook& look) { show(wanted, look); }})};

    void show(const SessionsWanted& wanted, const SessionLook& look) {
        asked.push_back(wanted);
        if (--pages_until_failure < 0) throw service::StoreFailed("gone");
        const Instant first = *foundation::parse_instant("2026-06-05T15:00:00Z");
        const auto begin = std::max<std::int64_t>(0, (wanted.from - first) / 10ms);
        bool goes_on = true;
        for (std::int64_t i = begin; i < count && goes_on; ++i) {
            const Instant created = first + i * 10ms;
            const std::string id = "s" + std::to_string(i);
            if (created < wanted.from || (created == wanted.from && id <= wanted.after_id)) continue;
            goes_on = look({.created = created, .session_id = id, .record = "{\"number\":" + std::to_string(i) + "}"});
        }
    }
    Response list(const std::string& query) { return stage.get("/pps/api/v1/session-record" + query); }
    /// The whole body, piece after piece; `[broken]` behind what came if it broke off.
    std::string whole(const Response& response) {
        std::string body(response.body.view());
        if (!response.pieces) return body;
        for (bool goes_on = true; goes_on;) {
            std::optional<Response> piece;
            response.pieces->next(Respond::into([&](Response given) { piece = std::move(given); }));
            if (!piece || piece->status == 500) return body + "[broken]";
            goes_on = !piece->body.view().empty();
            body += piece->body.view();
            piece_size_max = std::max(piece_size_max, piece->body.view().size());
        }
        return body;
    }
};

TEST_F(SessionLists, have_no_sessions_on_a_day_without_any) {
    EXPECT_EQ(whole(list("?createdDate=2026-06-05")), "[]");
    ASSERT_EQ(asked.size(), 1U);
    EXPECT_EQ(asked[0].partner_id, "partner-1");
    EXPECT_EQ(foundation::utc_text(asked[0].from), "2026-06-05T00:00:00Z");
    EXPECT_EQ(foundation::utc_text(asked[0].until), "2026-06-06T00:00:00Z");
}

TEST_F(SessionLists, show_the_sessions_as_they_are_now) {
    count = 2;
    EXPECT_EQ(whole(list("?createdDate=2026-06-05")), R"([{"number":0},{"number":1}])");
    EXPECT_EQ(asked.front().as_of, now_);
}

TEST_F(SessionLists, of_a_long_day_are_one_array_of_which_no_more_than_a_piece_is_held) {
    count = 100'000;
    const Response response = list("?createdDate=2026-06-05");
    ASSERT_TRUE(response.pieces);
    const std::string body = whole(response);
    std::string expected = R"([{"number":0})";
    for (int i = 1; i < count; ++i) expected += ",{\"number\":" + std::to_string(i) + '}';
    EXPECT_TRUE(body == expected + ']') << body.substr(0, 200);
    EXPECT_GT(piece_size_max, 0U);
    EXPECT_LT(piece_size_max, 300'000U);
}

TEST_F(SessionLists, break_off_when_the_store_fails_in_the_middle) {
    count = 100'000;
    pages_until_failure = 2;
    EXPECT_THAT(whole(list("?createdDate=2026-06-05")), testing::EndsWith("[broken]"));
    pages_until_failure = 0;
    EXPECT_EQ(list("?createdDate=2026-06-05").status, 503);
}

TEST_F(SessionLists, ask_for_one_day_of_the_calendar) {
    for (const char* query : {"", "?createdDate=", "?createdDate=2026-02-30", "?createdDate=05.06.2026",
                              "?createdDate=2026-06-05&createdDate=2026-06-06"})
        EXPECT_EQ(list(query).status, 400) << query;
    EXPECT_TRUE(asked.empty());
}

TEST(WebAddress, is_an_absolute_http_url_with_a_host) {
    for (const char* url : {"https://shop.example", "http://127.0.0.1:8080/a?b=c#d", "https://shop.example?x"})
        EXPECT_TRUE(is_web_address(url)) << url;
    for (const char* url : {"", "shop.example", "https://", "https:///a", "javascript:alert(1)", "ftp://shop.example",
                            "https://user@shop.example", "https://shop.example/a b", "https://shop.example/\n",
                            "https://:80", "https://shop.example\\@evil.example", "//shop.example"})
        EXPECT_FALSE(is_web_address(url)) << url;
}

}  // namespace
}  // namespace saldo::http
