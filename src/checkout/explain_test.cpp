#include "checkout/explain.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "checkout/session_fixture.hpp"

namespace saldo::checkout {

namespace {

using std::chrono::minutes;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::vector<std::string> told(const Life& life) {
    std::vector<std::string> sentences;
    for (const auto& step : explain(life.events, life.session.id).steps) sentences.push_back(step.what);
    return sentences;
}

TEST(AnExplanation, tells_a_session_step_by_step_up_to_the_purchase) {
    Life life;
    life.does(Act{});
    life.prepares();
    life.does(Confirm{receipt(), NotPurchased{"5390R4XZ8D6T7PQK2M1V", ledger::Refusal::invalid_billing_address}});
    life.does(GiveDetails{{.billing_address = address("14482")}});
    life.does(Confirm{receipt(), PurchasedAfterCode{transaction_id, reference}});
    life.does(AcceptCode{});
    life.does(FlagFraud{Sealed{"stolen"}});
    EXPECT_THAT(
        told(life),
        ElementsAre(
            StartsWith("The shop made the session: "), StartsWith("The buyer was active"),
            "The buyer chose OPEN_INVOICE.", "The buyer gave details: date_of_birth, phone.",
            StartsWith("The buyer pressed the order button and agreed to the text pack "),
            "The purchase 5390R4XZ8D6T7PQK2M1V was declined (BUYER_DATA, INVALID_BILLING_ADDRESS), which the "
            "buyer may put right; tries left: 2.",
            "The buyer gave details: billing_address.", StartsWith("The buyer pressed the order button"),
            "The purchase " + std::string(transaction_id) + " waits for the code that was sent to the buyer's phone.",
            StartsWith("The buyer was active"), "The purchase " + std::string(transaction_id) + " was authorised.",
            "An operator advised the shop to cancel the purchase."));
}

TEST(AnExplanation, tells_how_a_session_ends_that_buys_nothing) {
    Life expired;
    expired.waits(minutes(30));
    const SessionExplanation explanation = explain(expired.events, expired.session.id);
    EXPECT_EQ(explanation.steps.back().what, "It ended, 30 minutes after the buyer's last action.");
    EXPECT_EQ(explanation.steps.back().at, Life::start + minutes(30));
    EXPECT_EQ(explanation.session, expired.session);
    Life failed;
    failed.prepares();
    failed.does(Confirm{receipt(), NotPurchased{transaction_id, ledger::Refusal::risk_decision}});
    EXPECT_EQ(told(failed).back(),
              "The purchase " + std::string(transaction_id) + " was declined for good (RISK_DECISION).");
    Life canceled;
    canceled.does(Cancel{});
    canceled.does(EraseSubject{});
    EXPECT_THAT(told(canceled),
                ElementsAre(testing::_, "The buyer pressed cancel.", "What was known of the buyer was erased."));
}

TEST(AnExplanation, says_nothing_of_what_the_buyer_typed) {
    Life life;
    life.prepares();
    life.does(Confirm{receipt(), Purchased{transaction_id, reference}});
    for (const std::string& sentence : told(life))
        for (const char* typed : {"1971", "0177", "Muster", "shop.example"})
            EXPECT_THAT(sentence, Not(HasSubstr(typed)));
}

TEST(Goods, leave_for_a_completed_session_alone_and_every_status_says_why) {
    for (int i = 0; i <= static_cast<int>(SessionStatus::fraud_cancellation_requested); ++i) {
        const auto status = static_cast<SessionStatus>(i);
        EXPECT_EQ(may_ship(status), name_of(status) == "COMPLETED");
        EXPECT_FALSE(shipping_advice(status).empty());
    }
}

}  // namespace

}  // namespace saldo::checkout
