#include "http/payment_codec.hpp"

#include <gtest/gtest.h>

#include <ostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace saldo::http {

namespace {

using foundation::Currency;
using foundation::Decimal;
using foundation::Instant;
using foundation::Money;
using ledger::LineKind;

const Instant now = *foundation::parse_instant("2020-03-10T18:06:52.438+01:00");
const Currency eur = *Currency::parse("EUR");

constexpr std::string_view purchase = R"({
  "authorization_expires": "2020-07-01T12:00:00+02:00",
  "partner_transaction_id": "order-1",
  "partner_operation_id": "operation-1",
  "currency": "EUR",
  "buyer": {
    "shop_buyer_id": "buyer-1",
    "language": "en",
    "person": {"title": "Dr.", "first_name": "Erika", "last_name": "Mustermann", "date_of_birth": "1971-05-19"},
    "company": null,
    "contact": {"email": "erika@example.com", "phone": "+49 177 4445555"},
    "billing_address": {"street": "Nikolaistr.", "street_number": "9", "zip_code": "80802", "city": "München", "country_code": "DE"}
  },
  "delivery": {"full_name": "Max Muster", "address": {"street": "Weg 1", "city": "Ulm", "country_code": "DE"}, "pick_up_box": {"id": 42, "tags": ["a", null, true]}, "pick_up_shop": null},
  "device": {"source_ip_address": "10.17.1.1", "token": "fingerprint"},
  "options": {"unknown": 1},
  "payment_method": {"payment_option": "PAY_NOW", "transfer_type": "SEPA_DIRECT_DEBIT"},
  "payment_details": {"debit_bank_account": {"iban": "DE44 1005 0000 1654 6984 97", "owner": "Erika Mustermann"}},
  "shop_baskets": [{
    "partner_shop_id": "shop-1", "shop_transaction_id": "number-1", "gross_amount": 170,
    "items": [{"name": "knife", "article_number": "k-1", "gross_unit_price": 50.1234, "gross_unit_discount": -2, "quantity": 3, "tax_rate": 19, "discount": -1}],
    "special_items": [{"gross_unit_price": 26}, {"type": "VOUCHER_2", "gross_unit_price": -1}],
    "vats": [{"net_amount": 36.8, "tax_amount": 7, "tax_rate": 19}]
  }]
})";

constexpr std::string_view operation = R"({
  "gross_amount": 48, "partner_operation_id": "operation-2", "partner_shop_id": "shop-1", "partner_invoice_id": "INV-1",
  "partner_transaction_id": "order-1", "shop_transaction_id": "number-1",
  "items": [{"gross_unit_price": 50, "gross_unit_discount": -2, "quantity": 1}],
  "special_items": [{"type": "SHIPPING", "gross_unit_price": 1}]
})";

/// The text with one part of it replaced; the part must be there.
std::string with(std::string_view text, std::string_view part, std::string_view instead) {
    std::string changed(text);
    const std::size_t at = changed.find(part);
    if (at == std::string::npos) throw std::invalid_argument("not in the text: " + std::string(part));
    return changed.replace(at, part.size(), instead);
}

template <class Read>
auto read_with(std::string_view body, Read read) {
    const auto document = parse_object(body);
    if (!document) throw std::invalid_argument("no JSON: " + std::string(body));
    return read(document->root());
}

auto authorise_of(std::string_view body) {
    return read_with(body, [](auto root) { return read_authorise(root, now); });
}

CommandRead capture_of(std::string_view body, std::optional<Currency> currency = eur) {
    return read_with(body, [&](auto root) { return read_capture(root, currency); });
}

CommandRead refund_of(std::string_view body) {
    return read_with(body, [](auto root) { return read_refund(root, eur); });
}

CommandRead shipping_of(std::string_view body) {
    return read_with(body, [](auto root) { return read_shipping_information(root, "CAPTURE"); });
}

CommandRead patch_of(std::string_view body) {
    return read_with(body, [](auto root) { return read_transaction_patch(root, now + foundation::Days{9}, now); });
}

