#include "model.hpp"

#include <algorithm>
#include <functional>

namespace saldo::simulation {

using foundation::Day;
using foundation::Days;
using foundation::Instant;
using ledger::Refusal;
using ledger::RequestedOperation;

// ---- Amounts

void Model::buy(const ledger::Authorise& command, const terms::Contract& agreed, Instant now) {
    contract = agreed;
    created = now;
    created_on = day_of(now);
    expires = command.expires.value_or(now + Days{contract.expiry_days});
    for (const auto& basket : command.baskets)
        shops.push_back({.id = basket.shop_id.value_or("A"), .authorised = basket.gross.minor()});
    first = sum_of(&Shop::authorised);
    method = command.payment_method;
    is_collected =
        contract.direct_debit && command.debit_account && method.transfer == terms::TransferType::sepa_direct_debit;
    if (method.option != terms::PaymentOption::prepayment) return;
    reserved_until = contract.zone.start_of(created_on + days_to_pay() + Days{1});
}

void Model::decline(const ledger::Authorise& command, const terms::Contract& agreed, Instant now) {
    buy(command, agreed, now);
    is_declined = true;
    end();
}

void Model::ask_for_code(Instant now) {
    code = {.sent_at = now, .deadline = now + std::chrono::seconds{contract.one_time_codes.value().deadline_seconds}};
}

void Model::accept(Instant now) {
    code.reset();
    if (!is_prepayment()) return;
    owed[day_of(now)] += first;
    payments.push_back({.at = now, .owed = first});
}

void Model::give_up_code() {
    code.reset();
    is_declined = true;
    end();
}

Instant Model::code_valid_until() const {
    return code->sent_at + std::chrono::seconds{contract.one_time_codes.value().life_seconds};
}

Instant Model::new_code_from() const {
    return code->sent_at + std::chrono::seconds{contract.one_time_codes.value().pause_seconds};
}

namespace {

/// What a command that went through does to the amounts.
struct Applied {
    Model& model;
    Instant now;
    Day today;

    Model::Shop& shop(const RequestedOperation& operation) const {
        return *std::ranges::find(model.shops, model.shop_of(operation), &Model::Shop::id);
    }
    void owe(Day day, std::int64_t cents) const { model.owed[day] += cents; }

    void operator()(const ledger::IncreaseAuthorisation& c) const {
        shop(c.operation).authorised += c.operation.gross.minor();
    }
    /// Another plan follows from it, unless there is none to change.
    void await_plan(Model::Replanning why, Day day, std::int64_t cents = 0) const {
        if (model.plan() || why == Model::Replanning::further_credit)
            model.awaited_plan = {.why = why, .day = day, .cents = cents};
    }
    void move_money(Day day, std::int64_t paid, bool is_beside_the_plan = false) const {
        owe(day, -paid);
        model.payments.push_back({.at = now, .paid = paid, .is_beside_the_plan = is_beside_the_plan});
    }
    void charge(ledger::FeeType type, Day day, std::int64_t cents) const {
        owe(day, cents);
        model.fees.push_back({type, day, cents});
    }

