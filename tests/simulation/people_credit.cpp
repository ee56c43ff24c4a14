// What people want of credit and of collecting: instalments, Pay Later, direct debits.

#include <algorithm>
#include <array>

#include "ledger/direct_debit.hpp"
#include "people.hpp"

namespace saldo::simulation {

using foundation::Day;
using foundation::Days;
using foundation::Instant;
using foundation::Money;
using ledger::Refusal;
using subject::Sealed;
using terms::PaymentOption;
using terms::TransferType;

namespace {

Money eur(std::int64_t cents) {
    return {cents, *foundation::Currency::parse("EUR")};
}

Money sum_of(const std::vector<ledger::RequestedBasket>& baskets) {
    Money sum = eur(0);
    for (const auto& basket : baskets) sum += basket.gross;
    return sum;
}

/// The most instalments of the contract for which an amount is surely enough, whatever interest comes to; nothing if it
/// is enough for none.
std::optional<int> most_instalments(const terms::InstalmentTerms& agreed, Money amount) {
    std::optional<int> most;
    for (const int number : agreed.months_allowed)
        if (amount.minor() / number > agreed.instalment_min.minor() + 1) most = number;
    return most;
}

}  // namespace

// ---- Orders

void choose_method(Fate& fate, const Dossier& dossier, ledger::Authorise& command, std::set<Refusal>& flaws) {
    const terms::InstalmentTerms& agreed = dossier.merchant->contract.instalments.value();
    const std::int64_t turn = fate.number(1, 100);
    if (turn <= 15)
        command.payment_method = {PaymentOption::prepayment, TransferType::bank_transfer};
    else if (turn <= 50 && most_instalments(agreed, sum_of(command.baskets)))
        command.payment_method = {PaymentOption::instalment, TransferType::bank_transfer};
    else if (turn <= 65)
        command.payment_method = {PaymentOption::pay_now, TransferType::sepa_direct_debit};
    if (command.payment_method.option == PaymentOption::instalment && fate.likely(40))
        command.payment_method.transfer = TransferType::sepa_direct_debit;
    if (command.payment_method.transfer == TransferType::bank_transfer || fate.likely(5)) return;
    const bool is_mistyped = fate.likely(4);
    command.debit_account = ledger::DebitAccount{
        Sealed{is_mistyped ? "DE44100500001654698498" : "DE44100500001654698497"}, Sealed{"Erika Muster"}};
    if (is_mistyped) flaws.insert(Refusal::invalid_iban);
}

void choose_instalments(Fate& fate, const Merchant& merchant, ledger::Authorise& command, std::set<Refusal>& flaws) {
    const terms::InstalmentTerms& agreed = merchant.contract.instalments.value();
    const Money amount = sum_of(command.baskets);
    ledger::WantedInstalments& wanted = command.instalments.emplace();
    if (fate.likely(70)) wanted.payment_day = fate.one_of(agreed.payment_days);
    const auto most = most_instalments(agreed, amount);
    if (!most) {  // what was bought has become a trifle
        wanted.number = agreed.months_allowed.back();
        flaws.insert(Refusal::instalment_too_low);
        return;
    }
    wanted.number = fate.one_of(agreed.months_allowed);
    if (*wanted.number > *most) wanted.number = most;
    if (fate.likely(30)) {  // twice what it would be without interest: above it, whatever interest comes to
        wanted.amount = eur(2 * amount.minor() / *wanted.number + 1000);
        wanted.number.reset();
    }
    if (!fate.likely(6)) return;
    switch (fate.number(0, 3)) {
        case 0:
            wanted = {.number = 5, .amount = {}, .payment_day = wanted.payment_day};
            flaws.insert(Refusal::number_of_instalments_not_allowed);
            break;
        case 1:
            wanted.payment_day = 7;
            flaws.insert(Refusal::payment_day_not_allowed);
            break;
        case 2:
            wanted = {.number = {}, .amount = eur(1), .payment_day = wanted.payment_day};
            flaws.insert(agreed.interest_rate.is_zero() ? Refusal::wished_rate_too_low : Refusal::never_repaid);
            break;
        default:
            if (agreed.instalment_min.minor() * agreed.months_allowed.back() < 2 * amount.minor()) return;
            wanted = {.number = agreed.months_allowed.back(), .amount = {}, .payment_day = wanted.payment_day};
            flaws.insert(Refusal::instalment_too_low);
    }
}

// ---- Wishes

namespace {

Wish pay_later_wish(Fate& fate, const Dossier& dossier, Instant now) {
    if (fate.likely(dossier.model.put_off ? 75 : 8))
        return {ledger::WithdrawPayLater{.date = some_day(fate, dossier, now), .comment = std::nullopt}, true};
    constexpr std::array offers{"payl-1", "payl-2", "payl-3", "nobody's"};
    return {ledger::BookPayLater{fate.likely(60) ? offers.front() : fate.one_of(offers)}, false};
}

/// The buyer pays the next instalment, or the next ones, or something beside the plan; or withdraws.
Wish instalment_wish(Fate& fate, const Dossier& dossier, Instant now) {
    const Model& model = dossier.model;
    if (fate.likely(model.may_withdraw() && !model.withdrawal_due ? 12 : 4))
        return {ledger::WithdrawCredit{.date = some_day(fate, dossier, now), .comment = std::nullopt}, true};
    ledger::BookSettlement booking{.type = ledger::SettlementType::debit,
                                   .amount = eur(fate.number(1, 20'000)),
                                   .value_date = some_day(fate, dossier, now),
                                   .reference = std::nullopt,
                                   .comment = std::nullopt};
    const Day today = model.day_of(now);
    const bool has_plan = model.plan() != nullptr;
    if (has_plan && fate.likely(50)) {
        std::size_t next = model.instalments_that_stay(today);
        std::int64_t cents = 0;
        for (auto count = fate.number(1, 2); count > 0 && next < model.plan()->instalments.size(); --count, ++next)
            cents += model.plan()->instalments[next].total().minor();
        booking.amount = eur(std::max<std::int64_t>(1, cents));
    } else {
        booking.unscheduled = true;
        const std::int64_t most = has_plan ? model.principal_to_come(booking.value_date.value_or(today)) : 0;
        if (most > 0 && fate.likely(90)) booking.amount = eur(fate.likely(15) ? most : fate.number(1, most));
        if (fate.likely(5)) booking.amount = eur(most + 1);
    }
    return {std::move(booking), fate.likely(50)};
}

/// What may be collected is read first, and mostly asked for as it was read; what the bank says of it comes in any
/// order, and more than once.
Wish debit_wish(Fate& fate, const Dossier& dossier, Instant now) {
    const auto& model = dossier.model;
    const auto day = some_day(fate, dossier, now);
    if (!model.debits.empty() && fate.likely(model.on_its_way() > 0 ? 80 : 40)) {
        const Model::Debit& about = fate.likely(70) ? model.debits.back() : fate.one_of(model.debits);
        if (fate.likely(60)) return {ledger::ExecuteDirectDebit{.debit = about.id, .value_date = day}, true};
        constexpr std::array reasons{"AM04", "AM04", "AM04", "MS03", "MS02", "AM05"};
        return {ledger::ReturnDirectDebit{.debit = about.id, .reason = fate.one_of(reasons), .value_date = day}, true};
    }
    ledger::SubmitDirectDebit asked{.debit = {.number = 1, .attempt = 1}, .amount = eur(1000), .due_date = {}};
    const auto may_be = ledger::direct_debits_due(dossier.transaction, day.value_or(model.day_of(now)));
    if (!may_be.empty()) {
        const ledger::DirectDebitDue& one = fate.one_of(may_be);
        asked = {.debit = one.id, .amount = one.amount, .due_date = one.due_date, .date = day};
    } else if (!model.debits.empty()) {  // once more
        const Model::Debit& one = fate.one_of(model.debits);
        asked = {.debit = one.id, .amount = eur(one.cents), .due_date = one.due, .date = day};
    }
    if (fate.likely(4)) asked.amount += eur(1);
    if (fate.likely(4)) asked.due_date += Days{1};
    if (fate.likely(4)) ++asked.debit.attempt;
    return {asked, true};
}

}  // namespace

std::optional<Wish> credit_wish(Fate& fate, const Dossier& dossier, Instant now) {
    const Model& model = dossier.model;
    const bool is_elsewhere = fate.likely(4);  // what is meant for purchases that are paid otherwise
    if (model.is_collected && fate.likely(65)) return debit_wish(fate, dossier, now);
    if (model.is_by_instalments() || (is_elsewhere && fate.likely(50))) return instalment_wish(fate, dossier, now);
    if (model.method == terms::open_invoice_by_transfer || is_elsewhere) {
        if (model.may_withdraw() && fate.likely(15))
            return Wish{ledger::WithdrawCredit{.date = some_day(fate, dossier, now), .comment = std::nullopt}, true};
        return pay_later_wish(fate, dossier, now);
    }
    return std::nullopt;
}

}  // namespace saldo::simulation