template <class Outcome>
std::string faults_of(const Outcome& outcome) {
    if (outcome) return "accepted";
    std::string told;
    for (const FieldFault& fault : outcome.error().fields)
        told += (told.empty() ? "" : "; ") + fault.json_path + " " + fault.message;
    return told;
}

/// What a request has instead of a good part, and everything that is told of it.
struct WrongField {
    std::string_view part;
    std::string_view instead;
    std::string_view told;
};
void PrintTo(const WrongField& row, std::ostream* out) {
    *out << row.part << " -> " << row.instead;
}

class WrongPurchase : public testing::TestWithParam<WrongField> {};

TEST_P(WrongPurchase, is_told_by_its_field) {
    EXPECT_EQ(faults_of(authorise_of(with(purchase, GetParam().part, GetParam().instead))), GetParam().told);
}

constexpr std::string_view not_an_amount = "must be a number above 0 with at most 2 decimals, at most 10000000000";
constexpr std::string_view not_an_instant =
    "must be date and time with an offset, such as 2020-08-02T16:15:18.823+02:00";

const std::string amount_told = "$.shop_baskets[0].gross_amount " + std::string(not_an_amount);
const std::string instant_told = "$.authorization_expires " + std::string(not_an_instant);
const std::string quantity_told = "$.shop_baskets[0].items[0].quantity must be a whole number from 1 to 1000000";
const std::string price_told =
    "$.shop_baskets[0].items[0].gross_unit_price must be a number with at most 4 decimals, at most 10000000000";
const std::string type_told =
    "$.shop_baskets[0].special_items[1].type must have 1 to 40 capital letters, digits and underscores, a letter first";
const std::string total_told =
    "$.shop_baskets[0].items[0] must have a smaller total: unit price times quantity is too large for an amount";

