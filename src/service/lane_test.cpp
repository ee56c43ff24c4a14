#include "service/lane.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "foundation/outcome.hpp"

namespace saldo::service {

namespace {

using foundation::BrokenInvariant;
using foundation::Instant;

/// A log whose failures are chosen by the test, and whose commits wait for it.
class ScriptedLog final : public EventStore {
  public:
    enum class CommitEnd { durable, unknown_but_stored, unknown_and_lost, unknown_until_there_is_a_new_writer };

    std::unique_ptr<LogReader> reader() override { return std::make_unique<Reader>(*this); }
    std::unique_ptr<LogWriter> writer() override {
        const std::lock_guard hold(guard);
        if (writers_refused > 0) {
            --writers_refused;
            throw StoreFailed("no writer");
        }
        log.insert(log.end(), shown_late.begin(), shown_late.end());
        shown_late.clear();
        return std::make_unique<Writer>(*this);
    }
    std::optional<std::string> secret(std::string_view) override { return std::nullopt; }
    std::vector<std::string> secret_names(std::string_view) override { return {}; }
    void put_secret(std::string_view, std::string_view) override {}
    void remove_secret(std::string_view) override {}

    std::vector<std::string> bodies(const std::string& stream) {
        const std::lock_guard hold(guard);
        std::vector<std::string> found;
        for (const EventRecord& event : log)
            if (event.stream.name == stream) found.push_back(event.body);
        return found;
    }
    /// Writes past the lane, as only a mistake would.
    void smuggle(const std::string& stream, const std::string& body) {
        const std::lock_guard hold(guard);
        EventRecord record;
        record.stream = {.bucket = 0, .name = stream};
        record.seq = version_of(record.stream) + 1;
        record.body = body;
        record.position = std::ssize(log) + 1;
        record.hash = chained({}, record);
        log.push_back(record);
    }
    void hold_commits() {
        const std::lock_guard hold(guard);
        commits_are_held = true;
    }
    void release_commits() {
        {
            const std::lock_guard hold(guard);
            commits_are_held = false;
        }
        changed.notify_all();
    }
    void hold_reads() {
        const std::lock_guard hold(guard);
        reads_are_held = true;
    }
    void release_reads() {
        {
            const std::lock_guard hold(guard);
            reads_are_held = false;
        }
        changed.notify_all();
    }
    void wait_for_a_held_commit() {
        std::unique_lock hold(guard);
        changed.wait(hold, [this] { return is_waiting_to_commit; });
    }

    std::mutex guard;
    std::condition_variable changed;
    std::vector<EventRecord> log;
    std::vector<EventRecord> shown_late;   ///< by the next writer, as a log that is recovered when it is opened
    std::set<std::string> refused_bodies;  ///< an append with one of them throws StoreFailed
    std::deque<CommitEnd> commit_ends;     ///< of the next commits; durable when there are none
    int writers_refused = 0;
    int reads_refused = 0;
    int reads = 0;
    bool commits_are_held = false;
    bool reads_are_held = false;
    bool is_waiting_to_commit = false;

  private:
    std::int64_t version_of(const StreamName& stream) const {
        return std::ranges::count_if(log, [&](const EventRecord& event) { return event.stream == stream; });
    }

    class Reader final : public LogReader {
      public:
        explicit Reader(ScriptedLog& store) : store_(store) {}
        StreamContent read(const StreamName& stream) override {
            std::unique_lock hold(store_.guard);
            store_.changed.wait(hold, [this] { return !store_.reads_are_held; });
            ++store_.reads;
            if (store_.reads_refused > 0) {
                --store_.reads_refused;
                is_broken_ = true;
            }
            if (is_broken_) throw StoreFailed("no reading");
            StreamContent content;
            for (const EventRecord& event : store_.log)
                if (event.stream == stream) content.events.push_back(event);
            return content;
        }
        std::vector<std::string> streams(foundation::Bucket, std::string_view) override { return {}; }
        Page read_after(const LogCursor&, int) override { return {}; }
        LogCursor end() override { return {}; }
        std::int64_t count() override { return 0; }

      private:
        ScriptedLog& store_;
        bool is_broken_ = false;  // for good: only a fresh reader reads again
    };

