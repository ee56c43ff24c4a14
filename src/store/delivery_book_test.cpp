#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "service/delivery_book.hpp"
#include "store/data_directory.hpp"
#include "store/sqlite/database.hpp"
#include "store/sqlite/delivery_book.hpp"

namespace saldo::store {

namespace {

using foundation::Instant;
using service::Attempt;
using service::AttemptResult;
using service::Delivery;
using service::DeliveryNext;
using service::DeliveryState;
using service::Notice;

Instant at_second(int seconds) {
    return Instant(std::chrono::seconds(1'000'000 + seconds));
}

Notice notice(const std::string& session, int sequence, const std::string& partner = "P1") {
    const auto id = [&](int number) { return session + '-' + std::to_string(number); };
    return {.id = id(sequence),
            .previous_id = sequence > 1 ? id(sequence - 1) : "",
            .sequence = sequence,
            .partner_id = partner,
            .session_id = session,
            .event_seq = sequence + 1,
            .session_status = "IN_PROGRESS",
            .changed_at = at_second(0)};
}

Attempt attempt(int number, int status, const std::string& failure = "") {
    return {.number = number,
            .began_at = at_second(number),
            .duration = std::chrono::microseconds(1234),
            .host = "shop.example:8443",
            .status = status,
            .failure = failure};
}

class DeliveryBook : public testing::Test {
  protected:
    DataDirectory directory = DataDirectory::temporary();
    std::unique_ptr<service::DeliveryBook> book = sqlite::SqliteDeliveryBook::open(directory);