INSTANTIATE_TEST_SUITE_P(
    Field, WrongPurchase,
    testing::Values(
        // The head.
        WrongField{R"("currency": "EUR",)", "", "$.currency is missing"},
        WrongField{R"("currency": "EUR")", R"("currency": null)", "$.currency is missing"},
        WrongField{R"("EUR")", R"("Euro")", "$.currency must be a currency of ISO 4217, three capital letters"},
        WrongField{R"("EUR")", R"("eur")", "$.currency must be a currency of ISO 4217, three capital letters"},
        WrongField{R"("EUR")", R"("XQX")", "$.currency must be a currency of ISO 4217, three capital letters"},
        WrongField{R"("EUR")", "978", "$.currency must be a currency of ISO 4217, three capital letters"},
        WrongField{R"("order-1")", R"("")", "$.partner_transaction_id must have 1 to 50 characters"},
        WrongField{R"("order-1")", R"("123456789012345678901234567890123456789012345678901")",
                   "$.partner_transaction_id must have 1 to 50 characters"},
        WrongField{R"("order-1")", R"("order\u0000")", "$.partner_transaction_id must not have control characters"},
        WrongField{R"("order-1")", R"("order\u0085")", "$.partner_transaction_id must not have control characters"},
        WrongField{R"("order-1")", "1", "$.partner_transaction_id must be a text"},
        WrongField{R"("2020-07-01T12:00:00+02:00")", R"("2020-07-01T12:00:00")", instant_told},
        WrongField{R"("2020-07-01T12:00:00+02:00")", R"("2020-02-30T12:00:00Z")", instant_told},
        WrongField{R"("2020-07-01T12:00:00+02:00")", "1593597600", instant_told},
        WrongField{R"("2020-07-01T12:00:00+02:00")", R"("2020-03-10T17:06:52.438Z")",
                   "$.authorization_expires must lie in the future"},
        // The buyer.
        WrongField{R"("company": null)", R"("company": {"name": "Muster GmbH"})",
                   "$.buyer must have person or company, not both"},
        WrongField{
            R"("person": {"title": "Dr.", "first_name": "Erika", "last_name": "Mustermann", "date_of_birth": "1971-05-19"})",
            R"("person": null)", "$.buyer must have person or company"},
        WrongField{
            R"("person": {"title": "Dr.", "first_name": "Erika", "last_name": "Mustermann", "date_of_birth": "1971-05-19"})",
            R"("person": null, "COMPANY": 1)", "$.buyer must have person or company"},
        WrongField{
            R"({"title": "Dr.", "first_name": "Erika", "last_name": "Mustermann", "date_of_birth": "1971-05-19"})",
            R"("Erika")", "$.buyer.person must be an object"},
        WrongField{R"("first_name": "Erika", )", "", "$.buyer.person.first_name is missing"},
        WrongField{R"("Erika", )", R"(" \u00a0\u3000", )", "$.buyer.person.first_name must not be blank"},
        WrongField{R"("last_name": "Mustermann", )", "", "$.buyer.person.last_name is missing"},
        WrongField{R"("1971-05-19")", R"("1971-02-29")", "$.buyer.person.date_of_birth must be a date, YYYY-MM-DD"},
        WrongField{R"("1971-05-19")", R"("19.05.1971")", "$.buyer.person.date_of_birth must be a date, YYYY-MM-DD"},
        WrongField{R"("email": "erika@example.com")", R"("email": ["erika@example.com"])",
                   "$.buyer.contact.email must be a text"},
        WrongField{R"("street": "Nikolaistr.", )", "", "$.buyer.billing_address.street is missing"},
        WrongField{R"("city": "München", )", "", "$.buyer.billing_address.city is missing"},
        WrongField{R"("München")", R"(" M ")",
                   "$.buyer.billing_address.city must have at least 2 characters that are not white space"},
        WrongField{R"("country_code": "DE"}
  })",
                   R"("country_code": "de"}
  })",
                   "$.buyer.billing_address.country_code must be two capital letters, ISO 3166-1"},
        WrongField{R"("country_code": "DE"}
  })",
                   R"("country_code": "DEU"}
  })",
                   "$.buyer.billing_address.country_code must be two capital letters, ISO 3166-1"},
        // Where the goods go, and how they are paid.
        WrongField{R"("pick_up_shop": null)", R"("pick_up_shop": {})",
                   "$.delivery must have at most one of in_store_collect, pick_up_box, pick_up_shop"},
        WrongField{R"({"id": 42, "tags": ["a", null, true]})", "true", "$.delivery.pick_up_box must be an object"},
        WrongField{R"("city": "Ulm", )", "", "$.delivery.address.city is missing"},
        WrongField{R"("PAY_NOW")", R"("INSTALMENTS")",
                   "$.payment_method.payment_option must be one of OPEN_INVOICE, PAY_NOW, INSTALMENT, PREPAYMENT"},
        WrongField{R"("SEPA_DIRECT_DEBIT"})", R"("CASH"})",
                   "$.payment_method.transfer_type must be one of BANK_TRANSFER, SEPA_DIRECT_DEBIT"},
        WrongField{R"(, "transfer_type": "SEPA_DIRECT_DEBIT")", "", "$.payment_method.transfer_type is missing"},
        WrongField{R"({"debit_bank_account": {"iban": "DE44 1005 0000 1654 6984 97", "owner": "Erika Mustermann"}})",
                   "{}", "$.payment_details.debit_bank_account is missing: a direct debit is collected from it"},
        WrongField{R"({"debit_bank_account": {"iban": "DE44 1005 0000 1654 6984 97", "owner": "Erika Mustermann"}})",
                   "null", "$.payment_details.debit_bank_account is missing: a direct debit is collected from it"},
        WrongField{R"(, "owner": "Erika Mustermann")", "", "$.payment_details.debit_bank_account.owner is missing"},
        // The baskets.
        WrongField{R"("gross_amount": 170)", R"("gross": 170)", "$.shop_baskets[0].gross_amount is missing"},
        WrongField{"170", "0", amount_told}, WrongField{"170", "-170", amount_told},
        WrongField{"170", "170.005", amount_told}, WrongField{"170", "1.7e2", amount_told},
        WrongField{"170", R"("170")", amount_told}, WrongField{"170", "10000000000.01", amount_told},
        WrongField{"170", "99999999999999999999999999", amount_told},
        WrongField{R"("shop-1")", R"("")", "$.shop_baskets[0].partner_shop_id must have 1 to 255 characters"},
        WrongField{R"("number-1")", R"("")", "$.shop_baskets[0].shop_transaction_id must have 1 to 127 characters"},
        WrongField{R"("gross_unit_price": 50.1234, )", "", "$.shop_baskets[0].items[0].gross_unit_price is missing"},
        WrongField{"50.1234", "50.12345", price_told}, WrongField{"50.1234", "5e1", price_told},
        WrongField{"50.1234", "10000000000.0001", price_told},
        WrongField{
            R"("gross_unit_discount": -2)", R"("gross_unit_discount": 2)",
            "$.shop_baskets[0].items[0].gross_unit_discount must be a number of 0 or less with at most 4 decimals"},
        WrongField{R"("discount": -1)", R"("discount": 0.01)",
                   "$.shop_baskets[0].items[0].discount must be a number of 0 or less with at most 4 decimals"},
        WrongField{R"("quantity": 3)", R"("quantity": 0)", quantity_told},
        WrongField{R"("quantity": 3)", R"("quantity": 1000001)", quantity_told},
        WrongField{R"("quantity": 3)", R"("quantity": 1.5)", quantity_told},
        WrongField{R"("quantity": 3)", R"("quantity": "3")", quantity_told},
        WrongField{R"(50.1234, "gross_unit_discount": -2, "quantity": 3)", R"(10001, "quantity": 1000000)", total_told},
        WrongField{
            R"("tax_rate": 19, "discount")", R"("tax_rate": 100.5, "discount")",
            "$.shop_baskets[0].items[0].tax_rate must be a number of 0 or more with at most 4 decimals, at most 100"},
        WrongField{R"("k-1")", R"("\t")", "$.shop_baskets[0].items[0].article_number must not be blank"},
        WrongField{R"("VOUCHER_2")", R"("voucher")", type_told}, WrongField{R"("VOUCHER_2")", R"("_X")", type_told},
        WrongField{R"("VOUCHER_2")", R"("A1234567890123456789012345678901234567890")", type_told},
        WrongField{R"([{"gross_unit_price": 26}, )", R"([26, )",
                   "$.shop_baskets[0].special_items[0] must be an object"},
        WrongField{R"("net_amount": 36.8, )", "", "$.shop_baskets[0].vats[0].net_amount is missing"}));

