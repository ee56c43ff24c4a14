#include "app/demo.hpp"

#include <algorithm>
#include <functional>
#include <utility>
#include <variant>

#include "app/waiting.hpp"
#include "foundation/outcome.hpp"
#include "ledger/command.hpp"
#include "service/sandbox_risk.hpp"

namespace saldo::app {

namespace {

using foundation::Currency;
using foundation::Days;
using foundation::Decimal;
using foundation::ensure;
using foundation::Instant;
using foundation::Money;
using ledger::DunningLevel;
using ledger::FeeType;
using ledger::SettlementType;
using service::Done;
using service::PurchasePtr;
using service::SaidNo;
using subject::Sealed;

Money euros(std::int64_t cents) {
    return {cents, *Currency::parse("EUR")};
}

ledger::Line line(std::string_view name, std::string_view article, std::int64_t quantity, std::int64_t unit_cents) {
    ledger::Line made;
    made.quantity = quantity;
    made.gross_unit_price = Decimal::of_units(unit_cents * (Decimal::scale / 100));
    made.tax_rate = Decimal::of_units(19 * Decimal::scale);
    made.name = Sealed(std::string(name));
    made.article_number = Sealed(std::string(article));
    return made;
}

ledger::Line shipping(std::int64_t cents) {
    ledger::Line made = line("parcel", "parcel", 1, cents);
    made.kind = ledger::LineKind::special_item;
    made.type = "SHIPPING";
    return made;
}

struct Person {
    const char* first_name;
    const char* last_name;
    const char* born;
    const char* email;
};
constexpr Person erika{"Erika", "Mustermann", "1971-05-19", "erika@example.com"};
constexpr Person jan{"Jan", "Jansen", "1984-11-02", "jan@example.com"};
/// The published test address of buyers who are declined.
constexpr Person risky{"Rita", "Risiko", "1990-01-31", "risk_decision@ratepay.com"};

ledger::Buyer buyer_of(const Person& person) {
    ledger::Buyer buyer;
    buyer.shop_buyer_id = std::string(person.first_name) + "-1";
    buyer.person = ledger::Person{.title = std::nullopt,
                                  .first_name = Sealed(person.first_name),
                                  .last_name = Sealed(person.last_name),
                                  .date_of_birth = Sealed(person.born)};
    buyer.contact = ledger::Contact{.email = Sealed(person.email), .phone = Sealed("+49 221 5555555")};
    buyer.billing_address = {.street = Sealed("Heidestrasse"),
                             .street_addition = std::nullopt,
                             .street_number = Sealed("17"),
                             .zip_code = Sealed("51147"),
                             .city = Sealed("Koeln"),
                             .country_code = Sealed("DE")};
    return buyer;
}

enum class Method { invoice, direct_debit };

/// The shop and the operator of the demonstration: what they do is done when a call returns.
class Actors {
  public:
    Actors(Engine& engine, std::string_view partner_id, std::string_view shop_id)
        : engine_(engine), partner_id_(partner_id), shop_id_(shop_id) {}

    std::string authorise(std::string order, const Person& person, std::vector<ledger::Line> lines,
                          Method method = Method::invoice, std::optional<Instant> expires = std::nullopt) {
        ledger::Authorise command;
        command.partner_transaction_id = std::move(order);
        command.payment_method =
            method == Method::invoice
                ? terms::PaymentMethod{}
                : terms::PaymentMethod{terms::PaymentOption::pay_now, terms::TransferType::sepa_direct_debit};
        if (method == Method::direct_debit)
            command.debit_account =
                ledger::DebitAccount{.iban = Sealed("DE44100500001654698497"),
                                     .owner = Sealed(std::string(person.first_name) + ' ' + person.last_name)};
        command.currency = *Currency::parse("EUR");
        Money gross = euros(0);
        for (const ledger::Line& one : lines) gross += one.total(command.currency);
        command.baskets = {{.shop_id = std::string(shop_id_),
                            .shop_transaction_id = command.partner_transaction_id,
                            .gross = gross,
                            .lines = std::move(lines),
                            .vats = {}}};
        command.buyer = buyer_of(person);
        command.expires = expires;
        const auto result = waited_for<service::Result>(
            [&](auto answer) { engine_.purchases().authorise(origin(), std::move(command), std::move(answer)); });
        if (const auto* no = std::get_if<SaidNo>(&result)) return no->purchase->transaction.id;
        return done(result).purchase->transaction.id;
    }

    void capture(const std::string& id, Money gross, std::string invoice) {
        ledger::Capture command{.operation = {.gross = gross}, .partner_invoice_id = std::move(invoice)};
        operate(id, std::move(command));
    }
    void refund(const std::string& id, ledger::Line returned) {
        ledger::Refund command;
        command.operation.gross = returned.total(*Currency::parse("EUR"));
        command.operation.lines = {std::move(returned)};
        operate(id, std::move(command));
    }
    void book(const std::string& id, SettlementType type, Money amount) {
        operate(id, ledger::BookSettlement{
                        .type = type, .amount = amount, .value_date = {}, .reference = {}, .comment = {}});
    }
    void charge(const std::string& id, FeeType type, Money gross) {
        operate(id, ledger::BookFee{.type = type, .gross = gross, .date = {}, .comment = {}});
    }
    void dun(const std::string& id, DunningLevel level) {
        operate(id, ledger::SetDunningLevel{.level = level, .date = {}, .comment = {}});
    }

