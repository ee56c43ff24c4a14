#include "http/status_api.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "foundation/digest.hpp"
#include "http/fake_purchases.hpp"
#include "http/payment_codec.hpp"
#include "http/route_stage.hpp"

namespace saldo::http {

namespace {

using foundation::Days;
using service::NotDecided;
using service::PurchasePtr;

constexpr std::string_view purchase = R"({
  "currency": "EUR",
  "buyer": {
    "person": {"first_name": "Erika", "last_name": "Mustermann"},
    "billing_address": {"street": "Nikolaistr. 9", "zip_code": "80802", "city": "München", "country_code": "DE"}
  },
  "payment_method": {"payment_option": "OPEN_INVOICE", "transfer_type": "BANK_TRANSFER"},
  "shop_baskets": [{"gross_amount": 170}]
})";

/// Both status reads on a fake of the use cases; one purchase of 170 on 10 March 2020 in Berlin.
class StatusReads : public testing::Test {
  protected:
    FakeClock clock{*foundation::parse_instant("2020-03-10T18:06:52.438+01:00")};
    FakePurchases purchases{clock};
    DocumentCache cache{1 << 20};
    RouteStage stage{status_routes({.purchases = purchases, .clock = clock, .cache = cache})};

    const std::string id = "00000000000000000001";
    const std::string transaction_at = "/transaction/status/v2/transactions/" + id;
    const std::string order_at = "/order/status/v2/transactions/" + id;

    void SetUp() override {
        const auto body = parse_object(purchase);
        purchases.authorise({.actor = "client-1", .partner_id = "partner-1", .key = {}},
                            *read_authorise(body->root(), clock.now()), [](auto) {});
    }
    void operate(ledger::Command command) {
        purchases.find({}, id, [&](auto found) {
            purchases.operate({}, std::get<PurchasePtr>(found), std::move(command), [](auto) {});
        });
        cache.forget(id);
    }
    void capture(std::int64_t minor) {
        ledger::Capture command;
        command.operation.gross = foundation::Money(minor, {});
        operate(command);
    }
};

std::string text_of(const Response& response) {
    return std::string(response.body.view());
}

std::string_view etag_of(const Response& response) {
    const std::string_view head = *response.rendered_head;
    const std::size_t at = head.find("ETag: ") + 6;
    return head.substr(at, head.find("\r\n", at) - at);
}

TEST_F(StatusReads, gives_a_document_with_its_hash) {
    const auto response = stage.get(transaction_at);
    EXPECT_EQ(response.status, 200);
    const std::string etag = '"' + foundation::hex(foundation::bytes_of(foundation::sha256(text_of(response)))) + '"';
    EXPECT_EQ(*response.rendered_head, "HTTP/1.1 200 OK\r\nETag: " + etag +
                                           "\r\nCache-Control: private, no-cache\r\nContent-Type: "
                                           "application/json;charset=UTF-8\r\nContent-Length: " +
                                           std::to_string(text_of(response).size()) + "\r\n");
}

TEST_F(StatusReads, shows_everything_of_a_transaction_and_the_head_of_an_order_unless_asked) {
    EXPECT_EQ(text_of(stage.get(transaction_at)), text_of(stage.get(transaction_at + "?include=all")));
    EXPECT_TRUE(text_of(stage.get(transaction_at)).contains("payment_status"));
    EXPECT_FALSE(text_of(stage.get(order_at)).contains("basket"));
    EXPECT_TRUE(text_of(stage.get(order_at + "?include=basket")).contains("basket"));
}

TEST_F(StatusReads, gives_the_same_bytes_from_the_cache_and_without_reading) {
    const auto first = stage.get(transaction_at);
    purchases.fails_with = NotDecided::failed;
    const auto second = stage.get(transaction_at);
    EXPECT_EQ(second.status, 200);
    EXPECT_EQ(second.body.view().data(), first.body.view().data());
    EXPECT_EQ(second.rendered_head, first.rendered_head);
    EXPECT_EQ(stage.get(transaction_at + "?include=basket").status, 503);
}

TEST_F(StatusReads, says_304_to_who_has_the_document) {
    const auto first = stage.get(transaction_at);
    const auto again = stage.get(transaction_at, {{"If-None-Match", std::string(etag_of(first))}});
    EXPECT_EQ(again.status, 304);
    EXPECT_EQ(text_of(again), "");
    EXPECT_TRUE(again.rendered_head->starts_with("HTTP/1.1 304 Not Modified\r\nETag: "));
    capture(17000);
    EXPECT_EQ(stage.get(transaction_at, {{"If-None-Match", std::string(etag_of(first))}}).status, 200);
}

TEST_F(StatusReads, shows_a_write_at_once) {
    EXPECT_TRUE(text_of(stage.get(transaction_at)).contains(R"("open_claim":{"amount":0)"));
    capture(5000);
    EXPECT_TRUE(text_of(stage.get(transaction_at)).contains(R"("open_claim":{"amount":50)"));
}

