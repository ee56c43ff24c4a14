#include "ledger/direct_debit.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <variant>

#include "foundation/outcome.hpp"
#include "ledger/decide.hpp"
#include "ledger/due_amounts.hpp"
#include "terms/business_days.hpp"

namespace saldo::ledger {
namespace {

using foundation::Currency;
using foundation::Day;
using foundation::Money;

const Currency euro = *Currency::parse("EUR");

Money eur(std::int64_t cents) {
    return {cents, euro};
}
Day day(const char* text) {
    return *foundation::parse_day(text);
}

/// One purchase of 300 by direct debit, authorised at noon of 10 March 2020, a Tuesday.
class DirectDebits : public testing::Test {
  protected:
    Counterpart counterpart{.partner_id = "partner",
                            .contract = terms::demo_contract(),
                            .shops = {{"A", "Shop A"}},
                            .payment_reference = "KK7709094U2"};
    Transaction transaction;

    terms::DirectDebit& terms() { return *counterpart.contract.direct_debit; }

    void authorise(const char* on = "2020-03-10", terms::PaymentOption option = terms::PaymentOption::pay_now,
                   std::optional<WantedInstalments> instalments = {}) {
        today = day(on);
        Authorise command{.payment_method = {option, terms::TransferType::sepa_direct_debit},
                          .currency = euro,
                          .baskets = {{.gross = eur(30000)}},
                          .instalments = instalments};
        command.buyer.billing_address = {.street = Sealed{"Weg 1"},
                                         .zip_code = Sealed{"10115"},
                                         .city = Sealed{"Ort"},
                                         .country_code = Sealed{"DE"}};
        command.buyer.person = Person{.first_name = Sealed{"Erika"}, .last_name = Sealed{"Muster"}};
        command.debit_account = DebitAccount{.iban = Sealed{"DE44100500001654698497"}, .owner = {}};
        record(decide(command, counterpart, {.now = now(), .operation_id = {}}));
        ASSERT_FALSE(transaction.decline) << name_of(*transaction.decline);
    }
    /// The same by six instalments without interest, the first due on 28 April.
    void authorise_by_instalments() {
        counterpart.contract.instalments.emplace().instalment_min = eur(0);
        authorise("2020-03-10", terms::PaymentOption::instalment, WantedInstalments{.number = 6, .payment_day = 28});
    }
    std::string does(const Command& command) {
        const auto decision = decide(transaction, command, {.now = now(), .operation_id = "id"});
        if (!decision) return std::string(name_of(decision.error()));
        record(*decision);
        return {};
    }
    void capture(std::int64_t cents) { EXPECT_EQ(does(Capture{.operation = {.gross = eur(cents)}}), ""); }
    void refund(std::int64_t cents) { EXPECT_EQ(does(Refund{.operation = {.gross = eur(cents)}}), ""); }
    void pays(std::int64_t cents) {
        EXPECT_EQ(does(BookSettlement{.type = SettlementType::debit, .amount = eur(cents)}), "");
    }
    /// Submits everything that is due.
    void submit() {
        for (const DirectDebitDue& one : direct_debits_due(transaction, today))
            EXPECT_EQ(does(SubmitDirectDebit{.debit = one.id, .amount = one.amount, .due_date = one.due_date}), "");
    }
    void execute(DirectDebitId debit) { EXPECT_EQ(does(ExecuteDirectDebit{.debit = debit}), ""); }
    void give_back(DirectDebitId debit, const char* reason) {
        EXPECT_EQ(does(ReturnDirectDebit{.debit = debit, .reason = reason}), "");
    }

    /// `001-1 170 on 2020-03-13 by 2020-03-12`, one after another.
    std::string due() const {
        std::string text;
        for (const DirectDebitDue& one : direct_debits_due(transaction, today)) {
            if (!text.empty()) text += ", ";
            text += direct_debit_text(one.id) + ' ' + one.amount.text() + " on " + foundation::day_text(one.due_date) +
                    " by " + foundation::day_text(one.submit_by);
        }
        return text;
    }

    Day today;

