#include "ledger/verification.hpp"

#include <gtest/gtest.h>

#include "foundation/calendar.hpp"
#include "terms/contract.hpp"

namespace saldo::ledger {
namespace {

using namespace std::chrono_literals;
using foundation::Instant;

const Instant noon = *foundation::parse_instant("2026-06-05T12:00:00Z");
const foundation::Currency euro = *foundation::Currency::parse("EUR");

/// A purchase of whose buyer the risk check wants a code.
struct Awaiting {
    Transaction transaction;
    Instant now = noon;

    Awaiting() {
        Authorise command{.currency = euro, .baskets = {{.gross = {17000, euro}}}};
        command.buyer.billing_address = {.street = Sealed{"Weg 1"},
                                         .zip_code = Sealed{"10115"},
                                         .city = Sealed{"Ort"},
                                         .country_code = Sealed{"DE"}};
        command.buyer.contact = Contact{.email = {}, .phone = Sealed{"0177 4445555"}};
        const Counterpart counterpart{.partner_id = "P",
                                      .contract = terms::demo_contract(),
                                      .shops = {{"A", ""}},
                                      .risk = RiskVerdict::one_time_code_required,
                                      .payment_reference = "KK7709094U2",
                                      .code_digest = "first"};
        record(decide(command, counterpart, {.now = noon, .operation_id = {}}));
    }
    void record(const Decision& decision) {
        for (const Decided& one : decision)
            evolve(transaction, {.seq = transaction.version + 1,
                                 .recorded_at = now,
                                 .effective_at = now,
                                 .value_date = one.value_date,
                                 .actor = "a",
                                 .event = one.event});
    }
    CodeAnswer enters(std::string_view digest) {
        const CodeDecision decision = enter_code(transaction, digest, now);
        record(decision.events);
        return decision.answer;
    }
    CodeAnswer asks_for(const char* digest) {
        const CodeDecision decision = send_new_code(transaction, digest, std::nullopt, now);
        record(decision.events);
        return decision.answer;
    }
    std::optional<Refusal> captures() const {
        const auto decision = decide(transaction, Capture{{.gross = {100, euro}}}, {.now = now, .operation_id = "1"});
        return decision ? std::nullopt : std::optional(decision.error());
    }
};

TEST(Verification, keeps_a_purchase_from_everything_until_the_right_code_was_entered) {
    Awaiting life;
    EXPECT_TRUE(life.transaction.awaits_code());
    EXPECT_FALSE(life.transaction.is_declined());
    EXPECT_EQ(life.captures(), Refusal::otp_verification_pending);
    EXPECT_EQ(life.enters("first"), CodeAnswer::confirmed);
    EXPECT_FALSE(life.transaction.awaits_code());
    EXPECT_EQ(life.captures(), std::nullopt);
    EXPECT_EQ(life.enters("first"), CodeAnswer::not_awaited);
}

TEST(Verification, declines_the_purchase_with_the_last_wrong_code) {
    Awaiting life;
    EXPECT_EQ(life.enters("wrong"), CodeAnswer::missed);
    EXPECT_EQ(life.enters("wrong"), CodeAnswer::missed);
    EXPECT_EQ(life.transaction.verification->tries_left(), 1);
    EXPECT_EQ(life.enters("wrong"), CodeAnswer::given_up);
    EXPECT_EQ(life.transaction.decline, Refusal::buyer_identity);
    EXPECT_EQ(life.captures(), Refusal::not_allowed_for_declined_transaction);
    EXPECT_EQ(life.enters("first"), CodeAnswer::not_awaited);
}

TEST(Verification, takes_no_code_whose_time_is_over_and_does_not_count_it) {
    Awaiting life;
    life.now += 5min - 1us;
    EXPECT_EQ(enter_code(life.transaction, "first", life.now).answer, CodeAnswer::confirmed);
    life.now += 1us;
    EXPECT_EQ(life.enters("first"), CodeAnswer::no_longer_valid);
    EXPECT_EQ(life.transaction.verification->tries_left(), 3);
}

TEST(Verification, sends_a_new_code_after_a_pause_so_many_times_and_the_old_one_is_void) {
    Awaiting life;
    EXPECT_EQ(life.asks_for("second"), CodeAnswer::too_early);
    for (const char* digest : {"second", "third", "fourth"}) {
        life.now += 30s;
        EXPECT_EQ(life.asks_for(digest), CodeAnswer::sent);
    }
    life.now += 30s;
    EXPECT_EQ(life.asks_for("fifth"), CodeAnswer::no_new_codes_left);
    EXPECT_EQ(life.enters("third"), CodeAnswer::missed);
    EXPECT_EQ(life.enters("fourth"), CodeAnswer::confirmed);
}

TEST(Verification, is_given_up_at_the_deadline_whoever_looks) {
    Awaiting life;
    EXPECT_TRUE(due_events(life.transaction, noon + 30min - 1us).empty());
    const auto due = due_events(life.transaction, noon + 2h);
    ASSERT_EQ(due.size(), 1U);
    EXPECT_EQ(due[0].effective_at, noon + 30min);
    evolve(life.transaction, due[0]);
    EXPECT_EQ(life.transaction.decline, Refusal::buyer_identity);
    EXPECT_TRUE(due_events(life.transaction, noon + foundation::Days{500}).empty());
}

}  // namespace
}  // namespace saldo::ledger