TEST_F(StatusReads, shows_what_time_alone_has_changed) {
    capture(5000);
    operate(ledger::BlockDunning{.from = *foundation::parse_day("2020-03-11"),
                                 .until = *foundation::parse_day("2020-03-12"),
                                 .reason = subject::Sealed("goodwill"),
                                 .comment = {}});
    EXPECT_TRUE(text_of(stage.get(transaction_at)).contains("goodwill"));
    clock.set(*foundation::parse_instant("2020-03-12T23:59:59.999999+01:00"));
    EXPECT_TRUE(text_of(stage.get(transaction_at)).contains("goodwill"));
    clock.set(*foundation::parse_instant("2020-03-13T00:00:00+01:00"));
    EXPECT_FALSE(text_of(stage.get(transaction_at)).contains("goodwill"));
}

TEST_F(StatusReads, knows_no_purchase_of_another_partner_whether_it_is_in_the_cache_or_not) {
    stage.caller.partner_id = "partner-2";
    const auto unread = stage.get(transaction_at);
    stage.caller.partner_id = "partner-1";
    EXPECT_EQ(stage.get(transaction_at).status, 200);
    stage.caller.partner_id = "partner-2";
    const auto cached = stage.get(transaction_at);
    EXPECT_EQ(cached.status, 404);
    EXPECT_EQ(text_of(cached), text_of(unread));
    EXPECT_TRUE(text_of(cached).contains(R"("code":"TRANSACTION_NOT_FOUND")"));
    stage.caller.partner_id = std::string(partner::every_partner);
    EXPECT_EQ(stage.get(transaction_at).status, 200);
}

TEST_F(StatusReads, tells_of_a_day_that_has_been) {
    clock.set(clock.now() + Days{2});
    capture(5000);
    EXPECT_TRUE(text_of(stage.get(transaction_at + "?as_of=2020-03-11")).contains(R"("open_claim":{"amount":0)"));
    EXPECT_TRUE(text_of(stage.get(transaction_at + "?as_of=2020-03-12")).contains(R"("open_claim":{"amount":50)"));
    EXPECT_TRUE(text_of(stage.get(transaction_at + "?as_of=2020-03-11")).contains(R"("open_claim":{"amount":0)"));
    EXPECT_TRUE(text_of(stage.get(transaction_at)).contains(R"("open_claim":{"amount":50)"));
    EXPECT_EQ(stage.get(transaction_at + "?as_of=2020-03-09").status, 404);
    EXPECT_EQ(stage.get(order_at + "?as_of=2020-03-09").status, 404);
}

TEST_F(StatusReads, refuses_a_day_that_has_not_come_by_the_partners_zone) {
    clock.set(*foundation::parse_instant("2020-03-10T22:59:59Z"));
    EXPECT_EQ(stage.get(transaction_at + "?as_of=2020-03-11").status, 422);
    EXPECT_EQ(stage.get(order_at + "?as_of=2020-03-11").status, 400);
    EXPECT_TRUE(text_of(stage.get(order_at + "?as_of=2020-03-11")).contains(R"("code":"AS_OF_IN_FUTURE")"));
    clock.set(*foundation::parse_instant("2020-03-10T23:00:00Z"));
    EXPECT_EQ(stage.get(transaction_at + "?as_of=2020-03-11").status, 200);
}

TEST_F(StatusReads, refuses_an_unknown_block_with_422_and_an_order_with_400) {
    const auto transaction = stage.get(transaction_at + "?include=everything");
    EXPECT_EQ(transaction.status, 422);
    EXPECT_TRUE(text_of(transaction).contains(R"("code":"INVALID_INCLUDE")"));
    EXPECT_EQ(stage.get(order_at + "?include=everything").status, 400);
    EXPECT_EQ(stage.get(transaction_at + "?as_of=today").status, 422);
    EXPECT_EQ(stage.get(order_at + "?as_of=today").status, 400);
}

TEST_F(StatusReads, asks_whether_there_is_a_purchase_before_a_422_and_after_a_400) {
    EXPECT_EQ(stage.get(transaction_at + "X?include=everything").status, 404);
    EXPECT_EQ(stage.get(order_at + "X?include=everything").status, 400);
}

TEST_F(StatusReads, ignores_parameters_it_does_not_know) {
    EXPECT_EQ(text_of(stage.get(transaction_at + "?verbose=1")), text_of(stage.get(transaction_at)));
}

TEST_F(StatusReads, asks_for_a_content_type_unless_the_operator_does_not) {
    EXPECT_EQ(stage.routes()[0].takes, std::vector<std::string_view>{"application/json"});
    const auto lenient = status_routes(
        {.purchases = purchases, .clock = clock, .cache = cache, .content_type = StatusApi::ContentType::ignored});
    EXPECT_TRUE(lenient[0].takes.empty());
    EXPECT_TRUE(lenient[1].takes.empty());
}

}  // namespace

}  // namespace saldo::http
