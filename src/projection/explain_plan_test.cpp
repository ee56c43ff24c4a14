#include "projection/explain_plan.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "projection/explain.hpp"
#include "terms/replan.hpp"

namespace saldo::projection {
namespace {

using foundation::Day;
using foundation::Money;

const foundation::Currency euro = *foundation::Currency::parse("EUR");
const Day shipped = *foundation::parse_day("2016-01-06");
const Day returned = *foundation::parse_day("2016-01-20");

/// The published sample, shipped at once; two weeks later goods of 100 come back.
ledger::Transaction purchase() {
    terms::InstalmentTerms terms;
    terms.interest_rate = terms.interest_rate_max = *foundation::Decimal::parse("13.7");
    terms.service_charge = {395, euro};
    terms.instalment_min = Money::zero(euro);
    const auto made = terms::plan_by_number(
        terms, {.calculated = shipped, .credit = {23000, euro}, .instalments = 6, .payment_day = 28});
    const auto anew =
        terms::replan(terms, *made, {.on = returned, .paid = 0, .change = terms::ReturnedCredit{{10000, euro}}});
    ledger::Transaction transaction;
    transaction.authorisation.currency = euro;
    transaction.authorisation.terms.instalments = terms;
    transaction.created_on = shipped;
    transaction.plan_changes = {{.seq = 3, .value_date = shipped, .what = {*made, {}}},
                                {.seq = 5, .value_date = returned, .what = {**anew, {}}}};
    return transaction;
}

TEST(ExplainPlan, says_how_each_number_of_the_first_making_came_about) {
    const ledger::Transaction transaction = purchase();
    const auto explained = explain_plan(transaction, shipped);
    ASSERT_TRUE(explained);
    ASSERT_EQ(explained->makings.size(), 1u);
    EXPECT_EQ(explained->makings.front().why, "goods were shipped: 230 is repaid as agreed");
    const auto regular = std::ranges::find(explained->numbers, "regular_instalment", &terms::ExplainedNumber::name);
    ASSERT_NE(regular, explained->numbers.end());
    EXPECT_EQ(regular->value, "40.79");
}

TEST(ExplainPlan, tells_every_making_up_to_the_day) {
    EXPECT_FALSE(explain_plan(purchase(), shipped - foundation::Days{1}));
    const ledger::Transaction transaction = purchase();
    const auto explained = explain_plan(transaction, returned);
    ASSERT_TRUE(explained);
    ASSERT_EQ(explained->makings.size(), 2u);
    EXPECT_EQ(explained->makings.back().why.substr(0, 25), "goods of 100 came back, a");
    EXPECT_EQ(explained->makings.back().plan->credit, Money(13000, euro));
}

TEST(Explain, takes_the_interest_of_the_plan_that_holds_apart_by_instalments) {
    const ledger::Transaction transaction = purchase();
    const Explanation tree = explain(transaction, shipped);
    ASSERT_EQ(tree.parts.size(), 1u) << "interest alone: nothing else was recorded";
    const Explanation& interest = tree.parts.front().parts.front();
    EXPECT_EQ(interest.amount, Money(1072, euro));
    ASSERT_EQ(interest.parts.size(), 6u);
    EXPECT_EQ(interest.parts.front().label, "instalment 1, due 2016-02-28");
    EXPECT_EQ(interest.parts.front().amount, Money(441, euro));
    EXPECT_EQ(interest.parts.front().seq, 3);
}

}  // namespace
}  // namespace saldo::projection
