// The use cases of the hosted payment page on a log.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "checkout/record.hpp"
#include "foundation/id.hpp"
#include "log_house.hpp"
#include "service/due_work.hpp"
#include "service/indexer.hpp"
#include "service/verify.hpp"
#include "store/memory/event_store.hpp"
#include "store/memory/search_index.hpp"

namespace saldo::scenarios {
namespace {

using namespace std::chrono_literals;
using checkout::SessionStatus;
using foundation::Currency;
using ledger::Refusal;
using ledger::RiskVerdict;
using service::Origin;
using service::SessionDone;
using service::SessionFault;
using service::SessionMade;
using service::SessionPtr;
using service::SessionRuledOut;
using service::SessionSaidNo;
using subject::Sealed;
using testing::HasSubstr;
using testing::SizeIs;

const foundation::Instant noon = *foundation::parse_instant("2026-06-05T12:00:00Z");
const terms::PaymentMethod invoice{terms::PaymentOption::open_invoice, terms::TransferType::bank_transfer};
const terms::PaymentMethod direct_debit{terms::PaymentOption::pay_now, terms::TransferType::sepa_direct_debit};

service::RequestedSession wanted(std::int64_t cents = 17000) {
    const Currency euro = *Currency::parse("EUR");
    service::RequestedSession session;
    session.order.partner_transaction_id = "0123";
    session.order.currency = euro;
    session.order.baskets = {{.gross = {cents, euro}}};
    session.order.buyer.billing_address = {
        .street = Sealed{"Weg 1"}, .zip_code = Sealed{"10115"}, .city = Sealed{"Ort"}, .country_code = Sealed{"DE"}};
    session.order.buyer.person = ledger::Person{.first_name = Sealed{"Erika"}, .last_name = Sealed{"Muster"}};
    session.urls.webhook = Sealed{"https://shop.example/webhook"};
    return session;
}

checkout::ConsentReceipt receipt() {
    return {.text_pack = "1", .language = "de", .page_sha256 = std::string(64, 'a'), .source_ip_address = {}};
}

/// The records of a list, by their sessions.
std::map<std::string, std::string> records_of(service::Indexer& indexer, const service::SessionsWanted& wanted) {
    std::map<std::string, std::string> records;
    indexer.sessions(wanted, [&](const service::ListedSession& one) {
        records.emplace(one.session_id, one.record);
        return true;
    });
    return records;
}

class SessionUseCases : public testing::Test {
  protected:
    using Made = std::variant<SessionMade, SessionRuledOut, SessionFault>;
    using Found = std::variant<SessionPtr, SessionFault>;
    using Said = std::variant<SessionDone, SessionSaidNo, SessionFault>;

    SessionUseCases() : house(store), partner(house.add_partner({"shop"})) { house.clock.set(noon); }

    Origin origin(std::optional<std::string> key = std::nullopt) const {
        return {.actor = "client", .partner_id = partner, .key = std::move(key)};
    }
    Made create(std::optional<std::string> key = std::nullopt, service::RequestedSession session = wanted()) {
        return house.asked<Made>([&](auto& sessions, auto answer) {
            sessions.create(origin(std::move(key)), std::move(session), std::move(answer));
        });
    }
    std::string created() { return std::get<SessionMade>(create()).session->session.id; }
    Found find(const Origin& who, const std::string& id) {
        return house.asked<Found>([&](auto& sessions, auto answer) { sessions.find(who, id, std::move(answer)); });
    }
    checkout::Session found(const std::string& id) { return std::get<SessionPtr>(find(origin(), id))->session; }
    Said act(const std::string& id, checkout::Command command) {
        return house.asked<Said>(
            [&](auto& sessions, auto answer) { sessions.act(id, std::move(command), std::move(answer)); });
    }
    Said confirm(const std::string& id, std::optional<RiskVerdict> verdict = std::nullopt) {
        return house.asked<Said>(
            [&](auto& sessions, auto answer) { sessions.confirm(id, receipt(), verdict, std::move(answer)); });
    }
    /// A session in which only the order button is left.
    std::string prepared() {
        const std::string id = created();
        act(id, checkout::ChoosePaymentMethod{invoice});
        act(id, checkout::GiveDetails{{.date_of_birth = Sealed{"1971-05-19"}, .phone = Sealed{"0177 4445555"}}});
        return id;
    }
    std::size_t events_of(const std::string& id) {
        const auto bucket = foundation::is_uuid(id) ? foundation::bucket_of_uuid(id) : foundation::bucket_of(id);
        return store.reader()->read({bucket, id}).events.size();
    }

