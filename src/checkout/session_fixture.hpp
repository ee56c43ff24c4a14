#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "checkout/decide.hpp"
#include "checkout/session.hpp"
#include "foundation/calendar.hpp"

// What the tests of this room live through.

namespace saldo::checkout {

inline const terms::PaymentMethod invoice{terms::PaymentOption::open_invoice, terms::TransferType::bank_transfer};
inline const terms::PaymentMethod direct_debit{terms::PaymentOption::pay_now, terms::TransferType::sepa_direct_debit};
inline const terms::PaymentMethod by_instalments{terms::PaymentOption::instalment, terms::TransferType::bank_transfer};
inline const std::string transaction_id = "53B4V9SXRCRSKDXDGKZW";
inline const std::string reference = "KK7709094U2";

inline ledger::Address address(const char* zip_code) {
    return {.street = Sealed{"Am Markt"},
            .street_addition = {},
            .street_number = Sealed{"1"},
            .zip_code = Sealed{zip_code},
            .city = Sealed{"Potsdam"},
            .country_code = Sealed{"DE"}};
}

inline ledger::DebitAccount account() {
    return {.iban = Sealed{"DE44100500001654698497"}, .owner = Sealed{"Erika Muster"}};
}

inline ConsentReceipt receipt() {
    return {.text_pack = "2026-11",
            .language = "de",
            .page_sha256 = std::string(64, 'a'),
            .source_ip_address = Sealed{"192.0.2.7"}};
}

/// A session for 170 EUR, of a buyer of whom birth date and phone are not known.
inline Create create() {
    const foundation::Currency euro = *foundation::Currency::parse("EUR");
    ledger::Line knife{.quantity = 3, .gross_unit_price = *foundation::Decimal::parse("48"), .name = Sealed{"knife"}};
    ledger::Line shipping{.kind = ledger::LineKind::special_item,
                          .type = "SHIPPING",
                          .gross_unit_price = *foundation::Decimal::parse("26")};
    return {.partner_id = "0123456789ABCDEFGHJK",
            .shop_name = "Messer und mehr",
            .order = {.partner_transaction_id = "0123",
                      .partner_operation_id = {},
                      .currency = euro,
                      .baskets = {{.shop_id = "shop-1",
                                   .shop_name = "Messer und mehr",
                                   .shop_transaction_id = {},
                                   .gross = {17000, euro},
                                   .lines = {knife, shipping},
                                   .vats = {}}},
                      .buyer = {.shop_buyer_id = "MyShopBuyerID",
                                .language = "de",
                                .billing_address = address("14467"),
                                .contact = ledger::Contact{.email = Sealed{"erika@example.com"}, .phone = {}},
                                .person = ledger::Person{.title = {},
                                                         .first_name = Sealed{"Erika"},
                                                         .last_name = Sealed{"Muster"},
                                                         .date_of_birth = {}},
                                .company = {}},
                      .delivery = {},
                      .device = {},
                      .expires = {}},
            .urls = {.success = Sealed{"https://shop.example/success"},
                     .cancel = Sealed{"https://shop.example/cancel"},
                     .failure = Sealed{"https://shop.example/failure"},
                     .webhook = Sealed{"https://shop.example/webhook"}},
            .offers = {{invoice, 14, foundation::Money::zero(euro)}, {direct_debit, 3, foundation::Money::zero(euro)}},
            .terms = {.contract_version = 1,
                      .zone = *foundation::Zone::find("Europe/Berlin"),
                      .tries_max = 3,
                      .retention_days = 30,
                      .deposit_account = terms::Contract::DepositAccount{.owner = "Saldo Demo GmbH",
                                                                         .iban = "DE44100500001654698497",
                                                                         .bic = "BELADEBEXXX",
                                                                         .bank_name = "Demo Bank"}}};
}

/// The same, with instalments among the ways to pay: 3, 6 or 12, none below 20.
inline Create create_with_instalments() {
    Create made = create();
    const foundation::Currency euro = made.order.currency;
    made.offers.push_back({by_instalments, 14, foundation::Money::zero(euro)});
    terms::InstalmentTerms& instalments = made.terms.instalments.emplace();
    instalments.interest_rate = instalments.interest_rate_max = *foundation::Decimal::parse("13.7");
    instalments.service_charge = {395, euro};
    instalments.instalment_min = {2000, euro};
    instalments.months_allowed = {3, 6, 12};
    instalments.payment_days = {28};
    return made;
}

/// One session from its creation on, by a clock of its own.
struct Life {
    static inline const foundation::Instant start = *foundation::parse_instant("2026-06-05T15:41:36.325775Z");

    Session session;
    std::vector<Recorded> events;
    foundation::Instant now = start;
    std::optional<Refused> refused;

    explicit Life(const Create& made = create()) {
        session.id = "53998820-2dcf-4187-b1d0-f0a78cb06d39";
        record(decide(made));
    }

    void record(Event event) {
        events.push_back({.seq = session.version + 1,
                          .recorded_at = now,
                          .effective_at = now,
                          .value_date = foundation::Zone::utc().day_of(now),
                          .actor = "buyer",
                          .event = std::move(event)});
        evolve(session, events.back());
    }

    /// Time passes, and what it brings is recorded.
    void waits(std::chrono::microseconds time) {
        now += time;
        for (const Recorded& due : due_events(session, now)) {
            events.push_back(due);
            evolve(session, due);
        }
    }

    /// False, and `refused` says why, when it may not happen.
    bool does(const Command& command) {
        const auto decision = decide(session, command);
        refused = decision ? std::nullopt : std::optional(decision.error());
        if (!decision) return false;
        for (const Event& event : *decision) record(event);
        return true;
    }

    /// Everything the order button needs.
    void prepares() {
        does(ChoosePaymentMethod{invoice});
        does(GiveDetails{{.date_of_birth = Sealed{"1971-05-19"}, .phone = Sealed{"0177 4445555"}}});
    }
};

/// One of every command, some with both of their ends.
inline std::vector<Command> commands() {
    return {Act{},
            ChoosePaymentMethod{invoice},
            ChoosePaymentMethod{direct_debit},
            GiveDetails{{.billing_address = address("14482"), .date_of_birth = Sealed{"1971-05-19"}}},
            GiveDetails{{.phone = Sealed{"0177 4445555"}}},
            GiveDetails{{.debit_account = account()}},
            Confirm{receipt(), Purchased{transaction_id, reference}},
            Confirm{receipt(), PurchasedAfterCode{transaction_id, reference}},
            Confirm{receipt(), NotPurchased{transaction_id, ledger::Refusal::risk_decision}},
            Confirm{receipt(), NotPurchased{transaction_id, ledger::Refusal::invalid_billing_address}},
            Confirm{receipt(), NotPurchased{transaction_id, ledger::Refusal::payment_attribute}},
            AcceptCode{},
            GiveUpCode{ledger::Refusal::buyer_identity},
            Cancel{},
            Expire{},
            FlagFraud{Sealed{"stolen"}},
            EraseSubject{}};
}

}  // namespace saldo::checkout
