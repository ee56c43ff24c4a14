#include "http/payment_api.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <ostream>
#include <set>
#include <string>
#include <string_view>

#include "http/fake_purchases.hpp"
#include "http/route_stage.hpp"

namespace saldo::http {

namespace {

using service::NotDecided;

constexpr std::string_view transactions = "/transaction/management/v2/transactions";

constexpr std::string_view purchase = R"({
  "partner_transaction_id": "test-shop-transaction-id",
  "currency": "EUR",
  "buyer": {
    "shop_buyer_id": "test-shop-buyer-id",
    "language": "de",
    "person": {"first_name": "Erika", "last_name": "Mustermann", "date_of_birth": "1971-05-19"},
    "contact": {"email": "erika@example.com", "phone": "+49 177 4445555"},
    "billing_address": {"street": "Nikolaistr.", "street_number": "9", "zip_code": "80802", "city": "München", "country_code": "DE"}
  },
  "delivery": {"full_name": "Max Muster", "pick_up_box": {"id": 42}},
  "device": {"source_ip_address": "10.17.1.1"},
  "payment_method": {"payment_option": "PAY_NOW", "transfer_type": "SEPA_DIRECT_DEBIT"},
  "payment_details": {"debit_bank_account": {"iban": "DE44 1005 0000 1654 6984 97", "owner": "Erika Mustermann"}},
  "shop_baskets": [{
    "shop_transaction_id": "shop-transaction-id-1234", "gross_amount": 170,
    "items": [{"name": "fruit knife", "article_number": "kitchen-utils-1", "gross_unit_price": 50.0, "gross_unit_discount": -2, "quantity": 3, "tax_rate": 19}],
    "special_items": [{"gross_unit_price": 26}],
    "vats": [{"net_amount": 142.86, "tax_amount": 27.14, "tax_rate": 19.0}]
  }]
})";

std::string with(std::string_view text, std::string_view part, std::string_view instead) {
    std::string changed(text);
    return changed.replace(changed.find(part), part.size(), instead);
}

const std::pair<std::string, std::string> whole{"Prefer", "return=representation"};
std::pair<std::string, std::string> key(std::string text) {
    return {"Idempotency-Key", std::move(text)};
}

/// The Payment API on a fake of the use cases, on 10 March 2020 in Berlin.
class PaymentApi : public testing::Test {
  protected:
    FakeClock clock{*foundation::parse_instant("2020-03-10T18:06:52.438+01:00")};
    FakePurchases purchases{clock};
    RouteStage stage{payment_routes(purchases, clock, "https://pay.example/")};

    const std::string id = "00000000000000000001";
    const std::string at = std::string(transactions) + "/" + id;

    void authorise() { ASSERT_EQ(stage.post(transactions, std::string(purchase)).status, 201); }
    void capture(std::string body) { ASSERT_EQ(stage.post(at + "/captures", std::move(body)).status, 201); }
    Response patch(std::string body, std::vector<std::pair<std::string, std::string>> fields = {}) {
        return stage.answer({.method = "PATCH", .target = at, .fields = std::move(fields), .body = std::move(body)});
    }
    void pass(foundation::Days days) { clock.set(clock.now() + days); }
};

std::string_view text_of(const Response& response) {
    return response.body.view();
}

/// A body that crosses our border, byte for byte. SALDO_ACCEPT=1 writes the file anew.
void expect_golden(const Response& response, std::string_view name) {
    const auto path = std::filesystem::path(SALDO_SOURCE_DIR) / "src/http/golden" / (std::string(name) + ".json");
    EXPECT_EQ(response.fields.find("Content-Type"), "application/hal+json");
    if (std::getenv("SALDO_ACCEPT")) std::ofstream(path, std::ios::binary) << text_of(response) << '\n';
    std::ifstream in(path, std::ios::binary);
    const std::string golden{std::istreambuf_iterator<char>(in), {}};
    EXPECT_EQ(std::string(text_of(response)) + "\n", golden) << path;
}

TEST_F(PaymentApi, authorises_and_says_where_the_purchase_is) {
    const auto response = stage.post(transactions, std::string(purchase));
    EXPECT_EQ(response.status, 201);
    EXPECT_EQ(response.fields.find("Location"), "https://pay.example" + at);
    EXPECT_EQ(response.fields.find("Preference-Applied"), "");
    expect_golden(response, "authorised.minimal");
}