  private:
    foundation::Instant now() const { return counterpart.contract.zone.start_of(today) + std::chrono::hours{12}; }
    void record(const Decision& decision) {
        for (const Decided& one : decision)
            evolve(transaction, {.seq = transaction.version + 1,
                                 .recorded_at = now(),
                                 .effective_at = now(),
                                 .value_date = one.value_date,
                                 .actor = "client",
                                 .event = one.event});
    }
};

TEST_F(DirectDebits, are_due_on_the_due_date_of_what_was_captured) {
    authorise();
    EXPECT_EQ(due(), "");
    capture(17000);
    EXPECT_EQ(due(), "001-1 170 on 2020-03-13 by 2020-03-12");
    EXPECT_EQ(direct_debits_due(transaction, today).front().notify_by, day("2020-03-12"));
    today = day("2020-03-11");
    capture(5000);
    EXPECT_EQ(due(), "001-1 170 on 2020-03-13 by 2020-03-12, 002-1 50 on 2020-03-16 by 2020-03-13");
}

TEST_F(DirectDebits, fall_due_on_days_of_target_and_wait_for_the_notice) {
    authorise("2020-04-07");
    capture(10000);  // due on Good Friday
    EXPECT_EQ(due(), "001-1 100 on 2020-04-14 by 2020-04-09");
    counterpart.contract.direct_debit->notice_days = 14;
    transaction = {};
    authorise("2020-04-07");
    capture(10000);
    EXPECT_EQ(due(), "001-1 100 on 2020-04-21 by 2020-04-20");
    EXPECT_EQ(direct_debits_due(transaction, today).front().notify_by, day("2020-04-07"));
}

TEST_F(DirectDebits, that_were_missed_move_to_the_next_day_that_can_be_reached) {
    authorise();
    capture(17000);
    today = day("2020-03-12");
    EXPECT_EQ(due(), "001-1 170 on 2020-03-13 by 2020-03-12");
    today = day("2020-03-13");
    EXPECT_EQ(due(), "001-1 170 on 2020-03-16 by 2020-03-13");
    EXPECT_EQ(direct_debits_due(transaction, today).front().planned_on, day("2020-03-13"));
    EXPECT_EQ(does(SubmitDirectDebit{.debit = {1, 1}, .amount = eur(17000), .due_date = day("2020-03-13")}),
              "DIRECT_DEBIT_NOT_DUE");
    EXPECT_EQ(does(SubmitDirectDebit{
                  .debit = {1, 1}, .amount = eur(17000), .due_date = day("2020-03-13"), .date = day("2020-03-12")}),
              "");
}

TEST_F(DirectDebits, follow_what_is_owed_until_they_are_submitted) {
    authorise();
    capture(10000);
    capture(5000);
    refund(2000);
    EXPECT_EQ(due(), "001-1 80 on 2020-03-13 by 2020-03-12, 002-1 50 on 2020-03-13 by 2020-03-12");
    pays(9000);
    EXPECT_EQ(due(), "002-1 40 on 2020-03-13 by 2020-03-12");
    EXPECT_EQ(does(BookFee{.type = FeeType::dunning_fee, .gross = eur(250)}), "");
    EXPECT_EQ(due(), "002-1 42.5 on 2020-03-13 by 2020-03-12");
    pays(4250);
    EXPECT_EQ(due(), "");
}

TEST_F(DirectDebits, are_not_made_for_a_fee_alone_once_everything_was_collected) {
    authorise();
    capture(10000);
    submit();
    execute({1, 1});
    EXPECT_EQ(does(BookFee{.type = FeeType::dunning_fee, .gross = eur(250)}), "");
    EXPECT_EQ(due(), "");
}

TEST_F(DirectDebits, that_are_on_their_way_are_not_asked_for_twice) {
    authorise();
    capture(10000);
    submit();
    EXPECT_EQ(due(), "");
    capture(5000);
    EXPECT_EQ(due(), "002-1 50 on 2020-03-13 by 2020-03-12");
    execute({1, 1});
    EXPECT_EQ(due(), "002-1 50 on 2020-03-13 by 2020-03-12");
    EXPECT_EQ(open_amount(transaction, Day::max()), eur(5000));
    refund(2000);
    EXPECT_EQ(due(), "002-1 30 on 2020-03-13 by 2020-03-12") << "what the first has paid too much pays the second";
}

TEST_F(DirectDebits, that_come_back_for_want_of_money_are_tried_again_as_often_as_the_contract_says) {
    terms().retries_max = 2;
    authorise();
    capture(17000);
    submit();
    today = day("2020-03-13");
    execute({1, 1});
    EXPECT_TRUE(open_amount(transaction, today).is_zero());
    today = day("2020-03-17");
    give_back({1, 1}, "AM04");
    EXPECT_EQ(due(), "001-2 173 on 2020-03-31 by 2020-03-30");
    today = day("2020-03-30");
    submit();
    today = day("2020-04-02");
    give_back({1, 2}, "MS03");
    EXPECT_EQ(open_amount(transaction, today), eur(17600)) << "it never went through: nothing went back";
    EXPECT_EQ(due(), "001-3 176 on 2020-04-16 by 2020-04-15");
    today = day("2020-04-15");
    submit();
    today = day("2020-04-20");
    give_back({1, 3}, "AM04");
    EXPECT_EQ(due(), "");
    EXPECT_FALSE(mandate_of(transaction, today)->is_void);
}

TEST_F(DirectDebits, end_with_the_mandate_when_a_return_says_so) {
    for (const char* reason : {"AC01", "AC04", "MD01", "MD06", "MD07", "MS02"}) {
        transaction = {};
        authorise();
        capture(10000);
        capture(5000);
        EXPECT_EQ(does(SubmitDirectDebit{.debit = {1, 1}, .amount = eur(10000), .due_date = day("2020-03-13")}), "");
        EXPECT_EQ(due(), "002-1 50 on 2020-03-13 by 2020-03-12");
        give_back({1, 1}, reason);
        EXPECT_EQ(due(), "") << reason;
        EXPECT_TRUE(mandate_of(transaction, today)->is_void) << reason;
    }
}

TEST_F(DirectDebits, that_came_back_by_a_fault_of_ours_cost_nothing_and_leave_the_others) {
    authorise();
    capture(10000);
    capture(5000);
    EXPECT_EQ(does(SubmitDirectDebit{.debit = {1, 1}, .amount = eur(10000), .due_date = day("2020-03-13")}), "");
    give_back({1, 1}, "FF01");
    EXPECT_EQ(open_amount(transaction, today), eur(15000));
    EXPECT_EQ(due(), "002-1 50 on 2020-03-13 by 2020-03-12");
}

TEST_F(DirectDebits, rest_once_debt_collection_has_begun) {
    authorise();
    capture(10000);
    EXPECT_EQ(does(SetDunningLevel{.level = DunningLevel::collection}), "");
    EXPECT_EQ(due(), "");
    EXPECT_EQ(does(SetDunningLevel{.level = DunningLevel::last_dunning}), "");
    EXPECT_EQ(due(), "001-1 100 on 2020-03-13 by 2020-03-12");
}

TEST_F(DirectDebits, end_36_months_after_the_mandate_was_last_used) {
    authorise();
    capture(10000);
    today = day("2023-03-09");
    EXPECT_EQ(due(), "001-1 100 on 2023-03-10 by 2023-03-09");
    today = day("2023-03-10");
    EXPECT_EQ(due(), "");
    transaction = {};
    authorise();
    capture(10000);
    submit();
    EXPECT_FALSE(mandate_of(transaction, day("2023-03-12"))->is_void);
    EXPECT_TRUE(mandate_of(transaction, day("2023-03-13"))->is_void);
}

TEST_F(DirectDebits, are_none_of_ours_where_the_contract_does_not_say_how) {
    counterpart.contract.direct_debit.reset();
    authorise();
    capture(10000);
    EXPECT_EQ(due(), "");
    EXPECT_FALSE(mandate_of(transaction, today));
}

TEST_F(DirectDebits, have_a_mandate_in_the_letters_of_sepa) {
    authorise();
    const auto mandate = mandate_of(transaction, today);
    ASSERT_TRUE(mandate);
    EXPECT_EQ(mandate->reference, "SDD-KK7709094U2");
    EXPECT_LE(mandate->reference.size(), 35U);
    EXPECT_EQ(mandate->signed_on, day("2020-03-10"));
    EXPECT_EQ(mandate->creditor_id, "DE98ZZZ09999999999");
}

RC_GTEST_FIXTURE_PROP(DirectDebits, never_ask_for_more_than_is_owed_whatever_happens, ()) {
    authorise();
    terms().retries_max = 3;
    const auto some = [](int low, int high) { return *rc::gen::inRange(low, high + 1); };
    for (int step = some(1, 25); step > 0; --step) {
        const int turn = some(0, 6);
        if (turn == 0) {
            does(Capture{.operation = {.gross = eur(some(1, 9000))}});
        } else if (turn == 1) {
            does(Refund{.operation = {.gross = eur(some(1, 9000))}});
        } else if (turn == 2) {
            does(BookSettlement{.type = some(0, 3) ? SettlementType::debit : SettlementType::credit,
                                .amount = eur(some(1, 9000))});
        } else if (turn == 3) {
            does(BookFee{.type = FeeType::dunning_fee, .gross = eur(some(1, 500))});
        } else if (turn == 4) {
            today += foundation::Days{some(0, 9)};
        } else if (turn == 5) {
            submit();
        } else if (!transaction.direct_debits.empty()) {
            const auto& life = transaction.direct_debits[static_cast<std::size_t>(
                some(0, static_cast<int>(transaction.direct_debits.size()) - 1))];
            const DirectDebitId debit = life.submitted.what.debit;
            if (some(0, 1))
                does(ExecuteDirectDebit{.debit = debit});
            else
                does(ReturnDirectDebit{.debit = debit, .reason = some(0, 4) ? "AM04" : "FF01"});
        }
        Money asked = eur(0);
        for (const DirectDebitLife& life : transaction.direct_debits)
            if (life.is_pending()) asked += life.submitted.what.amount;
        const bool is_too_much_already = asked > open_amount(transaction, Day::max());
        const auto due_now = direct_debits_due(transaction, today);
        for (const DirectDebitDue& one : due_now) {
            RC_ASSERT(one.amount.is_positive());
            RC_ASSERT(!transaction.direct_debit(one.id));
            RC_ASSERT(terms::is_business_day(terms::BusinessCalendar::target, one.due_date));
            RC_ASSERT(one.submit_by >= today || !terms::is_business_day(terms::BusinessCalendar::target, today));
            asked += one.amount;
        }
        // What was submitted may have become too much since: nothing is added to it then.
        if (is_too_much_already)
            RC_ASSERT(due_now.empty());
        else
            RC_ASSERT(due_now.empty() || asked <= open_amount(transaction, Day::max()));
    }
}

TEST(DirectDebitId, is_read_as_it_is_written) {
    for (const DirectDebitId id : {DirectDebitId{1, 1}, DirectDebitId{12, 3}, DirectDebitId{1234, 10}})
        EXPECT_EQ(direct_debit_id(direct_debit_text(id)), id);
    EXPECT_EQ(direct_debit_text({1, 2}), "001-2");
    EXPECT_EQ(end_to_end_id("KK7709094U2", {1, 2}), "KK7709094U2-001-2");
    for (const char* text : {"", "-", "001", "001-", "-1", "1-1", "0001-1", "000-1", "001-0", "001-01", "001-1 ",
                             "+01-1", "001--1", "99999999999-1"})
        EXPECT_FALSE(direct_debit_id(text)) << text;
}

TEST_F(DirectDebits, collect_each_instalment_of_a_plan_on_its_day) {
    authorise_by_instalments();
    capture(30000);
    const auto debits = direct_debits_due(transaction, today);
    ASSERT_EQ(debits.size(), 6u);
    EXPECT_EQ(debits[0].amount, eur(5000));
    EXPECT_EQ(debits[0].due_date, day("2020-04-28"));
    EXPECT_EQ(debits[2].due_date, day("2020-06-29")) << "28 June 2020 is a Sunday";
    EXPECT_EQ(direct_debit_text(debits[5].id), "006-1");
}

TEST_F(DirectDebits, collect_no_more_of_a_plan_than_it_says_after_a_return_and_a_transfer) {
    authorise_by_instalments();
    capture(30000);
    pays(7000);
    refund(6000);
    Money sum = eur(0);
    for (const DirectDebitDue& one : direct_debits_due(transaction, today)) sum += one.amount;
    EXPECT_EQ(sum, eur(30000 - 6000 - 7000));
}

}  // namespace
}  // namespace saldo::ledger
