#include "service/courier.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "service/courier_thread.hpp"
#include "service/scripted_outgoing.hpp"
#include "store/data_directory.hpp"
#include "store/sqlite/delivery_book.hpp"

namespace saldo::service {

namespace {

using foundation::Instant;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

/// A world of one log, one book, receivers, and a clock that stands still.
struct World {
    store::DataDirectory directory = store::DataDirectory::temporary();
    std::unique_ptr<DeliveryBook> book = store::sqlite::SqliteDeliveryBook::open(directory);
    ScriptedOutgoing outgoing;
    std::vector<Notice> log;
    std::string log_mark = "first/";  ///< a log that was restored has another
    std::map<std::string, int> notices_of;
    Instant now{seconds(1'800'000'000)};
    Instant business_now{seconds(1'800'000'000)};
    std::vector<std::string> erased;
    std::string unreadable;  ///< a session
    std::vector<std::string> told_unreadable;
    int page_size = 3;
    CourierLimits limits = {};
    int wakes = 0;
    std::optional<Courier> courier;

    World() { start(); }

    void start() {
        courier.emplace(Courier::Parts{.source = source(),
                                       .book = *book,
                                       .outgoing = outgoing,
                                       .system_time = [this] { return now; },
                                       .business_time = [this] { return business_now; },
                                       .secret_of = [](const std::string& partner) { return "secret of " + partner; },
                                       .reach_of =
                                           [](const std::string& partner) {
                                               return Reach{.private_addresses = partner == "P2", .plain_http = false};
                                           },
                                       .limits = limits,
                                       .on_unreadable =
                                           [this](const NoticeSource::Unreadable& session) {
                                               told_unreadable.push_back(session.session_id + ": " + session.why);
                                           }},
                        [this] { ++wakes; });
    }
    /// As after kill -9: what was under way is never answered.
    void restart() {
        courier.reset();
        outgoing.under_way.clear();
        book.reset();
        book = store::sqlite::SqliteDeliveryBook::open(directory);
        start();
    }

    NoticeSource source() {
        return {.read_after =
                    [this](const LogCursor& cursor) {
                        std::size_t at = 0;
                        if (!cursor.text.empty()) {
                            if (!cursor.text.starts_with(log_mark)) throw CursorUnknown(cursor.text);
                            at = std::stoul(cursor.text.substr(log_mark.size()));
                        }
                        NoticeSource::Page page{.next = cursor};
                        for (; at < log.size() && std::ssize(page.notices) < page_size; ++at) {
                            page.notices.push_back(log[at]);
                            page.next = {log_mark + std::to_string(at + 1)};
                        }
                        for (const Notice& one : page.notices)
                            if (one.session_id == unreadable)
                                page.unreadable.push_back({unreadable, "no bytes of ours"});
                        std::erase_if(page.notices, [&](const Notice& one) { return one.session_id == unreadable; });
                        page.is_last = at == log.size();
                        return page;
                    },
                .letter_of = [this](const Notice& notice) -> std::optional<NoticeSource::Letter> {
                    if (std::ranges::find(erased, notice.session_id) != erased.end()) return std::nullopt;
                    if (notice.session_id == unreadable) throw SessionUnreadable("no bytes of ours");
                    return NoticeSource::Letter{.url = "https://user@shop.example:8443/hook?token=secret",
                                                .body = R"({"session":")" + notice.session_id +
                                                        "\",\"seq\":" + std::to_string(notice.sequence) + '}'};
                }};
    }

    void happen(const std::string& session, const std::string& partner = "P1") {
        const int sequence = ++notices_of[session];
        const auto id = [&](int number) { return session + std::to_string(number); };
        log.push_back({.id = id(sequence),
                       .previous_id = sequence > 1 ? id(sequence - 1) : "",
                       .sequence = sequence,
                       .partner_id = partner,
                       .session_id = session,
                       .event_seq = sequence + 1,
                       .session_status = "IN_PROGRESS",
                       .changed_at = business_now});
    }

    std::optional<Instant> turn() { return courier->turn(); }
    /// Turns until nothing is to be done at this instant.
    void settle() {
        for (auto next = turn(); next && *next <= now;) next = turn();
    }
    /// Ids of what is under way.
    std::string under_way() const {
        std::string ids;
        for (const auto& sent : outgoing.under_way) ids += sent.field("Saldo-Delivery-Id") + ' ';
        return ids;
    }
    Delivery delivery(const std::string& id) { return book->find(id).value(); }
};

class CourierTest : public testing::Test, protected World {};

TEST_F(CourierTest, sends_what_the_log_tells_signed_and_numbered) {
    happen("A");
    happen("A");
    settle();
    ASSERT_EQ(outgoing.under_way.size(), 1U);
    const auto& first = outgoing.under_way[0];
    EXPECT_EQ(first.request.url, "https://user@shop.example:8443/hook?token=secret");
    EXPECT_EQ(first.request.body, R"({"session":"A","seq":1})");
    EXPECT_EQ(first.field("Content-Type"), "application/json");
    EXPECT_EQ(first.field("X-Signature"), "t=1800000000,v1=jgyn+xyO7TKtEg5XcP/z+HThuMlErXCfjoSOzGyrkgA=");
    EXPECT_EQ(first.field("Saldo-Delivery-Sequence"), "1");
    EXPECT_EQ(first.field("Saldo-Delivery-Id"), "A1");
    EXPECT_EQ(first.field("Saldo-Delivery-Previous"), "");
    EXPECT_EQ(first.request.reach, (Reach{}));

    outgoing.answer(204);
    EXPECT_EQ(wakes, 1);
    settle();
    ASSERT_EQ(outgoing.under_way.size(), 1U);
    EXPECT_EQ(outgoing.under_way[0].field("Saldo-Delivery-Id"), "A2");
    EXPECT_EQ(outgoing.under_way[0].field("Saldo-Delivery-Previous"), "A1");
    EXPECT_EQ(outgoing.under_way[0].field("Saldo-Delivery-Sequence"), "2");

    EXPECT_EQ(delivery("A1").state, DeliveryState::delivered);
    EXPECT_EQ(delivery("A1").attempts, (std::vector<Attempt>{{.number = 1,
                                                              .began_at = now,
                                                              .duration = milliseconds(7),
                                                              .host = "shop.example:8443",
                                                              .status = 204,
                                                              .failure = ""}}));
}

TEST_F(CourierTest, every_2xx_ends_a_delivery_and_nothing_else_does) {
    for (const int status : {200, 201, 202, 204, 299}) {
        happen("S" + std::to_string(status));
        settle();
        outgoing.answer(status);
    }
    for (const int status : {300, 302, 308, 400, 401, 404, 410, 429, 500, 503, 599}) {
        happen("F" + std::to_string(status));
        settle();
        outgoing.answer(status);
    }
    settle();
    for (const Delivery& one : book->list({}, 0, 99).deliveries)
        EXPECT_EQ(one.state, one.notice.session_id[0] == 'S' ? DeliveryState::delivered : DeliveryState::waiting)
            << one.notice.session_id;
}

TEST_F(CourierTest, tries_again_three_six_and_nine_seconds_after_each_failure_then_gives_up) {
    happen("A");
    happen("A");
    settle();
    for (const int delay : {3, 6, 9}) {
        outgoing.answer(500);
        const auto next = turn();
        EXPECT_EQ(next, now + seconds(delay));
        now += seconds(delay) - milliseconds(1);
        settle();
        EXPECT_EQ(under_way(), "") << delay;
        now += milliseconds(1);
        settle();
        EXPECT_EQ(under_way(), "A1 ") << delay;
    }
    outgoing.answer(0, OutgoingFailure::timed_out);
    settle();
    const Delivery given_up = delivery("A1");
    EXPECT_EQ(given_up.state, DeliveryState::given_up);
    ASSERT_EQ(given_up.attempts.size(), 4U);
    EXPECT_EQ(given_up.attempts[2].status, 500);
    EXPECT_EQ(given_up.attempts[3].failure, "TIMED_OUT");
    EXPECT_EQ(given_up.attempts[3].number, 4);
    EXPECT_EQ(under_way(), "A2 ");  // the session goes on
    EXPECT_EQ(courier->numbers().given_up, 1U);
    EXPECT_EQ(courier->numbers().failed, 4U);
    EXPECT_EQ(courier->numbers().delivered, 0U);
}

TEST_F(CourierTest, each_delay_counts_from_when_the_attempt_had_failed) {
    happen("A");
    settle();
    now += seconds(10);  // it hung
    outgoing.answer(0, OutgoingFailure::timed_out);
    EXPECT_EQ(turn(), now + seconds(3));
}

TEST_F(CourierTest, a_slow_receiver_stalls_its_own_session_alone) {
    happen("slow");
    settle();
    for (int i = 0; i < 20; ++i) {
        happen("slow");
        happen("quick");
        settle();
        EXPECT_EQ(under_way(), "slow1 quick" + std::to_string(i + 1) + ' ');
        outgoing.answer_at(1, 200);
    }
}

TEST_F(CourierTest, a_partner_has_only_so_many_under_way_and_leaves_room_for_others) {
    limits.under_way_of_partner_max = 4;
    limits.under_way_max = 6;
    start();
    for (int i = 0; i < 50; ++i) happen("A" + std::to_string(i), "P1");
    for (int i = 0; i < 50; ++i) happen("B" + std::to_string(i), "P2");
    settle();
    EXPECT_EQ(outgoing.under_way.size(), 6U);
    int answered = 0;
    while (!outgoing.under_way.empty()) {
        outgoing.answer(200);
        ++answered;
        settle();
    }
    EXPECT_EQ(answered, 100);
    EXPECT_EQ(outgoing.most_under_way, 6U);
    EXPECT_EQ(courier->numbers().delivered, 100U);
}

TEST_F(CourierTest, reaches_as_far_as_the_partner_may) {
    happen("B", "P2");
    settle();
    EXPECT_TRUE(outgoing.under_way.at(0).request.reach.private_addresses);
}

TEST_F(CourierTest, what_was_under_way_at_a_crash_is_sent_again_with_the_same_id) {
    happen("A");
    happen("A");
    settle();
    const auto before = under_way();
    restart();
    settle();
    EXPECT_EQ(under_way(), before);
    outgoing.answer(200);
    settle();
    restart();
    settle();
    EXPECT_EQ(under_way(), "A2 ");
}

TEST_F(CourierTest, a_crash_between_two_attempts_forgets_neither_their_number_nor_the_delay) {
    happen("A");
    settle();
    outgoing.answer(500);
    settle();
    restart();
    settle();
    EXPECT_EQ(under_way(), "");
    now += seconds(3);
    settle();
    outgoing.answer(500);
    EXPECT_EQ(turn(), now + seconds(6));
    EXPECT_EQ(delivery("A1").attempts.back().number, 2);
}

TEST_F(CourierTest, what_happened_while_nobody_carried_is_told_however_old_it_is) {
    happen("A");
    settle();
    outgoing.answer(200);
    settle();
    happen("B");
    business_now += hours(24 * 30);
    restart();
    settle();
    EXPECT_EQ(under_way(), "B1 ");
}

TEST_F(CourierTest, a_book_that_begins_anew_tells_the_last_day_again) {
    for (int i = 0; i < 10; ++i) happen("old" + std::to_string(i));
    business_now += hours(24);
    happen("A");
    business_now += hours(1);
    happen("B");
    settle();
    EXPECT_EQ(under_way(), "A1 B1 ");
    EXPECT_EQ(book->count_waiting(), 2);
}

TEST_F(CourierTest, a_crash_while_a_book_begins_anew_tells_nothing_older_either) {
    page_size = 1;
    for (int i = 0; i < 100; ++i) happen("old" + std::to_string(i));
    business_now += hours(25);
    turn();
    restart();
    happen("A");
    settle();
    EXPECT_EQ(under_way(), "A1 ");
}

TEST_F(CourierTest, a_log_that_was_restored_is_read_again_and_nothing_is_told_twice) {
    happen("A");
    happen("B");
    settle();
    outgoing.answer(200);
    settle();
    log_mark = "restored/";
    happen("C");
    settle();
    EXPECT_EQ(under_way(), "B1 C1 ");
}

TEST_F(CourierTest, what_was_erased_is_given_up_at_once) {
    erased = {"A"};
    happen("A");
    happen("B");
    settle();
    EXPECT_EQ(under_way(), "B1 ");
    EXPECT_EQ(delivery("A1").state, DeliveryState::given_up);
    EXPECT_EQ(delivery("A1").attempts.at(0).failure, "ERASED");
}

TEST_F(CourierTest, a_session_that_cannot_be_read_holds_up_itself_alone_and_is_complained_of_once) {
    happen("A");
    happen("B");
    happen("A");
    settle();
    unreadable = "A";
    outgoing.answer(500);  // A1
    outgoing.answer(204);  // B1
    settle();
    for (int i = 0; i < 3; ++i) {
        happen("A");
        happen("B");
        now += seconds(10);
        settle();
        ASSERT_EQ(outgoing.under_way.size(), 1U);
        EXPECT_EQ(outgoing.under_way[0].field("Saldo-Delivery-Id"), "B" + std::to_string(i + 2));
        outgoing.answer(204);
        settle();
    }
    EXPECT_EQ(told_unreadable, std::vector<std::string>{"A: no bytes of ours"});
    EXPECT_EQ(courier->numbers().unreadable, 1U);
    EXPECT_EQ(delivery("A1").state, DeliveryState::given_up);
    EXPECT_EQ(delivery("A1").attempts.at(1).failure, "UNREADABLE");
    unreadable.clear();
    EXPECT_TRUE(book->send_again("A1", now)) << "once it is mended";
    settle();
    EXPECT_NE(under_way().find("A1 "), std::string::npos);
}

TEST_F(CourierTest, sends_again_once_when_asked) {
    happen("A");
    settle();
    outgoing.answer(200);
    settle();
    EXPECT_TRUE(book->send_again("A1", now));
    settle();
    EXPECT_EQ(under_way(), "A1 ");
    outgoing.answer(500);
    settle();
    EXPECT_EQ(under_way(), "");
    EXPECT_EQ(turn(), std::nullopt);
    EXPECT_EQ(delivery("A1").state, DeliveryState::delivered);
}

TEST_F(CourierTest, an_answer_that_comes_when_it_is_gone_disturbs_nobody) {
    happen("A");
    settle();
    courier.reset();
    outgoing.answer(200);
    EXPECT_EQ(wakes, 0);
}

TEST_F(CourierTest, reads_a_long_log_in_pieces_and_sends_in_between) {
    page_size = 1;
    for (int i = 0; i < 100; ++i) happen("S" + std::to_string(i));
    EXPECT_EQ(turn(), now);
    EXPECT_LT(outgoing.under_way.size(), 100U);
    EXPECT_GT(outgoing.under_way.size(), 0U);
}

/// A life of sessions from a seed, with receivers that fail at random and crashes in between.
class Life {
  public:
    explicit Life(unsigned seed) : chance_(seed) {
        world_.limits.under_way_of_partner_max = 3;
        world_.limits.under_way_max = 5;
        world_.restart();
    }

    void live(int steps) {
        for (int i = 0; i < steps; ++i) {
            step();
            world_.turn();
            std::map<std::string, int> sessions;
            for (const auto& sent : world_.outgoing.under_way)
                EXPECT_EQ(++sessions[session_of(sent)], 1) << "two of one session at once";
        }
    }

    /// The receivers recover, and time goes on until nothing waits.
    void come_to_rest() {
        for (int second = 0; second < 1000 && world_.book->count_waiting() > 0; ++second) {
            while (!world_.outgoing.under_way.empty()) answer(0, true);
            world_.now += seconds(1);
            world_.settle();
        }
        EXPECT_EQ(world_.book->count_waiting(), 0);
    }

    void expect_everything_told_in_order() {
        for (const auto& [session, count] : world_.notices_of) {
            const std::vector<int>& told = taken_[session];
            EXPECT_TRUE(std::ranges::is_sorted(told)) << session;
            for (int sequence = 1; sequence <= count; ++sequence) {
                const bool was_told = std::ranges::find(told, sequence) != told.end();
                const auto state = world_.delivery(session + std::to_string(sequence)).state;
                EXPECT_TRUE(was_told || state == DeliveryState::given_up) << session << sequence;
            }
        }
    }

  private:
    int chance(int end) { return std::uniform_int_distribution(0, end - 1)(chance_); }

    static std::string session_of(const ScriptedOutgoing::Sent& sent) {
        return sent.field("Saldo-Delivery-Id").substr(0, 1);
    }

    void answer(std::size_t at, bool takes) {
        const auto& sent = world_.outgoing.under_way.at(at);
        if (takes) taken_[session_of(sent)].push_back(std::stoi(sent.field("Saldo-Delivery-Sequence")));
        world_.outgoing.answer_at(at, takes ? 204 : 503);
    }

    void step() {
        const int what = chance(100);
        if (what < 40) {
            const char session = static_cast<char>('A' + chance(7));
            world_.happen(std::string(1, session), session % 2 == 0 ? "P1" : "P2");
        } else if (what < 80 && !world_.outgoing.under_way.empty()) {
            answer(static_cast<std::size_t>(chance(static_cast<int>(world_.outgoing.under_way.size()))),
                   chance(3) != 0);
        } else if (what < 94) {
            world_.now += seconds(chance(10));
        } else if (what < 97) {
            world_.restart();
        }
    }

    World world_;
    std::mt19937 chance_;
    std::map<std::string, std::vector<int>> taken_;  ///< sequence numbers that receivers took, by session
};

class CourierLives : public testing::TestWithParam<unsigned> {};
INSTANTIATE_TEST_SUITE_P(FromSeeds, CourierLives, testing::Range(1U, 21U));

TEST_P(CourierLives, every_change_is_told_at_least_once_and_in_the_order_of_its_session_or_given_up) {
    Life life(GetParam());
    life.live(150);
    life.come_to_rest();
    life.expect_everything_told_in_order();
}

TEST(CourierThread, carries_as_soon_as_it_is_woken_and_ends_with_what_is_under_way) {
    /// Takes everything at once.
    class Willing final : public Outgoing {
      public:
        void send(OutgoingRequest, std::move_only_function<void(OutgoingAnswer)> answered) override {
            answered({.status = 204});
        }
    };
    const store::DataDirectory directory = store::DataDirectory::temporary();
    const auto book = store::sqlite::SqliteDeliveryBook::open(directory);
    Willing outgoing;
    std::mutex guard;
    std::condition_variable told;
    std::size_t letters = 0, notices = 0;
    constexpr std::size_t enough = 25;
    CourierThread thread(
        {.source = {.read_after =
                        [&](const LogCursor& cursor) {
                            const std::lock_guard hold(guard);
                            NoticeSource::Page page{.next = {std::to_string(notices)}};
                            for (auto at = cursor.text.empty() ? 0 : std::stoul(cursor.text); at < notices; ++at)
                                page.notices.push_back({.id = std::to_string(at),
                                                        .partner_id = "P",
                                                        .session_id = std::to_string(at % 3),
                                                        .changed_at = Instant(seconds(1'800'000'000))});
                            return page;
                        },
                    .letter_of = [&](const Notice&) -> std::optional<NoticeSource::Letter> {
                        const std::lock_guard hold(guard);
                        ++letters;
                        told.notify_all();
                        return NoticeSource::Letter{"https://shop.example/", "{}"};
                    }},
         .book = *book,
         .outgoing = outgoing,
         .system_time = [] { return Instant(seconds(1'800'000'000)); },
         .business_time = [] { return Instant(seconds(1'800'000'000)); },
         .secret_of = [](const std::string&) { return std::string("s"); },
         .reach_of = [](const std::string&) { return Reach{}; }},
        [](std::string_view) {});
    for (std::size_t i = 0; i < enough; ++i) {
        {
            const std::lock_guard hold(guard);
            ++notices;
        }
        thread.wake();
    }
    std::unique_lock lock(guard);
    told.wait(lock, [&] { return letters == enough; });
}

}  // namespace

}  // namespace saldo::service
