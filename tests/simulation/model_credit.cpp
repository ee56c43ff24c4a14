// What of the model is about credit and collecting: plans of instalments, due dates, direct debits.

#include <algorithm>
#include <chrono>

#include "model.hpp"
#include "terms/business_days.hpp"

namespace saldo::simulation {

using foundation::Day;
using foundation::Days;
using ledger::FeeType;

// ---- Plans

const terms::InstalmentPlan* Model::plan() const {
    return plans.empty() || !plans.back().plan ? nullptr : &*plans.back().plan;
}

std::int64_t Model::standing_fees(FeeType charged, FeeType given_back) const {
    std::int64_t sum = 0;
    for (const Fee& fee : fees)
        if (fee.type == charged || fee.type == given_back) sum += fee.cents;
    return sum;
}

std::size_t Model::instalments_that_stay(Day day) const {
    if (!plan()) return 0;
    std::int64_t paid = 0;
    for (const Payment& payment : payments)
        if (!payment.is_beside_the_plan) paid += payment.paid;
    std::size_t stay = 0;
    for (const terms::Instalment& one : plan()->instalments) {
        paid -= one.total().minor();
        if (stay >= plans.back().kept && one.due >= day && paid < 0) break;
        ++stay;
    }
    return stay;
}

std::int64_t Model::principal_to_come(Day day) const {
    std::int64_t sum = 0;
    for (std::size_t i = instalments_that_stay(std::max(day, plans.back().day)); i < plan()->instalments.size(); ++i)
        sum += plan()->instalments[i].repayment.minor();
    return sum;
}

void Model::take(const ledger::PlanMade& made, Day day) {
    const std::size_t kept = std::min(instalments_that_stay(day), made.plan.instalments.size());
    owed[day] += made.interest.minor() + made.service_charge.minor();
    if (!made.service_charge.is_zero()) fees.push_back({FeeType::service_charge, day, made.service_charge.minor()});
    plans.push_back({.day = day, .plan = made.plan, .kept = kept, .collect_on = made.collect_on});
    if (awaited_plan->why == Replanning::further_credit) {
        const auto& all = made.plan.instalments;
        const auto next = std::ranges::find_if(all, [&](const auto& one) { return one.due >= day; });
        invoices.back().due = next == all.end() ? all.back().due : next->due;
    }
    awaited_plan.reset();
}

void Model::end_plan(const ledger::PlanEnded& ended, Day day) {
    owed[day] += ended.interest.minor() + ended.service_charge.minor();
    if (!ended.service_charge.is_zero())
        fees.push_back({FeeType::service_charge_return, day, ended.service_charge.minor()});
    if (plan() && ended.interest_kept)
        interest_kept = {.at_first = ended.interest_kept->minor(), .credit = plan()->credit.minor()};
    plans.push_back({.day = day});
    awaited_plan.reset();
}

// ---- What is due when

Days Model::days_to_pay() const {
    const terms::Product* product = contract.product_of(method);
    return Days{product ? product->due_days : 0};
}

Day Model::due_of_today(Day today) const {
    if (is_prepayment()) return created_on + days_to_pay();
    return withdrawal_due ? std::max(*withdrawal_due, today) : today + days_to_pay();
}

std::vector<Model::Amount> Model::amounts_due(Day day) const {
    std::vector<Amount> due;
    if (is_prepayment()) return due;
    if (is_by_instalments()) {
        const Planned* newest = nullptr;
        for (const Planned& one : plans)
            if (one.day <= day) newest = &one;
        if (!newest || !newest->plan) return due;
        for (const terms::Instalment& one : newest->plan->instalments) {
            if (!one.total().is_positive()) continue;
            due.push_back({.number = one.number, .due = one.due, .cents = one.total().minor()});
            if (is_collected) due.back().collect_on = newest->collect_on.at(static_cast<std::size_t>(one.number) - 1);
        }
        return due;
    }
    for (std::size_t i = 0; i < invoices.size(); ++i) {
        const Invoice& one = invoices[i];
        const bool is_put_off =
            put_off && put_off->invoice == i && put_off->from <= day && (!put_off->until || *put_off->until > day);
        if (one.left > 0)
            due.push_back({.number = static_cast<int>(i) + 1,
                           .due = is_put_off ? put_off->due : one.due,
                           .cents = one.left,
                           .collect_on = one.collect_on});
    }
    return due;
}

// ---- Direct debits

namespace {

/// The bank's day that a day of rest moves to.
Day bank_day(Day day) {
    return terms::shifted(terms::BusinessCalendar::target, day, terms::Shift::following);
}

}  // namespace

Model::Debit* Model::debit(ledger::DirectDebitId id) {
    const auto found = std::ranges::find(debits, id, &Debit::id);
    return found == debits.end() ? nullptr : &*found;
}

const Model::Debit* Model::debit(ledger::DirectDebitId id) const {
    const auto found = std::ranges::find(debits, id, &Debit::id);
    return found == debits.end() ? nullptr : &*found;
}

std::int64_t Model::on_its_way() const {
    std::int64_t sum = 0;
    for (const Debit& one : debits)
        if (one.is_on_its_way()) sum += one.cents;
    return sum;
}

std::optional<Day> Model::planned_collection(Day due, Day today) const {
    if (!is_collected) return std::nullopt;
    return bank_day(std::max(due, today + Days{contract.direct_debit.value().notice_days}));
}

Day Model::collection_day(Day wanted, Day today) const {
    const terms::DirectDebit& agreed = contract.direct_debit.value();
    const Day reached = terms::business_days_later(terms::BusinessCalendar::target, today, agreed.lead_days);
    if (bank_day(wanted) >= reached) return bank_day(wanted);
    return bank_day(std::max(reached, today + Days{agreed.notice_days}));
}

/// Thirty-six months after it was last used.
Day Model::mandate_void_from() const {
    Day used = created_on;
    for (const Debit& one : debits) used = std::max(used, one.due);
    const auto later = std::chrono::year_month_day{used} + std::chrono::years{3};
    return later.ok() ? Day{later} : Day{later.year() / later.month() / std::chrono::last};
}

std::vector<Model::Collectable> Model::collectables(Day day) const {
    const bool may_collect = is_collected && !is_erased && !is_declined && !code &&
                             level < ledger::DunningLevel::collection && day < mandate_void_from() &&
                             std::ranges::none_of(debits, &Debit::voids_mandate);
    if (!may_collect) return {};
    struct Part {
        Amount amount;
        const Debit* last = nullptr;
    };
    std::vector<Part> parts;
    std::int64_t left = owed_on(Day::max()) - on_its_way();
    for (const Amount& amount : amounts_due(day)) {
        Part part{amount};
        for (const Debit& one : debits) {
            if (one.id.number != amount.number) continue;
            if (!part.last || part.last->id.attempt < one.id.attempt) part.last = &one;
            if (!one.is_returned) part.amount.cents = std::max<std::int64_t>(0, part.amount.cents - one.cents);
        }
        left -= part.amount.cents;
        parts.push_back(part);
    }
    std::ranges::stable_sort(parts, {}, [](const Part& part) { return part.amount.due; });
    // The oldest take what there is to add (fees), or what was paid already.
    for (Part& part : parts) {
        if (part.amount.cents == 0) continue;
        const std::int64_t change = std::max(left, -part.amount.cents);
        part.amount.cents += change;
        left -= change;
    }
    std::vector<Collectable> all;
    for (const Part& part : parts) {
        const auto planned = !part.last               ? part.amount.collect_on
                             : part.last->is_returned ? part.last->retry_on
                             : part.last->is_executed ? part.amount.collect_on
                                                      : std::nullopt;
        if (!planned || part.amount.cents == 0) continue;
        all.push_back({.id = {.number = part.amount.number, .attempt = part.last ? part.last->id.attempt + 1 : 1},
                       .cents = part.amount.cents,
                       .due = collection_day(*planned, day)});
    }
    return all;
}

}  // namespace saldo::simulation
