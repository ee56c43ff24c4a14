#include "partner/contract_json.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <vector>

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
              "part_payment, deposit_account, direct_debit, pay_later, payment_page, instalments, credit_regime, "
              "creditor, late_payment, country");
}

TEST(Contract, that_contradicts_itself_is_refused_by_the_terms) {
    EXPECT_EQ(faults_in(with("\"min\": 0.5", "\"min\": 3000")), "$ currencies: 0 < min <= max in one currency");
    EXPECT_EQ(faults_in(with("[\"B2C\"]", "[]")), "$ buyer_types: at least one is needed");
}

TEST(Contract, says_how_the_payment_page_looks) {
    const auto contract = parse_contract(with("\"zone\"", R"("payment_page": {"accent_colour": "#1a5B4c",
        "logo": "iVBORw0KGgoAAA==", "terms_url": "https://shop.example/terms", "creditor_id": "DE98ZZZ09999999999",
        "frame_ancestors": ["https://shop.example", "http://127.0.0.1:8081"]}, "zone")"));
    ASSERT_TRUE(contract.has_value()) << text_of(contract.error());
    ASSERT_TRUE(contract->payment_page);
    EXPECT_EQ(contract->payment_page->accent_colour, "#1a5B4c");
    EXPECT_EQ(contract->payment_page->privacy_url, "");
    EXPECT_EQ(contract->payment_page->frame_ancestors,
              (std::vector<std::string>{"https://shop.example", "http://127.0.0.1:8081"}));
    EXPECT_EQ(parse_contract(contract_json(*contract))->payment_page, contract->payment_page);
}

TEST(Contract, says_under_which_law_it_sells_in_its_first_place_too) {
    using terms::CreditRegime;
    const std::string told = R"(, "creditor": {"name": "Saldo Bank", "address": "Weg 1, 10115 Berlin"},
        "late_payment": {"interest_rate": 6.27})";
    const auto regime_of = [&](const std::string& json) {
        return parse_contract(with("\"zone\"", json + told + ", \"zone\"")).value().credit_regime;
    };
    EXPECT_EQ(regime_of(R"("payment_page": {})"), CreditRegime::merchant_deferral);
    EXPECT_EQ(regime_of(R"("credit_regime": "consumer_credit")"), CreditRegime::consumer_credit);
    EXPECT_EQ(regime_of(R"("payment_page": {"credit_regime": "consumer_credit"})"), CreditRegime::consumer_credit);
}