TEST_F(PaymentApi, shows_the_whole_purchase_to_who_prefers_it) {
    const auto response = stage.post(transactions, std::string(purchase), {whole});
    EXPECT_EQ(response.status, 201);
    EXPECT_EQ(response.fields.find("Preference-Applied"), "return=representation");
    expect_golden(response, "authorised.full");
    EXPECT_EQ(text_of(stage.get(at)), text_of(response));
}

TEST_F(PaymentApi, declines_with_an_id_and_shows_the_decline) {
    const auto response = stage.post(transactions, with(purchase, "80802", "8080"));
    EXPECT_EQ(response.status, 422);
    expect_golden(response, "declined");
    const auto shown = stage.get(at);
    EXPECT_EQ(shown.status, 200);
    expect_golden(shown, "declined.full");
}

TEST_F(PaymentApi, gives_no_reason_where_risk_says_no) {
    purchases.risk = ledger::RiskVerdict::risk_decision;
    const auto response = stage.post(transactions, std::string(purchase));
    EXPECT_EQ(response.status, 422);
    EXPECT_TRUE(text_of(response).starts_with(R"({"category":"RISK_DECISION","reasons":[],"ratepay_transaction_id":)"))
        << text_of(response);
}

TEST_F(PaymentApi, leaves_out_the_shop_that_a_declined_basket_could_not_be_given) {
    purchases.shops = {{"a", ""}, {"b", ""}};
    purchases.contract.shop_baskets_max = 2;
    EXPECT_EQ(stage.post(transactions, std::string(purchase)).status, 422);
    EXPECT_TRUE(text_of(stage.get(at)).contains(R"("shop_baskets":[{"shop_transaction_id":)"));
}

TEST_F(PaymentApi, shows_no_way_to_pay_a_purchase_that_was_declined) {
    const auto by_transfer = with(with(purchase, "SEPA_DIRECT_DEBIT", "BANK_TRANSFER"), "PAY_NOW", "OPEN_INVOICE");
    EXPECT_EQ(stage.post(transactions, with(by_transfer, "80802", "8080")).status, 422);
    EXPECT_FALSE(text_of(stage.get(at)).contains("payment_details"));
}

TEST_F(PaymentApi, embeds_what_followed_a_purchase_in_the_order_it_came) {
    authorise();
    capture(
        R"({"gross_amount": 48, "partner_invoice_id": "INV-1", "items": [{"name": "fruit knife", "gross_unit_price": 50, "gross_unit_discount": -2}]})");
    capture(R"({"gross_amount": 48})");
    ASSERT_EQ(stage.post(at + "/cancellations", R"({"gross_amount": 10})").status, 201);
    ASSERT_EQ(stage.post(at + "/authorizations", R"({"gross_amount": 5.5})").status, 201);
    ASSERT_EQ(stage.post(at + "/refunds", R"({"gross_amount": 20, "partner_operation_id": "r-1"})").status, 201);
    expect_golden(stage.get(at), "operated.full");
    expect_golden(patch("{}"), "operated.minimal");
}

TEST_F(PaymentApi, answers_an_operation_with_its_resource) {
    authorise();
    const std::string body = R"({"gross_amount": 45.05, "partner_invoice_id": "INV-1", "shop_transaction_id": "s-1",
        "special_items": [{"gross_unit_price": 45.05}], "vats": [{"net_amount": 1, "tax_amount": 0.19, "tax_rate": 19}]})";
    const auto minimal = stage.post(at + "/captures", body);
    EXPECT_EQ(minimal.status, 201);
    const std::string capture_at = at + "/captures/00000000000000000002";
    EXPECT_EQ(minimal.fields.find("Location"), "https://pay.example" + capture_at);
    expect_golden(minimal, "captured.minimal");
    expect_golden(stage.get(capture_at), "captured.full");
    const auto full = stage.post(at + "/captures", body, {whole});
    EXPECT_EQ(full.fields.find("Preference-Applied"), "return=representation");
    EXPECT_EQ(text_of(full), text_of(stage.get(at + "/captures/00000000000000000003")));
}

TEST_F(PaymentApi, lists_the_operations_of_a_kind) {
    authorise();
    EXPECT_EQ(text_of(stage.get(at + "/refunds")), R"({"_links":{"self":{"href":"https://pay.example)" + at +
                                                       R"(/refunds"}},"ratepay_transaction_id":")" + id +
                                                       R"(","_embedded":{"refunds":[]}})");
    capture(R"({"gross_amount": 100})");
    capture(R"({"gross_amount": 70})");
    expect_golden(stage.get(at + "/captures"), "captures");
}

