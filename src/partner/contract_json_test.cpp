#include "partner/contract_json.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>

namespace saldo::partner {

namespace {

const std::string shortest = R"({
    "zone": "Europe/Vienna",
    "currencies": [{"currency": "EUR", "min": 0.5, "max": 2500}],
    "products": [{"payment_option": "OPEN_INVOICE", "transfer_type": "BANK_TRANSFER", "due_days": 30}],
    "buyer_types": ["B2C"],
    "billing_countries": ["AT"],
    "delivery_countries": ["AT", "DE"],
    "delivery_types": ["REGULAR_ADDRESS"]
})";

std::string with(const std::string& old_part, const std::string& new_part) {
    std::string text = shortest;
    text.replace(text.find(old_part), old_part.size(), new_part);
    return text;
}

std::string faults_in(const std::string& text) {
    const auto contract = parse_contract(text);
    return contract ? "" : text_of(contract.error());
}

TEST(Contract, has_defaults_for_what_a_file_leaves_out) {
    const auto contract = parse_contract(shortest);
    ASSERT_TRUE(contract.has_value()) << text_of(contract.error());
    EXPECT_EQ(contract->zone.name(), "Europe/Vienna");
    EXPECT_EQ(contract->currencies.front().max.text(), "2500");
    EXPECT_EQ(contract->products.front().due_days, 30);
    EXPECT_EQ(contract->version, 0);
    EXPECT_EQ(contract->expiry_days, terms::Contract{}.expiry_days);
    EXPECT_EQ(contract->shop_baskets_max, 1);
    EXPECT_TRUE(contract->deviating_deliveries.empty());
    EXPECT_FALSE(contract->deposit_account);
}

TEST(Contract, that_is_wrong_in_many_places_names_them_all_by_their_paths) {
    EXPECT_EQ(faults_in(R"({"zone": "Europe/Atlantis", "currencies": [{"currency": "EUR", "min": 0.001, "max": "9"}],
                            "products": [{"payment_option": "LATER", "due_days": 1.5, "note": 1}],
                            "buyer_types": ["B2C", "B2C"], "billing_countries": ["de"], "delivery_countries": "AT",
                            "delivery_types": [7], "return_fees": 1, "shop_basket_max": 2})"),
              "$.zone is no time zone of the IANA database: \"Europe/Atlantis\"\n"
              "$.currencies[0].min is no amount of EUR: 0.001\n"
              "$.currencies[0].max must be a number\n"
              "$.products[0].payment_option is no payment option: \"LATER\"\n"
              "$.products[0].transfer_type is missing\n"
              "$.products[0].due_days must be a whole number: 1.5\n"
              "$.products[0].note is not known here; there are payment_option, transfer_type, due_days\n"
              "$.buyer_types[1] is there twice: \"B2C\"\n"
              "$.billing_countries[0] is no country code of two letters: \"de\"\n"
              "$.delivery_countries must be an array\n"
              "$.delivery_types[0] must be a text\n"
              "$.return_fees must be true or false\n"
              "$.shop_basket_max is not known here; there are version, zone, currencies, products, buyer_types, "
              "billing_countries, delivery_countries, delivery_types, deviating_deliveries, shop_baskets_max, "
              "expiry_days, expiry_days_max, return_fees, increment_percent_max, retention_days, one_time_codes, "
              "part_payment, deposit_account, payment_page");
}

TEST(Contract, that_contradicts_itself_is_refused_by_the_terms) {
    EXPECT_EQ(faults_in(with("\"min\": 0.5", "\"min\": 3000")), "$ currencies: 0 < min <= max in one currency");
    EXPECT_EQ(faults_in(with("[\"B2C\"]", "[]")), "$ buyer_types: at least one is needed");
}

TEST(Contract, says_how_the_payment_page_looks_and_under_which_law_it_sells) {
    const auto contract = parse_contract(with("\"zone\"", R"("payment_page": {"accent_colour": "#1a5B4c",
        "logo": "iVBORw0KGgoAAA==", "terms_url": "https://shop.example/terms", "creditor_id": "DE98ZZZ09999999999",
        "credit_regime": "consumer_credit"}, "zone")"));
    ASSERT_TRUE(contract.has_value()) << text_of(contract.error());
    ASSERT_TRUE(contract->payment_page);
    EXPECT_EQ(contract->payment_page->accent_colour, "#1a5B4c");
    EXPECT_EQ(contract->payment_page->privacy_url, "");
    EXPECT_EQ(contract->payment_page->credit_regime, terms::CreditRegime::consumer_credit);
    EXPECT_EQ(parse_contract(contract_json(*contract))->payment_page, contract->payment_page);
    EXPECT_EQ(parse_contract(with("\"zone\"", R"("payment_page": {}, "zone")"))->payment_page->credit_regime,
              terms::CreditRegime::merchant_deferral);
}