    class Writer final : public LogWriter {
      public:
        explicit Writer(ScriptedLog& store) : store_(store) {}
        void begin() override { batch_.clear(); }
        Instant last_recorded_at() override {
            if (!batch_.empty()) return batch_.back().recorded_at;
            const std::lock_guard hold(store_.guard);
            return store_.log.empty() ? Instant{} : store_.log.back().recorded_at;
        }
        std::int64_t next_position(foundation::Bucket) override {
            const std::lock_guard hold(store_.guard);
            return std::ssize(store_.log) + std::ssize(batch_) + 1;
        }
        bool append(Append& append) override {
            foundation::ensure(!append.events.empty(), "an append without events");
            const std::lock_guard hold(store_.guard);
            if (store_.refused_bodies.contains(append.events[0].body)) throw StoreFailed("no room for it");
            const auto pending =
                std::ranges::count_if(batch_, [&](const EventRecord& event) { return event.stream == append.stream; });
            if (store_.version_of(append.stream) + pending != append.expected_version) return false;
            for (EventRecord& event : append.events) {
                event.position = std::ssize(store_.log) + std::ssize(batch_) + 1;
                event.hash = chained({}, event);
                batch_.push_back(event);
            }
            return true;
        }
        void commit() override {
            std::unique_lock hold(store_.guard);
            store_.is_waiting_to_commit = true;
            store_.changed.notify_all();
            store_.changed.wait(hold, [this] { return !store_.commits_are_held; });
            store_.is_waiting_to_commit = false;
            CommitEnd end = CommitEnd::durable;
            if (!store_.commit_ends.empty()) {
                end = store_.commit_ends.front();
                store_.commit_ends.pop_front();
            }
            auto& kept = end == CommitEnd::unknown_until_there_is_a_new_writer ? store_.shown_late : store_.log;
            if (end != CommitEnd::unknown_and_lost) kept.insert(kept.end(), batch_.begin(), batch_.end());
            batch_.clear();
            if (end != CommitEnd::durable) throw CommitUnknown("the line went dead");
        }
        void rollback() override { batch_.clear(); }

      private:
        ScriptedLog& store_;
        std::vector<EventRecord> batch_;
    };
};

class ScriptedClock final : public Clock {
  public:
    Instant now() override { return Instant(std::chrono::seconds(seconds.load())); }
    std::atomic<int> seconds = 100;
};

/// The bodies of a stream, one after another.
struct Story {
    std::string text;
};

Fold<Story> story_fold() {
    return {.whole =
                [](const StreamName&, const StreamContent& content) {
                    Story story;
                    for (const EventRecord& event : content.events) story.text += event.body;
                    return std::make_shared<const Story>(story);
                },
            .further =
                [](const Story& before, const Append& append) {
                    Story story = before;
                    for (const EventRecord& event : append.events) {
                        if (event.body == "unfoldable") throw BrokenInvariant("cannot be folded", {});
                        story.text += event.body;
                    }
                    return std::make_shared<const Story>(story);
                }};
}

/// What became of a job.
struct Answer {
    std::string decided_on;
    std::string after;
    std::vector<EventRecord> added;
};

EventRecord event_of(const StreamName& stream, const std::string& body, const LaneContext& context, int further = 1) {
    EventRecord record;
    record.stream = stream;
    record.seq = context.version + further;
    record.recorded_at = context.now;
    record.body = body;
    return record;
}

class LaneTest : public testing::Test {
  protected:
    ScriptedLog log;
    ScriptedClock clock;
    LaneOptions options{.reader_threads = 1};
    std::vector<std::string> order;  // what the lane called, on its thread
    std::unique_ptr<Lane<Story>> lane;

    void start() { lane = std::make_unique<Lane<Story>>(log, clock, story_fold(), options); }

    using Decide = std::function<std::vector<std::string>(const Story&, const LaneContext&)>;

    struct Wish {
        std::string stream = "s";
        Loading loading = Loading::from_log;
        Decide decide;
        /// Of another stream, that the decision goes by and adds to; the version it goes by is that of its state.
        std::string other = {};
        std::string to_other = {};
    };