    void operator()(const ledger::Capture& c) const {
        const std::int64_t cents = c.operation.gross.minor();
        shop(c.operation).captured += cents;
        const Day due = model.due_of_today(today);
        model.invoices.push_back({.shop = model.shop_of(c.operation), .left = cents, .due = due});
        if (!model.is_by_instalments())
            model.invoices.back().collect_on = model.planned_collection(today + model.days_to_pay(), today);
        else if (!model.withdrawal_due)
            await_plan(Model::Replanning::further_credit, today);
        if (model.is_prepayment())
            model.payments.push_back({.at = now, .has_shipped = true});  // owed since it was ordered
        else
            owe(today, cents);
    }
    void operator()(const ledger::Cancel& c) const {
        shop(c.operation).cancelled += c.operation.gross.minor();
        if (!model.is_prepayment()) return;
        owe(today, -c.operation.gross.minor());
        model.payments.push_back({.at = now, .owed = -c.operation.gross.minor()});
    }
    void operator()(const ledger::Refund& c) const {
        shop(c.operation).refunded += c.operation.gross.minor();
        owe(today, -c.operation.gross.minor());
        model.payments.push_back({.at = now, .owed = -c.operation.gross.minor()});
        await_plan(Model::Replanning::returned_credit, today);
        if (!model.interest_kept) return;
        const std::int64_t before = model.interest_kept->left();
        model.interest_kept->returned += c.operation.gross.minor();
        const std::int64_t change = model.interest_kept->left() - before;
        if (change != 0)
            model.awaited_plan = {.why = Model::Replanning::returned_credit, .day = today, .cents = change};
    }
    void operator()(const ledger::BookSettlement& c) const {
        const bool buyer_paid = c.type == ledger::SettlementType::debit;
        const Day day = c.value_date.value_or(today);
        move_money(day, buyer_paid ? c.amount.minor() : -c.amount.minor(), c.unscheduled);
        if (c.unscheduled) await_plan(Model::Replanning::payment_beside_the_plan, day, c.amount.minor());
    }
    void operator()(const ledger::BookFee& c) const { charge(c.type, c.date.value_or(today), c.gross.minor()); }
    void operator()(const ledger::WithdrawCredit& c) const {
        model.withdrawal_due = c.date.value_or(today) + Days{30};
        await_plan(Model::Replanning::withdrawal, today);
    }
    // What an offer of Pay Later costs stands among no other fees: its withdrawal alone gives it back.
    void operator()(const ledger::BookPayLater& c) const {
        const auto& offers = model.contract.pay_later.value().offers;
        const auto offer = std::ranges::find(offers, c.offer_id, &terms::PayLaterOffer::id);
        const auto one = std::ranges::find_if(model.invoices, [](const auto& invoice) { return invoice.left > 0; });
        model.put_off = {.invoice = static_cast<std::size_t>(one - model.invoices.begin()),
                         .from = today,
                         .due = one->due + Days{offer->delta_days},
                         .fee = offer->fee.minor()};
        owe(today, model.put_off->fee);
    }
    void operator()(const ledger::WithdrawPayLater& c) const {
        model.put_off->until = c.date.value_or(today);
        owe(*model.put_off->until, -model.put_off->fee);
    }
    void operator()(const ledger::SubmitDirectDebit& c) const {
        model.debits.push_back({.id = c.debit, .cents = c.amount.minor(), .due = c.due_date});
    }
    void operator()(const ledger::ExecuteDirectDebit& c) const {
        Model::Debit& debit = *model.debit(c.debit);
        debit.is_executed = true;
        move_money(c.value_date.value_or(today), debit.cents);
    }
    void operator()(const ledger::ReturnDirectDebit& c) const {
        Model::Debit& debit = *model.debit(c.debit);
        const terms::DirectDebit& agreed = model.contract.direct_debit.value();
        const terms::ReturnReason* reason = terms::return_reason(c.reason);
        const Day day = c.value_date.value_or(today);
        debit.is_returned = true;
        debit.voids_mandate = reason->then == terms::AfterReturn::mandate_void;
        if (reason->then == terms::AfterReturn::tried_again && debit.id.attempt <= agreed.retries_max)
            debit.retry_on = model.collection_day(day + Days{agreed.retry_days}, day);
        if (debit.is_executed) move_money(day, -debit.cents);
        if (reason->is_charged && agreed.return_fee)
            charge(ledger::FeeType::return_debit_note_fee, day, agreed.return_fee->minor());
    }
    void operator()(const ledger::ChangeExpiry& c) const { model.expires = c.expires; }
    void operator()(const ledger::SetDunningLevel& c) const { model.level = c.level; }
    void operator()(const ledger::BlockDunning& c) const { model.blocked_until = c.until; }
    void operator()(const ledger::UnblockDunning&) const { model.blocked_until.reset(); }
    void operator()(const ledger::EraseSubject&) const { model.is_erased = true; }
    void operator()(const ledger::AddShippingInformation&) const {}
};

}  // namespace

void Model::apply(const ledger::Command& command, Instant now) {
    std::visit(Applied{*this, now, day_of(now)}, command);
}

void Model::end() {
    has_ended = true;
    for (Shop& shop : shops) shop.cancelled = shop.authorised - shop.captured;
}

/// A reservation outlasts its end if by then it was paid, goods had left, or part was paid and the contract waits.
bool Model::outlasts_its_reservation() const {
    std::int64_t claim = 0, paid = 0;
    for (const Payment& one : payments) {
        if (one.at >= *reserved_until) continue;
        if (one.has_shipped) return true;
        claim += one.owed;
        paid += one.paid;
    }
    return paid >= claim || (paid > 0 && contract.part_payment == terms::PartPayment::waits);
}

Model::Due Model::due(Instant now) const {
    if (code) return now >= code->deadline ? Due::end_of_code : Due::nothing;
    if (has_ended || open() <= 0) return Due::nothing;
    if (reserved_until && *reserved_until <= expires && *reserved_until <= now && !outlasts_its_reservation())
        return Due::end_of_reservation;
    return now >= expires ? Due::expiry : Due::nothing;
}

void Model::bring_about(Due what) {
    if (what == Due::end_of_code) return give_up_code();
    const Instant at = what == Due::expiry ? expires : reserved_until.value();
    if (is_prepayment()) owed[day_of(at)] -= open();
    end();
}

std::vector<Instant> Model::turns() const {
    std::vector<Instant> all{expires};
    if (reserved_until) all.push_back(*reserved_until);
    if (code) all.insert(all.end(), {code->deadline, code_valid_until(), new_code_from()});
    std::vector<Day> days;
    for (const Invoice& invoice : invoices) days.push_back(invoice.due);
    if (may_withdraw()) days.push_back(last_withdrawal_day() + Days{1});
    if (put_off) days.insert(days.end(), {put_off->due, put_off->from + Days{contract.pay_later->withdrawal_days + 1}});
    if (!plans.empty())
        for (const Amount& one : amounts_due(plans.back().day)) days.insert(days.end(), {one.due, one.due + Days{1}});
    if (is_collected)
        for (const Collectable& one : collectables(created_on)) days.push_back(one.due);
    for (const Debit& debit : debits)
        if (debit.retry_on) days.push_back(*debit.retry_on);
    for (const Day day : days) all.push_back(contract.zone.start_of(day));
    return all;
}

std::int64_t Model::owed_on(Day day) const {
    std::int64_t sum = 0;
    for (const auto& [when, cents] : owed)
        if (when <= day) sum += cents;
    return sum;
}

std::int64_t Model::sum_of(std::int64_t Shop::* amount) const {
    std::int64_t sum = 0;
    for (const Shop& shop : shops) sum += shop.*amount;
    return sum;
}

std::int64_t Model::open() const {
    return sum_of(&Shop::authorised) - sum_of(&Shop::captured) - sum_of(&Shop::cancelled);
}

const Model::Shop* Model::shop(std::string_view id) const {
    const auto found = std::ranges::find(shops, id, &Shop::id);
    return found == shops.end() ? nullptr : &*found;
}

const std::string& Model::shop_of(const RequestedOperation& operation) const {
    return operation.shop_id ? *operation.shop_id : shops.front().id;
}

// ---- Refusals

namespace {

/// The refusals of an operation on a shop's basket, in their order.
std::optional<Refusal> objection_to(const Model& model, const RequestedOperation& asked, std::int64_t limit,
                                    Refusal too_high) {
    if (!asked.shop_id && model.shops.size() > 1)
        return Refusal::partner_shop_id_must_be_given_for_marketplace_transactions;
    if (!model.shop(model.shop_of(asked))) return Refusal::basket_with_unknown_shop;
    for (auto one = asked.vats.begin(); one != asked.vats.end(); ++one)
        if (std::count_if(one, asked.vats.end(), [&](const auto& vat) { return vat.tax_rate == one->tax_rate; }) > 1)
            return Refusal::multiple_vat_objects_per_tax_rate_not_allowed;
    if (std::ranges::count(asked.lines, "RETURN_FEE", &ledger::Line::type) > 1)
        return Refusal::multiple_return_fees_not_allowed;
    if (asked.gross.minor() > limit) return too_high;
    std::int64_t sum = 0, tolerance = 0;
    for (const ledger::Line& line : asked.lines) {
        sum += line.total(asked.gross.currency()).minor();
        tolerance += 2 * line.quantity;
    }
    if (!asked.lines.empty() && std::abs(sum - asked.gross.minor()) > tolerance)
        return Refusal::sum_of_item_amounts_not_matching_operation_amount;
    return std::nullopt;
}

struct Objecting {
    const Model& model;
    Instant now;
    using Answer = std::optional<Refusal>;

