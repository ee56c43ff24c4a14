#include "terms/replan.hpp"

#include <algorithm>
#include <iterator>
#include <type_traits>
#include <utility>
#include <vector>

#include "terms/schedule.hpp"

namespace saldo::terms {

using foundation::Day;
using foundation::ensure;
using foundation::Money;
using foundation::Outcome;

namespace {

/// A plan taken apart on the day of a change: what stays, and what is made anew.
struct Parted {
    Money credit;
    std::vector<Instalment> kept;
    std::vector<Instalment> coming;
    std::vector<PrincipalStep> running;
    Money unscheduled;     ///< already paid extra for the coming instalments
    Money charge_to_come;  ///< the service charge less its kept parts

    Money principal() const { return running.back().principal; }
    Day begin() const { return running.front().from; }
};

Money zero_of(const InstalmentPlan& plan) {
    return Money::zero(plan.credit.currency());
}

Parted part(const InstalmentPlan& plan, const Replan& command) {
    const auto stays = [&](const Instalment& one) {
        return one.due < command.on || one.number <= command.paid || one.due <= plan.running.front().from;
    };
    const auto first_coming = std::ranges::find_if_not(plan.instalments, stays);
    Parted parted{.credit = plan.credit,
                  .kept = {plan.instalments.begin(), first_coming},
                  .coming = {first_coming, plan.instalments.end()},
                  .running = plan.running,
                  .unscheduled = zero_of(plan),
                  .charge_to_come = zero_of(plan)};
    Money to_come = zero_of(plan);
    for (const Instalment& one : parted.coming) {
        to_come += one.repayment;
        parted.unscheduled += one.unscheduled;
        parted.charge_to_come += one.fee;
    }
    // A due date has passed since the latest making: a new period runs, on the principal that was left.
    if (!parted.kept.empty() && parted.kept.back().due > parted.begin())
        parted.running = {{parted.kept.back().due, to_come}};
    ensure(parted.principal() == to_come, "a plan's running principal is not what its instalments repay");
    return parted;
}

bool begins_with_drawdown(const Parted& parted) {
    return parted.kept.empty() || parted.kept.back().due != parted.begin();
}

/// From `on` on, but not before the running period begins, another principal bears interest.
void step(Parted& parted, Day on, Money principal) {
    const Day from = std::max(on, parted.begin());
    if (parted.running.back().from == from)
        parted.running.back().principal = principal;
    else
        parted.running.push_back({from, principal});
}

std::optional<ReplanRefusal> apply(Parted& parted, Day on, const FurtherCredit& change) {
    if (change.amount.minor() > Money::minor_max - parted.credit.minor()) return ReplanRefusal::credit_too_high;
    parted.credit += change.amount;
    if (parted.coming.empty())
        parted.running = {{std::max(on, parted.kept.back().due), change.amount}};
    else
        step(parted, on, parted.principal() + change.amount);
    return std::nullopt;
}

std::optional<ReplanRefusal> apply(Parted& parted, Day, const ReturnedCredit& change) {
    if (change.amount > parted.credit) return ReplanRefusal::return_exceeds_credit;
    parted.credit -= change.amount;
    for (PrincipalStep& each : parted.running) each.principal -= std::min(each.principal, change.amount);
    return std::nullopt;
}

std::optional<ReplanRefusal> apply(Parted& parted, Day on, const UnscheduledPayment& change) {
    if (change.amount > parted.principal()) return ReplanRefusal::payment_exceeds_debt;
    parted.unscheduled += change.amount;
    step(parted, on, parted.principal() - change.amount);
    return std::nullopt;
}

/// The due dates that stay. Further credit gets as many as were agreed, though an unscheduled payment had shortened the
/// plan; where none is left, a whole run of them.
std::vector<Day> dates_to_come(const InstalmentTerms& terms, const InstalmentPlan& plan, const Parted& parted,
                               const Replan& command) {
    std::vector<Day> dates;
    for (const Instalment& one : parted.coming) dates.push_back(one.due);
    if (!std::holds_alternative<FurtherCredit>(command.change)) return dates;
    const int number = plan.number_agreed - static_cast<int>(parted.kept.size());
    if (!dates.empty())
        return due_dates(dates.front(), plan.payment_day, std::max(number, static_cast<int>(dates.size())));
    const Day first = first_due_date(parted.begin(), plan.payment_day, std::max(terms.days_to_first_due_min, 1));
    return due_dates(first, plan.payment_day, plan.number_agreed);
}

/// Interest and repayments to come, on as many of the due dates as the debt needs.
std::vector<Part> parts_to_come(ScheduleRequest& request) {
    const std::int64_t debt = request.running.back().principal.minor();
    const std::size_t most = debt == 0 ? 1 : std::min(request.due.size(), static_cast<std::size_t>(debt));
    request.due.resize(std::min(request.due.size(), most));
    std::vector<Part> parts = schedule(request);
    request.kept_instalment.reset();
    while (parts.empty()) {
        ensure(!request.due.empty(), "a debt cannot be repaid at once");
        parts = schedule(request);
        if (parts.empty()) request.due.pop_back();
    }
    return parts;
}

/// Takes what was returned beyond the debt to come off the instalments, from the last on. An instalment that repays
/// nothing any more falls away; its part of the charge goes to the one before.
void cut(std::vector<Instalment>& instalments, Money surplus) {
    Money charge = Money::zero(surplus.currency());
    while (surplus.is_positive()) {
        Instalment& last = instalments.back();
        for (Money Instalment::* part : {&Instalment::repayment, &Instalment::unscheduled}) {
            const Money taken = std::min(last.*part, surplus);
            last.*part -= taken;
            surplus -= taken;
        }
        if (!last.repayment.is_zero() || !last.unscheduled.is_zero()) break;
        charge += last.fee;
        instalments.pop_back();
    }
    instalments.back().fee += charge;
}

Money sum_repaid(const std::vector<Instalment>& instalments, Money zero) {
    Money sum = zero;
    for (const Instalment& one : instalments) sum += one.repayment + one.unscheduled;
    return sum;
}

}  // namespace

Outcome<std::optional<InstalmentPlan>, ReplanRefusal> replan(const InstalmentTerms& terms, const InstalmentPlan& plan,
                                                             const Replan& command) {
    const Money amount = std::visit([](const auto& change) { return change.amount; }, command.change);
    if (!amount.is_positive()) return std::unexpected(ReplanRefusal::amount_not_positive);
    if (amount.currency() != plan.credit.currency()) return std::unexpected(ReplanRefusal::currency_not_of_the_plan);
    if (command.on < plan.created) return std::unexpected(ReplanRefusal::before_the_plan);

    Parted parted = part(plan, command);
    const auto refusal =
        std::visit([&](const auto& change) { return apply(parted, command.on, change); }, command.change);
    if (refusal) return std::unexpected(*refusal);
    if (parted.credit.is_zero()) return std::nullopt;

    const bool is_payment = std::holds_alternative<UnscheduledPayment>(command.change);
    const bool shortens = is_payment && terms.unscheduled == UnscheduledPayments::shorten && parted.coming.size() > 1;
    ScheduleRequest request{.convention = terms.convention,
                            .interest_rate = plan.interest_rate,
                            .running = parted.running,
                            .begins_with_drawdown = begins_with_drawdown(parted),
                            .due = dates_to_come(terms, plan, parted, command)};
    if (shortens) request.kept_instalment = parted.coming.front().interest + parted.coming.front().repayment;

    InstalmentPlan made = plan;
    made.created = command.on;
    made.credit = parted.credit;
    made.instalments = parted.kept;
    made.running = parted.running;
    const foundation::Currency currency = plan.credit.currency();
    if (parted.principal().is_zero() && parted.unscheduled.is_zero()) {
        made.instalments.back().fee += parted.charge_to_come;
    } else {
        const std::vector<Part> parts = parts_to_come(request);
        const std::vector<Money> charges = spread(parted.charge_to_come, parts.size());
        for (std::size_t i = 0; i < parts.size(); ++i)
            made.instalments.push_back({.due = request.due[i],
                                        .interest = Money{parts[i].interest, currency},
                                        .repayment = Money{parts[i].repayment, currency},
                                        .fee = charges[i],
                                        .unscheduled = i == 0 ? parted.unscheduled : zero_of(plan)});
    }
    cut(made.instalments, sum_repaid(made.instalments, zero_of(plan)) - made.credit);
    number_and_balance(made.credit, made.instalments);

    const std::size_t kept = std::min(parted.kept.size(), made.instalments.size());
    const std::vector<Instalment> coming{made.instalments.begin() + static_cast<std::ptrdiff_t>(kept),
                                         made.instalments.end()};
    // Where nothing is to come, or all at once, there is no rate to find: the buyer keeps the one they agreed to.
    if (!coming.empty()) {
        const Money debt = parted.principal() + accrued_interest(request, command.on);
        made.effective_rate = effective_rate_of(terms.apr_time, command.on, debt, coming).value_or(plan.effective_rate);
    }
    return made;
}

Money interest_run(const InstalmentTerms& terms, const InstalmentPlan& plan, Day until) {
    const Parted parted = part(plan, {.on = until + foundation::Days{1}, .paid = 0, .change = FurtherCredit{}});
    Money run = zero_of(plan);
    for (const Instalment& one : parted.kept)
        if (one.due <= until) run += one.interest;
    if (!parted.coming.empty()) {
        ScheduleRequest request{.convention = terms.convention,
                                .interest_rate = plan.interest_rate,
                                .running = parted.running,
                                .begins_with_drawdown = begins_with_drawdown(parted)};
        for (const Instalment& one : parted.coming) request.due.push_back(one.due);
        run += accrued_interest(request, until);
    }
    return std::min(run, plan.interest());
}

Money interest_on_rest(Money interest, Money credit, Money returned) {
    if (returned >= credit) return Money::zero(credit.currency());
    __extension__ using Wide = __int128;
    const Wide twice = Wide{2} * interest.minor() * (credit - returned).minor() + credit.minor();
    return Money{static_cast<std::int64_t>(twice / (Wide{2} * credit.minor())), credit.currency()};
}

}  // namespace saldo::terms
