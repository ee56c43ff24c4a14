#include "ledger/decide.hpp"

#include <gtest/gtest.h>

#include <functional>

#include "ledger/transaction.hpp"

namespace saldo::ledger {
namespace {

using foundation::Currency;
using foundation::Day;
using foundation::Days;
using foundation::Decimal;
using foundation::Instant;
using foundation::Money;

const Currency euro = *Currency::parse("EUR");
const Instant noon = *foundation::parse_instant("2020-03-10T12:00:00+01:00");
const Day march_10 = *foundation::parse_day("2020-03-10");

Money eur(std::int64_t cents) {
    return {cents, euro};
}
Decimal price(const char* text) {
    return *Decimal::parse(text);
}

Line item(const char* name, std::int64_t quantity, const char* unit_price) {
    return {.kind = LineKind::item, .quantity = quantity, .gross_unit_price = price(unit_price), .name = Sealed{name}};
}
Line return_fee() {
    return {.kind = LineKind::special_item, .type = "RETURN_FEE", .gross_unit_price = price("-2.95")};
}
Vat vat(const char* rate) {
    return {.net_amount = {}, .tax_amount = {}, .tax_rate = price(rate)};
}

/// A purchase that is accepted; each row of a table breaks it.
Authorise good_purchase() {
    Authorise command{.currency = euro, .baskets = {{.gross = eur(17000), .lines = {item("knife", 2, "85")}}}};
    command.buyer.billing_address = {.street = Sealed{"Musterstr. 1"},
                                     .zip_code = Sealed{"10115"},
                                     .city = Sealed{"Berlin"},
                                     .country_code = Sealed{"DE"}};
    command.buyer.person =
        Person{.first_name = Sealed{"Erika"}, .last_name = Sealed{"Muster"}, .date_of_birth = Sealed{"1971-05-19"}};
    return command;
}

Counterpart good_counterpart() {
    Counterpart counterpart{.partner_id = "partner",
                            .contract = terms::demo_contract(),
                            .shops = {{"A", "Shop A"}},
                            .payment_reference = "KK7709094U2"};
    return counterpart;
}

struct PurchaseRow {
    Refusal refusal;
    std::function<void(Authorise&, Counterpart&)> breaks;
};

Address address_in(const char* country, const char* zip) {
    return {.street = Sealed{"Weg 2"}, .zip_code = Sealed{zip}, .city = Sealed{"Ort"}, .country_code = Sealed{country}};
}

terms::DeviatingDelivery deviating(terms::BuyerType buyer, terms::DeliveryType delivery) {
    return {buyer, delivery};
}

PurchaseRow deviating_row(Refusal refusal, terms::BuyerType buyer, terms::DeliveryType delivery) {
    return {refusal, [=](Authorise& command, Counterpart& counterpart) {
                if (buyer == terms::BuyerType::b2b) {
                    command.buyer.person.reset();
                    command.buyer.company = Company{.name = Sealed{"Muster GmbH"}};
                }
                command.delivery = Delivery{.type = delivery, .address = address_in("DE", "10117")};
                std::erase(counterpart.contract.deviating_deliveries, deviating(buyer, delivery));
            }};
}

/// Every reason for which a purchase can be declined, in the order in which they are found.
std::vector<PurchaseRow> purchase_rows() {
    using terms::BuyerType;
    using terms::DeliveryType;
    return {
        {Refusal::invalid_billing_address,
         [](auto& c, auto&) { c.buyer.billing_address.street = Sealed{"Musterstrasse"}; }},
        {Refusal::invalid_billing_address_zip_code,
         [](auto& c, auto&) { c.buyer.billing_address.zip_code = Sealed{"1011"}; }},
        {Refusal::invalid_delivery_address,
         [](auto& c, auto&) {
             c.delivery = Delivery{.address = address_in("DE", "10115")};
             c.delivery->address->street = Sealed{"Weg"};
         }},
        {Refusal::invalid_delivery_address_zip_code,
         [](auto& c, auto&) { c.delivery = Delivery{.address = address_in("AT", "10115")}; }},
        {Refusal::invalid_person_data,
         [](auto& c, auto&) {
             c.buyer.company.reset();
             c.buyer.person = Person{.date_of_birth = Sealed{"2002-03-11"}};
         }},
        {Refusal::invalid_iban,
         [](auto& c, auto&) {
             c.payment_method = {terms::PaymentOption::pay_now, terms::TransferType::sepa_direct_debit};
             c.debit_account = DebitAccount{.iban = Sealed{"DE45100500001654698497"}};
         }},
        {Refusal::buyer_identity, [](auto&, auto& p) { p.risk = RiskVerdict::buyer_identity; }},
        {Refusal::b2b_buyer_not_allowed,
         [](auto& c, auto& p) {
             c.buyer.person.reset();
             c.buyer.company = Company{.name = Sealed{"Muster GmbH"}};
             p.contract.buyer_types = {BuyerType::b2c};
         }},
        {Refusal::b2c_buyer_not_allowed, [](auto&, auto& p) { p.contract.buyer_types = {BuyerType::b2b}; }},
        {Refusal::basket_amount_too_low, [](auto&, auto& p) { p.contract.currencies = {{eur(17001), eur(20000)}}; }},
        {Refusal::basket_amount_too_high, [](auto&, auto& p) { p.contract.currencies = {{eur(1), eur(16999)}}; }},
        {Refusal::billing_country_not_allowed, [](auto&, auto& p) { p.contract.billing_countries = {"AT"}; }},
        {Refusal::currency_not_allowed,
         [](auto&, auto& p) {
             p.contract.currencies = {{Money{1, *Currency::parse("CHF")}, Money{9, *Currency::parse("CHF")}}};
         }},
        {Refusal::delivery_country_not_allowed,
         [](auto& c, auto& p) {
             c.delivery = Delivery{.address = address_in("AT", "1010")};
             p.contract.delivery_countries = {"DE"};
         }},
        {Refusal::delivery_type_not_allowed,
         [](auto& c, auto& p) {
             c.delivery = Delivery{.type = DeliveryType::pick_up_box};
             p.contract.delivery_types = {DeliveryType::regular_address};
         }},
        deviating_row(Refusal::deviating_delivery_address_b2c_regular_address_not_allowed, BuyerType::b2c,
                      DeliveryType::regular_address),
        deviating_row(Refusal::deviating_delivery_address_b2c_pick_up_box_not_allowed, BuyerType::b2c,
                      DeliveryType::pick_up_box),
        deviating_row(Refusal::deviating_delivery_address_b2c_pick_up_shop_not_allowed, BuyerType::b2c,
                      DeliveryType::pick_up_shop),
        deviating_row(Refusal::deviating_delivery_address_b2c_in_store_collect_not_allowed, BuyerType::b2c,
                      DeliveryType::in_store_collect),
        deviating_row(Refusal::deviating_delivery_address_b2b_regular_address_not_allowed, BuyerType::b2b,
                      DeliveryType::regular_address),
        deviating_row(Refusal::deviating_delivery_address_b2b_pick_up_box_not_allowed, BuyerType::b2b,
                      DeliveryType::pick_up_box),
        deviating_row(Refusal::deviating_delivery_address_b2b_pick_up_shop_not_allowed, BuyerType::b2b,
                      DeliveryType::pick_up_shop),
        deviating_row(Refusal::deviating_delivery_address_b2b_in_store_collect_not_allowed, BuyerType::b2b,
                      DeliveryType::in_store_collect),
        {Refusal::maximum_expiry_exceeded, [](auto& c, auto&) { c.expires = noon + Days{366}; }},
        {Refusal::payment_method_not_allowed,
         [](auto&, auto& p) { p.contract.products.erase(p.contract.products.begin()); }},
        {Refusal::return_fee_not_allowed, [](auto& c, auto&) { c.baskets.front().lines.push_back(return_fee()); }},
        {Refusal::wrong_number_of_shop_baskets,
         [](auto& c, auto&) { c.baskets.push_back({.shop_id = "B", .gross = eur(1)}); }},
        {Refusal::payment_attribute, [](auto&, auto& p) { p.risk = RiskVerdict::payment_attribute; }},
        {Refusal::risk_decision, [](auto&, auto& p) { p.risk = RiskVerdict::risk_decision; }},
        {Refusal::transaction_risk, [](auto&, auto& p) { p.risk = RiskVerdict::transaction_risk; }},
        {Refusal::partner_shop_id_must_be_given_for_marketplace_transactions,
         [](auto&, auto& p) { p.shops.emplace("B", ""); }},
        {Refusal::basket_with_unknown_shop, [](auto& c, auto&) { c.baskets.front().shop_id = "Z"; }},
        {Refusal::multiple_shop_baskets_with_same_shop_not_allowed,
         [](auto& c, auto& p) {
             p.contract.shop_baskets_max = 2;
             c.baskets.push_back({.shop_id = "A", .gross = eur(1)});
         }},
        {Refusal::multiple_vat_objects_per_tax_rate_not_allowed,
         [](auto& c, auto&) { c.baskets.front().vats = {vat("19"), vat("19.00")}; }},
        {Refusal::otp_verification_required_but_feature_not_enabled,
         [](auto&, auto& p) { p.risk = RiskVerdict::one_time_code_required; }},
        {Refusal::sum_of_item_amounts_not_matching_transaction_amount,
         [](auto& c, auto&) { c.baskets.front().lines = {item("knife", 1, "169.97")}; }},
    };
}

std::optional<Refusal> declined(const Authorise& command, const Counterpart& counterpart) {
    const Decision decision = decide(command, counterpart, {.now = noon, .operation_id = {}});
    EXPECT_EQ(decision.size(), 1U);
    EXPECT_EQ(decision.front().value_date, march_10);
    if (const auto* no = std::get_if<Declined>(&decision.front().event)) return no->refusal;
    return std::nullopt;
}

TEST(authorise, accepts_a_purchase_that_breaks_no_rule) {
    EXPECT_EQ(declined(good_purchase(), good_counterpart()), std::nullopt);
}

TEST(authorise, declines_for_each_rule_that_is_broken) {
    for (const PurchaseRow& row : purchase_rows()) {
        Authorise command = good_purchase();
        Counterpart counterpart = good_counterpart();
        row.breaks(command, counterpart);
        EXPECT_EQ(declined(command, counterpart), row.refusal) << name_of(row.refusal);
    }
}

TEST(authorise, gives_the_first_reason_where_two_rules_are_broken) {
    const auto rows = purchase_rows();
    int pairs = 0;
    for (std::size_t first = 0; first < rows.size(); ++first) {
        EXPECT_TRUE(first == 0 || rows[first - 1].refusal < rows[first].refusal)
            << "the table follows the order of the reasons";
        for (std::size_t second = first + 1; second < rows.size(); ++second) {
            Authorise command = good_purchase();
            Counterpart counterpart = good_counterpart();
            rows[second].breaks(command, counterpart);
            rows[first].breaks(command, counterpart);
            // A few rows undo each other (one verdict of the risk check, one delivery, one kind of buyer): those pairs
            // say nothing.
            const auto reason = declined(command, counterpart);
            if (reason != rows[first].refusal) {
                EXPECT_TRUE(!reason || *reason > rows[first].refusal)
                    << name_of(rows[first].refusal) << " and " << name_of(rows[second].refusal);
                continue;
            }
            ++pairs;
        }
    }
    EXPECT_GT(pairs, 500) << "most pairs can be broken together";
}

TEST(authorise, pins_what_its_later_life_needs) {
    Counterpart counterpart = good_counterpart();
    counterpart.contract.version = 7;
    const Decision decision = decide(good_purchase(), counterpart, {.now = noon, .operation_id = {}});
    const auto& authorised = std::get<Authorised>(decision.front().event);
    EXPECT_EQ(authorised.payment_reference, "KK7709094U2");
    EXPECT_EQ(authorised.authorisation.terms.contract_version, 7);
    EXPECT_EQ(authorised.authorisation.terms.due_days, 14);
    EXPECT_EQ(authorised.authorisation.baskets.front().shop_id, "A");
    EXPECT_EQ(authorised.authorisation.baskets.front().shop_name, "Shop A");
    EXPECT_EQ(authorised.authorisation.expires, noon + Days{120});
}

// ---- what follows an authorisation ----------------------------------------------------------------------------------

struct Life {
    Transaction transaction;

