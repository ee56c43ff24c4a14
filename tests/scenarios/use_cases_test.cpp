#include <gtest/gtest.h>

#include "foundation/id.hpp"
#include "log_house.hpp"
#include "store/memory/event_store.hpp"

namespace saldo::scenarios {
namespace {

using foundation::Currency;
using foundation::Days;
using foundation::Money;
using ledger::Refusal;
using service::Done;
using service::NotDecided;
using service::Origin;
using service::PurchasePtr;
using service::Result;
using service::SaidNo;
using subject::Sealed;

const Currency euro = *Currency::parse("EUR");
const foundation::Instant noon = *foundation::parse_instant("2020-03-10T12:00:00+01:00");

Money eur(std::int64_t cents) {
    return {cents, euro};
}

ledger::Authorise purchase(std::int64_t cents = 17000) {
    ledger::Authorise command{.currency = euro, .baskets = {{.gross = eur(cents)}}};
    command.buyer.billing_address = {
        .street = Sealed{"Weg 1"}, .zip_code = Sealed{"10115"}, .city = Sealed{"Ort"}, .country_code = Sealed{"DE"}};
    command.buyer.person = ledger::Person{.first_name = Sealed{"Erika"}, .last_name = Sealed{"Muster"}};
    return command;
}
ledger::Capture capture(std::int64_t cents) {
    return {.operation = {.gross = eur(cents)}};
}

class UseCases : public testing::Test {
  protected:
    UseCases() : house(store), partner(house.add_partner({"shop"})) { house.clock.set(noon); }

    Origin origin(std::optional<std::string> key = std::nullopt) const {
        return {.actor = "client", .partner_id = partner, .key = std::move(key)};
    }
    PurchasePtr authorised(std::optional<std::string> key = std::nullopt) {
        return std::get<Done>(house.authorise(origin(std::move(key)), purchase())).purchase;
    }
    std::size_t events_of(const PurchasePtr& purchase) {
        const std::string& id = purchase->transaction.id;
        return store.reader()->read({foundation::bucket_of(id), id}).events.size();
    }

