#include "http/offer_api.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "foundation/json.hpp"
#include "http/route_stage.hpp"
#include "terms/contract.hpp"

namespace saldo::http {
namespace {

using foundation::JsonDocument;
using foundation::JsonValue;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class StillClock final : public service::Clock {
  public:
    foundation::Instant now() override { return *foundation::parse_instant("2016-01-05T23:30:00Z"); }
};

class InstalmentOffers : public testing::Test {
  protected:
    InstalmentOffers() {
        contract.instalments->apr_time = terms::AprTimeRule::actual_365;
        contract.credit_regime = terms::CreditRegime::consumer_credit;
    }

    Response ask(const std::string& body) { return stage.post("/saldo/v1/instalment-offers", body); }

    /// `6 x 40.79, 40.72 at 19.36` for each offer.
    std::vector<std::string> offered(const std::string& body) {
        const Response response = ask(body);
        EXPECT_EQ(response.status, 200) << response.body.view();
        const auto document = JsonDocument::parse(response.body.view());
        std::vector<std::string> found;
        document->root().find("offers")->each([&](JsonValue offer) {
            const auto number = [&](std::string_view name) { return std::string(offer.find(name)->number()); };
            found.push_back(number("number_of_instalments") + " x " + number("regular_instalment") + ", " +
                            number("last_instalment") + " at " + number("effective_interest_rate"));
        });
        return found;
    }

    std::string code_of(const std::string& body, int status) {
        const Response response = ask(body);
        EXPECT_EQ(response.status, status) << response.body.view();
        const auto document = JsonDocument::parse(response.body.view());
        return std::string(document->root().find("code")->string());
    }