TEST(Purchase, is_read_field_by_field) {
    const auto read = authorise_of(purchase);
    ASSERT_TRUE(read) << faults_of(read);
    EXPECT_EQ(read->partner_transaction_id, "order-1");
    EXPECT_EQ(read->partner_operation_id, "operation-1");
    EXPECT_EQ(read->currency, eur);
    EXPECT_EQ(read->expires, foundation::parse_instant("2020-07-01T10:00:00Z"));
    EXPECT_EQ(read->payment_method,
              (terms::PaymentMethod{terms::PaymentOption::pay_now, terms::TransferType::sepa_direct_debit}));
    EXPECT_EQ(read->debit_account->iban.text(), "DE44 1005 0000 1654 6984 97");
    EXPECT_EQ(read->buyer.shop_buyer_id, "buyer-1");
    EXPECT_EQ(read->buyer.language, "en");
    EXPECT_EQ(read->buyer.person->date_of_birth->text(), "1971-05-19");
    EXPECT_FALSE(read->buyer.company);
    EXPECT_EQ(read->buyer.billing_address.city->text(), "München");
    EXPECT_EQ(read->delivery->type, terms::DeliveryType::pick_up_box);
    EXPECT_EQ(read->delivery->pick_up->text(), R"({"id":42,"tags":["a",null,true]})");
    EXPECT_EQ(read->device->token->text(), "fingerprint");

    ASSERT_EQ(read->baskets.size(), 1);
    const ledger::RequestedBasket& basket = read->baskets[0];
    EXPECT_EQ(basket.shop_id, "shop-1");
    EXPECT_EQ(basket.gross, Money(17000, eur));
    EXPECT_EQ(basket.vats[0].net_amount, Decimal::parse("36.8"));
    ASSERT_EQ(basket.lines.size(), 3);
    EXPECT_EQ(basket.lines[0].kind, LineKind::item);
    EXPECT_EQ(basket.lines[0].gross_unit_price, *Decimal::parse("50.1234"));
    EXPECT_EQ(basket.lines[0].quantity, 3);
    EXPECT_EQ(basket.lines[1].kind, LineKind::special_item);
    EXPECT_EQ(basket.lines[2].type, "VOUCHER_2");
}