  private:
    service::Origin origin() const { return {.actor = "demo", .partner_id = std::string(partner_id_), .key = {}}; }

    static const Done& done(const service::Result& result) {
        ensure(std::holds_alternative<Done>(result), "a step of the demonstration was refused");
        return std::get<Done>(result);
    }

    void operate(const std::string& id, ledger::Command command) {
        using Found = std::variant<PurchasePtr, service::NotDecided>;
        const auto found =
            waited_for<Found>([&](auto answer) { engine_.purchases().find(origin(), id, std::move(answer)); });
        ensure(std::holds_alternative<PurchasePtr>(found), "a purchase of the demonstration is not found");
        const auto result = waited_for<service::Result>([&](auto answer) {
            engine_.purchases().operate(origin(), std::get<PurchasePtr>(found), std::move(command), std::move(answer));
        });
        done(result);
    }

    Engine& engine_;
    std::string_view partner_id_, shop_id_;
};

/// Something that happens so many days after the beginning.
struct Step {
    int day;
    std::function<void()> act;
};

}  // namespace

std::vector<DemoPurchase> live_demo(Engine& engine, service::SandboxClock& clock, std::string_view partner_id,
                                    std::string_view partner_shop_id, Instant end) {
    const Instant begin = end - demo_length;
    Actors actors(engine, partner_id, partner_shop_id);
    std::string late, settled, returned, debited, expired, shipped, fresh, declined;

    const std::vector<ledger::Line> knives{line("fruit knife", "knife-1", 3, 4800), shipping(2600)};
    std::vector<Step> steps{
        {0, [&] { late = actors.authorise("demo-late", erika, knives); }},
        {1, [&] { actors.capture(late, euros(17'000), "INV-1001"); }},
        {18, [&] { actors.dun(late, DunningLevel::payment_reminder); }},
        {25, [&] { actors.book(late, SettlementType::debit, euros(5'000)); }},
        {32, [&] { actors.dun(late, DunningLevel::first_dunning); }},
        {32, [&] { actors.charge(late, FeeType::dunning_fee, euros(250)); }},

        {5, [&] { settled = actors.authorise("demo-settled", jan, {line("cup", "cup-4", 4, 2500)}); }},
        {6, [&] { actors.capture(settled, euros(10'000), "INV-1002"); }},
        {15, [&] { actors.book(settled, SettlementType::debit, euros(10'000)); }},

        {8, [&] { returned = actors.authorise("demo-returned", erika, {line("lamp", "lamp-2", 2, 3990)}); }},
        {9, [&] { actors.capture(returned, euros(7'980), "INV-1003"); }},
        {16, [&] { actors.book(returned, SettlementType::debit, euros(7'980)); }},
        {20, [&] { actors.refund(returned, line("lamp", "lamp-2", 1, 3990)); }},

        {12,
         [&] {
             debited = actors.authorise("demo-debit-returned", jan, {line("chair", "chair-7", 1, 12'900)},
                                        Method::direct_debit);
         }},
        {13, [&] { actors.capture(debited, euros(12'900), "INV-1004"); }},
        {16, [&] { actors.book(debited, SettlementType::debit, euros(12'900)); }},
        {20, [&] { actors.book(debited, SettlementType::credit, euros(12'900)); }},
        {20, [&] { actors.charge(debited, FeeType::return_debit_note_fee, euros(300)); }},

        {15,
         [&] {
             expired = actors.authorise("demo-expired", erika, {line("vase", "vase-1", 2, 1500)}, Method::invoice,
                                        begin + Days{30});
         }},
        {16, [&] { actors.capture(expired, euros(1'500), "INV-1005"); }},

        {39, [&] { shipped = actors.authorise("demo-shipped", jan, {line("rug", "rug-3", 1, 24'900)}); }},
        {40, [&] { actors.capture(shipped, euros(24'900), "INV-1006"); }},
        {43, [&] { declined = actors.authorise("demo-declined", risky, knives); }},
        {44, [&] { fresh = actors.authorise("demo-fresh", erika, knives); }},
    };
    steps.push_back({30, [&] { engine.due_work().finish_everything_due(); }});
    std::ranges::stable_sort(steps, {}, &Step::day);
    for (const Step& step : steps) {
        clock.move_to(begin + Days{step.day});
        step.act();
    }
    clock.move_to(end);
    engine.due_work().finish_everything_due();

    return {{fresh, "authorised, nothing shipped"},
            {shipped, "shipped, not due yet"},
            {settled, "paid"},
            {returned, "paid, then one of two returned: overpaid"},
            {late, "paid in part, reminded twice, with a fee"},
            {debited, "the bank took the direct debit back"},
            {expired, "half of it never shipped and expired"},
            {declined, "declined"}};
}

}  // namespace saldo::app