TEST_F(PaymentApi, adds_parcels_to_a_capture) {
    authorise();
    capture(R"({"gross_amount": 170})");
    const std::string parcels = at + "/captures/00000000000000000002/shipping-information";
    const auto response = stage.post(parcels, R"({"carrier_name": "DHL", "tracking_number": "0034"})");
    EXPECT_EQ(response.status, 201);
    EXPECT_EQ(response.fields.find("Location"), "https://pay.example" + parcels + "/00000000000000000003");
    expect_golden(response, "shipping_information.minimal");
    expect_golden(stage.get(parcels + "/00000000000000000003"), "shipping_information.full");
    expect_golden(stage.get(parcels), "shipping_informations");
}

TEST_F(PaymentApi, moves_the_end_of_an_authorisation) {
    authorise();
    const auto response = patch(R"({"authorization_expires": "2020-08-02T16:15:18.823+02:00"})");
    EXPECT_EQ(response.status, 200);
    EXPECT_TRUE(text_of(response).contains(R"("authorization_expires":"2020-08-02T16:15:18.823+02:00")"));
    EXPECT_EQ(text_of(patch("{}")), text_of(response));
}

TEST_F(PaymentApi, refuses_a_patch_of_an_expired_purchase_even_if_it_is_empty) {
    authorise();
    pass(foundation::Days{121});
    EXPECT_EQ(text_of(patch("{}")),
              R"({"category":"UNPROCESSABLE_OPERATION","reasons":["NOT_ALLOWED_FOR_EXPIRED_TRANSACTION"]})");
}

TEST_F(PaymentApi, repeats_its_answer_to_a_repeated_key_though_the_purchase_has_changed) {
    const auto first = stage.post(transactions, std::string(purchase), {key("a"), whole});
    const auto capture_first = stage.post(at + "/captures", R"({"gross_amount": 50})", {key("b")});
    pass(foundation::Days{1});
    EXPECT_EQ(text_of(stage.post(transactions, std::string(purchase), {key("a"), whole})), text_of(first));
    EXPECT_EQ(text_of(stage.post(at + "/captures", R"({ "gross_amount": 50.0 })", {key("\"b\"")})),
              text_of(capture_first));
}

TEST_F(PaymentApi, repeats_its_answer_to_a_patch_whose_instant_has_passed_since) {
    authorise();
    const std::string body = R"({"authorization_expires": "2020-03-12T12:00:00+01:00"})";
    const auto first = patch(body, {key("p")});
    EXPECT_EQ(first.status, 200);
    pass(foundation::Days{30});
    EXPECT_EQ(text_of(patch(body, {key("p")})), text_of(first));
    EXPECT_EQ(patch(body, {key("q")}).status, 400);
}

TEST_F(PaymentApi, repeats_its_answer_to_an_authorisation_whose_end_has_passed_since) {
    std::string body(purchase);
    body.insert(body.find('{') + 1, R"("authorization_expires": "2020-03-12T12:00:00+01:00", )");
    const auto first = stage.post(transactions, body, {key("a")});
    EXPECT_EQ(first.status, 201);
    pass(foundation::Days{30});
    EXPECT_EQ(text_of(stage.post(transactions, body, {key("a")})), text_of(first));
    EXPECT_EQ(stage.post(transactions, body, {key("b")}).status, 400);
    EXPECT_EQ(text_of(stage.post(transactions, body, {key("b")})), text_of(stage.post(transactions, body)));
}

TEST_F(PaymentApi, tells_everything_that_is_wrong_with_an_authorisation_also_to_one_with_a_key) {
    const auto response = stage.post(transactions, R"({"authorization_expires": "2020-03-01T00:00:00Z"})", {key("a")});
    const auto answer = text_of(response);
    EXPECT_TRUE(answer.contains("$.authorization_expires")) << answer;
    EXPECT_TRUE(answer.contains("$.buyer")) << answer;
}

TEST_F(PaymentApi, says_409_to_a_key_that_said_something_else_before) {
    authorise();
    stage.post(at + "/captures", R"({"gross_amount": 50})", {key("b")});
    const auto response = stage.post(at + "/captures", R"({"gross_amount": 51})", {key("b")});
    EXPECT_EQ(response.status, 409);
    EXPECT_EQ(text_of(response), R"({"category":"CONFLICT","reasons":["IDEMPOTENCY_KEY_REUSED"]})");
}