    store::memory::MemoryEventStore store;
    LogHouse house;
    std::string partner;
};

TEST_F(UseCases, the_same_key_and_command_give_the_same_purchase) {
    const PurchasePtr first = authorised("key-1");
    const auto again = std::get<Done>(house.authorise(origin("key-1"), purchase()));
    EXPECT_TRUE(again.repeated);
    EXPECT_EQ(again.purchase->transaction, first->transaction);
    EXPECT_EQ(events_of(first), 1U);
}

TEST_F(UseCases, a_repeat_is_answered_also_when_the_end_it_asked_for_has_passed_since) {
    ledger::Authorise command = purchase();
    command.expires = house.clock.now() + Days{1};
    const auto first = std::get<Done>(house.authorise(origin("key-1"), command));
    house.clock.set(*command.expires + Days{1});
    EXPECT_EQ(std::get<Done>(house.authorise(origin("key-1"), command)).purchase->transaction,
              first.purchase->transaction);
    EXPECT_EQ(std::get<NotDecided>(house.authorise(origin("key-2"), command)), NotDecided::expires_in_past);
}

TEST_F(UseCases, the_same_key_with_another_command_is_a_conflict) {
    authorised("key-1");
    EXPECT_EQ(std::get<NotDecided>(house.authorise(origin("key-1"), purchase(17001))), NotDecided::key_reused);
    const PurchasePtr other = authorised();
    ASSERT_TRUE(std::holds_alternative<Done>(house.operate(origin("key-2"), other, capture(100))));
    EXPECT_EQ(std::get<NotDecided>(house.operate(origin("key-2"), other, capture(101))), NotDecided::key_reused);
    EXPECT_EQ(
        std::get<NotDecided>(house.operate(origin("key-2"), other, ledger::Cancel{.operation = {.gross = eur(100)}})),
        NotDecided::key_reused);
}

TEST_F(UseCases, keys_of_two_partners_do_not_meet) {
    const std::string other = house.add_partner({"shop"});
    const PurchasePtr mine = authorised("key-1");
    const auto theirs =
        std::get<Done>(house.authorise({.actor = "c", .partner_id = other, .key = "key-1"}, purchase()));
    EXPECT_FALSE(theirs.repeated);
    EXPECT_NE(theirs.purchase->transaction.id, mine->transaction.id);
}

TEST_F(UseCases, a_repeat_is_answered_as_of_its_event_whatever_happened_since) {
    const PurchasePtr bought = authorised("key-1");
    const auto first = std::get<Done>(house.operate(origin("key-2"), bought, capture(10000)));
    ASSERT_TRUE(std::holds_alternative<Done>(house.operate(origin(), bought, capture(7000))));
    const auto again = std::get<Done>(house.operate(origin("key-2"), bought, capture(10000)));
    EXPECT_EQ(again.seq, first.seq);
    EXPECT_EQ(again.purchase->transaction, first.purchase->transaction);
    EXPECT_EQ(std::get<Done>(house.authorise(origin("key-1"), purchase())).purchase->transaction, bought->transaction);
    EXPECT_EQ(events_of(bought), 3U);
}

TEST_F(UseCases, a_refused_command_with_a_key_stays_refused) {
    const PurchasePtr bought = authorised();
    EXPECT_EQ(std::get<SaidNo>(house.operate(origin("key"), bought, capture(17001))).refusal,
              Refusal::capture_amount_too_high);
    const ledger::Command increase = ledger::IncreaseAuthorisation{.operation = {.gross = eur(1)}};
    ASSERT_TRUE(std::holds_alternative<Done>(house.operate(origin(), bought, increase)));
    EXPECT_EQ(std::get<SaidNo>(house.operate(origin("key"), bought, capture(17001))).refusal,
              Refusal::capture_amount_too_high);
    EXPECT_TRUE(std::holds_alternative<Done>(house.operate(origin("another"), bought, capture(17001))));
}

TEST_F(UseCases, a_refused_command_without_a_key_leaves_nothing) {
    const PurchasePtr bought = authorised();
    EXPECT_EQ(std::get<SaidNo>(house.operate(origin(), bought, capture(17001))).refusal,
              Refusal::capture_amount_too_high);
    EXPECT_EQ(events_of(bought), 1U);
}

TEST_F(UseCases, a_decline_keeps_its_id_and_is_repeated) {
    ledger::Authorise wrong = purchase();
    wrong.buyer.billing_address.zip_code = Sealed{"1"};
    const auto first = std::get<SaidNo>(house.authorise(origin("key"), wrong));
    const auto again = std::get<SaidNo>(house.authorise(origin("key"), wrong));
    EXPECT_EQ(first.refusal, Refusal::invalid_billing_address_zip_code);
    EXPECT_EQ(again.refusal, first.refusal);
    EXPECT_EQ(again.purchase->transaction, first.purchase->transaction);
    EXPECT_TRUE(std::holds_alternative<PurchasePtr>(house.find(origin(), first.purchase->transaction.id)));
}

TEST_F(UseCases, another_partners_purchase_is_an_unknown_one) {
    const std::string other = house.add_partner({"shop"});
    const PurchasePtr mine = authorised();
    const auto asked_by = [&](std::optional<std::string> who, const std::string& id) {
        return house.find({.actor = "c", .partner_id = std::move(who), .key = std::nullopt}, id);
    };
    EXPECT_EQ(std::get<NotDecided>(asked_by(other, mine->transaction.id)), NotDecided::unknown_transaction);
    EXPECT_EQ(std::get<NotDecided>(asked_by(other, "00000000000000000000")), NotDecided::unknown_transaction);
    EXPECT_EQ(std::get<NotDecided>(asked_by(partner, "no id at all")), NotDecided::unknown_transaction);
    EXPECT_TRUE(std::holds_alternative<PurchasePtr>(asked_by(partner, mine->transaction.id)));
    EXPECT_TRUE(std::holds_alternative<PurchasePtr>(asked_by(std::nullopt, mine->transaction.id)));
}

TEST_F(UseCases, an_erased_person_is_gone_and_every_later_operation_is_refused) {
    const PurchasePtr bought = authorised("key");
    ASSERT_TRUE(std::holds_alternative<Done>(house.operate(origin("c"), bought, capture(10000))));
    ASSERT_TRUE(std::holds_alternative<Done>(house.operate(origin(), bought, ledger::EraseSubject{})));
    const std::string& id = bought->transaction.id;
    EXPECT_EQ(store.reader()->read({foundation::bucket_of(id), id}).wrapped_key, "");

    const auto found = std::get<PurchasePtr>(house.find(origin(), id));
    EXPECT_TRUE(found->transaction.authorisation.buyer.person->last_name->is_erased());
    EXPECT_EQ(found->transaction.changes.front().operation().gross, eur(10000));
    for (const auto& key :
         {std::optional<std::string>{}, std::optional<std::string>{"c"}, std::optional<std::string>{"new"}})
        EXPECT_EQ(std::get<SaidNo>(house.operate(origin(key), bought, capture(10000))).refusal,
                  Refusal::anonymized_by_buyer);
    EXPECT_EQ(std::get<SaidNo>(house.authorise(origin("key"), purchase())).refusal, Refusal::anonymized_by_buyer);
    const auto events = store.reader()->read({foundation::bucket_of(id), id}).events;
    EXPECT_EQ(events.back().type, "SubjectErased");
}

TEST_F(UseCases, what_time_brings_is_seen_before_it_is_recorded_and_recorded_once) {
    const PurchasePtr bought = authorised();
    const std::string& id = bought->transaction.id;
    house.clock.set(bought->transaction.expires + Days{3});
    EXPECT_TRUE(std::get<PurchasePtr>(house.find(origin(), id))->transaction.has_end_recorded());
    EXPECT_EQ(events_of(bought), 1U);
    EXPECT_TRUE(house.record_due(id));
    EXPECT_TRUE(house.record_due(id));
    EXPECT_EQ(events_of(bought), 2U);
    const auto events = store.reader()->read({foundation::bucket_of(id), id}).events;
    EXPECT_EQ(events.back().type, "Expired");
    EXPECT_EQ(events.back().effective_at, bought->transaction.expires);
}

TEST_F(UseCases, a_write_records_what_is_due_before_its_own_event) {
    const PurchasePtr bought = authorised();
    ASSERT_TRUE(std::holds_alternative<Done>(house.operate(origin(), bought, capture(10000))));
    house.clock.set(bought->transaction.expires + Days{3});
    ASSERT_TRUE(
        std::holds_alternative<Done>(house.operate(origin(), bought, ledger::Refund{.operation = {.gross = eur(1)}})));
    const std::string& id = bought->transaction.id;
    const auto events = store.reader()->read({foundation::bucket_of(id), id}).events;
    ASSERT_EQ(events.size(), 4U);
    EXPECT_EQ(events[2].type, "Expired");
    EXPECT_EQ(events[3].type, "Refunded");
}

TEST_F(UseCases, nothing_of_a_person_is_stored_in_the_open) {
    authorised("key");
    for (const service::EventRecord& record : store.reader()->read_after({}, 100).events) {
        const std::string all = record.body + record.sealed + record.actor + record.fingerprint;
        for (const char* text : {"Muster", "Erika", "Weg 1", "10115"})
            EXPECT_EQ(all.find(text), std::string::npos) << text;
    }
}

TEST_F(UseCases, ids_and_references_follow_from_their_place) {
    const PurchasePtr bought = authorised();
    const auto first = std::get<Done>(house.operate(origin(), bought, capture(100)));
    const auto second = std::get<Done>(house.operate(origin(), bought, capture(100)));
    EXPECT_NE(first.purchase->transaction.changes[0].operation().id,
              second.purchase->transaction.changes[1].operation().id);
    EXPECT_TRUE(foundation::is_id(second.purchase->transaction.changes[1].operation().id));
    EXPECT_NE(authorised()->transaction.payment_reference, bought->transaction.payment_reference);
}

}  // namespace
}  // namespace saldo::scenarios