    void enter(const std::vector<Notice>& notices, const std::string& cursor = "c") {
        book->enter(notices, {cursor}, at_second(0));
    }
    /// Ids of what is due, one after another.
    std::string due(int second, const std::string& partner = "P1", int limit = 100) {
        std::string ids;
        for (const auto& one : book->due(partner, at_second(second), limit)) ids += one.notice.id + ' ';
        return ids;
    }
    void succeed(const std::string& id, int number = 1) {
        book->record({{id, attempt(number, 204), {DeliveryState::delivered, {}}}}, at_second(number));
    }
    void fail(const std::string& id, int number, DeliveryNext next) {
        book->record({{id, attempt(number, 500), next}}, at_second(number));
    }
    std::string listed(const service::DeliveryQuestion& question, std::int64_t after = 0, int limit = 100) {
        std::string ids;
        const auto page = book->list(question, after, limit);
        for (const Delivery& one : page.deliveries) ids += one.notice.id + ' ';
        return ids + (page.next != 0 ? "..." : "");
    }
};

TEST_F(DeliveryBook, remembers_notices_and_how_far_the_log_was_read) {
    EXPECT_EQ(book->cursor(), service::LogCursor{});
    enter({notice("A", 1)}, "17");
    book.reset();
    book = sqlite::SqliteDeliveryBook::open(directory);
    EXPECT_EQ(book->cursor().text, "17");
    const auto found = book->find("A-1");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->notice, notice("A", 1));
    EXPECT_EQ(found->state, DeliveryState::waiting);
    EXPECT_EQ(found->next_attempt_at, at_second(0));
    EXPECT_TRUE(found->attempts.empty());
    EXPECT_EQ(book->find("A-2"), std::nullopt);
}

TEST_F(DeliveryBook, a_notice_that_comes_again_changes_nothing) {
    enter({notice("A", 1)});
    succeed("A-1");
    enter({notice("A", 1)});
    EXPECT_EQ(book->find("A-1")->state, DeliveryState::delivered);
    EXPECT_EQ(due(9), "");
}

TEST_F(DeliveryBook, of_a_session_one_delivery_is_due_at_a_time_and_in_order) {
    enter({notice("A", 1), notice("A", 2), notice("B", 1)});
    enter({notice("A", 3)});
    EXPECT_EQ(due(9), "A-1 B-1 ");
    succeed("A-1");
    EXPECT_EQ(due(9), "B-1 A-2 ");
    fail("A-2", 1, {DeliveryState::given_up, {}});
    EXPECT_EQ(due(9), "B-1 A-3 ");
    succeed("A-3");
    succeed("B-1");
    EXPECT_EQ(due(9), "");
    enter({notice("A", 4)});
    EXPECT_EQ(due(9), "A-4 ");
}

TEST_F(DeliveryBook, what_failed_is_due_when_its_next_attempt_is) {
    enter({notice("A", 1), notice("A", 2)});
    fail("A-1", 1, {DeliveryState::waiting, at_second(5)});
    EXPECT_EQ(due(4), "");
    EXPECT_EQ(book->next_due(at_second(4)), at_second(5));
    EXPECT_EQ(due(5), "A-1 ");
    EXPECT_EQ(book->next_due(at_second(5)), std::nullopt);
    const auto again = book->due("P1", at_second(5), 1);
    EXPECT_EQ(again.at(0).attempts, 1);
    EXPECT_EQ(again.at(0).failures, 1);
    const auto found = *book->find("A-1");
    EXPECT_EQ(found.attempts, std::vector{attempt(1, 500)});
    EXPECT_EQ(found.next_attempt_at, at_second(5));
    EXPECT_EQ(book->find("A-2")->next_attempt_at, std::nullopt);
    EXPECT_EQ(book->count_waiting(), 2);
}

TEST_F(DeliveryBook, a_clock_that_was_set_back_puts_nothing_off) {
    enter({notice("A", 1)});
    fail("A-1", 1, {DeliveryState::waiting, at_second(3600)});
    EXPECT_EQ(due(0), "A-1 ");
    fail("A-1", 2, {DeliveryState::waiting, at_second(9)});
    EXPECT_EQ(due(0), "");
}

TEST_F(DeliveryBook, partners_have_their_own_queues) {
    enter({notice("A", 1, "P2"), notice("B", 1, "P1"), notice("C", 1, "P2")});
    EXPECT_EQ(book->partners_waiting(), (std::vector<std::string>{"P1", "P2"}));
    EXPECT_EQ(due(9, "P2"), "A-1 C-1 ");
    EXPECT_EQ(due(9, "P2", 1), "A-1 ");
    succeed("B-1");
    EXPECT_EQ(book->partners_waiting(), (std::vector<std::string>{"P2"}));
}

TEST_F(DeliveryBook, lists_the_newest_first_page_by_page) {
    enter({notice("A", 1), notice("B", 1, "P2"), notice("A", 2), notice("C", 1)});
    succeed("A-1");
    fail("C-1", 1, {DeliveryState::given_up, {}});
    EXPECT_EQ(listed({}), "C-1 A-2 B-1 A-1 ");
    EXPECT_EQ(listed({.partner_id = "P1"}), "C-1 A-2 A-1 ");
    EXPECT_EQ(listed({.partner_id = "P2", .session_id = "A"}), "");
    EXPECT_EQ(listed({.session_id = "A"}), "A-2 A-1 ");
    EXPECT_EQ(listed({.session_id = "A", .state = DeliveryState::delivered}), "A-1 ");
    EXPECT_EQ(listed({.state = DeliveryState::waiting}), "A-2 B-1 ");
    EXPECT_EQ(listed({.partner_id = "P1", .state = DeliveryState::given_up}), "C-1 ");

    EXPECT_EQ(listed({}, 0, 3), "C-1 A-2 B-1 ...");
    const auto first = book->list({.partner_id = "P1"}, 0, 2);
    EXPECT_EQ(listed({.partner_id = "P1"}, first.next, 2), "A-1 ");
    EXPECT_EQ(listed({}, 0, 4), "C-1 A-2 B-1 A-1 ");
}

TEST_F(DeliveryBook, sends_again_what_has_ended_once_and_alone) {
    enter({notice("A", 1)});
    EXPECT_FALSE(book->send_again("A-1", at_second(1)));  // it waits anyway
    EXPECT_FALSE(book->send_again("B-1", at_second(1)));
    fail("A-1", 1, {DeliveryState::given_up, {}});
    EXPECT_TRUE(book->send_again("A-1", at_second(20)));
    EXPECT_EQ(book->find("A-1")->state, DeliveryState::waiting);
    const auto again = book->due("P1", at_second(20), 9);
    ASSERT_EQ(again.size(), 1U);
    EXPECT_EQ(again[0].attempts, 1);
    EXPECT_EQ(service::after_attempt(attempt(2, 500), again[0].failures, at_second(20)).state, DeliveryState::given_up);
    succeed("A-1", 2);
    EXPECT_EQ(book->find("A-1")->state, DeliveryState::delivered);
    EXPECT_EQ(book->find("A-1")->attempts.size(), 2U);
}

TEST_F(DeliveryBook, what_was_delivered_stays_so_when_sending_it_again_fails) {
    enter({notice("A", 1)});
    succeed("A-1");
    EXPECT_TRUE(book->send_again("A-1", at_second(20)));
    fail("A-1", 2, {DeliveryState::given_up, {}});
    EXPECT_EQ(book->find("A-1")->state, DeliveryState::delivered);
}

TEST_F(DeliveryBook, sending_again_takes_no_turn_from_the_session) {
    enter({notice("A", 1), notice("A", 2), notice("A", 3)});
    succeed("A-1");
    EXPECT_TRUE(book->send_again("A-1", at_second(20)));
    EXPECT_EQ(due(20), "A-2 A-1 ");
    succeed("A-2");
    EXPECT_EQ(due(20), "A-1 ");
    succeed("A-1", 2);
    EXPECT_EQ(due(20), "A-3 ");
}

TEST_F(DeliveryBook, forgets_what_ended_long_ago_and_nothing_that_waits) {
    enter({notice("A", 1), notice("B", 1), notice("C", 1)});
    book->record({{"A-1", attempt(1, 204), {DeliveryState::delivered, {}}}}, at_second(1));
    book->record({{"B-1", attempt(1, 204), {DeliveryState::delivered, {}}}}, at_second(100));
    book->forget_before(at_second(50));
    EXPECT_EQ(listed({}), "C-1 B-1 ");
    // What comes back for one that is forgotten is of no use to anybody.
    succeed("A-1", 2);
    EXPECT_EQ(listed({}), "C-1 B-1 ");
}

TEST_F(DeliveryBook, is_readable_for_its_owner_alone_and_beside_a_server) {
    enter({notice("A", 1)});
    using std::filesystem::perms;
    EXPECT_EQ(std::filesystem::status(directory.deliveries()).permissions(), perms::owner_read | perms::owner_write);
    const auto beside = sqlite::SqliteDeliveryBook::open_read_only(directory);
    EXPECT_EQ(beside->list({}, 0, 9).deliveries.size(), 1U);
    EXPECT_THROW(sqlite::SqliteDeliveryBook::open_read_only(DataDirectory::temporary()), service::StoreFailed);
}

TEST_F(DeliveryBook, of_a_newer_saldo_is_left_alone) {
    book.reset();
    sqlite::Database(directory.deliveries(), sqlite::Mode::read_write).execute("PRAGMA user_version = 99");
    EXPECT_THROW(sqlite::SqliteDeliveryBook::open(directory), service::StoreFailed);
}

}  // namespace

}  // namespace saldo::store