    void happened(Event event, Instant now = noon) {
        evolve(transaction, {.seq = transaction.version + 1,
                             .recorded_at = now,
                             .effective_at = now,
                             .value_date = transaction.zone().day_of(now),
                             .actor = "test",
                             .event = std::move(event)});
    }
};

Life purchase(int shops = 1) {
    Authorise command = good_purchase();
    Counterpart counterpart = good_counterpart();
    counterpart.contract.shop_baskets_max = shops;
    command.baskets.front().shop_id = "A";
    if (shops == 2) {
        counterpart.shops.emplace("B", "");
        command.baskets.push_back({.shop_id = "B", .gross = eur(3000)});
    }
    Life life;
    life.transaction.id = "6Z54V9SXRCRSKDXDGKZW";
    for (Decided& one : decide(command, counterpart, {.now = noon, .operation_id = {}}))
        life.happened(std::move(one.event));
    return life;
}

struct Row {
    Refusal refusal;
    std::function<void(Life&, RequestedOperation&)> breaks;
};

/// The rules that captures, cancellations, refunds and increments share, in order.
std::vector<Row> operation_rows(Refusal too_high) {
    std::vector<Row> rows{
        {Refusal::anonymized_by_buyer, [](Life& life, auto&) { life.happened(SubjectErased{}); }},
        {Refusal::not_allowed_for_declined_transaction,
         [](Life& life, auto&) { life.transaction.decline = Refusal::risk_decision; }},
        {Refusal::partner_shop_id_must_be_given_for_marketplace_transactions,
         [](Life& life, RequestedOperation& asked) {
             life.transaction.authorisation.baskets.push_back({.shop_id = "B", .gross = eur(1)});
             asked.shop_id.reset();
         }},
        {Refusal::basket_with_unknown_shop, [](Life&, RequestedOperation& asked) { asked.shop_id = "Z"; }},
        {Refusal::multiple_vat_objects_per_tax_rate_not_allowed,
         [](Life&, RequestedOperation& asked) { asked.vats = {vat("7"), vat("7")}; }},
        {too_high, [](Life&, RequestedOperation& asked) { asked.gross = asked.gross + eur(1'000'000); }},
        {Refusal::sum_of_item_amounts_not_matching_operation_amount,
         [](Life&, RequestedOperation& asked) { asked.lines = {item("knife", 1, "1")}; }},
    };
    return rows;
}

template <class Command>
void check_rows(const std::vector<Row>& rows, bool captured) {
    const auto asked_of = [&](const std::vector<const Row*>& broken) -> std::optional<Refusal> {
        Life life = purchase();
        if (captured)
            life.happened(
                Captured{.operation = {.id = "C", .shop_id = "A", .gross = eur(17000)}, .due_date = march_10});
        RequestedOperation asked{.shop_id = "A", .gross = eur(8500)};
        for (const Row* row : broken) row->breaks(life, asked);
        const auto decision = decide(life.transaction, Command{asked}, {.now = noon, .operation_id = "X"});
        return decision ? std::nullopt : std::optional(decision.error());
    };
    EXPECT_EQ(asked_of({}), std::nullopt);
    for (std::size_t first = 0; first < rows.size(); ++first) {
        EXPECT_EQ(asked_of({&rows[first]}), rows[first].refusal) << name_of(rows[first].refusal);
        for (std::size_t second = first + 1; second < rows.size(); ++second) {
            const bool contradict =
                rows[first].refusal == Refusal::partner_shop_id_must_be_given_for_marketplace_transactions &&
                rows[second].refusal == Refusal::basket_with_unknown_shop;
            if (contradict) continue;  // a shop that is not named cannot be unknown
            EXPECT_EQ(asked_of({&rows[second], &rows[first]}), rows[first].refusal)
                << name_of(rows[first].refusal) << " before " << name_of(rows[second].refusal);
        }
    }
}

std::vector<Row> with_expiry(std::vector<Row> rows) {
    rows.insert(rows.begin() + 2, {Refusal::not_allowed_for_expired_transaction,
                                   [](Life& life, auto&) { life.transaction.expires = noon; }});
    return rows;
}

TEST(capture, is_refused_by_the_first_rule_it_breaks) {
    check_rows<Capture>(with_expiry(operation_rows(Refusal::capture_amount_too_high)), false);
}
TEST(cancel, is_refused_by_the_first_rule_it_breaks) {
    check_rows<Cancel>(with_expiry(operation_rows(Refusal::cancellation_amount_too_high)), false);
}
TEST(increase, is_refused_by_the_first_rule_it_breaks) {
    check_rows<IncreaseAuthorisation>(with_expiry(operation_rows(Refusal::basket_amount_too_high)), false);
}
TEST(refund, is_refused_by_the_first_rule_it_breaks) {
    auto rows = operation_rows(Refusal::refund_amount_too_high);
    rows.insert(rows.begin() + 2, {Refusal::return_fee_not_allowed, [](Life& life, RequestedOperation& asked) {
                                       life.transaction.authorisation.terms.return_fees = false;
                                       asked.lines.push_back(return_fee());
                                   }});
    rows.insert(rows.end() - 2, {Refusal::multiple_return_fees_not_allowed, [](Life&, RequestedOperation& asked) {
                                     asked.lines.push_back(return_fee());
                                     asked.lines.push_back(return_fee());
                                 }});
    // The row that adds fees also breaks the sum; it stands before it, so the order holds.
    check_rows<Refund>(rows, true);
}

TEST(refund, goes_on_after_the_authorisation_has_expired) {
    Life life = purchase();
    life.happened(Captured{.operation = {.id = "C", .shop_id = "A", .gross = eur(17000)}, .due_date = march_10});
    life.transaction.expires = noon;
    EXPECT_TRUE(
        decide(life.transaction, Refund{{.gross = eur(17000)}}, {.now = noon, .operation_id = "X"}).has_value());
}

std::optional<Refusal> refused(const Life& life, const Command& command) {
    const auto decision = decide(life.transaction, command, {.now = noon, .operation_id = "X"});
    return decision ? std::nullopt : std::optional(decision.error());
}

TEST(settlement, is_booked_for_days_from_the_purchase_to_today) {
    const Life life = purchase();
    const auto on = [&](Day day) {
        return refused(life, BookSettlement{.type = SettlementType::debit, .amount = eur(1), .value_date = day});
    };
    EXPECT_EQ(on(march_10), std::nullopt);
    EXPECT_EQ(on(march_10 + Days{1}), Refusal::value_date_in_future);
    EXPECT_EQ(on(march_10 - Days{1}), Refusal::value_date_before_purchase);
}

TEST(fee, has_the_sign_of_its_type) {
    const Life life = purchase();
    EXPECT_EQ(refused(life, BookFee{.type = FeeType::dunning_fee, .gross = eur(-1)}), Refusal::fee_sign_wrong);
    EXPECT_EQ(refused(life, BookFee{.type = FeeType::dunning_fee, .gross = eur(0)}), Refusal::fee_sign_wrong);
    EXPECT_EQ(refused(life, BookFee{.type = FeeType::dunning_fee_return, .gross = eur(1)}), Refusal::fee_sign_wrong);
    EXPECT_EQ(refused(life, BookFee{.type = FeeType::dunning_fee, .gross = eur(1)}), std::nullopt);
}

TEST(fee, is_given_back_up_to_what_was_charged_and_no_further) {
    Life life = purchase();
    life.happened(FeeBooked{.id = "F", .type = FeeType::dunning_fee, .gross = eur(500)});
    life.happened(FeeBooked{.id = "G", .type = FeeType::return_debit_note_fee, .gross = eur(900)});
    EXPECT_EQ(refused(life, BookFee{.type = FeeType::dunning_fee_return, .gross = eur(-501)}),
              Refusal::fee_return_exceeds_charged);
    life.happened(FeeBooked{.id = "H", .type = FeeType::dunning_fee_return, .gross = eur(-300)});
    EXPECT_EQ(refused(life, BookFee{.type = FeeType::dunning_fee_return, .gross = eur(-201)}),
              Refusal::fee_return_exceeds_charged);
    EXPECT_EQ(refused(life, BookFee{.type = FeeType::dunning_fee_return, .gross = eur(-200)}), std::nullopt);
}

TEST(dunning, the_level_that_is_there_already_changes_nothing) {
    Life life = purchase();
    life.happened(DunningLevelSet{.level = DunningLevel::first_dunning});
    const auto decision = decide(life.transaction, SetDunningLevel{.level = DunningLevel::first_dunning},
                                 {.now = noon, .operation_id = "X"});
    ASSERT_TRUE(decision.has_value());
    EXPECT_TRUE(decision->empty());
}

TEST(dunning, a_block_ends_no_earlier_than_it_starts) {
    EXPECT_EQ(refused(purchase(), BlockDunning{.from = march_10, .until = march_10 - Days{1}, .reason = Sealed{"x"}}),
              Refusal::dunning_block_ends_before_it_starts);
    EXPECT_EQ(refused(purchase(), BlockDunning{.from = march_10, .until = march_10, .reason = Sealed{"x"}}),
              std::nullopt);
}

TEST(dunning, there_is_nothing_to_lift_without_a_block) {
    const auto decision = decide(purchase().transaction, UnblockDunning{}, {.now = noon, .operation_id = "X"});
    ASSERT_TRUE(decision.has_value());
    EXPECT_TRUE(decision->empty());
}

TEST(expiry, is_moved_within_the_contract) {
    const Life life = purchase();
    EXPECT_EQ(refused(life, ChangeExpiry{noon + Days{365}}), std::nullopt);
    EXPECT_EQ(refused(life, ChangeExpiry{noon + Days{365} + std::chrono::microseconds{1}}),
              Refusal::maximum_expiry_exceeded);
}

TEST(expiry, comes_due_only_while_something_is_open) {
    Life life = purchase();
    EXPECT_TRUE(due_events(life.transaction, life.transaction.expires - std::chrono::microseconds{1}).empty());
    ASSERT_EQ(due_events(life.transaction, life.transaction.expires).size(), 1U);
    EXPECT_EQ(due_events(life.transaction, life.transaction.expires + Days{9}).front().effective_at,
              life.transaction.expires);
    life.happened(Captured{.operation = {.id = "C", .shop_id = "A", .gross = eur(17000)}, .due_date = march_10});
    EXPECT_TRUE(due_events(life.transaction, life.transaction.expires).empty());
}

TEST(erasure, happens_once) {
    Life life = purchase();
    const auto first = decide(life.transaction, EraseSubject{}, {.now = noon, .operation_id = "X"});
    ASSERT_TRUE(first.has_value());
    EXPECT_EQ(first->size(), 1U);
    life.happened(SubjectErased{});
    const auto second = decide(life.transaction, EraseSubject{}, {.now = noon, .operation_id = "X"});
    ASSERT_TRUE(second.has_value());
    EXPECT_TRUE(second->empty());
}

TEST(basket, may_be_off_by_two_cents_for_each_unit_and_no_more) {
    const std::vector<Line> lines{item("a", 3, "10"), item("b", 2, "5")};
    EXPECT_TRUE(adds_up(lines, eur(4010)));
    EXPECT_FALSE(adds_up(lines, eur(4011)));
    EXPECT_TRUE(adds_up(lines, eur(3990)));
    EXPECT_FALSE(adds_up(lines, eur(3989)));
    EXPECT_TRUE(adds_up({}, eur(1)));
}

TEST(basket, a_given_total_must_fit_its_line) {
    Line line = item("a", 3, "10");
    line.gross_total_price = price("30.06");
    EXPECT_TRUE(adds_up({line}, eur(3000)));
    line.gross_total_price = price("30.07");
    EXPECT_FALSE(adds_up({line}, eur(3000)));
}

}  // namespace
}  // namespace saldo::ledger