TEST_F(PaymentApi, passes_on_who_asks_and_with_which_key) {
    stage.post(transactions, std::string(purchase), {key("k-1")});
    EXPECT_EQ(purchases.asked_by.actor, "client-1");
    EXPECT_EQ(purchases.asked_by.partner_id, "partner-1");
    EXPECT_EQ(purchases.asked_by.key, "k-1");
}

TEST_F(PaymentApi, acts_for_the_partner_of_the_client_alone) {
    EXPECT_EQ(stage.post(transactions, std::string(purchase), {{"X-Partner", "partner-1"}}).status, 201);
    EXPECT_EQ(stage.post(transactions, std::string(purchase), {{"X-Partner", ""}}).status, 201);
    const auto response = stage.post(transactions, std::string(purchase), {{"X-Partner", "partner-2"}});
    EXPECT_EQ(response.status, 403);
    EXPECT_TRUE(text_of(response).contains(R"("code":"PARTNER_NOT_ALLOWED")"));
    EXPECT_EQ(stage.get(at, {{"X-Partner", "partner-2"}}).status, 403);
    EXPECT_EQ(stage.get(at, {{"X-Partner", "partner-1"}, {"X-Partner", "partner-2"}}).status, 403);
}

TEST_F(PaymentApi, asks_a_client_of_every_partner_for_whom_it_acts) {
    stage.caller.partner_id = std::string(partner::every_partner);
    EXPECT_EQ(stage.post(transactions, std::string(purchase)).status, 403);
    EXPECT_EQ(stage.post(transactions, std::string(purchase), {{"X-Partner", "partner-2"}}).status, 201);
    EXPECT_EQ(purchases.asked_by.partner_id, "partner-2");
}

TEST_F(PaymentApi, does_not_know_another_partners_purchase) {
    authorise();
    stage.caller.partner_id = "partner-2";
    EXPECT_EQ(text_of(stage.get(at)), R"({"category":"RESOURCE_NOT_FOUND","reasons":["TRANSACTION_NOT_FOUND"]})");
}

TEST_F(PaymentApi, refuses_a_body_that_is_no_json) {
    const auto response = stage.post(transactions, R"({"currency": "EUR",})");
    EXPECT_EQ(response.status, 400);
    EXPECT_EQ(
        text_of(response),
        R"({"category":"SYNTAX","reasons":["INVALID_JSON"],"invalid_fields":[{"json_path":"$","message":"is not valid JSON"}]})");
}

TEST_F(PaymentApi, refuses_a_key_that_is_none) {
    const auto response = stage.post(transactions, std::string(purchase), {key("two words")});
    EXPECT_EQ(response.status, 400);
    EXPECT_EQ(
        text_of(response),
        R"({"category":"SYNTAX","reasons":["INVALID_FIELDS"],"invalid_fields":[{"json_path":"$","message":"Idempotency-Key must have 1 to 64 visible ASCII characters."}]})");
}

TEST_F(PaymentApi, judges_the_fields_before_it_says_that_there_is_no_such_purchase) {
    EXPECT_EQ(stage.post(at + "/captures", R"({"gross_amount": 0})").status, 400);
    EXPECT_EQ(stage.post(at + "/captures", R"({"gross_amount": 1})").status, 404);
    const std::string parcels = at + "/captures/X/shipping-information";
    EXPECT_EQ(stage.post(parcels, "{}").status, 400);
    authorise();
    EXPECT_EQ(text_of(stage.post(parcels, R"({"carrier_name": "OTHER_WITHOUT_TRACKING"})")),
              R"({"category":"RESOURCE_NOT_FOUND","reasons":["CAPTURE_NOT_FOUND"]})");
}

/// A path below a purchase and what is not found there.
struct Missing {
    std::string_view below;
    std::string_view reason;
};
void PrintTo(const Missing& row, std::ostream* out) {
    *out << row.below;
}
class PaymentApiMissing : public PaymentApi, public testing::WithParamInterface<Missing> {};

TEST_P(PaymentApiMissing, names_what_is_not_found) {
    authorise();
    capture(R"({"gross_amount": 170})");
    const auto response = stage.get(at + std::string(GetParam().below));
    EXPECT_EQ(response.status, 404);
    EXPECT_EQ(text_of(response),
              R"({"category":"RESOURCE_NOT_FOUND","reasons":[")" + std::string(GetParam().reason) + R"("]})");
}

