#include "service/text_gateway.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "foundation/json.hpp"
#include "service/fake_secrets.hpp"
#include "service/scripted_outgoing.hpp"

namespace saldo::service {

namespace {

using foundation::Instant;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class ATextGateway : public testing::Test {
  protected:
    ScriptedOutgoing outgoing;
    DrawnBytes random;
    Instant now{seconds(1'800'000'000)};
    int wakes = 0;
    std::vector<std::string> complaints;
    TextGateway gateway{{.url = "https://sms.example/messages",
                         .token = "t0ken",
                         .sender = "Saldo",
                         .reach = {.private_addresses = true, .plain_http = false},
                         .waiting_max = 3},
                        {.outgoing = outgoing,
                         .random = random,
                         .system_time = [this] { return now; },
                         .on_given_up = [this](std::string_view why) { complaints.emplace_back(why); }},
                        [this] { ++wakes; }};

    void say(const std::string& text = "Your code is 015316.", const std::string& to = "+491711234567") {
        gateway.send({.partner_id = "P", .to = to, .text = text});
    }
    std::string text_under_way(std::size_t at = 0) const {
        const auto document = foundation::JsonDocument::parse(outgoing.under_way.at(at).request.body);
        return std::string(document->root().find("text")->string());
    }
};

TEST_F(ATextGateway, posts_number_text_and_sender_with_its_token) {
    say();
    EXPECT_EQ(wakes, 1);
    EXPECT_EQ(gateway.turn(), std::nullopt) << "what is under way wakes when it fails";
    ASSERT_EQ(outgoing.under_way.size(), 1U);
    const auto& sent = outgoing.under_way[0];
    EXPECT_EQ(sent.request.url, "https://sms.example/messages");
    EXPECT_EQ(sent.field("Content-Type"), "application/json");
    EXPECT_EQ(sent.field("Authorization"), "Bearer t0ken");
    EXPECT_THAT(
        sent.request.body,
        testing::MatchesRegex(
            R"(\{"id":"[0-9a-f-]{36}","to":"\+491711234567","text":"Your code is 015316\.","sender":"Saldo"\})"));
    EXPECT_TRUE(sent.request.reach.private_addresses);
    EXPECT_FALSE(sent.request.reach.plain_http);
    outgoing.answer(202);
    EXPECT_EQ(gateway.numbers().handed_over, 1U);
    EXPECT_EQ(gateway.numbers().waiting, 0U);
    gateway.turn();
    EXPECT_THAT(outgoing.under_way, IsEmpty()) << "once is enough";
}

TEST_F(ATextGateway, tries_what_may_pass_again_after_one_three_and_nine_seconds_under_the_same_id_then_gives_it_up) {
    say();
    std::string first_body;
    for (const int delay : {0, 1, 3, 9}) {
        if (delay > 0) {
            now += seconds(delay) - std::chrono::microseconds(1);
            EXPECT_EQ(gateway.turn(), now + std::chrono::microseconds(1));
            EXPECT_THAT(outgoing.under_way, IsEmpty());
            now += std::chrono::microseconds(1);
        }
        gateway.turn();
        ASSERT_EQ(outgoing.under_way.size(), 1U) << delay;
        if (delay == 0) first_body = outgoing.under_way[0].request.body;
        EXPECT_EQ(outgoing.under_way[0].request.body, first_body);
        delay == 3 ? outgoing.answer(0, OutgoingFailure::timed_out) : outgoing.answer(503);
    }
    EXPECT_THAT(complaints, ElementsAre("status 503"));
    EXPECT_EQ(gateway.numbers().failed, 4U);
    EXPECT_EQ(gateway.numbers().given_up, 1U);
    EXPECT_EQ(gateway.numbers().waiting, 0U);
}

TEST_F(ATextGateway, gives_up_at_once_what_will_not_go_better) {
    for (const int status : {301, 400, 401, 404, 422}) {
        say();
        gateway.turn();
        outgoing.answer(status);
    }
    say();
    gateway.turn();
    outgoing.answer(0, OutgoingFailure::address_not_allowed);
    EXPECT_THAT(complaints, ElementsAre("status 301", "status 400", "status 401", "status 404", "status 422",
                                        "ADDRESS_NOT_ALLOWED"));
    for (const int status : {408, 429, 500}) {
        say();
        gateway.turn();
        outgoing.answer(status);
    }
    EXPECT_EQ(gateway.numbers().waiting, 3U);
}

TEST_F(ATextGateway, lets_one_message_hold_up_no_other) {
    say("one");
    gateway.turn();
    say("two");
    gateway.turn();
    ASSERT_EQ(outgoing.under_way.size(), 2U);
    EXPECT_EQ(text_under_way(1), "two");
    outgoing.answer_at(1, 200);
    EXPECT_EQ(gateway.numbers().handed_over, 1U);
    EXPECT_EQ(gateway.numbers().waiting, 1U);
}

TEST_F(ATextGateway, keeps_only_so_many_and_says_nothing_of_what_they_are) {
    for (int i = 0; i < 5; ++i) say();
    EXPECT_EQ(gateway.numbers().waiting, 3U);
    EXPECT_THAT(complaints, ElementsAre("QUEUE_FULL", "QUEUE_FULL"));
    gateway.turn();
    while (!outgoing.under_way.empty()) outgoing.answer(400);
    for (const std::string& complaint : complaints) {
        EXPECT_THAT(complaint, Not(HasSubstr("015316")));
        EXPECT_THAT(complaint, Not(HasSubstr("491711234567")));
    }
}

TEST(ATextGatewayThatIsGone, is_not_told_of_answers_any_more) {
    ScriptedOutgoing outgoing;
    DrawnBytes random;
    int complaints = 0;
    {
        TextGateway gateway({.url = "https://sms.example/", .token = "t", .sender = "S"},
                            {.outgoing = outgoing,
                             .random = random,
                             .system_time = [] { return Instant{}; },
                             .on_given_up = [&](std::string_view) { ++complaints; }},
                            [] {});
        gateway.send({.partner_id = "P", .to = "+49", .text = "t"});
        gateway.turn();
    }
    ASSERT_EQ(outgoing.under_way.size(), 1U);
    outgoing.answer(400);
    EXPECT_EQ(complaints, 0);
}

}  // namespace

}  // namespace saldo::service