    terms::Contract contract = terms::demo_contract();
    StillClock clock;
    RouteStage stage{offer_routes({.directory =
                                       [this] {
                                           return std::make_shared<const service::PartnerDirectory>(
                                               std::vector<partner::Partner>{
                                                   {.id = "partner-1", .name = "One", .contract = contract},
                                                   {.id = "partner-2", .name = "Two", .contract = contract}});
                                       },
                                   .clock = clock})};
};

TEST_F(InstalmentOffers, are_those_of_the_published_gateway_from_the_partners_own_day_on) {
    EXPECT_THAT(offered(R"({"amount": 230, "currency": "EUR", "number_of_instalments": 6})"),
                ElementsAre("6 x 40.79, 40.72 at 19.36"));
    EXPECT_THAT(offered(R"({"amount": 230, "currency": "EUR", "instalment_max": 21.04})"),
                ElementsAre("12 x 21.04, 20.96 at 16.89"));
}

TEST_F(InstalmentOffers, are_one_for_each_number_that_the_contract_has_if_none_is_asked_for) {
    const auto all = offered(R"({"amount": 230, "currency": "EUR"})");
    ASSERT_EQ(all.size(), 3U);  // 24 instalments and more would be below 20
    EXPECT_EQ(all[1], "6 x 40.79, 40.72 at 19.36");
    EXPECT_EQ(all[2], "12 x 21.04, 20.96 at 16.89");
}

TEST_F(InstalmentOffers, show_all_that_a_buyer_must_see_before_agreeing) {
    const Response response = ask(R"({"amount": 230, "currency": "EUR", "number_of_instalments": 6})");
    EXPECT_EQ(response.fields.find("Cache-Control"), "no-store");
    EXPECT_THAT(
        std::string(response.body.view()),
        HasSubstr(R"({"offers":[{"credit_regime":"consumer_credit","calculation_date":"2016-01-06","currency":"EUR",)"
                  R"("amount_credit":230,"amount_interest":10.72,"amount_service_charge":3.95,"amount_fees":14.67,)"
                  R"("amount_total":244.67,"interest_rate":13.7,"monthly_interest_rate":1.08,)"
                  R"("effective_interest_rate":19.36,"number_of_instalments":6,"regular_instalment":40.79,)"
                  R"("last_instalment":40.72,"payment_day":28,"first_due_date":"2016-02-28",)"
                  R"("last_due_date":"2016-07-28","withdrawal_until":"2016-01-20","convention":"gateway",)"
                  R"("apr_time_rule":"act/365","instalments":[{"instalment_number":1,"due_date":"2016-02-28",)"
                  R"("amount_total":40.79,"amount_interest":4.41,"amount_repayment":35.72,"amount_fee":0.66,)"
                  R"("residual_debt":194.28,"share_of_year":"54/365"},)"));
    EXPECT_THAT(
        std::string(response.body.view()),
        HasSubstr(R"("amount_fee":0.65,"residual_debt":null,"share_of_year":"1/12"}],"explanation":[{"name":)"));
}

TEST_F(InstalmentOffers, name_the_creditor_and_what_paying_late_costs) {
    contract.creditor = terms::Creditor{"Saldo Bank", "Weg 1, 10115 Berlin"};
    contract.late_payment = terms::LatePayment{*foundation::Decimal::parse("6.27"), foundation::Money{76, {}}};
    const Response response = ask(R"({"amount": 230, "currency": "EUR"})");
    EXPECT_THAT(std::string(response.body.view()),
                HasSubstr(R"({"offers":[{"credit_regime":"consumer_credit","creditor":{"name":"Saldo Bank",)"
                          R"("address":"Weg 1, 10115 Berlin"},"late_payment":{"interest_rate":6.27,"currency":"EUR",)"
                          R"("reminder_fee":0.76},"calculation_date":"2016-01-06",)"));
}

TEST_F(InstalmentOffers, that_cannot_be_say_why) {
    const auto refusal = [&](const std::string& wish) {
        return code_of("{\"amount\": 230, \"currency\": \"EUR\"" + wish + "}", 422);
    };
    EXPECT_EQ(refusal(R"(, "number_of_instalments": 0)"), "NUMBER_OF_INSTALMENTS_NOT_ALLOWED");
    EXPECT_EQ(refusal(R"(, "number_of_instalments": 24)"), "INSTALMENT_TOO_LOW");
    EXPECT_EQ(refusal(R"(, "instalment_max": 2.4)"), "NEVER_REPAID");
    EXPECT_EQ(refusal(R"(, "instalment_max": 3)"), "WISHED_RATE_TOO_LOW");
    EXPECT_EQ(refusal(R"(, "payment_day": 3)"), "PAYMENT_DAY_NOT_ALLOWED");
    contract.instalments->effective_rate_max = *foundation::Decimal::parse("19");
    EXPECT_EQ(refusal(R"(, "number_of_instalments": 6)"), "EFFECTIVE_RATE_TOO_HIGH");
    contract.instalments.reset();
    EXPECT_EQ(refusal(""), "PAYMENT_METHOD_NOT_ALLOWED");
}

TEST_F(InstalmentOffers, stay_within_what_a_purchase_may_cost) {
    EXPECT_EQ(code_of(R"({"amount": 230, "currency": "USD"})", 422), "CURRENCY_NOT_ALLOWED");
    EXPECT_EQ(code_of(R"({"amount": 10000.01, "currency": "EUR"})", 422), "BASKET_AMOUNT_TOO_HIGH");
    EXPECT_EQ(code_of(R"({"amount": 230, "currency": "CHF"})", 422), "CURRENCY_NOT_OF_THE_TERMS");
    contract.currencies.front().min = {1'000, {}};
    EXPECT_EQ(code_of(R"({"amount": 9.99, "currency": "EUR"})", 422), "BASKET_AMOUNT_TOO_LOW");
}

TEST_F(InstalmentOffers, are_told_to_whoever_sees_the_partner) {
    const std::string of_two = R"({"amount": 230, "currency": "EUR", "partner_id": "partner-2"})";
    EXPECT_EQ(code_of(of_two, 404), "PARTNER_NOT_FOUND");
    stage.caller.partner_id = partner::every_partner;
    EXPECT_EQ(offered(of_two).size(), 3U);
    EXPECT_EQ(code_of(R"({"amount": 230, "currency": "EUR"})", 404), "PARTNER_NOT_FOUND");
    EXPECT_EQ(code_of(R"({"amount": 230, "currency": "EUR", "partner_id": "nobody"})", 404), "PARTNER_NOT_FOUND");
}

TEST_F(InstalmentOffers, name_every_field_that_is_wrong) {
    EXPECT_EQ(code_of("[]", 400), "INVALID_JSON");
    const Response response = ask(
        R"({"amount": 0, "currency": "EURO", "number_of_instalments": 6, "instalment_max": "1", "payment_day": 32})");
    EXPECT_EQ(response.status, 400);
    for (const char* path : {"$.amount", "$.currency", "$.instalment_max", "$.payment_day"})
        EXPECT_THAT(std::string(response.body.view()), HasSubstr("\"json_path\":\"" + std::string(path) + "\""));
}

}  // namespace
}  // namespace saldo::http