    Answer gone() const {
        if (model.is_erased) return Refusal::anonymized_by_buyer;
        if (model.is_declined) return Refusal::not_allowed_for_declined_transaction;
        if (model.code) return Refusal::otp_verification_pending;
        return std::nullopt;
    }
    Answer over() const {
        if (const auto why = gone()) return why;
        return now >= model.expires ? Answer(Refusal::not_allowed_for_expired_transaction) : std::nullopt;
    }
    Answer on(std::optional<Day> day) const {
        if (const auto why = gone()) return why;
        if (day && *day > model.day_of(now)) return Refusal::value_date_in_future;
        if (day && *day < model.created_on) return Refusal::value_date_before_purchase;
        return std::nullopt;
    }
    /// The limit of one shop; an unknown one is refused before it counts.
    template <class Limit>
    Answer within(const RequestedOperation& asked, Refusal too_high, Limit limit) const {
        const Model::Shop* shop = model.shop(model.shop_of(asked));
        return objection_to(model, asked, shop ? std::invoke(limit, *shop) : 0, too_high);
    }
    static Answer fee_among(const RequestedOperation& asked) {
        return std::ranges::any_of(asked.lines, &ledger::Line::is_return_fee) ? Answer(Refusal::return_fee_not_allowed)
                                                                              : std::nullopt;
    }

