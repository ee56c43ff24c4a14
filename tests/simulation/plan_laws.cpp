#include "plan_laws.hpp"

#include <algorithm>
#include <chrono>
#include <string>

namespace saldo::simulation {

using foundation::Day;
using foundation::Days;
using terms::Instalment;
using terms::InstalmentPlan;
using Replanning = Model::Replanning;

namespace {

/// The sums of a plan in cents, without asking it.
struct Sums {
    std::int64_t interest = 0, charge = 0, repaid = 0, beside = 0;
    explicit Sums(const InstalmentPlan& plan) {
        for (const Instalment& one : plan.instalments) {
            interest += one.interest.minor();
            charge += one.fee.minor();
            repaid += one.repayment.minor();
            beside += one.unscheduled.minor();
        }
    }
};

/// The day of the month that was agreed, or the last one of a shorter month.
bool is_payment_day(Day due, int payment_day) {
    const std::chrono::year_month_day date{due};
    const std::chrono::year_month_day_last last{date.year() / date.month() / std::chrono::last};
    return date.day() == std::min(std::chrono::day{static_cast<unsigned>(payment_day)}, last.day());
}

void check_instalments(const InstalmentPlan& plan, Verdict& verdict) {
    std::int64_t left = plan.credit.minor();
    int number = 0;
    Day before = Day::min();
    for (const Instalment& one : plan.instalments) {
        verdict.check(one.number == ++number, "instalments are not numbered from 1");
        verdict.check(one.due > before, "an instalment is due before the one before it");
        verdict.check(is_payment_day(one.due, plan.payment_day), "an instalment is due on another day than agreed");
        verdict.check(!one.interest.is_negative() && !one.repayment.is_negative() && !one.fee.is_negative() &&
                          !one.unscheduled.is_negative(),
                      "a part of an instalment is negative");
        const std::int64_t repaid = one.repayment.minor() + one.unscheduled.minor();
        verdict.check(repaid > 0, "the residual debt does not fall");
        left -= repaid;
        verdict.check(one.residual.minor() == left, "the residual debt is not what is left");
        before = one.due;
    }
    verdict.check(left == 0, "a plan does not repay its credit to the cent");
}

/// Nobody can say the interest to the cent without the ledger's own care, but everybody whether it is about right: of
/// the instalments to come, each principal from the day on which it is owed.
void check_interest(const InstalmentPlan& plan, std::size_t kept, Verdict& verdict) {
    if (kept >= plan.instalments.size()) return;
    const double a_day = std::stod(plan.interest_rate.text()) / 100 / 365;
    const auto run = [&](double principal, Day from, Day until) {
        return principal * a_day * static_cast<double>((until - from).count());
    };
    const auto& steps = plan.running;
    auto owed = static_cast<double>(steps.back().principal.minor());
    // A cent of each instalment, and the days at the end of February that some conventions count and others do not.
    const double margin = 2 + static_cast<double>(plan.instalments.size()) +
                          run(static_cast<double>(plan.credit.minor()), Day{}, Day{} + Days{3});
    double about = 0, interest = 0;
    Day since = plan.instalments[kept].due;
    for (std::size_t i = 0; i < steps.size(); ++i)
        about += run(static_cast<double>(steps[i].principal.minor()), steps[i].from,
                     i + 1 < steps.size() ? steps[i + 1].from : since);
    for (std::size_t i = kept; i < plan.instalments.size(); ++i) {
        const Instalment& one = plan.instalments[i];
        about += run(owed, since, one.due);
        interest += static_cast<double>(one.interest.minor());
        owed -= static_cast<double>(one.repayment.minor());
        since = one.due;
    }
    verdict.check(interest > about * 0.6 - margin && interest < about * 1.1 + margin,
                  "the interest of a plan is nowhere near its rate");
}

void check_first(const Model& model, const InstalmentPlan& plan, Day day, Verdict& verdict) {
    const terms::InstalmentTerms& agreed = model.contract.instalments.value();
    const auto wait = (plan.instalments.front().due - day).count();
    verdict.check(wait >= agreed.days_to_first_due_min && wait <= agreed.days_to_first_due_min + 31,
                  "the first instalment is not due in the month that was agreed");
    verdict.check(std::cmp_less_equal(plan.instalments.size(), plan.number_agreed), "more instalments than agreed");
    constexpr std::int64_t enough_each = 100;
    verdict.check(plan.credit.minor() < enough_each * plan.number_agreed ||
                      std::cmp_equal(plan.instalments.size(), plan.number_agreed),
                  "fewer instalments than agreed");
}

/// What has passed or was paid stays. Only a return that takes more than was to come cuts what is kept, from the last
/// on; and where nothing is to come, the last that is kept takes what is left of the service charge.
void check_kept(const Model& model, const InstalmentPlan& plan, Day day, Verdict& verdict) {
    const auto& before = model.plan()->instalments;
    const std::size_t stay = model.instalments_that_stay(day);
    const bool is_return = model.awaited_plan->why == Replanning::returned_credit;
    verdict.check(is_return || plan.instalments.size() >= stay, "an instalment is gone that was passed or paid");
    for (std::size_t i = 0; i < std::min(stay, plan.instalments.size()); ++i) {
        const Instalment& was = before[i];
        const Instalment& is = plan.instalments[i];
        const bool is_last = i + 1 == plan.instalments.size();
        verdict.check(is.due == was.due && is.interest == was.interest,
                      "an instalment was changed that was passed or paid");
        verdict.check(is_last || is.fee == was.fee, "the charge of an instalment was changed that was passed or paid");
        verdict.check((is_return && is_last) || (is.repayment == was.repayment && is.unscheduled == was.unscheduled),
                      "an instalment repays something else than when it was passed or paid");
        verdict.check(is.repayment <= was.repayment, "an instalment was raised that was passed or paid");
    }
}

void check_change(const Model& model, const InstalmentPlan& plan, Verdict& verdict) {
    const Sums before(*model.plan());
    const Sums after(plan);
    const bool is_return = model.awaited_plan->why == Replanning::returned_credit;
    verdict.check(is_return || plan.running.back().from == std::max(plan.created, plan.running.front().from),
                  "principal bears interest from another day than that of the change");
    const std::size_t number = plan.instalments.size();
    const std::size_t number_before = model.plan()->instalments.size();
    switch (model.awaited_plan->why) {
        case Replanning::further_credit:
            verdict.check(after.beside == before.beside, "further credit changes what was paid beside the plan");
            verdict.check(number >= std::min<std::size_t>(number_before, 1), "further credit ends a plan");
            break;
        case Replanning::returned_credit:
            verdict.check(after.beside <= before.beside, "a return raises what was paid beside the plan");
            break;
        case Replanning::payment_beside_the_plan:
            verdict.check(after.beside == before.beside + model.awaited_plan->cents,
                          "a payment beside the plan is not in it");
            verdict.check(number <= number_before, "a payment beside the plan makes it longer");
            break;
        case Replanning::withdrawal:
            verdict.check(false, "a plan was made although the buyer withdrew");
    }
}

/// The law on withdrawals, in one place: nothing of the interest stays owed, or what has run up to the declaration.
void check_interest_kept(const Model& model, std::int64_t kept, Verdict& verdict) {
    if (!model.interest_runs_until_withdrawal())
        return verdict.check(kept == 0, "interest stays owed that no law lets stay");
    const InstalmentPlan& plan = *model.plan();
    Day since{};              // of this run of plans
    std::int64_t credit = 0;  // at its highest: what a period has cost that passed, stays
    int makings = 0;
    for (const Model::Planned& one : model.plans) {
        makings = one.plan ? makings + 1 : 0;
        if (makings == 1) since = one.day;
        credit = makings == 0 ? 0 : std::max(credit, one.plan->credit.minor());
    }
    const Day declared = *model.withdrawal_due - Days{30};
    const auto days = static_cast<double>(std::max<std::int64_t>(0, (declared - since).count()));
    const double about = days * static_cast<double>(credit) * std::stod(plan.interest_rate.text()) / 100 / 365;
    verdict.check(kept <= Sums(plan).interest && static_cast<double>(kept) <= about * 1.1 + 1,
                  "more interest stays owed than has run");
    verdict.check(makings > 1 || static_cast<double>(kept) >= about * 0.6 - 1, "less interest stays owed than has run");
}

}  // namespace

void check_plan(const Model& model, const ledger::PlanMade& made, Day day, Verdict& verdict) {
    if (!model.awaited_plan) return verdict.check(false, "a plan was made for no reason");
    const InstalmentPlan& plan = made.plan;
    const InstalmentPlan* before = model.plan();
    const Day expected = before ? std::max(model.awaited_plan->day, before->created) : model.awaited_plan->day;
    verdict.check(day == expected && plan.created == expected, "a plan was made on another day");
    verdict.check(plan.credit.minor() == model.kept_goods(), "a plan's credit is not what the buyer keeps");
    check_instalments(plan, verdict);

    const terms::InstalmentTerms& agreed = model.contract.instalments.value();
    const Sums after(plan);
    verdict.check(after.charge == agreed.service_charge.minor(), "a plan's service charge is not what was agreed");
    verdict.check(made.interest.minor() == after.interest - (before ? Sums(*before).interest : 0),
                  "interest is charged that is not in the plans");
    verdict.check(made.service_charge.minor() == (before ? 0 : after.charge), "the service charge is charged again");
    const auto is_among = [](const std::vector<int>& all, int one) { return std::ranges::count(all, one) == 1; };
    verdict.check(plan.interest_rate == agreed.interest_rate && is_among(agreed.payment_days, plan.payment_day) &&
                      is_among(agreed.months_allowed, plan.number_agreed),
                  "a plan has other terms than the contract");
    verdict.check(!before || (plan.payment_day == before->payment_day && plan.number_agreed == before->number_agreed),
                  "a plan made anew has other terms than the first");
    const bool is_payment = model.awaited_plan->why == Replanning::payment_beside_the_plan;
    verdict.check(made.unscheduled.has_value() == is_payment, "a plan does not say what was paid beside it");
    for (std::size_t i = 0; i < plan.instalments.size() && model.is_collected; ++i)
        verdict.check(
            i < made.collect_on.size() && made.collect_on[i] == model.planned_collection(plan.instalments[i].due, day),
            "an instalment is not planned to be collected when it is due");
    verdict.check(model.is_collected || made.collect_on.empty(), "a plan is collected that the buyer pays");
    check_interest(plan, model.instalments_that_stay(day), verdict);
    if (!before) return check_first(model, plan, day, verdict);
    check_kept(model, plan, day, verdict);
    check_change(model, plan, verdict);
}

void check_end_of_plan(const Model& model, const ledger::PlanEnded& ended, Day day, Verdict& verdict) {
    if (!model.awaited_plan || model.plans.empty()) return verdict.check(false, "a plan ended for no reason");
    verdict.check(day == std::max(model.awaited_plan->day, model.plans.back().day), "a plan ended on another day");
    const std::int64_t kept = ended.interest_kept ? ended.interest_kept->minor() : 0;
    const InstalmentPlan* plan = model.plan();
    if (!plan)  // it had ended before
        return verdict.check(model.interest_kept && kept == model.interest_kept->left() &&
                                 ended.interest.minor() == model.awaited_plan->cents && ended.service_charge.is_zero(),
                             "what came back after a withdrawal bears interest");
    const bool is_withdrawal = model.awaited_plan->why == Replanning::withdrawal;
    verdict.check(is_withdrawal || model.kept_goods() == 0, "a plan ended although the buyer keeps something");
    verdict.check(ended.interest.minor() == kept - Sums(*plan).interest, "interest of a plan is owed that ended");
    verdict.check(kept == 0 || is_withdrawal, "interest is kept of goods that all came back");
    verdict.check(-ended.service_charge.minor() ==
                      model.standing_fees(ledger::FeeType::service_charge, ledger::FeeType::service_charge_return),
                  "the service charge of a plan is owed that ended");
    if (is_withdrawal) check_interest_kept(model, kept, verdict);
}

}  // namespace saldo::simulation