    std::future<Answer> submit(Wish wish) {
        const auto promise = std::make_shared<std::promise<Answer>>();
        const auto answer = std::make_shared<Answer>();
        const StreamName stream{.bucket = 0, .name = wish.stream};
        Job<Story> job{
            .stream = stream,
            .loading = wish.loading,
            .decide =
                [=, this, decide = wish.decide, wish = wish](const Story& story, const LaneContext& context) {
                    answer->decided_on = story.text;
                    Step<Story> step;
                    const std::vector<std::string> bodies = decide(story, context);
                    if (!bodies.empty()) step.append.emplace();
                    for (const std::string& body : bodies)
                        step.append->events.push_back(
                            event_of(stream, body, context, static_cast<int>(step.append->events.size()) + 1));
                    if (!wish.other.empty()) {
                        const StreamName other{.bucket = 0, .name = wish.other};
                        const auto state = state_of<Story>(context, other);
                        answer->decided_on += '+' + state->text;
                        const auto version = static_cast<std::int64_t>(state->text.size());
                        EventRecord record = event_of(other, wish.to_other, context);
                        record.seq = version + 1;
                        step.also.push_back({.stream = other, .expected_version = version, .events = {record}});
                    }
                    step.completed = [=, this](std::shared_ptr<const Story> after, std::span<const EventRecord> added) {
                        order.push_back("completed " + after->text);
                        answer->after = after->text;
                        answer->added.assign(added.begin(), added.end());
                        promise->set_value(*answer);
                    };
                    return step;
                },
            .failed = [=](std::exception_ptr failure) { promise->set_exception(failure); }};
        std::future<Answer> future = promise->get_future();
        if (!lane->submit(std::move(job))) promise->set_exception(std::make_exception_ptr(std::length_error("full")));
        return future;
    }

    /// A job that adds one event.
    std::future<Answer> add(const std::string& stream, const std::string& body, Loading loading = Loading::from_log) {
        return submit({.stream = stream, .loading = loading, .decide = [body](const Story&, const LaneContext&) {
                           return std::vector{body};
                       }});
    }
    /// A job that adds nothing, such as a refusal.
    std::future<Answer> look(const std::string& stream) {
        return submit(
            {.stream = stream, .decide = [](const Story&, const LaneContext&) { return std::vector<std::string>{}; }});
    }