TEST(Contract, shows_buyers_no_colour_picture_or_link_that_is_none) {
    const auto faults_of_page = [](const std::string& page) {
        return faults_in(with("\"zone\"", "\"payment_page\": {" + page + "}, \"zone\""));
    };
    for (const char* colour : {"red", "#fff", "1a5b4c0", "#1a5b4g", "#1a5b4c;"})
        EXPECT_EQ(faults_of_page("\"accent_colour\": \"" + std::string(colour) + "\""),
                  "$ payment_page: accent_colour is # and six hexadecimal digits")
            << colour;
    for (const std::string& logo : {std::string("PHN2Zz4="), "iVBORw0KGgo" + std::string(32 * 1024, 'A')})
        EXPECT_EQ(faults_of_page("\"logo\": \"" + logo + "\""),
                  "$ payment_page: logo is a PNG, JPEG or WebP picture of at most 24 KiB in base64");
    for (const char* url : {"http://shop.example", "javascript:alert(1)", "https://shop.example/a b"})
        EXPECT_EQ(faults_of_page("\"terms_url\": \"" + std::string(url) + "\""),
                  "$ payment_page: links begin with https://")
            << url;
    EXPECT_NE(faults_of_page(R"("credit_regime": "none")").find("is no credit regime"), std::string::npos);
}

TEST(Contract, names_one_currency_and_one_product_once) {
    EXPECT_EQ(faults_in(with("\"max\": 2500}", "\"max\": 2500}, {\"currency\": \"EUR\", \"min\": 1, \"max\": 2}")),
              "$.currencies[1] is there twice: \"EUR\"");
    EXPECT_EQ(faults_in(with("\"due_days\": 30}",
                             "\"due_days\": 30}, {\"payment_option\": \"OPEN_INVOICE\", "
                             "\"transfer_type\": \"BANK_TRANSFER\", \"due_days\": 14}")),
              "$.products[1] is there twice: \"OPEN_INVOICE\"");
}

TEST(Contract, must_be_a_json_object_and_nothing_else) {
    EXPECT_EQ(faults_in("[]"), "$ must be an object");
    EXPECT_EQ(faults_in("{"), "$ is not valid JSON");
    EXPECT_EQ(faults_in(""), "$ is not valid JSON");
    EXPECT_EQ(faults_in(with("\"AT\", \"DE\"", "\"AT\"], \"zone\": [\"AT\"")),
              "$.zone is there twice; a name may stand once in an object");
}

TEST(Contract, of_the_demo_reads_back_as_it_was_written) {
    const auto read = parse_contract(contract_json(terms::demo_contract()));
    ASSERT_TRUE(read.has_value()) << text_of(read.error());
    EXPECT_EQ(*read, terms::demo_contract());
}

RC_GTEST_PROP(Contract, reads_back_as_it_was_written, ()) {
    terms::Contract contract = terms::demo_contract();
    const auto currency = *foundation::Currency::parse(*rc::gen::element<std::string>("EUR", "JPY", "BHD"));
    const auto min = *rc::gen::inRange<std::int64_t>(1, foundation::Money::minor_max);
    const auto max = *rc::gen::inRange<std::int64_t>(min, foundation::Money::minor_max + 1);
    contract.currencies = {{foundation::Money(min, currency), foundation::Money(max, currency)}};
    contract.version = *rc::gen::inRange(1, 1'000'000);
    contract.products.front().due_days = *rc::gen::inRange(0, 3651);
    contract.expiry_days_max = *rc::gen::inRange(1, 3651);
    contract.expiry_days = *rc::gen::inRange(1, contract.expiry_days_max + 1);
    contract.shop_baskets_max = *rc::gen::inRange(1, 101);
    contract.return_fees = *rc::gen::arbitrary<bool>();
    contract.increment_percent_max = *rc::gen::inRange(0, 1001);
    contract.part_payment = *rc::gen::element(terms::PartPayment::waits, terms::PartPayment::ends);
    contract.deviating_deliveries.resize(*rc::gen::inRange<std::size_t>(0, 9));
    if (*rc::gen::arbitrary<bool>()) contract.retention_days.reset();
    if (*rc::gen::arbitrary<bool>()) contract.one_time_codes.reset();
    if (*rc::gen::arbitrary<bool>()) contract.deposit_account.reset();
    const auto read = parse_contract(contract_json(contract));
    RC_ASSERT(read.has_value());
    RC_ASSERT(*read == contract);
}

}  // namespace

}  // namespace saldo::partner