    store::memory::MemoryEventStore store;
    LogHouse house;
    std::string partner;
};

TEST_F(SessionUseCases, a_session_offers_what_the_contract_has_and_expires_half_an_hour_later) {
    const auto made = std::get<SessionMade>(create());
    const checkout::Session& session = made.session->session;
    EXPECT_EQ(session.status, SessionStatus::created);
    EXPECT_EQ(session.expires_at(), noon + 30min);
    EXPECT_THAT(session.offers, SizeIs(5)) << "invoice, direct debit, instalments by either, prepayment";
    EXPECT_EQ(session.shop_name, "Story");
    EXPECT_EQ(session.order.baskets[0].shop_id, "shop");
    EXPECT_TRUE(foundation::is_uuid(session.id));
}

TEST_F(SessionUseCases, the_shop_may_restrict_the_choice_and_a_direct_debit_moves_euros_alone) {
    service::RequestedSession only_debit = wanted();
    only_debit.payment_methods = {direct_debit};
    EXPECT_EQ(std::get<SessionMade>(create({}, only_debit)).session->session.offers.front().method, direct_debit);
    service::RequestedSession francs = wanted();
    francs.order.currency = *Currency::parse("CHF");
    francs.order.baskets[0].gross = {17000, francs.order.currency};
    EXPECT_THAT(std::get<SessionMade>(create({}, francs)).session->session.offers, SizeIs(2))
        << "instalments are offered in euros alone";
    francs.payment_methods = {direct_debit};
    EXPECT_EQ(std::get<SessionRuledOut>(create({}, francs)).refusal, Refusal::payment_method_not_allowed);
}

TEST_F(SessionUseCases, what_the_contract_rules_out_is_told_before_a_buyer_is_led_anywhere) {
    EXPECT_EQ(std::get<SessionRuledOut>(create({}, wanted(100'000'000))).refusal, Refusal::basket_amount_too_high);
    service::RequestedSession unknown_shop = wanted();
    unknown_shop.order.baskets[0].shop_id = "another";
    EXPECT_EQ(std::get<SessionRuledOut>(create({}, unknown_shop)).refusal, Refusal::basket_with_unknown_shop);
}

TEST_F(SessionUseCases, the_same_key_and_request_give_the_same_session_and_page) {
    const auto first = std::get<SessionMade>(create("key-1"));
    const std::string& id = first.session->session.id;
    act(id, checkout::Act{});
    const auto again = std::get<SessionMade>(create("key-1"));
    EXPECT_TRUE(again.repeated);
    EXPECT_EQ(again.session->session.id, id);
    EXPECT_EQ(again.landing_token, first.landing_token);
    EXPECT_EQ(events_of(id), 2U);
    EXPECT_EQ(std::get<SessionFault>(create("key-1", wanted(100))), SessionFault::key_reused);
    EXPECT_NE(std::get<SessionMade>(create("key-2")).session->session.id, id);
}

TEST_F(SessionUseCases, two_partners_see_nothing_of_each_other) {
    const std::string id = created();
    const Origin other{.actor = "client", .partner_id = house.add_partner({"shop"}), .key = {}};
    EXPECT_EQ(std::get<SessionFault>(find(other, id)), SessionFault::unknown_session);
    EXPECT_EQ(std::get<SessionFault>(find(origin(), "53998820-2dcf-4187-b1d0-f0a78cb06d39")),
              SessionFault::unknown_session);
    EXPECT_EQ(std::get<SessionFault>(find(origin(), "53998820")), SessionFault::unknown_session);
    const auto flag = house.asked<Said>(
        [&](auto& sessions, auto answer) { sessions.flag_fraud(other, id, checkout::FlagFraud{}, std::move(answer)); });
    EXPECT_EQ(std::get<SessionFault>(flag), SessionFault::unknown_session);
}

TEST_F(SessionUseCases, the_landing_token_opens_the_session_and_nothing_else_does) {
    const auto made = std::get<SessionMade>(create());
    const std::string& id = made.session->session.id;
    const auto open = [&](const std::string& token) {
        return house.asked<Found>([&](auto& sessions, auto answer) { sessions.open(token, std::move(answer)); });
    };
    const auto resume = [&](const std::string& cookie) {
        return house.asked<Found>([&](auto& sessions, auto answer) { sessions.resume(cookie, std::move(answer)); });
    };
    EXPECT_EQ(std::get<SessionPtr>(open(made.landing_token))->session.id, id);
    EXPECT_EQ(std::get<SessionPtr>(open(made.landing_token))->session.status, SessionStatus::created)
        << "opening is no action";
    EXPECT_EQ(std::get<SessionPtr>(resume(house.sessions().cookie_of(id)))->session.id, id);
    EXPECT_EQ(std::get<SessionFault>(resume(made.landing_token)), SessionFault::unknown_session);
    EXPECT_EQ(std::get<SessionFault>(open(house.sessions().cookie_of(id))), SessionFault::unknown_session);
    EXPECT_EQ(std::get<SessionFault>(open(id)), SessionFault::unknown_session);
    std::string forged = made.landing_token;
    forged.back() = forged.back() == '0' ? '1' : '0';
    EXPECT_EQ(std::get<SessionFault>(open(forged)), SessionFault::unknown_session);
}

TEST_F(SessionUseCases, the_order_button_authorises_a_purchase_in_the_same_bucket) {
    const std::string id = prepared();
    const auto done = std::get<SessionDone>(confirm(id));
    const checkout::Session& session = done.session->session;
    ASSERT_EQ(session.status, SessionStatus::completed);
    EXPECT_EQ(foundation::bucket_of(*session.transaction_id), foundation::bucket_of_uuid(id));
    const auto purchase = std::get<service::PurchasePtr>(house.find(origin(), *session.transaction_id));
    EXPECT_FALSE(purchase->transaction.is_declined());
    EXPECT_EQ(purchase->transaction.payment_reference, session.payment_reference);
    EXPECT_EQ(purchase->transaction.partner_transaction_id(), "0123");
    const auto captured =
        house.operate(origin(), purchase, ledger::Capture{{.gross = {17000, session.order.currency}}});
    EXPECT_TRUE(std::holds_alternative<service::Done>(captured)) << "it goes on from there";
}

TEST_F(SessionUseCases, the_session_of_a_purchase_is_found_by_it_and_erased_with_whom_it_holds) {
    const std::string id = prepared();
    const std::string bought = *std::get<SessionDone>(confirm(id)).session->session.transaction_id;
    const std::string other = *std::get<SessionDone>(confirm(prepared())).session->session.transaction_id;
    const auto of_purchase = [&](const std::string& transaction_id) {
        return house.asked<Found>(
            [&](auto& sessions, auto answer) { sessions.find_of_purchase(transaction_id, std::move(answer)); });
    };
    EXPECT_EQ(std::get<SessionPtr>(of_purchase(bought))->session.id, id);
    EXPECT_NE(std::get<SessionPtr>(of_purchase(other))->session.id, id);
    EXPECT_EQ(std::get<SessionFault>(of_purchase("0123456789ABCDEFGHJK")), SessionFault::unknown_session);

    for (int i = 0; i < 2; ++i) {
        const auto erased =
            house.asked<Said>([&](auto& sessions, auto answer) { sessions.erase(origin(), id, std::move(answer)); });
        EXPECT_TRUE(std::get<SessionDone>(erased).session->session.erased);
    }
    const checkout::Session after = found(id);
    EXPECT_TRUE(after.order.buyer.person->last_name->is_erased());
    EXPECT_EQ(after.status, SessionStatus::completed);
    EXPECT_EQ(after.transaction_id, bought);
}

TEST_F(SessionUseCases, the_order_button_pressed_twice_buys_once) {
    const std::string id = prepared();
    const std::string bought = *std::get<SessionDone>(confirm(id)).session->session.transaction_id;
    const auto again = std::get<SessionSaidNo>(confirm(id));
    EXPECT_EQ(again.refused.refusal, checkout::Refusal::session_over);
    EXPECT_EQ(again.session->session.status, SessionStatus::completed);
    EXPECT_EQ(events_of(bought), 1U);
}

TEST_F(SessionUseCases, each_declined_try_is_a_declined_transaction_that_the_record_does_not_name) {
    const std::string id = prepared();
    const auto done = std::get<SessionDone>(confirm(id, RiskVerdict::buyer_identity));
    ASSERT_EQ(done.session->session.status, SessionStatus::in_progress);
    const std::string first_try = done.session->session.declines.front().transaction_id;
    EXPECT_TRUE(std::get<service::PurchasePtr>(house.find(origin(), first_try))->transaction.is_declined());
    act(id, checkout::GiveDetails{{.date_of_birth = Sealed{"1971-05-20"}}});
    const auto failed = std::get<SessionDone>(confirm(id, RiskVerdict::risk_decision));
    EXPECT_EQ(failed.session->session.status, SessionStatus::error);
    EXPECT_NE(failed.session->session.declines.back().transaction_id, first_try);
    const std::string record = checkout::record_json(failed.session->session);
    EXPECT_THAT(record, HasSubstr(R"("category":"RISK_DECISION")"));
    EXPECT_THAT(record,
                testing::Not(HasSubstr("transaction_id\":\"" + failed.session->session.declines[1].transaction_id)));
}

TEST_F(SessionUseCases, half_an_hour_ends_it_even_if_nobody_looks_and_it_is_recorded_with_that_instant) {
    store::memory::MemorySearchIndex index;
    service::Indexer indexer(store, index);
    service::DueWork due_work(
        {.indexer = indexer, .purchases = house.purchases(), .sessions = house.sessions(), .clock = house.clock});
    const std::string id = created();
    house.clock.set(noon + 10min);
    act(id, checkout::Act{});
    house.clock.set(noon + 31min);
    ASSERT_TRUE(due_work.finish_everything_due());
    EXPECT_EQ(events_of(id), 2U) << "the action began a new half hour";
    house.clock.set(noon + 45min);
    EXPECT_EQ(found(id).status, SessionStatus::expired) << "seen at once";
    ASSERT_TRUE(due_work.finish_everything_due());
    EXPECT_EQ(events_of(id), 3U);
    EXPECT_EQ(found(id).updated, noon + 40min);
    EXPECT_FALSE(found(id).erased);

    house.clock.set(noon + 40min + foundation::Days{30});
    ASSERT_TRUE(due_work.finish_everything_due());
    EXPECT_EQ(events_of(id), 4U);
    EXPECT_TRUE(found(id).erased);
    EXPECT_EQ(found(id).order.buyer.person->last_name->text(), "[erased]");
    const auto stream = service::stream_of_session(id);
    EXPECT_TRUE(store.reader()->read(stream).wrapped_key.empty());
}

TEST_F(SessionUseCases, a_declined_purchase_is_forgotten_after_the_contracts_days_whatever_became_of_its_session) {
    store::memory::MemorySearchIndex index;
    service::Indexer indexer(store, index);
    service::DueWork due_work(
        {.indexer = indexer, .purchases = house.purchases(), .sessions = house.sessions(), .clock = house.clock});
    const std::string id = prepared();
    confirm(id, RiskVerdict::buyer_identity);
    const std::string declined = found(id).declines.front().transaction_id;
    house.clock.set(noon + 10min);
    act(id, checkout::GiveDetails{{.date_of_birth = Sealed{"1971-05-20"}}});
    const std::string bought = *std::get<SessionDone>(confirm(id)).session->session.transaction_id;
    const std::string given_up_session = prepared();
    confirm(given_up_session, RiskVerdict::one_time_code_required);
    for (int i = 0; i < 3; ++i)
        house.asked<Said>(
            [&](auto& sessions, auto answer) { sessions.enter_code(given_up_session, "nothing", std::move(answer)); });
    const std::string given_up = *found(given_up_session).transaction_id;

    const auto is_erased = [&](const std::string& transaction) {
        EXPECT_TRUE(due_work.finish_everything_due());
        const auto content = store.reader()->read({foundation::bucket_of(transaction), transaction});
        const auto purchase = std::get<service::PurchasePtr>(house.find(origin(), transaction));
        EXPECT_EQ(purchase->transaction.erased, content.wrapped_key.empty());
        return purchase->transaction.erased;
    };
    house.clock.set(noon + foundation::Days{30} - 1us);
    EXPECT_FALSE(is_erased(declined));
    house.clock.set(noon + foundation::Days{30});
    EXPECT_TRUE(is_erased(declined));
    EXPECT_FALSE(is_erased(given_up)) << "ten minutes younger";
    house.clock.set(noon + foundation::Days{30} + 10min);
    EXPECT_TRUE(is_erased(given_up));
    EXPECT_TRUE(found(given_up_session).erased);
    EXPECT_FALSE(is_erased(bought));
    EXPECT_FALSE(found(id).erased) << "it bought something";
    const auto erasure = store.reader()->read({foundation::bucket_of(declined), declined}).events.back();
    EXPECT_EQ(erasure.effective_at, noon + foundation::Days{30});
    EXPECT_EQ(erasure.actor, "system");

    const auto reader = store.reader();
    const service::Verified verified =
        service::verify({.log = *reader, .index = index, .master_key = house.master_key()});
    EXPECT_FALSE(verified.fault) << verified.fault->where << ' ' << verified.fault->what;
}

TEST_F(SessionUseCases, the_list_of_a_day_has_every_session_at_once_and_as_time_has_left_it) {
    store::memory::MemorySearchIndex index;
    service::Indexer indexer(store, index);
    const std::string first = created();
    house.clock.set(noon + 1s);
    const std::string second = created();
    service::SessionsWanted day{.partner_id = partner, .from = noon - 12h, .until = noon + 12h, .as_of = noon};
    auto records = records_of(indexer, day);
    ASSERT_THAT(records, SizeIs(2));
    EXPECT_EQ(records[first], checkout::record_json(found(first)));
    act(second, checkout::Cancel{});
    day.as_of = noon + 30min - 1us;
    records = records_of(indexer, day);
    EXPECT_EQ(records[first], checkout::record_json(found(first)));
    EXPECT_EQ(records[second], checkout::record_json(found(second)));
    house.clock.set(noon + 30min);
    day.as_of = noon + 30min;
    records = records_of(indexer, day);
    EXPECT_EQ(records[first], checkout::record_json(found(first)));
    EXPECT_EQ(records[second], checkout::record_json(found(second)));
    day.partner_id = "another";
    EXPECT_THAT(records_of(indexer, day), SizeIs(0));
}

TEST_F(SessionUseCases, an_operator_may_flag_what_was_bought_and_nothing_else) {
    const std::string id = prepared();
    const auto flag = [&] {
        return house.asked<Said>([&](auto& sessions, auto answer) {
            sessions.flag_fraud({.actor = "agent", .partner_id = {}, .key = {}}, id,
                                checkout::FlagFraud{Sealed{"three cards in an hour"}}, std::move(answer));
        });
    };
    EXPECT_EQ(std::get<SessionSaidNo>(flag()).refused.refusal, checkout::Refusal::session_not_completed);
    confirm(id);
    EXPECT_EQ(std::get<SessionDone>(flag()).session->session.status, SessionStatus::fraud_cancellation_requested);
    const std::size_t events = events_of(id);
    EXPECT_TRUE(std::holds_alternative<SessionDone>(flag())) << "said twice it holds once";
    EXPECT_EQ(events_of(id), events);
}

/// The code of the newest message.
std::string code_in(service::SandboxPhone& phone) {
    const std::string text = phone.messages().at(0).message.text;
    return text.substr(text.find_first_of("0123456789"), 6);
}

TEST_F(SessionUseCases, a_code_completes_the_session_and_its_purchase_together) {
    const std::string id = prepared();
    const auto asked = std::get<SessionDone>(confirm(id, RiskVerdict::one_time_code_required));
    ASSERT_EQ(asked.session->session.status, SessionStatus::otp_pending);
    ASSERT_TRUE(asked.session->code);
    EXPECT_EQ(asked.session->code->sent_to, "********555");
    EXPECT_EQ(asked.session->code->tries_left, 3);
    EXPECT_THAT(checkout::record_json(asked.session->session),
                testing::Not(HasSubstr("transaction_id\":\"" + *asked.session->session.transaction_id)));
    // The message leaves behind the answer; finding something waits for it.
    while (house.phone.messages().empty()) found(id);
    const std::string code = code_in(house.phone);
    const auto enter = [&](std::string entered) {
        return house.asked<Said>(
            [&](auto& sessions, auto answer) { sessions.enter_code(id, std::move(entered), std::move(answer)); });
    };
    const auto wrong = std::get<SessionDone>(enter(code == "000000" ? "000001" : "000000"));
    EXPECT_EQ(wrong.code, service::CodeResult::wrong);
    EXPECT_EQ(wrong.session->code->tries_left, 2);
    const auto right = std::get<SessionDone>(enter(code));
    EXPECT_EQ(right.code, service::CodeResult::verified);
    EXPECT_EQ(right.session->session.status, SessionStatus::completed);
    const auto purchase = std::get<service::PurchasePtr>(house.find(origin(), *right.session->session.transaction_id));
    EXPECT_FALSE(purchase->transaction.awaits_code());
    EXPECT_FALSE(purchase->transaction.is_declined());
    EXPECT_EQ(std::get<SessionSaidNo>(enter(code)).refused.refusal, checkout::Refusal::session_over);
}

TEST_F(SessionUseCases, the_contract_may_want_a_code_from_an_amount_on) {
    terms::Contract contract = terms::demo_contract();
    contract.one_time_codes->asked_from = {{20000, *Currency::parse("EUR")}};
    const std::string strict = house.add_partner({"shop"}, contract);
    const auto status_at = [&](std::int64_t cents) {
        partner = strict;
        const std::string id = std::get<SessionMade>(create({}, wanted(cents))).session->session.id;
        act(id, checkout::ChoosePaymentMethod{invoice});
        act(id, checkout::GiveDetails{{.date_of_birth = Sealed{"1971-05-19"}, .phone = Sealed{"0177 4445555"}}});
        return std::get<SessionDone>(confirm(id)).session->session.status;
    };
    EXPECT_EQ(status_at(19999), SessionStatus::completed);
    EXPECT_EQ(status_at(20000), SessionStatus::otp_pending);
}

TEST_F(SessionUseCases, too_many_wrong_codes_end_the_session_and_decline_its_purchase) {
    const std::string id = prepared();
    const auto asked = std::get<SessionDone>(confirm(id, RiskVerdict::one_time_code_required));
    const std::string transaction = *asked.session->session.transaction_id;
    for (int i = 0; i < 3; ++i)
        house.asked<Said>([&](auto& sessions, auto answer) { sessions.enter_code(id, "nothing", std::move(answer)); });
    EXPECT_EQ(found(id).status, SessionStatus::error);
    EXPECT_THAT(checkout::record_json(found(id)), HasSubstr(R"("category":"BUYER_IDENTITY")"));
    EXPECT_TRUE(std::get<service::PurchasePtr>(house.find(origin(), transaction))->transaction.is_declined());
}

TEST_F(SessionUseCases, a_new_code_goes_to_the_number_that_was_given_last) {
    const std::string id = prepared();
    confirm(id, RiskVerdict::one_time_code_required);
    const auto renew = [&] {
        return std::get<SessionDone>(
            house.asked<Said>([&](auto& sessions, auto answer) { sessions.send_new_code(id, std::move(answer)); }));
    };
    EXPECT_EQ(renew().code, service::CodeResult::too_early);
    house.clock.set(noon + 30s);
    act(id, checkout::GiveDetails{{.phone = Sealed{"0160 1112233"}}});
    const auto sent = renew();
    EXPECT_EQ(sent.code, service::CodeResult::sent);
    EXPECT_EQ(sent.session->code->sent_to, "********233");
    EXPECT_EQ(sent.session->code->new_codes_left, 2);
    while (house.phone.messages().empty() || house.phone.messages()[0].message.to != "+491601112233") found(id);
    const std::string code = code_in(house.phone);
    const auto done = std::get<SessionDone>(
        house.asked<Said>([&](auto& sessions, auto answer) { sessions.enter_code(id, code, std::move(answer)); }));
    EXPECT_EQ(done.code, service::CodeResult::verified);
}

TEST_F(SessionUseCases, a_store_with_sessions_verifies_and_a_row_that_was_changed_is_found) {
    store::memory::MemorySearchIndex index;
    service::Indexer indexer(store, index);
    const std::string completed = prepared();
    confirm(completed);
    const std::string declined = prepared();
    confirm(declined, RiskVerdict::risk_decision);
    act(created(), checkout::Cancel{});
    created();
    indexer.sums("");  // the index has come to the end of the log
    std::vector<service::SessionRow> rows;
    index.read_whole([](const service::SearchTerm&) {}, [&](const service::SessionRow& row) { rows.push_back(row); });
    ASSERT_THAT(rows, SizeIs(4));
    for (const std::size_t at_hand : {std::size_t{1}, std::size_t{100}}) {
        const auto reader = store.reader();
        const service::Verified verified = service::verify(
            {.log = *reader, .index = index, .master_key = house.master_key(), .purchases_at_hand = at_hand});
        EXPECT_FALSE(verified.fault) << verified.fault->where << ' ' << verified.fault->what;
    }
    rows[0].record += ' ';
    index.apply({.terms = {}, .changes = {}, .due = {}, .sessions = {rows[0]}}, index.cursor());
    const auto reader = store.reader();
    const service::Verified verified =
        service::verify({.log = *reader, .index = index, .master_key = house.master_key()});
    ASSERT_TRUE(verified.fault);
    EXPECT_THAT(verified.fault->what, HasSubstr("sessions"));
}

}  // namespace
}  // namespace saldo::scenarios
