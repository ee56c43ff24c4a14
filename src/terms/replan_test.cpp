#include "terms/replan.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

namespace saldo::terms {
namespace {

using foundation::Day;
using foundation::Days;
using foundation::Decimal;
using foundation::Money;

Day day(const char* text) {
    return *foundation::parse_day(text);
}

Money euro(const char* text) {
    return *Money::parse(text, {});
}

InstalmentTerms terms_of(const char* rate, const char* charge) {
    InstalmentTerms terms;
    terms.interest_rate = terms.interest_rate_max = *Decimal::parse(rate);
    terms.service_charge = euro(charge);
    return terms;
}

InstalmentPlan plan_of(const InstalmentTerms& terms, const char* from, const char* credit, int count) {
    return plan_by_number(terms, {.calculated = day(from), .credit = euro(credit), .instalments = count}).value();
}

std::string row(const Instalment& one) {
    const std::string extra = one.unscheduled.is_zero() ? "" : " extra " + one.unscheduled.text();
    return foundation::day_text(one.due) + " " + one.interest.text() + "+" + one.repayment.text() + "+" +
           one.fee.text() + extra + ", " + one.residual.text();
}

std::vector<std::string> rows(const InstalmentPlan& plan) {
    std::vector<std::string> found;
    for (const Instalment& one : plan.instalments) found.push_back(row(one));
    return found;
}

using Rows = std::vector<std::string>;

InstalmentPlan after(const InstalmentTerms& terms, const InstalmentPlan& plan, const Replan& command) {
    return replan(terms, plan, command).value().value();
}

TEST(Replan, makes_one_plan_of_two_shipments_and_lowers_it_by_a_return) {
    const InstalmentTerms terms = terms_of("0", "12");
    InstalmentPlan plan = plan_of(terms, "2020-03-10", "90", 6);
    plan = after(terms, plan, {.on = day("2020-03-20"), .change = FurtherCredit{euro("60")}});
    EXPECT_EQ(plan.created, day("2020-03-20"));
    EXPECT_EQ(plan.credit, euro("150"));
    EXPECT_EQ(plan.total(), euro("162"));
    ASSERT_EQ(plan.instalments.size(), 6U);
    for (const Instalment& one : plan.instalments) EXPECT_EQ(one.total(), euro("27"));
    EXPECT_EQ(plan.instalments.front().due, day("2020-04-28"));

    const InstalmentPlan lower = after(terms, plan, {.on = day("2020-04-01"), .change = ReturnedCredit{euro("30")}});
    EXPECT_EQ(lower.created, day("2020-04-01"));
    EXPECT_EQ(lower.credit, euro("120"));
    EXPECT_EQ(lower.total(), euro("132"));
    ASSERT_EQ(lower.instalments.size(), 6U);
    for (const Instalment& one : lower.instalments) EXPECT_EQ(one.total(), euro("22"));

    const auto ended = replan(terms, lower, {.on = day("2020-04-02"), .change = ReturnedCredit{euro("120")}});
    ASSERT_TRUE(ended);
    EXPECT_EQ(*ended, std::nullopt);
}

TEST(Replan, after_a_return_leaves_passed_instalments_as_they_are) {
    const InstalmentTerms terms = terms_of("0", "12");
    const InstalmentPlan plan = plan_of(terms, "2020-03-20", "150", 6);
    const Replan command{.on = day("2020-06-01"), .change = ReturnedCredit{euro("40")}};
    EXPECT_EQ(rows(after(terms, plan, command)),
              (Rows{"2020-04-28 0+25+2, 85", "2020-05-28 0+25+2, 60", "2020-06-28 0+15+2, 45", "2020-07-28 0+15+2, 30",
                    "2020-08-28 0+15+2, 15", "2020-09-28 0+15+2, 0"}));
    // Paid ahead stays as well; due today is not passed.
    EXPECT_EQ(rows(after(terms, plan, {.on = day("2020-05-28"), .change = ReturnedCredit{euro("25")}}))[1],
              "2020-05-28 0+20+2, 80");
    EXPECT_EQ(rows(after(terms, plan, {.on = day("2020-05-28"), .paid = 3, .change = ReturnedCredit{euro("15")}})),
              (Rows{"2020-04-28 0+25+2, 110", "2020-05-28 0+25+2, 85", "2020-06-28 0+25+2, 60", "2020-07-28 0+20+2, 40",
                    "2020-08-28 0+20+2, 20", "2020-09-28 0+20+2, 0"}));
}

TEST(Replan, after_a_return_above_what_is_to_come_cuts_from_the_last_backwards) {
    const InstalmentTerms terms = terms_of("0", "12");
    const InstalmentPlan plan = plan_of(terms, "2020-03-20", "150", 6);
    const auto returned = [&](const char* amount) {
        return after(terms, plan, {.on = day("2020-06-01"), .change = ReturnedCredit{euro(amount)}});
    };
    // All that is to come: the charge of what falls away is owed with the last that stays.
    EXPECT_EQ(rows(returned("100")), (Rows{"2020-04-28 0+25+2, 25", "2020-05-28 0+25+10, 0"}));
    EXPECT_EQ(rows(returned("110")), (Rows{"2020-04-28 0+25+2, 15", "2020-05-28 0+15+10, 0"}));
    EXPECT_EQ(rows(returned("125")), (Rows{"2020-04-28 0+25+12, 0"}));
    EXPECT_EQ(rows(returned("149.99")), (Rows{"2020-04-28 0+0.01+12, 0"}));
    EXPECT_EQ(returned("149.99").number_agreed, 6);
}

TEST(InterestRun, counts_the_days_as_the_plan_does_and_ends_with_its_whole) {
    const InstalmentTerms terms = terms_of("10", "5");
    const InstalmentPlan plan = plan_of(terms, "2022-05-01", "400", 3);
    EXPECT_EQ(interest_run(terms, plan, day("2022-04-30")), euro("0"));
    EXPECT_EQ(interest_run(terms, plan, day("2022-05-01")), euro("0"));
    EXPECT_EQ(interest_run(terms, plan, day("2022-05-15")), euro("1.57"));  // 400 x (1.1^(15/365) - 1) = 1.5698
    EXPECT_EQ(interest_run(terms, plan, day("2022-06-28")), plan.instalments[0].interest);
    EXPECT_EQ(interest_run(terms, plan, day("2022-08-28")), plan.interest());
    EXPECT_EQ(interest_run(terms, plan, day("2030-01-01")), plan.interest());
}

TEST(InterestRun, is_nothing_on_goods_that_came_back_and_less_on_what_was_paid_beside_the_plan) {
    const InstalmentTerms terms = terms_of("10", "0");
    const InstalmentPlan plan = plan_of(terms, "2022-05-01", "400", 3);
    const auto returned = after(terms, plan, {.on = day("2022-05-10"), .change = ReturnedCredit{euro("200")}});
    EXPECT_EQ(interest_run(terms, returned, day("2022-05-15")), euro("0.78"));
    const auto paid = after(terms, plan, {.on = day("2022-05-15"), .change = UnscheduledPayment{euro("399")}});
    EXPECT_EQ(interest_run(terms, paid, day("2022-05-15")), euro("1.57"));
    EXPECT_EQ(interest_run(terms, paid, day("2022-05-20")), euro("1.57"));
}

TEST(InterestOnRest, is_in_proportion_half_up_to_the_cent) {
    EXPECT_EQ(interest_on_rest(euro("1.57"), euro("400"), euro("100")), euro("1.18"));  // 1.1775
    EXPECT_EQ(interest_on_rest(euro("0.01"), euro("2"), euro("1")), euro("0.01"));      // 0.005
    EXPECT_EQ(interest_on_rest(euro("1.57"), euro("400"), euro("0")), euro("1.57"));
    EXPECT_EQ(interest_on_rest(euro("1.57"), euro("400"), euro("400")), euro("0"));
    EXPECT_EQ(interest_on_rest(euro("1.57"), euro("400"), euro("401")), euro("0"));
    EXPECT_EQ(interest_on_rest(euro("9999999999.99"), euro("9999999999.99"), euro("0.01")), euro("9999999999.98"));
}

TEST(Replan, takes_an_unscheduled_payment_off_the_number_or_off_the_instalments) {
    InstalmentTerms terms = terms_of("0", "12");
    const InstalmentPlan plan = plan_of(terms, "2020-03-20", "150", 6);
    const Replan command{.on = day("2020-05-10"), .change = UnscheduledPayment{euro("60")}};
    EXPECT_EQ(rows(after(terms, plan, command)), (Rows{"2020-04-28 0+25+2, 125", "2020-05-28 0+25+3.34 extra 60, 40",
                                                       "2020-06-28 0+25+3.34, 15", "2020-07-28 0+15+3.32, 0"}));
    terms.unscheduled = UnscheduledPayments::lower;
    EXPECT_EQ(rows(after(terms, plan, command)),
              (Rows{"2020-04-28 0+25+2, 125", "2020-05-28 0+13+2 extra 60, 52", "2020-06-28 0+13+2, 39",
                    "2020-07-28 0+13+2, 26", "2020-08-28 0+13+2, 13", "2020-09-28 0+13+2, 0"}));
    // A second one before the same due date stands beside the first.
    const InstalmentPlan twice =
        after(terms, after(terms, plan, command), {.on = day("2020-05-28"), .change = UnscheduledPayment{euro("5")}});
    EXPECT_EQ(rows(twice)[1], "2020-05-28 0+12+2 extra 65, 48");
    EXPECT_EQ(twice.total(), euro("162"));
}

TEST(Replan, after_all_was_paid_at_once_leaves_interest_and_charge_to_the_next_instalment) {
    InstalmentTerms terms = terms_of("12", "6");
    terms.convention = PlanConvention::nominal_monthly;
    terms.days_to_first_due_min = 27;
    const InstalmentPlan plan = plan_of(terms, "2020-01-01", "300", 3);
    const InstalmentPlan paid =
        after(terms, plan, {.on = day("2020-01-14"), .change = UnscheduledPayment{euro("300")}});
    EXPECT_EQ(rows(paid), Rows{"2020-01-28 1.44+0+6 extra 300, 0"});  // 13 of 27 days of 3.00
    EXPECT_EQ(paid.total(), euro("307.44"));
    // Goods that come back afterwards were paid: what the buyer paid too much the plan does not show.
    const InstalmentPlan less = after(terms, paid, {.on = day("2020-01-20"), .change = ReturnedCredit{euro("100")}});
    EXPECT_EQ(rows(less), Rows{"2020-01-28 0.96+0+6 extra 200, 0"});
    // And goods that follow get the instalments that were agreed.
    const InstalmentPlan more = after(terms, paid, {.on = day("2020-01-20"), .change = FurtherCredit{euro("90")}});
    EXPECT_EQ(more.instalments.size(), 3U);
    EXPECT_EQ(more.instalments.front().unscheduled, euro("300"));
}

TEST(Replan, of_credit_behind_the_last_due_date_begins_a_new_run) {
    const InstalmentTerms terms = terms_of("0", "0");
    const InstalmentPlan plan = plan_of(terms, "2020-01-01", "30", 3);
    const InstalmentPlan more = after(terms, plan, {.on = day("2020-05-10"), .change = FurtherCredit{euro("60")}});
    EXPECT_EQ(rows(more), (Rows{"2020-02-28 0+10+0, 80", "2020-03-28 0+10+0, 70", "2020-04-28 0+10+0, 60",
                                "2020-06-28 0+20+0, 40", "2020-07-28 0+20+0, 20", "2020-08-28 0+20+0, 0"}));
}

TEST(Replan, charges_interest_to_the_day_of_the_change) {
    InstalmentTerms terms = terms_of("36.5", "0");
    terms.convention = PlanConvention::actual_365;  // a thousandth a day
    terms.days_to_first_due_min = 1;
    const InstalmentPlan plan = plan_of(terms, "2021-01-08", "1000", 3);
    EXPECT_EQ(plan.instalments.front().interest, euro("20"));
    const InstalmentPlan more = after(terms, plan, {.on = day("2021-01-18"), .change = FurtherCredit{euro("500")}});
    EXPECT_EQ(more.instalments.front().interest, euro("25"));  // 10 days of 1000, 10 of 1500
    const InstalmentPlan paid =
        after(terms, plan, {.on = day("2021-01-18"), .change = UnscheduledPayment{euro("500")}});
    EXPECT_EQ(paid.instalments.front().interest, euro("15"));  // 10 of 1000, 10 of 500
    const InstalmentPlan less = after(terms, plan, {.on = day("2021-01-18"), .change = ReturnedCredit{euro("500")}});
    EXPECT_EQ(less.instalments.front().interest, euro("10"));  // 20 of 500: the goods were never bought
    const InstalmentPlan both = after(terms, more, {.on = day("2021-01-23"), .change = ReturnedCredit{euro("100")}});
    EXPECT_EQ(both.instalments.front().interest, euro("23"));  // 10 of 900, 10 of 1400
    // The next period begins with its own principal.
    const InstalmentPlan later =
        after(terms, more, {.on = day("2021-02-07"), .change = UnscheduledPayment{euro("200")}});
    const Money left = more.instalments.front().residual;
    EXPECT_EQ(later.instalments[0], more.instalments[0]);
    // 31 days of what was left, and 200 less for 21 of them.
    EXPECT_EQ(later.instalments[1].interest.minor(), (left.minor() * 31 - 420'000 + 500) / 1000);
}

TEST(Replan, is_refused_for_the_first_reason_that_holds) {
    const InstalmentTerms terms = terms_of("0", "0");
    const InstalmentPlan plan = plan_of(terms, "2020-03-20", "150", 3);
    const Money franc{1, *foundation::Currency::parse("CHF")};
    const Day before = day("2020-03-19");
    const Day on = day("2020-05-10");
    const struct {
        Replan command;
        ReplanRefusal refusal;
    } table[] = {
        {{.on = before, .change = ReturnedCredit{euro("0")}}, ReplanRefusal::amount_not_positive},
        {{.on = before, .change = UnscheduledPayment{-franc}}, ReplanRefusal::amount_not_positive},
        {{.on = before, .change = FurtherCredit{franc}}, ReplanRefusal::currency_not_of_the_plan},
        {{.on = before, .change = ReturnedCredit{euro("151")}}, ReplanRefusal::before_the_plan},
        {{.on = on, .change = FurtherCredit{Money{Money::minor_max - 14'999, {}}}}, ReplanRefusal::credit_too_high},
        {{.on = on, .change = ReturnedCredit{euro("150.01")}}, ReplanRefusal::return_exceeds_credit},
        {{.on = on, .change = UnscheduledPayment{euro("100.01")}}, ReplanRefusal::payment_exceeds_debt},
        {{.on = day("2021-01-01"), .change = UnscheduledPayment{euro("0.01")}}, ReplanRefusal::payment_exceeds_debt},
    };
    for (const auto& each : table) {
        const auto made = replan(terms, plan, each.command);
        ASSERT_FALSE(made);
        EXPECT_EQ(made.error(), each.refusal);
    }
}

InstalmentTerms any_terms() {
    InstalmentTerms terms;
    terms.convention =
        *rc::gen::element(PlanConvention::gateway, PlanConvention::nominal_monthly, PlanConvention::thirty_360,
                          PlanConvention::actual_365, PlanConvention::actual_actual);
    terms.unscheduled = *rc::gen::element(UnscheduledPayments::shorten, UnscheduledPayments::lower);
    terms.interest_rate = Decimal::of_units(*rc::gen::element<std::int64_t>(0, 59'900, 137'000, 250'000));
    terms.interest_rate_max = terms.interest_rate;
    terms.service_charge = Money{*rc::gen::element<std::int64_t>(0, 395, 1'200), {}};
    terms.months_allowed = {*rc::gen::inRange(1, 25)};
    terms.payment_days = {*rc::gen::inRange(1, 32)};
    return terms;
}

std::optional<InstalmentPlan> any_plan(const InstalmentTerms& terms) {
    const auto plan = plan_by_number(terms, {.calculated = day("2019-12-01") + Days{*rc::gen::inRange(0, 400)},
                                             .credit = Money{*rc::gen::inRange<std::int64_t>(2'000, 200'000), {}},
                                             .instalments = terms.months_allowed.front(),
                                             .payment_day = terms.payment_days.front()});
    return plan ? std::optional{*plan} : std::nullopt;
}

void expect_that_it_adds_up(const InstalmentPlan& plan) {
    Money left = plan.credit;
    Money paid = Money::zero(plan.credit.currency());
    Day before = plan.instalments.front().due - Days{1};
    int number = 0;
    for (const Instalment& one : plan.instalments) {
        RC_ASSERT(one.number == ++number);
        RC_ASSERT(!one.interest.is_negative());
        RC_ASSERT(!one.repayment.is_negative());
        RC_ASSERT(!one.unscheduled.is_negative());
        RC_ASSERT(!one.fee.is_negative());
        RC_ASSERT((one.repayment + one.unscheduled).is_positive());
        left -= one.repayment + one.unscheduled;
        RC_ASSERT(one.residual == left);
        paid += one.total() + one.unscheduled;
        RC_ASSERT(one.due > before);
        before = one.due;
    }
    RC_ASSERT(left.is_zero());
    RC_ASSERT(paid == plan.total());
}

RC_GTEST_PROP(Replan, conserves_every_cent_through_any_life, ()) {
    const InstalmentTerms terms = any_terms();
    auto plan = any_plan(terms);
    if (!plan) return;
    const Money charge = plan->service_charge();
    Money credit = plan->credit;
    Money unscheduled;
    Day on = plan->created;
    const int changes = *rc::gen::inRange(1, 12);
    for (int i = 0; i < changes; ++i) {
        on += Days{*rc::gen::inRange(0, 50)};
        const Money amount{*rc::gen::inRange<std::int64_t>(1, 60'000), {}};
        const int kind = *rc::gen::inRange(0, 3);
        const int paid = *rc::gen::inRange(-3, 8);
        Replan command{.on = on, .paid = std::max(paid, 0), .change = FurtherCredit{amount}};
        if (kind == 1) command.change = ReturnedCredit{amount};
        if (kind == 2) command.change = UnscheduledPayment{amount};
        const auto made = replan(terms, *plan, command);
        if (!made) {
            RC_ASSERT(kind != 0);
            continue;
        }
        if (kind == 0) credit += amount;
        if (kind == 1) credit -= amount;
        if (!*made) {
            RC_ASSERT(credit.is_zero());
            return;
        }
        const InstalmentPlan& next = **made;
        expect_that_it_adds_up(next);
        RC_ASSERT(next.credit == credit);
        RC_ASSERT(next.service_charge() == charge);
        RC_ASSERT(next.created == on);
        RC_ASSERT(next.interest_rate == plan->interest_rate);
        Money extra;
        for (const Instalment& one : next.instalments) extra += one.unscheduled;
        if (kind == 2) unscheduled += amount;
        if (kind == 1)
            RC_ASSERT(extra <= unscheduled);
        else
            RC_ASSERT(extra == unscheduled);
        unscheduled = extra;
        if (kind != 1)
            for (std::size_t k = 0; k < plan->instalments.size() && plan->instalments[k].due < on; ++k) {
                Instalment kept = next.instalments[k];
                kept.residual = plan->instalments[k].residual;
                RC_ASSERT(kept == plan->instalments[k]);
            }
        plan = next;
    }
}

RC_GTEST_PROP(Replan, of_goods_that_came_back_before_anything_was_due_is_the_plan_without_them, ()) {
    const InstalmentTerms terms = any_terms();
    const auto plan = any_plan(terms);
    if (!plan) return;
    const Money returned{*rc::gen::inRange<std::int64_t>(1, plan->credit.minor() / 2), {}};
    const int days = static_cast<int>((plan->instalments.front().due - plan->created).count());
    const auto made = replan(
        terms, *plan, {.on = plan->created + Days{*rc::gen::inRange(0, days + 1)}, .change = ReturnedCredit{returned}});
    const auto fresh = plan_by_number(terms, {.calculated = plan->created,
                                              .credit = plan->credit - returned,
                                              .instalments = terms.months_allowed.front(),
                                              .payment_day = terms.payment_days.front()});
    RC_ASSERT(fresh.has_value());
    RC_ASSERT(made.value()->instalments == fresh->instalments);
    RC_ASSERT(made.value()->running == fresh->running);
}

RC_GTEST_PROP(Replan, of_two_shipments_on_one_day_is_the_plan_of_one, ()) {
    const InstalmentTerms terms = any_terms();
    const auto plan = any_plan(terms);
    if (!plan) return;
    const Money more{*rc::gen::inRange<std::int64_t>(1, 100'000), {}};
    const auto made = replan(terms, *plan, {.on = plan->created, .change = FurtherCredit{more}});
    const auto fresh = plan_by_number(terms, {.calculated = plan->created,
                                              .credit = plan->credit + more,
                                              .instalments = terms.months_allowed.front(),
                                              .payment_day = terms.payment_days.front()});
    RC_ASSERT(**made == *fresh);
}

RC_GTEST_PROP(Replan, keeps_the_agreed_rate_where_no_charge_is_in_it, ()) {
    InstalmentTerms terms = any_terms();
    terms.convention = PlanConvention::gateway;
    terms.apr_time = AprTimeRule::actual_365;
    terms.service_charge = Money{};
    terms.interest_rate = terms.interest_rate_max = *Decimal::parse("13.7");
    terms.months_allowed = {24};
    const auto plan = any_plan(terms);
    RC_ASSERT(plan.has_value());
    const auto made = replan(terms, *plan,
                             {.on = plan->created + Days{*rc::gen::inRange(0, 300)},
                              .change = FurtherCredit{Money{*rc::gen::inRange<std::int64_t>(20'000, 90'000), {}}}});
    // Equal months are not equal days, and cents are rounded: near, not the same.
    RC_ASSERT(std::abs(static_cast<double>(made.value()->effective_rate.units()) / 1e4 - 13.7) < 0.8);
}

}  // namespace
}  // namespace saldo::terms
