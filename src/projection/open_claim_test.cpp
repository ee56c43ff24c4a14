#include "projection/open_claim.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "ledger/decide.hpp"
#include "ledger/due_amounts.hpp"

namespace saldo::projection {
namespace {

using foundation::Currency;
using foundation::Day;
using foundation::Days;
using foundation::Money;

/// What is listed for the buyer and what the ledger decides by are summed up in two places: they must agree on any day.
RC_GTEST_PROP(OpenClaim, comes_to_the_open_amount_of_the_ledger_on_every_day, ()) {
    const auto some = [](int low, int high) { return *rc::gen::inRange(low, high + 1); };
    const auto eur = [](std::int64_t cents) { return Money{cents, *Currency::parse("EUR")}; };
    const ledger::Counterpart counterpart{.partner_id = "partner",
                                          .contract = terms::demo_contract(),
                                          .shops = {{"A", ""}},
                                          .payment_reference = "KK7709094U2"};
    Day today = *foundation::parse_day("2020-03-10");
    ledger::Transaction transaction;
    const auto now = [&] { return counterpart.contract.zone.start_of(today) + std::chrono::hours{12}; };
    const auto record = [&](const ledger::Decision& decision) {
        for (const ledger::Decided& one : decision)
            ledger::evolve(transaction, {.seq = transaction.version + 1,
                                         .recorded_at = now(),
                                         .effective_at = now(),
                                         .value_date = one.value_date,
                                         .actor = "client",
                                         .event = one.event});
    };
    const auto does = [&](const ledger::Command& command) {
        if (const auto decision = ledger::decide(transaction, command, {.now = now(), .operation_id = "id"}))
            record(*decision);
    };
    ledger::Authorise order{
        .payment_method = {some(0, 1) ? terms::PaymentOption::open_invoice : terms::PaymentOption::prepayment,
                           terms::TransferType::bank_transfer},
        .currency = *Currency::parse("EUR"),
        .baskets = {{.gross = eur(30000)}}};
    order.buyer.billing_address = {.street = subject::Sealed{"Weg 1"},
                                   .zip_code = subject::Sealed{"10115"},
                                   .city = subject::Sealed{"Ort"},
                                   .country_code = subject::Sealed{"DE"}};
    order.buyer.person = ledger::Person{.last_name = subject::Sealed{"Muster"}};
    record(ledger::decide(order, counterpart, {.now = now(), .operation_id = {}}));

    for (int step = some(1, 15); step > 0; --step) {
        today += Days{some(0, 4)};
        const Day date = today - Days{some(0, static_cast<int>((today - transaction.created_on).count()))};
        const int turn = some(0, 6);
        if (turn == 0) {
            does(ledger::Capture{.operation = {.gross = eur(some(1, 9000))}});
        } else if (turn == 1) {
            does(ledger::Refund{.operation = {.gross = eur(some(1, 9000))}});
        } else if (turn == 2) {
            does(ledger::Cancel{.operation = {.gross = eur(some(1, 9000))}});
        } else if (turn == 3) {
            does(ledger::BookSettlement{
                .type = some(0, 2) ? ledger::SettlementType::debit : ledger::SettlementType::credit,
                .amount = eur(some(1, 9000)),
                .value_date = date});
        } else if (turn == 4) {
            does(ledger::BookFee{.type = ledger::FeeType::dunning_fee, .gross = eur(some(1, 500)), .date = date});
        } else if (turn == 5) {
            does(ledger::BookPayLater{.offer_id = "payl-2"});
        } else {
            does(ledger::WithdrawPayLater{.date = date});
        }
    }
    for (Day day = transaction.created_on; day <= today; day += Days{1})
        RC_ASSERT(open_claim_of(transaction, day).amount() == ledger::open_amount(transaction, day));
}

}  // namespace
}  // namespace saldo::projection
