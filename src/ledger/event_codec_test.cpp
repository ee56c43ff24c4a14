#include "ledger/event_codec.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "foundation/outcome.hpp"
#include "ledger/erasure.hpp"
#include "ledger/transaction.hpp"

namespace saldo::ledger {
namespace {

using foundation::Currency;
using foundation::Decimal;
using foundation::Money;

const Currency euro = *Currency::parse("EUR");
const foundation::Day march_10 = *foundation::parse_day("2020-03-10");
const foundation::Instant evening = *foundation::parse_instant("2020-03-10T18:06:52.438+01:00");

std::optional<Decimal> decimal(const char* text) {
    return Decimal::parse(text);
}

/// A line with every field, so that none can be forgotten.
Line full_line() {
    return {.kind = LineKind::item,
            .type = "",
            .quantity = 3,
            .gross_unit_price = *decimal("18.4555"),
            .gross_unit_discount = decimal("-1.55"),
            .net_unit_price = decimal("15.5"),
            .net_unit_discount = decimal("-1.3"),
            .gross_total_price = decimal("50.7"),
            .net_total_price = decimal("42.6"),
            .tax_rate = decimal("19"),
            .discount = decimal("-0.5"),
            .article_number = Sealed{"kitchen-utils-1"},
            .name = Sealed{"fruit knife"},
            .category = Sealed{"household"},
            .unit = Sealed{"piece"},
            .description = Sealed{"basket-item"},
            .additional_description = Sealed{"cool \"item\""},
            .identification_number = Sealed{"identify-me"},
            .unique_identification_number = Sealed{"12345"}};
}

Authorisation full_authorisation() {
    const Address address{.street = Sealed{"Musterstra\u00dfe"},
                          .street_addition = Sealed{"Hinterhaus"},
                          .street_number = Sealed{"1"},
                          .zip_code = Sealed{"10115"},
                          .city = Sealed{"Potsdam"},
                          .country_code = Sealed{"DE"}};
    Line shipping{.kind = LineKind::special_item, .type = "SHIPPING", .gross_unit_price = *decimal("26")};
    return {.partner_id = "0123456789ABCDEFGHJK",
            .partner_transaction_id = "order-1",
            .partner_operation_id = "op-1",
            .payment_method = {terms::PaymentOption::pay_now, terms::TransferType::sepa_direct_debit},
            .currency = euro,
            .baskets = {{.shop_id = "shop-1",
                         .shop_name = "fruits and more",
                         .shop_transaction_id = "shop-order-1",
                         .gross = {17000, euro},
                         .lines = {full_line(), shipping},
                         .vats = {{.net_amount = decimal("142.86"),
                                   .tax_amount = decimal("27.14"),
                                   .tax_rate = *decimal("19")}}}},
            .buyer = {.shop_buyer_id = "buyer-1",
                      .language = "de",
                      .billing_address = address,
                      .contact = Contact{.email = Sealed{"erika@example.com"}, .phone = Sealed{"+49 177 4445555"}},
                      .person = Person{.title = Sealed{"Dr."},
                                       .first_name = Sealed{"Erika"},
                                       .last_name = Sealed{"Muster"},
                                       .date_of_birth = Sealed{"1971-05-19"}},
                      .company = std::nullopt},
            .delivery = Delivery{.type = terms::DeliveryType::pick_up_box,
                                 .address = address,
                                 .company = Sealed{"Muster GmbH"},
                                 .first_name = Sealed{"Erika"},
                                 .last_name = Sealed{"Muster"},
                                 .full_name = Sealed{"Erika Muster"},
                                 .pick_up = Sealed{"{\"box\":\"12\"}"}},
            .device = Device{.source_ip_address = Sealed{"10.17.1.1"}, .token = Sealed{"fingerprint"}},
            .debit_account = DebitAccount{.iban = Sealed{"DE44100500001654698497"}, .owner = Sealed{"Erika Muster"}},
            .expires = *foundation::parse_instant("2020-07-08T17:06:52.438Z"),
            .terms = {.contract_version = 2,
                      .zone = *foundation::Zone::find("Europe/Berlin"),
                      .due_days = 3,
                      .expiry_days_max = 365,
                      .return_fees = true,
                      .increment_percent_max = 30,
                      .marketplace = false,
                      .deposit_account = terms::Contract::DepositAccount{
                          .owner = "Saldo", .iban = "DE1", .bic = "B", .bank_name = "Bank"}}};
}

BasketOperation full_operation() {
    return {.id = "6Z54V9SXRCRSKDXDGKZW",
            .shop_id = "shop-1",
            .gross = {4800, euro},
            .lines = {full_line()},
            .vats = {{.net_amount = std::nullopt, .tax_amount = std::nullopt, .tax_rate = *decimal("7")}},
            .moves = {{0, 2}, {1, 1}},
            .partner_operation_id = "op-2"};
}

terms::InstalmentPlan small_plan() {
    const Money zero = Money::zero(euro);
    return {.created = march_10,
            .credit = {10000, euro},
            .payment_day = 28,
            .number_agreed = 2,
            .interest_rate = *decimal("13.7"),
            .effective_rate = *decimal("19.36"),
            .instalments = {{.number = 1,
                             .due = march_10 + foundation::Days{49},
                             .interest = {121, euro},
                             .repayment = {4750, euro},
                             .fee = {100, euro},
                             .unscheduled = {500, euro},
                             .residual = {4750, euro}},
                            {.number = 2,
                             .due = march_10 + foundation::Days{79},
                             .interest = {50, euro},
                             .repayment = {4750, euro},
                             .fee = {100, euro},
                             .unscheduled = zero,
                             .residual = zero}},
            .running = {{.from = march_10, .principal = {10000, euro}}}};
}

std::vector<Event> one_of_each() {
    Authorisation company = full_authorisation();
    company.buyer.person.reset();
    company.buyer.company = Company{.name = Sealed{"Muster GmbH"}, .vat_id = Sealed{"DE123456789"}};
    return {
        Authorised{full_authorisation(), "KK7709094U2"},
        Declined{company, Refusal::basket_amount_too_high},
        AuthorisationIncreased{full_operation()},
        Captured{.operation = full_operation(),
                 .due_date = march_10,
                 .partner_invoice_id = "INV-1",
                 .partner_transaction_id = "order-1",
                 .shop_transaction_id = "shop-order-1"},
        Cancelled{full_operation()},
        Refunded{full_operation()},
        Expired{},
        ExpiryChanged{evening},
        ShippingInformationAdded{
            .id = "A", .capture_id = "B", .carrier_name = "DHL", .tracking_number = Sealed{"00340434161094027318"}},
        SettlementBooked{.id = "A",
                         .type = SettlementType::debit,
                         .amount = {5000, euro},
                         .reference = Sealed{"from Erika"},
                         .comment = Sealed{"by phone"}},
        FeeBooked{.id = "A", .type = FeeType::dunning_fee_return, .gross = {-250, euro}, .comment = Sealed{"goodwill"}},
        DunningLevelSet{.level = DunningLevel::first_dunning, .comment = Sealed{"late"}},
        DunningBlocked{.from = march_10,
                       .until = march_10,
                       .reason = Sealed{"Zahlungsaufschub aus Kulanz"},
                       .comment = Sealed{"ok"}},
        DunningUnblocked{.comment = Sealed{"done"}},
        Refused{.operation = "capture", .refusal = Refusal::capture_amount_too_high},
        SubjectErased{},
        CodeRequired{.tries_max = 3, .new_codes_max = 2, .life_seconds = 300, .pause_seconds = 30, .deadline = evening},
        CodeSent{.digest = std::string(64, 'a'), .phone = Sealed{"+49 177 4445555"}},
        CodeMissed{},
        CodeConfirmed{},
        CodeGivenUp{},
        ReservationEnded{.claim = {-17000, euro}},
        PlanMade{.plan = small_plan(),
                 .interest = {171, euro},
                 .service_charge = {200, euro},
                 .unscheduled = Money{500, euro}},
        PlanEnded{.interest = {-171, euro}, .service_charge = {-200, euro}},
        CreditWithdrawn{.id = "A", .due_date = march_10, .comment = Sealed{"by phone"}},
        PayLaterBooked{.id = "A",
                       .capture_id = "B",
                       .offer_id = "payl-1",
                       .delta_days = 14,
                       .fee = {195, euro},
                       .due_date = march_10},
        PayLaterWithdrawn{.id = "A", .fee = {-195, euro}, .comment = Sealed{"changed her mind"}},
        DirectDebitSubmitted{.debit = {.number = 2, .attempt = 1}, .amount = {17000, euro}, .due_date = march_10},
        DirectDebitExecuted{.id = "A", .debit = {.number = 2, .attempt = 1}, .amount = {17000, euro}},
        DirectDebitReturned{.id = "A",
                            .debit = {.number = 2, .attempt = 1},
                            .reason = "AM04",
                            .amount = Money{17000, euro},
                            .fee = Money{300, euro},
                            .retry_on = march_10},
    };
}

std::string read(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

TEST(event_codec, there_is_one_sample_of_each_event) {
    EXPECT_EQ(one_of_each().size(), std::variant_size_v<Event>);
    for (std::size_t i = 0; i < one_of_each().size(); ++i) EXPECT_EQ(one_of_each()[i].index(), i);
}

TEST(event_codec, what_is_written_is_read_back) {
    for (const Event& event : one_of_each()) {
        const EncodedEvent encoded = encode(event);
        EXPECT_EQ(decode(type_of(event), schema_version, encoded.body, encoded.texts), event) << encoded.body;
    }
}

TEST(event_codec, terms_of_instalments_are_written_where_there_are_some_and_read_back) {
    Authorised event{full_authorisation(), "KK7709094U2"};
    EXPECT_EQ(encode(event).body.find("instalments"), std::string::npos);
    EXPECT_EQ(encode(event).body.find("credit_regime"), std::string::npos);
    event.authorisation.terms.credit_regime = terms::CreditRegime::consumer_credit;
    event.authorisation.terms.instalments = terms::InstalmentTerms{.convention = terms::PlanConvention::thirty_360,
                                                                   .apr_time = terms::AprTimeRule::actual_365,
                                                                   .unscheduled = terms::UnscheduledPayments::lower,
                                                                   .interest_rate = *decimal("13.7"),
                                                                   .interest_rate_max = *decimal("15"),
                                                                   .effective_rate_max = *decimal("20.5"),
                                                                   .service_charge = {395, euro},
                                                                   .instalment_min = {2000, euro},
                                                                   .months_allowed = {3, 6},
                                                                   .payment_days = {28},
                                                                   .days_to_first_due_min = 10};
    const EncodedEvent encoded = encode(event);
    EXPECT_EQ(decode("Authorised", schema_version, encoded.body, encoded.texts), Event{event}) << encoded.body;
}

TEST(event_codec, terms_of_some_purchases_alone_are_read_back_too) {
    Authorisation authorisation = full_authorisation();
    authorisation.terms.pay_later = terms::PayLater{.offers = {{.id = "payl-1", .delta_days = 14, .fee = {195, euro}},
                                                               {.id = "b", .delta_days = 30, .fee = {1, euro}}},
                                                    .withdrawal_days = 7};
    authorisation.terms.part_payment = terms::PartPayment::waits;
    authorisation.terms.direct_debit = terms::DirectDebit{.creditor_id = "DE98ZZZ09999999999",
                                                          .notice_days = 2,
                                                          .lead_days = 3,
                                                          .retries_max = 2,
                                                          .retry_days = 5,
                                                          .return_fee = Money{300, euro}};
    const Event event = Authorised{authorisation, "KK7709094U2", Money{17000, euro}};
    const EncodedEvent encoded = encode(event);
    EXPECT_EQ(decode(type_of(event), schema_version, encoded.body, encoded.texts), event) << encoded.body;
}

TEST(event_codec, the_body_holds_no_text_of_a_person) {
    for (const Event& event : one_of_each()) {
        const std::string body = encode(event).body;
        for (const char* text : {"Muster", "Erika", "erika@example.com", "10115", "Potsdam", "1971", "10.17.1.1",
                                 "fruit knife", "kitchen-utils-1", "DE44100500001654698497", "DE123456789", "Kulanz",
                                 "00340434161094027318", "goodwill", "from Erika", "4445555", "changed her mind"})
            EXPECT_EQ(body.find(text), std::string::npos) << type_of(event) << " shows " << text;
    }
}

TEST(event_codec, an_erased_event_keeps_everything_but_its_texts) {
    for (const Event& event : one_of_each()) {
        const EncodedEvent encoded = encode(event);
        const Event erased = decode(type_of(event), schema_version, encoded.body, std::nullopt);
        EXPECT_EQ(type_of(erased), type_of(event));
        EXPECT_EQ(erased == event, encoded.texts.empty()) << type_of(event);
    }
    const auto* erased = new auto(decode("Authorised", schema_version, encode(one_of_each()[0]).body, std::nullopt));
    const auto& authorised = std::get<Authorised>(*erased);
    EXPECT_TRUE(authorised.authorisation.baskets[0].lines[0].name->is_erased());
    EXPECT_FALSE(authorised.authorisation.baskets[0].lines[1].name.has_value())
        << "a text that never was is not erased";
    EXPECT_EQ(authorised.authorisation.buyer.shop_buyer_id, "buyer-1");
    EXPECT_EQ(authorised.authorisation.baskets[0].gross, (Money{17000, euro}));
    delete erased;
}

TEST(event_codec, texts_may_be_held_to_their_form_without_being_kept) {
    for (const Event& event : one_of_each()) {
        const auto [body, texts] = encode(event);
        const auto type = type_of(event);
        EXPECT_EQ(decode_without_texts(type, schema_version, body, texts),
                  decode(type, schema_version, body, std::nullopt));
        if (texts.empty()) continue;
        const auto refused = [&](const std::string& other) {
            EXPECT_THROW(decode(type, schema_version, body, other), foundation::BrokenInvariant) << other;
            EXPECT_THROW(decode_without_texts(type, schema_version, body, other), foundation::BrokenInvariant) << other;
        };
        refused("");
        refused("[]");
        refused(texts.substr(0, texts.size() - 1));
        refused(texts.substr(0, texts.size() - 1) + ",\"one too many\"]");
        refused(texts + ' ');
        refused(std::string(texts).replace(1, 1, "7"));
    }
}

TEST(event_codec, fields_that_are_unknown_twice_or_out_of_place_are_refused) {
    const auto refused = [](std::string_view type, const std::string& body) {
        EXPECT_THROW(decode(type, schema_version, body, std::string{}), foundation::BrokenInvariant) << body;
    };
    const std::string good = R"({"level":"NO_DUNNING"})";
    EXPECT_NO_THROW(decode("DunningLevelSet", schema_version, good, std::string{}));
    refused("DunningLevelSet", R"({"level":"NO_DUNNING","height":1})");
    refused("DunningLevelSet", R"({"level":"NO_DUNNING","level":"NO_DUNNING"})");
    refused("DunningLevelSet", R"({"level":"NO_DUNNING" })");
    refused("Refused", R"({"refusal":"BUYER_IDENTITY","operation":"capture"})");
    refused("CodeMissed", R"({"level":"NO_DUNNING"})");
}

TEST(event_codec, erasing_a_folded_purchase_is_the_same_as_folding_erased_events) {
    const std::vector<Event> life{
        Authorised{full_authorisation(), "KK7709094U2"},
        Captured{.operation = full_operation(), .due_date = march_10},
        ShippingInformationAdded{.id = "A", .capture_id = "B", .carrier_name = "DHL", .tracking_number = Sealed{"1"}},
        SettlementBooked{.id = "A", .type = SettlementType::debit, .amount = {1, euro}, .reference = Sealed{"x"}},
        FeeBooked{.id = "A", .type = FeeType::dunning_fee, .gross = {1, euro}, .comment = Sealed{"x"}},
        PayLaterBooked{.id = "A", .capture_id = "B", .offer_id = "c", .fee = {1, euro}, .due_date = march_10},
        PayLaterWithdrawn{.id = "A", .fee = {-1, euro}, .comment = Sealed{"x"}},
        DunningLevelSet{.level = DunningLevel::collection, .comment = Sealed{"x"}},
        DunningBlocked{.from = march_10, .until = march_10, .reason = Sealed{"x"}},
        SubjectErased{}};
    Transaction opened;
    Transaction closed;
    std::int64_t seq = 0;
    for (const Event& event : life) {
        Recorded recorded{.seq = ++seq,
                          .recorded_at = evening,
                          .effective_at = evening,
                          .value_date = march_10,
                          .actor = "a",
                          .event = event};
        evolve(opened, recorded);
        const EncodedEvent encoded = encode(event);
        recorded.event = decode(type_of(event), schema_version, encoded.body, std::nullopt);
        evolve(closed, recorded);
    }
    EXPECT_EQ(opened, closed);
    EXPECT_TRUE(opened.authorisation.buyer.person->last_name->is_erased());
}

/// What version 1 wrote must be read for good. A new version adds files, it changes none. SALDO_ACCEPT=1 writes missing
/// ones.
TEST(event_codec, stored_events_of_every_version_are_read_for_good) {
    const std::filesystem::path folder = std::filesystem::path(SALDO_SOURCE_DIR) / "src/ledger/golden";
    for (const Event& event : one_of_each()) {
        const std::filesystem::path file = folder / ("v1-" + std::string(type_of(event)) + ".txt");
        const EncodedEvent encoded = encode(event);
        if (!std::filesystem::exists(file) && std::getenv("SALDO_ACCEPT"))
            std::ofstream(file, std::ios::binary) << encoded.body << '\n' << encoded.texts << '\n';
        std::istringstream stored(read(file));
        std::string body;
        std::string texts;
        ASSERT_TRUE(std::getline(stored, body) && std::getline(stored, texts)) << file;
        EXPECT_EQ(decode(type_of(event), 1, body, texts), event) << file;
        EXPECT_EQ(encoded.body, body) << file;
        EXPECT_EQ(encoded.texts, texts) << file;
    }
}

TEST(event_codec, bytes_that_nobody_wrote_are_refused) {
    const std::string good = encode(one_of_each()[3]).body;
    EXPECT_THROW(decode("Captured", schema_version, "", std::string{}), foundation::BrokenInvariant);
    EXPECT_THROW(decode("Captured", schema_version, "[]", std::string{}), foundation::BrokenInvariant);
    EXPECT_THROW(decode("Captured", schema_version, "{}", std::string{}), foundation::BrokenInvariant);
    EXPECT_THROW(decode("Captured", schema_version, good.substr(0, good.size() - 1), std::string{}),
                 foundation::BrokenInvariant);
    EXPECT_THROW(decode("Captured", schema_version, good, std::string{}), foundation::BrokenInvariant)
        << "its texts are missing";
    EXPECT_THROW(decode("Captured", schema_version + 1, good, std::nullopt), foundation::BrokenInvariant);
    EXPECT_THROW(decode("Shipped", schema_version, good, std::nullopt), foundation::BrokenInvariant);
}

}  // namespace
}  // namespace saldo::ledger