INSTANTIATE_TEST_SUITE_P(Path, PaymentApiMissing,
                         testing::Values(Missing{"X", "TRANSACTION_NOT_FOUND"},
                                         Missing{"X/captures", "TRANSACTION_NOT_FOUND"},
                                         Missing{"/captures/X", "CAPTURE_NOT_FOUND"},
                                         Missing{"/refunds/X", "REFUND_NOT_FOUND"},
                                         Missing{"/refunds/00000000000000000002", "REFUND_NOT_FOUND"},
                                         Missing{"/cancellations/X", "CANCELLATION_NOT_FOUND"},
                                         Missing{"/authorizations/X", "AUTHORIZATION_NOT_FOUND"},
                                         Missing{"/captures/X/shipping-information", "CAPTURE_NOT_FOUND"},
                                         Missing{"/captures/X/shipping-information/Y", "CAPTURE_NOT_FOUND"},
                                         Missing{"/captures/00000000000000000002/shipping-information/Y",
                                                 "SHIPPING_INFORMATION_NOT_FOUND"}));

/// A purchase whose buyer was erased.
class PaymentApiErased : public PaymentApi {
  protected:
    void SetUp() override {
        authorise();
        stage.post(at + "/captures", R"({"gross_amount": 50})", {key("b")});
        purchases.find({}, id, [&](auto found) {
            purchases.operate({}, std::get<service::PurchasePtr>(found), ledger::EraseSubject{}, [](auto) {});
        });
    }
};

TEST_F(PaymentApiErased, can_be_neither_read_nor_used) {
    const std::string told = R"({"category":"LEGAL","reasons":["ANONYMIZED_BY_BUYER"]})";
    for (const std::string below : {"", "/captures", "/captures/00000000000000000002", "/refunds",
                                    "/captures/00000000000000000002/shipping-information"}) {
        const auto response = stage.get(at + below);
        EXPECT_EQ(response.status, 451) << below;
        EXPECT_EQ(text_of(response), told) << below;
    }
    EXPECT_EQ(stage.post(at + "/refunds", R"({"gross_amount": 1})").status, 451);
    EXPECT_EQ(stage.post(at + "/captures", R"({"gross_amount": 51})", {key("b")}).status, 451);
    EXPECT_EQ(patch("{}").status, 451);
}

TEST_F(PaymentApiErased, is_still_wrong_where_the_request_is_wrong_or_names_what_never_was) {
    EXPECT_EQ(stage.post(at + "/refunds", R"({"gross_amount": -1})").status, 400);
    EXPECT_EQ(stage.get(at + "/captures/X").status, 404);
}

TEST_F(PaymentApi, says_503_with_a_hint_when_it_may_be_sent_again_and_500_when_it_is_our_fault) {
    purchases.fails_with = NotDecided::busy;
    const auto busy = stage.post(transactions, std::string(purchase));
    EXPECT_EQ(busy.status, 503);
    EXPECT_EQ(busy.fields.find("Retry-After"), "1");
    EXPECT_EQ(busy.fields.find("Content-Type"), "application/problem+json");
    purchases.fails_with = NotDecided::failed;
    EXPECT_EQ(stage.get(at).status, 503);
    purchases.fails_with = NotDecided::outcome_unknown;
    const auto unknown = stage.post(at + "/captures", R"({"gross_amount": 1})");
    EXPECT_EQ(unknown.status, 503);
    EXPECT_EQ(unknown.fields.find("Retry-After"), "1");
    EXPECT_NE(unknown.body.view().find(R"("code":"OUTCOME_UNKNOWN")"), std::string_view::npos);
    EXPECT_NE(unknown.body.view().find("with the same Idempotency-Key"), std::string_view::npos);
    purchases.fails_with = NotDecided::broken;
    EXPECT_EQ(stage.post(at + "/captures", R"({"gross_amount": 1})").status, 500);
}

TEST_F(PaymentApi, takes_json_and_for_a_patch_a_merge_patch) {
    for (const Route& route : stage.routes()) {
        EXPECT_EQ(route.api, Api::payment) << route.pattern;
        EXPECT_EQ(route.scope, std::nullopt) << route.pattern;
        std::vector<std::string_view> takes;
        if (route.method == "POST") takes = {"application/json"};
        if (route.method == "PATCH") takes = {"application/merge-patch+json"};
        EXPECT_EQ(route.takes, takes) << route.method << route.pattern;
    }
    EXPECT_EQ(stage.routes().size(), 18U);
}

}  // namespace

}  // namespace saldo::http