    /// Keeps the lane at a commit until `count` jobs, handed in meanwhile, stand ready for the next batch.
    void in_one_batch(std::size_t count, const std::function<void()>& hand_in) {
        log.hold_commits();
        auto first = add("held", "-", Loading::assumed_empty);
        log.wait_for_a_held_commit();
        hand_in();
        while (lane->numbers().queued != count) std::this_thread::yield();
        log.release_commits();
        first.get();
    }
};

bool is_ready(const std::future<Answer>& future) {
    return future.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
}

TEST_F(LaneTest, a_command_is_decided_on_all_that_its_stream_holds) {
    log.smuggle("s", "a");
    log.smuggle("s", "b");
    start();
    const Answer answer = add("s", "c").get();
    EXPECT_EQ(answer.decided_on, "ab");
    EXPECT_EQ(answer.after, "abc");
    ASSERT_EQ(answer.added.size(), 1U);
    EXPECT_EQ(answer.added[0].seq, 3);
    EXPECT_EQ(answer.added[0].position, 3);
    EXPECT_EQ(log.bodies("s"), (std::vector<std::string>{"a", "b", "c"}));
}

TEST_F(LaneTest, the_answer_leaves_after_the_commit_and_not_before) {
    start();
    log.hold_commits();
    auto answer = add("s", "a");
    log.wait_for_a_held_commit();
    EXPECT_FALSE(is_ready(answer));
    EXPECT_TRUE(log.bodies("s").empty());
    log.release_commits();
    EXPECT_EQ(answer.get().after, "a");
}

TEST_F(LaneTest, commands_that_wait_together_share_one_commit_each_on_what_the_one_before_left) {
    start();
    std::vector<std::future<Answer>> answers;
    in_one_batch(4, [&] {
        answers.push_back(add("s", "a"));
        answers.push_back(add("t", "x"));
        answers.push_back(add("s", "b"));
        answers.push_back(add("s", "c"));
    });
    std::string together;
    for (auto& answer : answers) together += answer.get().after + ' ';
    // One reader thread loads them in the order they came.
    EXPECT_EQ(together, "a x ab abc ");
    EXPECT_EQ(lane->numbers().commits, 2U);
    EXPECT_EQ(lane->numbers().batch_largest, 4U);
}

TEST_F(LaneTest, one_command_adds_all_its_events_or_none) {
    log.refused_bodies = {"x"};
    start();
    const auto add_two = [&](const std::string& first, const std::string& second) {
        return submit(
            {.stream = "s", .decide = [=](const Story&, const LaneContext&) { return std::vector{first, second}; }});
    };
    EXPECT_EQ(add_two("a", "b").get().added.size(), 2U);
    EXPECT_THROW(add_two("x", "y").get(), StoreFailed);
    EXPECT_EQ(log.bodies("s"), (std::vector<std::string>{"a", "b"}));
}

TEST_F(LaneTest, a_command_on_two_streams_is_decided_on_both_and_stored_in_one_commit) {
    log.smuggle("t", "x");
    start();
    std::future<Answer> before;
    std::future<Answer> both;
    std::future<Answer> after;
    in_one_batch(3, [&] {
        before = add("t", "y");
        both = submit({.decide = [](const Story&, const LaneContext&) { return std::vector<std::string>{"a"}; },
                       .other = "t",
                       .to_other = "z"});
        after = add("t", "!");
    });
    const Answer answer = both.get();
    EXPECT_EQ(answer.decided_on, "+xy") << "with what the batch has added so far";
    EXPECT_EQ(answer.after, "a");
    ASSERT_EQ(answer.added.size(), 2U);
    EXPECT_EQ(answer.added[0].stream.name, "s");
    EXPECT_EQ(answer.added[1].stream.name, "t");
    EXPECT_EQ(after.get().after, "xyz!");
    EXPECT_EQ(lane->numbers().commits, 2U) << "the one that was held, and this batch";
}

TEST_F(LaneTest, of_a_command_on_two_streams_nothing_is_stored_when_one_is_refused) {
    log.refused_bodies = {"too large"};
    start();
    const auto both = [&](const std::string& stream, const std::string& other, const std::string& to_other) {
        return submit({.stream = stream,
                       .decide = [](const Story&, const LaneContext&) { return std::vector<std::string>{"a"}; },
                       .other = other,
                       .to_other = to_other});
    };
    std::future<Answer> refused;
    std::future<Answer> good;
    in_one_batch(2, [&] {
        refused = both("s", "t", "too large");
        good = both("u", "v", "x");
    });
    EXPECT_THROW(refused.get(), StoreFailed);
    EXPECT_EQ(good.get().added.size(), 2U);
    EXPECT_TRUE(log.bodies("s").empty());
    EXPECT_TRUE(log.bodies("t").empty());
    log.smuggle("v", "behind the lane's back");
    EXPECT_THROW(both("u", "v", "y").get(), StoreFailed) << "not as the decision has seen it";
    EXPECT_EQ(log.bodies("u"), (std::vector<std::string>{"a"}));
}

TEST_F(LaneTest, after_an_unknown_commit_both_streams_of_a_command_are_there_or_neither) {
    start();
    const auto both = [&](const std::string& to_other) {
        return submit({.decide = [](const Story&, const LaneContext&) { return std::vector<std::string>{"a"}; },
                       .other = "t",
                       .to_other = to_other});
    };
    log.commit_ends = {ScriptedLog::CommitEnd::unknown_but_stored, ScriptedLog::CommitEnd::unknown_and_lost};
    EXPECT_EQ(both("x").get().added.size(), 2U);
    EXPECT_THROW(both("y").get(), StoreFailed);
    const Answer answer = both("z").get();
    EXPECT_EQ(answer.decided_on, "a+x");
    EXPECT_EQ(log.bodies("s"), (std::vector<std::string>{"a", "a"}));
    EXPECT_EQ(log.bodies("t"), (std::vector<std::string>{"x", "z"}));
}

TEST_F(LaneTest, a_command_that_adds_nothing_is_answered_without_a_commit) {
    log.smuggle("s", "a");
    start();
    const Answer answer = look("s").get();
    EXPECT_EQ(answer.decided_on, "a");
    EXPECT_EQ(answer.after, "a");
    EXPECT_TRUE(answer.added.empty());
    lane->stop();
    EXPECT_EQ(lane->numbers().commits, 0U);
}

TEST_F(LaneTest, what_was_decided_on_an_event_that_got_lost_is_not_answered_either) {
    start();
    std::future<Answer> added;
    std::future<Answer> refused;
    in_one_batch(2, [&] {
        log.commit_ends = {ScriptedLog::CommitEnd::durable, ScriptedLog::CommitEnd::unknown_and_lost};
        added = add("s", "a", Loading::assumed_empty);
        refused = look("s");
    });
    EXPECT_THROW(added.get(), StoreFailed);
    EXPECT_THROW(refused.get(), StoreFailed);
    EXPECT_EQ(look("s").get().decided_on, "");
}

TEST_F(LaneTest, a_broken_invariant_fails_its_command_alone) {
    start();
    std::future<Answer> good;
    std::future<Answer> broken;
    std::future<Answer> after;
    in_one_batch(3, [&] {
        good = add("s", "a", Loading::assumed_empty);
        broken = submit({.stream = "s",
                         .loading = Loading::assumed_empty,
                         .decide = [](const Story&, const LaneContext&) -> std::vector<std::string> {
                             throw BrokenInvariant("two and two are five", {});
                         }});
        after = add("s", "b", Loading::assumed_empty);
    });
    EXPECT_EQ(good.get().after, "a");
    EXPECT_THROW(broken.get(), BrokenInvariant);
    EXPECT_EQ(after.get().after, "ab");
    EXPECT_EQ(lane->numbers().commits, 2U);
}

TEST_F(LaneTest, an_append_that_breaks_the_rules_of_the_log_fails_its_command_alone) {
    start();
    const auto failed = std::make_shared<std::promise<void>>();
    Job<Story> job{
        .stream = {.bucket = 0, .name = "s"},
        .decide = [](const Story&,
                     const LaneContext&) { return Step<Story>{.append = Append{}, .completed = [](auto, auto) {}}; },
        .failed = [failed](std::exception_ptr failure) { failed->set_exception(failure); }};
    ASSERT_TRUE(lane->submit(std::move(job)));
    EXPECT_THROW(failed->get_future().get(), BrokenInvariant);
    EXPECT_EQ(add("s", "a").get().after, "a");
}

TEST_F(LaneTest, when_the_store_refuses_an_append_the_others_of_its_batch_are_stored_one_by_one) {
    log.refused_bodies = {"too large"};
    start();
    std::future<Answer> before;
    std::future<Answer> refused;
    std::future<Answer> after;
    in_one_batch(3, [&] {
        before = add("s", "a", Loading::assumed_empty);
        refused = add("s", "too large", Loading::assumed_empty);
        after = add("s", "b", Loading::assumed_empty);
    });
    EXPECT_EQ(before.get().after, "a");
    EXPECT_THROW(refused.get(), StoreFailed);
    EXPECT_EQ(after.get().after, "ab");
    EXPECT_EQ(log.bodies("s"), (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(lane->numbers().commits, 3U);
}

TEST_F(LaneTest, an_append_that_cannot_be_folded_is_not_stored) {
    start();
    std::future<Answer> before;
    std::future<Answer> unfoldable;
    in_one_batch(2, [&] {
        before = add("s", "a", Loading::assumed_empty);
        unfoldable = add("s", "unfoldable", Loading::assumed_empty);
    });
    EXPECT_EQ(before.get().after, "a");
    EXPECT_THROW(unfoldable.get(), BrokenInvariant);
    EXPECT_EQ(log.bodies("s"), (std::vector<std::string>{"a"}));
}

TEST_F(LaneTest, after_an_unknown_commit_that_is_found_in_the_log_the_answers_leave_as_usual) {
    start();
    log.commit_ends = {ScriptedLog::CommitEnd::unknown_but_stored};
    const Answer answer = add("s", "a").get();
    EXPECT_EQ(answer.after, "a");
    EXPECT_EQ(add("s", "b").get().after, "ab");
    EXPECT_EQ(log.bodies("s"), (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(lane->numbers().commits_unknown, 1U);
}

TEST_F(LaneTest, after_an_unknown_commit_that_is_not_in_the_log_the_command_failed_and_may_come_again) {
    start();
    add("s", "a").get();
    log.commit_ends = {ScriptedLog::CommitEnd::unknown_and_lost};
    EXPECT_THROW(add("s", "b").get(), StoreFailed);
    EXPECT_EQ(add("s", "b").get().after, "ab");
    EXPECT_EQ(log.bodies("s"), (std::vector<std::string>{"a", "b"}));
}

TEST_F(LaneTest, an_unknown_commit_that_nobody_can_read_again_stays_unknown_and_nothing_is_taken_from_memory_after_it) {
    start();
    add("s", "a").get();
    log.commit_ends = {ScriptedLog::CommitEnd::unknown_but_stored};
    log.writers_refused = 1;
    EXPECT_THROW(add("s", "b").get(), CommitUnknown);
    EXPECT_EQ(look("s").get().decided_on, "ab");
    EXPECT_EQ(add("s", "c").get().after, "abc");
}

TEST_F(LaneTest, what_was_read_before_a_new_writer_showed_the_end_of_a_commit_is_read_again) {
    start();
    log.commit_ends = {ScriptedLog::CommitEnd::unknown_until_there_is_a_new_writer};
    log.writers_refused = 1;
    EXPECT_THROW(add("s", "a").get(), CommitUnknown);
    EXPECT_EQ(look("s").get().decided_on, "a");
}

TEST_F(LaneTest, without_a_writer_commands_fail_until_there_is_one_again) {
    start();
    log.commit_ends = {ScriptedLog::CommitEnd::unknown_and_lost};
    log.writers_refused = 3;
    EXPECT_THROW(add("s", "a").get(), CommitUnknown);
    EXPECT_THROW(add("s", "a").get(), StoreFailed);
    EXPECT_THROW(add("s", "a").get(), StoreFailed);
    EXPECT_EQ(add("s", "a").get().after, "a");
}

TEST_F(LaneTest, a_decision_on_a_version_that_is_no_longer_the_newest_is_made_again) {
    start();
    add("s", "a").get();
    log.smuggle("s", "b");
    const Answer answer = add("s", "c").get();
    EXPECT_EQ(answer.decided_on, "ab");
    EXPECT_EQ(answer.after, "abc");
    EXPECT_EQ(lane->numbers().conflicts, 1U);
}

TEST_F(LaneTest, a_stream_assumed_to_be_empty_but_found_written_is_decided_on_what_is_there) {
    log.smuggle("s", "a");
    start();
    EXPECT_EQ(add("s", "b", Loading::assumed_empty).get().decided_on, "a");
    EXPECT_EQ(log.bodies("s"), (std::vector<std::string>{"a", "b"}));
}

TEST_F(LaneTest, a_stream_assumed_to_be_empty_is_not_read) {
    start();
    add("s", "a", Loading::assumed_empty).get();
    EXPECT_EQ(log.reads, 0);
}

TEST_F(LaneTest, a_stream_written_a_moment_ago_is_not_read_again) {
    start();
    add("s", "a").get();
    const int reads = log.reads;
    EXPECT_EQ(add("s", "b").get().after, "ab");
    EXPECT_EQ(log.reads, reads);
}

TEST_F(LaneTest, what_was_written_a_moment_ago_is_told_from_memory_once_it_is_durable) {
    log.smuggle("t", "x");
    start();
    add("s", "a").get();
    log.hold_commits();
    auto answer = add("s", "b");
    log.wait_for_a_held_commit();
    const auto told = [this](const char* stream) {
        const auto story = lane->written_lately({.bucket = 0, .name = stream});
        return story ? story->text : "nothing";
    };
    EXPECT_EQ(told("s"), "a");
    log.release_commits();
    answer.get();
    EXPECT_EQ(told("s"), "ab");
    EXPECT_EQ(told("t"), "nothing") << "nobody wrote to it since the lane began";
}

TEST_F(LaneTest, of_a_commit_whose_end_nobody_knows_nothing_is_told_from_memory) {
    start();
    add("s", "a").get();
    log.commit_ends = {ScriptedLog::CommitEnd::unknown_but_stored};
    log.writers_refused = 1;
    EXPECT_THROW(add("s", "b").get(), CommitUnknown);
    EXPECT_EQ(lane->written_lately({.bucket = 0, .name = "s"}), nullptr);
}

TEST_F(LaneTest, no_more_than_the_set_number_of_streams_stay_in_memory) {
    options.hot_streams = 2;
    start();
    for (const char* stream : {"s", "t", "u"}) add(stream, "a").get();
    const int reads = log.reads;
    add("t", "b").get();
    add("u", "b").get();
    EXPECT_EQ(log.reads, reads);
    EXPECT_EQ(add("s", "b").get().after, "ab");
    EXPECT_EQ(log.reads, reads + 1);
}

TEST_F(LaneTest, a_state_that_was_read_before_a_write_which_memory_forgot_is_read_again) {
    options.hot_streams = 1;
    options.batch_max = 1;
    start();
    log.hold_commits();
    auto written = add("s", "a", Loading::assumed_empty);
    log.wait_for_a_held_commit();
    auto other = add("t", "x", Loading::assumed_empty);  // takes the place of "s" in memory
    auto looked = look("s");                             // read now: "s" is still empty in the log
    while (lane->numbers().queued != 2) std::this_thread::yield();
    log.release_commits();
    EXPECT_EQ(looked.get().decided_on, "a");
}

TEST_F(LaneTest, a_full_lane_refuses_at_once_and_accepts_again_when_it_has_caught_up) {
    options.waiting_max = 2;
    start();
    log.hold_commits();
    auto first = add("s", "a");
    auto second = add("s", "b");
    EXPECT_THROW(add("s", "c").get(), std::length_error);
    log.release_commits();
    first.get();
    second.get();
    EXPECT_EQ(add("s", "c").get().after, "abc");
    EXPECT_EQ(lane->numbers().refused, 1U);
}

TEST_F(LaneTest, a_batch_is_no_larger_than_its_limit) {
    options.batch_max = 2;
    start();
    std::vector<std::future<Answer>> answers;
    in_one_batch(5, [&] {
        for (int i = 0; i < 5; ++i) answers.push_back(add("s", "a", Loading::assumed_empty));
    });
    for (auto& answer : answers) answer.get();
    lane->stop();
    EXPECT_EQ(lane->numbers().batch_largest, 2U);
    EXPECT_EQ(lane->numbers().commits, 1U + 3U);
}

TEST_F(LaneTest, a_lane_that_stops_answers_what_it_has_accepted_and_accepts_no_more) {
    start();
    log.hold_commits();
    std::vector<std::future<Answer>> answers;
    for (int i = 0; i < 10; ++i) answers.push_back(add("s" + std::to_string(i), "a"));
    log.wait_for_a_held_commit();
    std::thread stopper([&] { lane->stop(); });
    log.release_commits();
    stopper.join();
    for (auto& answer : answers) EXPECT_TRUE(is_ready(answer));
    EXPECT_THROW(add("s", "b").get(), std::length_error);
}

TEST_F(LaneTest, a_lane_that_stops_waits_for_jobs_whose_streams_are_being_read) {
    start();
    log.hold_reads();
    auto answer = add("s", "a");
    std::thread stopper([&] { lane->stop(); });
    // Once a job is refused, the lane has begun to stop; those accepted until then are answered as well.
    std::vector<std::future<Answer>> others;
    do {
        others.push_back(add("t", "x", Loading::assumed_empty));
    } while (lane->numbers().refused == 0);
    others.pop_back();
    log.release_reads();
    stopper.join();
    EXPECT_EQ(answer.get().after, "a");
    for (auto& other : others) EXPECT_NO_THROW(other.get());
}

TEST_F(LaneTest, recorded_at_does_not_go_back_with_the_clock) {
    start();
    EXPECT_EQ(add("s", "a").get().added[0].recorded_at, Instant(std::chrono::seconds(100)));
    clock.seconds = 50;
    EXPECT_EQ(add("t", "b").get().added[0].recorded_at, Instant(std::chrono::seconds(100)));
    clock.seconds = 101;
    EXPECT_EQ(add("t", "c").get().added[0].recorded_at, Instant(std::chrono::seconds(101)));
}

TEST_F(LaneTest, a_stream_that_cannot_be_read_fails_its_command_alone) {
    start();
    log.reads_refused = 1;
    EXPECT_THROW(add("s", "a").get(), StoreFailed);
    EXPECT_EQ(add("s", "a").get().after, "a");
    EXPECT_EQ(lane->numbers().failed, 1U);
}

TEST_F(LaneTest, after_a_failed_read_of_its_own_the_lane_reads_with_a_fresh_reader) {
    start();
    add("s", "a").get();
    log.smuggle("s", "b");
    log.reads_refused = 1;
    EXPECT_THROW(add("s", "c").get(), StoreFailed);
    EXPECT_EQ(add("s", "c").get().after, "abc");
}

TEST_F(LaneTest, everything_durable_is_told_in_order_before_any_answer_leaves) {
    options.on_committed = [this](std::span<const EventRecord> events) {
        for (const EventRecord& event : events) order.push_back("durable " + event.body);
    };
    start();
    std::future<Answer> first;
    std::future<Answer> second;
    in_one_batch(2, [&] {
        first = add("s", "a", Loading::assumed_empty);
        second = add("s", "b", Loading::assumed_empty);
    });
    first.get();
    second.get();
    lane->stop();
    EXPECT_EQ(order, (std::vector<std::string>{"durable -", "completed -", "durable a", "durable b", "completed a",
                                               "completed ab"}));
}

TEST_F(LaneTest, an_answer_that_cannot_be_given_is_a_failure_and_the_event_stays) {
    start();
    const auto failed = std::make_shared<std::promise<void>>();
    Job<Story> job{.stream = {.bucket = 0, .name = "s"},
                   .decide =
                       [](const Story&, const LaneContext& context) {
                           Step<Story> step;
                           step.append = Append{};
                           step.append->events.push_back(event_of({.bucket = 0, .name = "s"}, "a", context));
                           step.completed = [](auto, auto) { throw BrokenInvariant("no words", {}); };
                           return step;
                       },
                   .failed = [failed](std::exception_ptr failure) { failed->set_exception(failure); }};
    ASSERT_TRUE(lane->submit(std::move(job)));
    EXPECT_THROW(failed->get_future().get(), BrokenInvariant);
    EXPECT_EQ(add("s", "b").get().after, "ab");
}

TEST_F(LaneTest, each_batch_is_reported) {
    std::vector<BatchReport> reports;
    options.on_batch = [&](const BatchReport& report) { reports.push_back(report); };
    start();
    add("s", "a").get();
    look("s").get();
    lane->stop();
    ASSERT_EQ(reports.size(), 2U);
    EXPECT_EQ(reports[0].jobs, 1U);
    EXPECT_EQ(reports[0].events, 1U);
    EXPECT_EQ(reports[1].events, 0U);
}

TEST_F(LaneTest, driven_by_hand_nothing_happens_by_itself_and_every_half_when_it_is_asked_for) {
    options.drive = LaneDrive::by_hand;
    start();
    EXPECT_FALSE(lane->read_one());
    EXPECT_FALSE(lane->write_batch(10));

    auto first = add("s", "a");
    auto second = add("s", "b");
    EXPECT_FALSE(lane->write_batch(10)) << "no stream has been read";
    EXPECT_TRUE(lane->read_one());
    EXPECT_EQ(lane->numbers().queued, 1U);
    EXPECT_TRUE(lane->read_one());
    EXPECT_TRUE(lane->write_batch(1));
    EXPECT_EQ(first.get().after, "a");
    EXPECT_FALSE(is_ready(second));
    EXPECT_TRUE(lane->write_batch(1));
    EXPECT_EQ(second.get().after, "ab");
    EXPECT_FALSE(lane->write_batch(1));
}

TEST_F(LaneTest, driven_by_hand_it_still_answers_what_it_has_accepted_before_it_stops) {
    options.drive = LaneDrive::by_hand;
    start();
    auto read_and_waiting = add("s", "a");
    EXPECT_TRUE(lane->read_one());
    auto unread = add("t", "b");
    lane->stop();
    EXPECT_EQ(read_and_waiting.get().after, "a");
    EXPECT_EQ(unread.get().after, "b");
}

TEST_F(LaneTest, many_threads_on_few_streams_lose_nothing_and_repeat_nothing) {
    options.hot_streams = 2;
    options.reader_threads = 2;
    options.batch_max = 8;
    start();
    constexpr int threads = 4;
    constexpr int each = 100;
    std::vector<std::thread> writers;
    for (int t = 0; t < threads; ++t)
        writers.emplace_back([&, t] {
            for (int i = 0; i < each; ++i) add(std::string(1, static_cast<char>('a' + (t + i) % 5)), ".").get();
        });
    for (std::thread& writer : writers) writer.join();
    lane->stop();
    std::map<std::string, std::int64_t> seen;
    for (const EventRecord& event : log.log) EXPECT_EQ(event.seq, ++seen[event.stream.name]);
    EXPECT_EQ(log.log.size(), static_cast<std::size_t>(threads * each));
}

}  // namespace

}  // namespace saldo::service