TEST(Purchase, names_every_wrong_field_at_once) {
    auto body = with(purchase, R"("EUR")", R"("Euro")");
    body = with(body, "170", "-1");
    body = with(body, R"("quantity": 3)", R"("quantity": 0)");
    EXPECT_EQ(
        faults_of(authorise_of(body)),
        "$.currency must be a currency of ISO 4217, three capital letters; "
        "$.shop_baskets[0].gross_amount must be a number above 0 with at most 4 decimals, at most 1000000000000; " +
            quantity_told);
}

TEST(Purchase, lacks_whatever_the_contract_requires) {
    EXPECT_EQ(faults_of(authorise_of("{}")),
              "$.buyer is missing; $.currency is missing; $.payment_method is missing; $.shop_baskets is missing");
}

TEST(Purchase, has_1_to_100_baskets_of_at_most_1000_lines) {
    const auto baskets = [](std::size_t count) {
        std::string list;
        for (std::size_t i = 0; i < count; ++i) list += R"({"gross_amount": 1},)";
        if (!list.empty()) list.pop_back();
        const std::size_t at = purchase.find(R"("shop_baskets")");
        return std::string(purchase.substr(0, at)) + R"("shop_baskets": [)" + list + "]}";
    };
    EXPECT_EQ(faults_of(authorise_of(baskets(0))), "$.shop_baskets must have 1 to 100 elements");
    EXPECT_EQ(faults_of(authorise_of(baskets(100))), "accepted");
    EXPECT_EQ(faults_of(authorise_of(baskets(101))), "$.shop_baskets must have 1 to 100 elements");

    const auto lines = [](std::string_view name, std::size_t count) {
        std::string list;
        for (std::size_t i = 0; i < count; ++i) list += R"({"gross_unit_price": 1},)";
        list.pop_back();
        return with(operation, R"("items": [)", '"' + std::string(name) + R"(": [)" + list + R"(], "other": [)");
    };
    EXPECT_EQ(faults_of(capture_of(lines("items", 999))), "accepted");
    EXPECT_EQ(faults_of(capture_of(lines("items", 1000))),
              "$.special_items must have, together with items, at most 1000 elements");
    EXPECT_EQ(faults_of(capture_of(lines("items", 1001))), "$.items must have 0 to 1000 elements");
}

TEST(Purchase, takes_null_as_absent_and_ignores_what_it_does_not_know) {
    auto body = with(purchase, R"("device": {"source_ip_address": "10.17.1.1", "token": "fingerprint"})",
                     R"("device": null, "loyalty": {"points": 7})");
    body = with(body, R"("quantity": 3)", R"("quantity": null)");
    const auto read = authorise_of(body);
    ASSERT_TRUE(read) << faults_of(read);
    EXPECT_FALSE(read->device);
    EXPECT_EQ(read->baskets[0].lines[0].quantity, 1);
}

TEST(Purchase, takes_an_empty_number_of_its_own_as_none) {
    auto body = with(purchase, R"("operation-1")", R"("")");
    body = with(body, R"("buyer-1")", R"("")");
    const auto read = authorise_of(body);
    ASSERT_TRUE(read) << faults_of(read);
    EXPECT_FALSE(read->partner_operation_id);
    EXPECT_FALSE(read->buyer.shop_buyer_id);
}

TEST(Purchase, by_transfer_needs_no_account_and_ignores_one) {
    const auto read = authorise_of(with(with(purchase, "SEPA_DIRECT_DEBIT", "BANK_TRANSFER"),
                                        R"("iban": "DE44 1005 0000 1654 6984 97")", R"("iban": 1)"));
    ASSERT_TRUE(read) << faults_of(read);
    EXPECT_FALSE(read->debit_account);
}

TEST(Purchase, counts_characters_and_not_bytes) {
    std::string fifty;
    for (int i = 0; i < 50; ++i) fifty += "\xc3\xbc";
    EXPECT_EQ(faults_of(authorise_of(with(purchase, "order-1", fifty))), "accepted");
}

TEST(SpecialItem, without_a_type_is_shipping_or_a_discount_by_its_price) {
    const auto read = authorise_of(with(with(purchase, R"("type": "VOUCHER_2", )", ""), "26", "0"));
    ASSERT_TRUE(read) << faults_of(read);
    EXPECT_EQ(read->baskets[0].lines[1].type, "SHIPPING");
    EXPECT_EQ(read->baskets[0].lines[2].type, "DISCOUNT");
}

TEST(Item, may_be_described_on_several_lines_but_has_no_other_control_characters) {
    constexpr std::string_view item = R"("quantity": 1})";
    EXPECT_EQ(faults_of(capture_of(with(operation, item, R"("description": "one\n\ttwo"})"))), "accepted");
    EXPECT_EQ(faults_of(capture_of(with(operation, item, R"("description": "one\u0007"})"))),
              "$.items[0].description must not have control characters");
}

TEST(Capture, brings_the_numbers_of_its_invoice) {
    const auto read = capture_of(operation);
    ASSERT_TRUE(read) << faults_of(read);
    const auto& capture = std::get<ledger::Capture>(*read);
    EXPECT_EQ(capture.operation.gross, Money(4800, eur));
    EXPECT_EQ(capture.operation.shop_id, "shop-1");
    EXPECT_EQ(capture.operation.partner_operation_id, "operation-2");
    EXPECT_EQ(capture.operation.lines.size(), 2);
    EXPECT_EQ(capture.partner_invoice_id, "INV-1");
    EXPECT_EQ(capture.partner_transaction_id, "order-1");
    EXPECT_EQ(capture.shop_transaction_id, "number-1");
}

TEST(Capture, has_the_decimals_of_its_purchases_currency) {
    EXPECT_EQ(faults_of(capture_of(with(operation, "48", "48.5"), Currency::parse("JPY"))),
              "$.gross_amount must be a number above 0 without decimals, at most 1000000000000");
    EXPECT_EQ(faults_of(capture_of(with(operation, "48", "48.125"), Currency::parse("KWD"))), "accepted");
}

TEST(Capture, of_an_unknown_purchase_is_wrong_only_where_it_is_wrong_in_every_currency) {
    EXPECT_EQ(faults_of(capture_of(with(operation, "48", "48.1234"), std::nullopt)), "accepted");
    EXPECT_EQ(faults_of(capture_of(with(operation, "48", "0"), std::nullopt)),
              "$.gross_amount must be a number above 0 with at most 4 decimals, at most 1000000000000");
}

TEST(Capture, has_an_invoice_number_of_at_most_50_characters) {
    EXPECT_EQ(faults_of(capture_of(with(operation, "INV-1", std::string(51, '1')))),
              "$.partner_invoice_id must have 0 to 50 characters");
}

TEST(Refund, takes_a_return_fee_with_a_negative_price_only) {
    EXPECT_EQ(faults_of(refund_of(with(operation, R"("SHIPPING", "gross_unit_price": 1)",
                                       R"("RETURN_FEE", "gross_unit_price": -2.95)"))),
              "accepted");
    EXPECT_EQ(faults_of(refund_of(with(operation, R"("SHIPPING", "gross_unit_price": 1)",
                                       R"("RETURN_FEE", "gross_unit_price": 2.95)"))),
              "$.special_items[0].gross_unit_price must be below 0 for a return fee");
    // Elsewhere it has no place at any price, which is the ledger's to say.
    EXPECT_EQ(faults_of(capture_of(with(operation, R"("SHIPPING", "gross_unit_price": 1)",
                                        R"("RETURN_FEE", "gross_unit_price": 2.95)"))),
              "accepted");
}

TEST(ShippingInformation, names_a_known_carrier_and_its_number) {
    const auto read = shipping_of(R"({"carrier_name": "DHL", "tracking_number": "00340434161094042557"})");
    ASSERT_TRUE(read) << faults_of(read);
    const auto& command = std::get<ledger::AddShippingInformation>(*read);
    EXPECT_EQ(command.capture_id, "CAPTURE");
    EXPECT_EQ(command.carrier_name, "DHL");
    EXPECT_EQ(command.tracking_number->text(), "00340434161094042557");
    EXPECT_EQ(faults_of(shipping_of("{}")), "$.carrier_name is missing");
    EXPECT_EQ(faults_of(shipping_of(R"({"carrier_name": "dhl"})")),
              "$.carrier_name must be one of DHL, POST_AUSTRIA, UPS, DPD, SWISS_POST, GLS, ASENDIA, "
              "HERMES_LOGISTICS, FEDEX, OTHER_WITH_TRACKING, OTHER_WITHOUT_TRACKING");
}

TEST(ShippingInformation, needs_a_number_unless_the_carrier_has_none) {
    EXPECT_EQ(faults_of(shipping_of(R"({"carrier_name": "OTHER_WITH_TRACKING"})")), "$.tracking_number is missing");
    EXPECT_EQ(faults_of(shipping_of(R"({"carrier_name": "OTHER_WITHOUT_TRACKING"})")), "accepted");
    EXPECT_EQ(faults_of(shipping_of(R"({"carrier_name": "OTHER_WITHOUT_TRACKING", "tracking_number": ""})")),
              "$.tracking_number must have 1 to 127 characters");
}

TEST(Patch, moves_the_end_of_the_authorisation_and_nothing_else) {
    const auto moved = patch_of(R"({"authorization_expires": "2020-03-11T00:00:00Z"})");
    ASSERT_TRUE(moved) << faults_of(moved);
    EXPECT_EQ(std::get<ledger::ChangeExpiry>(*moved).expires, *foundation::parse_instant("2020-03-11T00:00:00Z"));

    const auto empty = patch_of("{}");
    ASSERT_TRUE(empty) << faults_of(empty);
    EXPECT_EQ(std::get<ledger::ChangeExpiry>(*empty).expires, now + foundation::Days{9});

    EXPECT_EQ(faults_of(patch_of(R"({"authorization_expires": null})")),
              "$.authorization_expires cannot be removed; give an instant");
    EXPECT_EQ(faults_of(patch_of(R"({"authorization_expires": "2020-03-10T18:06:52.438+01:00"})")),
              "$.authorization_expires must lie in the future");
    EXPECT_EQ(faults_of(patch_of(R"({"currency": "CHF", "buyer": null})")),
              "$.currency cannot be changed; leave it out; $.buyer cannot be changed; leave it out");
}

TEST(Body, is_a_json_object) {
    const auto told = [](std::string_view body) {
        const auto read = parse_object(body);
        EXPECT_TRUE(!read && read.error().kind == Malformed::Kind::invalid_json);
        return faults_of(read);
    };
    EXPECT_EQ(told(""), "$ is missing: send a JSON object as the body");
    EXPECT_EQ(told("[]"), "$ must be a JSON object");
    EXPECT_EQ(told("42"), "$ must be a JSON object");
    EXPECT_EQ(told(R"({"a": {"b": }})"), "$.a.b is not valid JSON");
    EXPECT_EQ(told(R"({"a": {"b": 1, "b": 2}})"), "$.a.b is there twice; a name may stand once in an object");
    EXPECT_EQ(told("{\"a\": \"\xff\"}"), "$ is not valid UTF-8");
    EXPECT_EQ(told(R"({"a": 1}})"), "$ is not valid JSON");
}

TEST(Body, is_told_by_its_faults_up_to_a_number_of_them) {
    std::string list = "[";
    for (int i = 0; i < 100; ++i) list += R"({"gross_amount": 1, "items": [1,2,3,4,5,6,7,8,9,10,11]},)";
    list.back() = ']';
    const auto read = authorise_of(R"({"shop_baskets": )" + list + "}");
    EXPECT_EQ(read.error().fields.size(), FieldFaults::told_max);
}

}  // namespace

}  // namespace saldo::http