    Answer operator()(const ledger::IncreaseAuthorisation& c) const {
        if (const auto why = over()) return why;
        if (model.is_prepayment()) return Refusal::payment_method_not_allowed;
        if (const auto why = fee_among(c.operation)) return why;
        return within(c.operation, Refusal::basket_amount_too_high, [&](const Model::Shop&) {
            const std::int64_t more = model.sum_of(&Model::Shop::authorised) - model.first;
            return model.first * model.contract.increment_percent_max / 100 - more;
        });
    }
    Answer operator()(const ledger::Capture& c) const {
        if (const auto why = over()) return why;
        if (const auto why = fee_among(c.operation)) return why;
        return within(c.operation, Refusal::capture_amount_too_high, &Model::Shop::open);
    }
    Answer operator()(const ledger::Cancel& c) const {
        if (const auto why = over()) return why;
        if (const auto why = fee_among(c.operation)) return why;
        return within(c.operation, Refusal::cancellation_amount_too_high, &Model::Shop::open);
    }
    Answer operator()(const ledger::Refund& c) const {
        if (const auto why = gone()) return why;
        if (!model.contract.return_fees)
            if (const auto why = fee_among(c.operation)) return why;
        return within(c.operation, Refusal::refund_amount_too_high,
                      [](const Model::Shop& shop) { return shop.captured - shop.refunded; });
    }
    Answer operator()(const ledger::AddShippingInformation&) const { return gone(); }
    Answer operator()(const ledger::ChangeExpiry& c) const {
        if (const auto why = over()) return why;
        const bool too_late = c.expires > model.created + Days{model.contract.expiry_days_max};
        return too_late ? Answer(Refusal::maximum_expiry_exceeded) : std::nullopt;
    }
    Answer operator()(const ledger::BookSettlement& c) const {
        if (const auto why = on(c.value_date)) return why;
        if (!c.unscheduled) return std::nullopt;
        if (!model.plan()) return Refusal::no_instalment_plan;
        const std::int64_t most = model.principal_to_come(c.value_date.value_or(model.day_of(now)));
        return c.amount.minor() > most ? Answer(Refusal::unscheduled_payment_too_high) : std::nullopt;
    }
    Answer operator()(const ledger::WithdrawCredit& c) const {
        if (const auto why = on(c.date)) return why;
        if (!model.may_withdraw()) return Refusal::no_right_of_withdrawal;
        const bool is_late = c.date.value_or(model.day_of(now)) > model.last_withdrawal_day();
        return is_late && !model.withdrawal_due ? Answer(Refusal::withdrawal_too_late) : std::nullopt;
    }
    Answer operator()(const ledger::BookPayLater& c) const {
        if (const auto why = gone()) return why;
        if (model.put_off)
            return model.put_off->until ? Refusal::pay_later_already_withdrawn : Refusal::pay_later_already_booked;
        const Day today = model.day_of(now);
        const auto due = model.amounts_due(today);
        const bool is_possible = model.method == terms::open_invoice_by_transfer && model.contract.pay_later &&
                                 due.size() == 1 && model.owed_on(today) > 0 &&
                                 model.level < ledger::DunningLevel::collection;
        if (!is_possible) return Refusal::pay_later_not_available;
        const auto& offers = model.contract.pay_later->offers;
        const auto offer = std::ranges::find(offers, c.offer_id, &terms::PayLaterOffer::id);
        const bool is_offered = offer != offers.end() && due.front().due + Days{offer->delta_days} > today;
        return is_offered ? std::nullopt : Answer(Refusal::pay_later_not_available);
    }
    Answer operator()(const ledger::WithdrawPayLater& c) const {
        if (const auto why = on(c.date)) return why;
        const Day day = c.date.value_or(model.day_of(now));
        if (model.put_off && model.put_off->until) return Refusal::pay_later_already_withdrawn;
        if (!model.put_off || day < model.put_off->from) return Refusal::pay_later_not_booked;
        const Day last = model.put_off->from + Days{model.contract.pay_later.value().withdrawal_days};
        return day > last ? Answer(Refusal::pay_later_withdrawal_too_late) : std::nullopt;
    }
    Answer operator()(const ledger::SubmitDirectDebit& c) const {
        if (const auto why = on(c.date)) return why;
        const auto may_be = model.collectables(c.date.value_or(model.day_of(now)));
        const Model::Collectable asked{.id = c.debit, .cents = c.amount.minor(), .due = c.due_date};
        const bool is_among = std::ranges::find(may_be, asked) != may_be.end();
        return is_among ? std::nullopt : Answer(Refusal::direct_debit_not_due);
    }
    Answer over(std::optional<Day> day, bool is_over) const {
        if (const auto why = on(day)) return why;
        return is_over ? Answer(Refusal::direct_debit_over) : std::nullopt;
    }
    Answer operator()(const ledger::ExecuteDirectDebit& c) const {
        return over(c.value_date, !model.debit(c.debit)->is_on_its_way());
    }
    Answer operator()(const ledger::ReturnDirectDebit& c) const {
        return over(c.value_date, model.debit(c.debit)->is_returned);
    }
    Answer operator()(const ledger::BookFee& c) const {
        if (const auto why = on(c.date)) return why;
        const auto charged = ledger::fee_given_back_by(c.type);
        if (c.gross.is_zero() || c.gross.is_negative() != charged.has_value()) return Refusal::fee_sign_wrong;
        std::int64_t left = 0;
        for (const Model::Fee& fee : model.fees)
            if (fee.type == c.type || (fee.type == charged && fee.day <= c.date.value_or(model.day_of(now))))
                left += fee.cents;
        return charged && -c.gross.minor() > left ? Answer(Refusal::fee_return_exceeds_charged) : std::nullopt;
    }
    Answer operator()(const ledger::SetDunningLevel& c) const { return on(c.date); }
    Answer operator()(const ledger::BlockDunning& c) const {
        if (const auto why = gone()) return why;
        return c.until < c.from ? Answer(Refusal::dunning_block_ends_before_it_starts) : std::nullopt;
    }
    Answer operator()(const ledger::UnblockDunning&) const { return gone(); }
    Answer operator()(const ledger::EraseSubject&) const { return std::nullopt; }
};

}  // namespace

std::optional<Refusal> objection(const Model& model, const ledger::Command& command, Instant now) {
    return std::visit(Objecting{.model = model, .now = now}, command);
}

bool changes_nothing(const Model& model, const ledger::Command& command, Instant now) {
    if (const auto* c = std::get_if<ledger::SetDunningLevel>(&command)) return c->level == model.level;
    if (const auto* c = std::get_if<ledger::ChangeExpiry>(&command)) return c->expires == model.expires;
    if (std::holds_alternative<ledger::UnblockDunning>(command))
        return !model.blocked_until || *model.blocked_until < model.day_of(now);
    if (std::holds_alternative<ledger::WithdrawCredit>(command)) return model.withdrawal_due.has_value();
    return std::holds_alternative<ledger::EraseSubject>(command) && model.is_erased;
}

}  // namespace saldo::simulation