TEST(Contract, of_consumer_credit_names_its_creditor_and_what_paying_late_costs) {
    EXPECT_EQ(faults_in(with("\"zone\"", R"("credit_regime": "consumer_credit", "zone")")),
              "$ credit_regime: consumer_credit needs `creditor` and `late_payment`, which buyers must be told");
    const auto contract = parse_contract(with("\"zone\"", R"("credit_regime": "consumer_credit", "country": "DE",
        "creditor": {"name": "Saldo Bank", "address": "Weg 1, 10115 Berlin"},
        "late_payment": {"interest_rate": 6.27, "currency": "EUR", "reminder_fee": 0.76}, "zone")"));
    ASSERT_TRUE(contract.has_value()) << text_of(contract.error());
    EXPECT_EQ(contract->country, "DE");
    EXPECT_EQ(contract->creditor, (terms::Creditor{"Saldo Bank", "Weg 1, 10115 Berlin"}));
    EXPECT_EQ(contract->late_payment,
              (terms::LatePayment{*foundation::Decimal::parse("6.27"), foundation::Money::parse("0.76", {})}));
    EXPECT_EQ(parse_contract(contract_json(*contract)), *contract);
    EXPECT_EQ(faults_in(with("\"zone\"", R"("country": "Germany", "creditor": {"name": "", "address": "x"},
        "late_payment": {"interest_rate": -1}, "zone")")),
              "$.country is no country code of two letters: \"Germany\"");
    EXPECT_EQ(faults_in(with("\"zone\"", R"("creditor": {"name": "", "address": "x"},
        "late_payment": {"interest_rate": -1, "currency": "USD", "reminder_fee": 0}, "zone")")),
              "$ creditor: name and address have 1 to 255 characters\n"
              "$ late_payment: interest_rate is at least 0\n"
              "$ late_payment: reminder_fee is above 0\n"
              "$ late_payment: the currency is one of `currencies`");
}

const std::string least = R"("instalments": {"currency": "EUR", "interest_rate": 13.7}, "zone")";

TEST(Contract, says_what_instalments_cost_and_how_they_run) {
    const auto contract = parse_contract(with("\"zone\"", R"("instalments": {"currency": "EUR", "convention": "act/act",
        "apr_time_rule": "act/365", "unscheduled_payments": "lower", "interest_rate": 13.7, "interest_rate_max": 15,
        "effective_rate_max": 20.5, "service_charge": 3.95, "instalment_min": 20, "months_allowed": [3, 6],
        "payment_days": [15, 28], "days_to_first_due_min": 10}, "zone")"));
    ASSERT_TRUE(contract.has_value()) << text_of(contract.error());
    const auto euro = [](const char* text) { return *foundation::Money::parse(text, {}); };
    const auto percent = [](const char* text) { return *foundation::Decimal::parse(text); };
    const terms::InstalmentTerms expected{.convention = terms::PlanConvention::actual_actual,
                                          .apr_time = terms::AprTimeRule::actual_365,
                                          .unscheduled = terms::UnscheduledPayments::lower,
                                          .interest_rate = percent("13.7"),
                                          .interest_rate_max = percent("15"),
                                          .effective_rate_max = percent("20.5"),
                                          .service_charge = euro("3.95"),
                                          .instalment_min = euro("20"),
                                          .months_allowed = {3, 6},
                                          .payment_days = {15, 28},
                                          .days_to_first_due_min = 10};
    EXPECT_EQ(contract->instalments, expected);
    EXPECT_EQ(parse_contract(contract_json(*contract))->instalments, expected);
}

TEST(Contract, of_instalments_needs_a_currency_and_a_rate_alone) {
    const auto contract = parse_contract(with("\"zone\"", least));
    ASSERT_TRUE(contract.has_value()) << text_of(contract.error());
    terms::InstalmentTerms expected;
    expected.interest_rate = expected.interest_rate_max = *foundation::Decimal::parse("13.7");
    EXPECT_EQ(contract->instalments, expected);
}

TEST(Contract, names_what_is_wrong_about_its_instalments) {
    const auto faults_of_instalments = [](const std::string& from, const std::string& to) {
        std::string changed = least;
        changed.replace(changed.find(from), from.size(), to);
        return faults_in(with("\"zone\"", changed));
    };
    EXPECT_EQ(faults_of_instalments("13.7", "\"13.7\""), "$.instalments.interest_rate must be a number");
    EXPECT_EQ(faults_of_instalments("13.7", "13.70001"),
              "$.instalments.interest_rate is no number of at most four decimals: 13.70001");
    EXPECT_EQ(faults_of_instalments("13.7", "13.7, \"interest_rate_max\": 13"),
              "$ instalments: interest_rate is at most interest_rate_max");
    EXPECT_EQ(faults_of_instalments("13.7", "13.7, \"months_allowed\": [0, 6]"),
              "$ instalments: months_allowed: each is 1 to 120");
    EXPECT_EQ(faults_of_instalments("13.7", "13.7, \"months_allowed\": [6.5]"),
              "$.instalments.months_allowed[0] must be a whole number: 6.5");
    EXPECT_EQ(faults_of_instalments("13.7", "13.7, \"convention\": \"30/365\""),
              "$.instalments.convention is no convention: \"30/365\"");
    EXPECT_EQ(faults_of_instalments("EUR", "CHF"), "$ instalments: the currency is one of `currencies`");
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

TEST(Contract, asks_for_codes_from_an_amount_of_each_currency) {
    const auto contract = parse_contract(with("\"zone\"", R"("one_time_codes": {"asked_from": [
        {"currency": "EUR", "amount": 500}, {"currency": "JPY", "amount": 1}]}, "zone")"));
    ASSERT_TRUE(contract.has_value()) << text_of(contract.error());
    const auto& codes = contract->one_time_codes.value();
    const auto euros = [](std::int64_t cents) { return foundation::Money{cents, *foundation::Currency::parse("EUR")}; };
    EXPECT_FALSE(codes.are_asked_for(euros(49'999)));
    EXPECT_TRUE(codes.are_asked_for(euros(50'000)));
    EXPECT_FALSE(codes.are_asked_for({50'000, *foundation::Currency::parse("CHF")}));
    EXPECT_EQ(parse_contract(contract_json(*contract))->one_time_codes, contract->one_time_codes);
    EXPECT_EQ(faults_in(with("\"zone\"", R"("one_time_codes": {"asked_from": [{"currency": "EUR", "amount": 0}]},
        "zone")")),
              "$ one_time_codes: an amount of asked_from is above 0");
    EXPECT_EQ(faults_in(with("\"zone\"", R"("one_time_codes": {"asked_from": [{"currency": "EUR", "amount": 1},
        {"currency": "EUR", "amount": 2}]}, "zone")")),
              "$.one_time_codes.asked_from[1] is there twice: \"EUR\"");
}

TEST(Contract, lets_nobody_frame_the_page_who_is_not_named_by_an_origin) {
    const auto faults_of = [](const std::string& origin) {
        return faults_in(with("\"zone\"", R"("payment_page": {"frame_ancestors": [")" + origin + R"("]}, "zone")"));
    };
    for (const char* origin : {"https://shop.example", "https://shop.example:8443", "http://localhost:3000"})
        EXPECT_EQ(faults_of(origin), "") << origin;
    for (const char* origin :
         {"*", "https://*.example", "https:", "https://", "shop.example", "http://shop.example",
          "https://shop.example/", "https://user@shop.example", "https://shop.example; script-src *",
          "https://shop.example https://b.example", "https://Shop.example",
          "https://shop.example:", "https://shop.example:port", "'self'", "data:"})
        EXPECT_EQ(faults_of(origin),
                  "$ payment_page: frame_ancestors are at most 20 origins such as https://shop.example")
            << origin;
}

TEST(Contract, sells_later_payment_by_a_price_list_without_contradictions) {
    const auto faults_of_offers = [](const std::string& offers) {
        return faults_in(with("\"zone\"", "\"pay_later\": {\"offers\": [" + offers + "]}, \"zone\""));
    };
    const auto offer = [](const std::string& id, int days, const std::string& fee) {
        return "{\"offer_id\": \"" + id + "\", \"currency\": \"EUR\", \"delta_due_date\": " + std::to_string(days) +
               ", \"fee\": " + fee + "}";
    };
    EXPECT_EQ(faults_of_offers(offer("a", 14, "1.95") + "," + offer("b", 150, "9")), "");
    EXPECT_EQ(faults_of_offers(""), "$ pay_later: at least one offer is needed");
    EXPECT_EQ(faults_of_offers(offer("a", 13, "1.95")), "$ pay_later: delta_due_date is 14 to 150");
    EXPECT_EQ(faults_of_offers(offer("a", 151, "1.95")), "$ pay_later: delta_due_date is 14 to 150");
    EXPECT_EQ(faults_of_offers(offer("a", 14, "0")), "$ pay_later: fee is above 0");
    EXPECT_EQ(faults_of_offers(offer("", 14, "1")), "$ pay_later: offer_id has 1 to 64 characters");
    EXPECT_EQ(faults_of_offers(offer("a", 14, "1") + "," + offer("a", 30, "2")),
              "$ pay_later: an offer_id is there twice");
    EXPECT_EQ(faults_of_offers(offer("a", 14, "1.955")), "$.pay_later.offers[0].fee is no amount of EUR: 1.955");
}

TEST(Contract, collects_by_direct_debit_within_the_rules_of_sepa) {
    const auto faults_of_debit = [](const std::string& fields) {
        return faults_in(with("\"zone\"", "\"direct_debit\": {" + fields + "}, \"zone\""));
    };
    const std::string good = "\"creditor_id\": \"DE98ZZZ09999999999\"";
    EXPECT_EQ(faults_of_debit(good), "");
    EXPECT_EQ(faults_of_debit(good + ", \"notice_days\": 14, \"return_fee\": 3"), "");
    EXPECT_EQ(faults_of_debit("\"creditor_id\": \"DE97ZZZ09999999999\""),
              "$ direct_debit: creditor_id is no creditor identifier of SEPA");
    EXPECT_EQ(faults_of_debit(good + ", \"notice_days\": 15"), "$ direct_debit: notice_days is 1 to 14");
    EXPECT_EQ(faults_of_debit(good + ", \"lead_days\": 0"), "$ direct_debit: lead_days is 1 to 10");
    EXPECT_EQ(faults_of_debit(good + ", \"retries_max\": 4"), "$ direct_debit: retries_max is 0 to 3");
    EXPECT_EQ(faults_of_debit(good + ", \"retry_days\": 0"), "$ direct_debit: retry_days is 1 to 90");
    EXPECT_EQ(faults_of_debit(good + ", \"return_fee\": 0"), "$ direct_debit: return_fee is above 0");
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
    if (*rc::gen::arbitrary<bool>()) {
        contract.credit_regime = terms::CreditRegime::consumer_credit;
        contract.creditor = terms::Creditor{"Saldo Bank", "Weg 1, 10115 Berlin"};
        contract.late_payment.emplace().interest_rate = foundation::Decimal::of_units(*rc::gen::inRange(0, 1'000'000));
        if (*rc::gen::arbitrary<bool>()) contract.late_payment->reminder_fee = foundation::Money(1, currency);
        if (*rc::gen::arbitrary<bool>()) contract.country = "NL";
    }
    contract.instalments.reset();
    if (*rc::gen::arbitrary<bool>()) {
        terms::InstalmentTerms& instalments = contract.instalments.emplace();
        instalments.instalment_min = foundation::Money::zero(currency);
        instalments.interest_rate = foundation::Decimal::of_units(*rc::gen::inRange(0, 1'000'001));
        instalments.interest_rate_max = foundation::Decimal::of_units(1'000'000);
        instalments.service_charge = {*rc::gen::inRange(0, 10'000), currency};
        instalments.payment_days = {*rc::gen::inRange(1, 32)};
    }
    // Who sells by instalments says on which terms.
    if (!contract.instalments)
        std::erase_if(contract.products,
                      [](const terms::Product& one) { return one.method.option == terms::PaymentOption::instalment; });
    if (*rc::gen::arbitrary<bool>()) contract.pay_later.reset();
    if (*rc::gen::arbitrary<bool>()) contract.direct_debit.reset();
    if (contract.direct_debit && *rc::gen::arbitrary<bool>()) contract.direct_debit->return_fee.reset();
    const auto read = parse_contract(contract_json(contract));
    if (!read) RC_FAIL(text_of(read.error()));
    RC_ASSERT(*read == contract);
}

}  // namespace

}  // namespace saldo::partner
