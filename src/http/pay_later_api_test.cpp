#include "http/pay_later_api.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "http/fake_purchases.hpp"
#include "http/payment_codec.hpp"
#include "http/route_stage.hpp"

namespace saldo::http {

namespace {

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

/// One purchase of 170, shipped on 10 March 2020 in Berlin.
class PayLaterCalls : public testing::Test {
  protected:
    FakeClock clock{*foundation::parse_instant("2020-03-10T18:06:52.438+01:00")};
    FakePurchases purchases{clock};
    RouteStage stage{pay_later_routes({.purchases = purchases, .clock = clock})};

    const std::string id = "00000000000000000001";
    const std::string at = "/order/paylater/v1/" + id;

    void SetUp() override {
        const auto body = parse_object(purchase);
        purchases.authorise({.actor = "client-1", .partner_id = "partner-1", .key = {}},
                            *read_authorise(body->root(), clock.now()), [](auto) {});
        ledger::Capture capture;
        capture.operation.gross = foundation::Money(17000, {});
        operate(capture);
    }
    void operate(ledger::Command command) {
        purchases.find({}, id, [&](auto found) {
            purchases.operate({}, std::get<PurchasePtr>(found), std::move(command), [](auto) {});
        });
    }
    Response book(std::string body) { return stage.post(at, std::move(body)); }
};

TEST_F(PayLaterCalls, answer_in_the_published_shapes) {
    EXPECT_EQ(stage.get(at + "/status").body.view(),
              R"({"transaction_id":"00000000000000000001","pay_later_status":"AVAILABLE"})");
    EXPECT_EQ(stage.get(at + "/offers").body.view(),
              R"({"transaction_id":"00000000000000000001","current_due_date":"2020-03-24","pay_later_offers":[)"
              R"({"offer_id":"payl-1","price":1.95,"currency":"EUR","delta_due_date":14,"new_due_date":"2020-04-07",)"
              R"("available":"AVAILABLE"},)"
              R"({"offer_id":"payl-2","price":3.95,"currency":"EUR","delta_due_date":30,"new_due_date":"2020-04-23",)"
              R"("available":"AVAILABLE"}]})");

    clock.set(*foundation::parse_instant("2020-03-13T16:42:59.974067+01:00"));
    const Response booked = book(R"({"offer_id": "payl-1"})");
    EXPECT_EQ(booked.status, 200);
    EXPECT_EQ(booked.body.view(),
              R"({"delta_due_date":14,"fee":1.95,"currency":"EUR","original_due_date":"2020-03-24",)"
              R"("new_due_date":"2020-04-07","booking_timestamp":"2020-03-13T16:42:59.974067+01:00"})");
    const std::string booking =
        R"("booking":{"fee":1.95,"currency":"EUR","delta_due_date":14,"original_due_date":"2020-03-24",)"
        R"("updated_due_date":"2020-04-07","booking_timestamp":"2020-03-13T16:42:59.974067+01:00")";
    EXPECT_EQ(stage.get(at + "/status").body.view(),
              R"({"transaction_id":"00000000000000000001","pay_later_status":"ALREADY_BOOKED",)" + booking + "}}");

    clock.set(*foundation::parse_instant("2020-03-20T10:00:00+01:00"));
    operate(ledger::WithdrawPayLater{});
    EXPECT_EQ(stage.get(at + "/status").body.view(),
              R"({"transaction_id":"00000000000000000001","pay_later_status":"ALREADY_WITHDRAWN",)" + booking +
                  R"(,"withdrawal_date":"2020-03-20"}})");
}

TEST_F(PayLaterCalls, tell_what_the_state_of_the_purchase_forbids_as_a_conflict) {
    const auto code_of = [&](const Response& response) {
        const std::string_view body = response.body.view();
        const auto begin = body.find(R"("code":")") + 8;
        return std::to_string(response.status) + ' ' + std::string(body.substr(begin, body.find('"', begin) - begin));
    };
    EXPECT_EQ(code_of(book(R"({"offer_id": "payl-9"})")), "400 INVALID_FIELDS");
    EXPECT_EQ(code_of(book("{}")), "400 INVALID_FIELDS");
    EXPECT_EQ(code_of(book("[]")), "400 INVALID_JSON");
    operate(ledger::SetDunningLevel{.level = ledger::DunningLevel::collection});
    EXPECT_EQ(code_of(book(R"({"offer_id": "payl-1"})")), "409 PAY_LATER_NOT_AVAILABLE");
    operate(ledger::SetDunningLevel{.level = ledger::DunningLevel::no_dunning});
    EXPECT_EQ(book(R"({"offer_id": "payl-2"})").status, 200);
    EXPECT_EQ(code_of(book(R"({"offer_id": "payl-1"})")), "409 PAY_LATER_ALREADY_BOOKED");
    operate(ledger::WithdrawPayLater{});
    EXPECT_EQ(code_of(book(R"({"offer_id": "payl-1"})")), "409 PAY_LATER_ALREADY_WITHDRAWN");
    EXPECT_EQ(code_of(stage.post("/order/paylater/v1/00000000000000000009", R"({"offer_id": "payl-1"})")),
              "404 TRANSACTION_NOT_FOUND");
    operate(ledger::EraseSubject{});
    EXPECT_EQ(code_of(book(R"({"offer_id": "payl-1"})")), "451 ANONYMIZED_BY_BUYER");
}

}  // namespace

}  // namespace saldo::http
