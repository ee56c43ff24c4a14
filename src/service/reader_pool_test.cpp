#include "service/reader_pool.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <memory>
#include <set>
#include <thread>
#include <vector>

namespace saldo::service {

namespace {

/// Readers without a log, counted as they are made.
class CountedReaders final : public EventStore {
  public:
    std::unique_ptr<LogReader> reader() override {
        if (refuses) throw StoreFailed("no reader");
        ++made;
        return std::make_unique<Reader>();
    }
    std::unique_ptr<LogWriter> writer() override { return nullptr; }
    std::optional<std::string> secret(std::string_view) override { return std::nullopt; }
    std::vector<std::string> secret_names(std::string_view) override { return {}; }
    void put_secret(std::string_view, std::string_view) override {}
    void remove_secret(std::string_view) override {}

    std::atomic<int> made = 0;
    std::atomic<bool> refuses = false;

  private:
    class Reader final : public LogReader {
      public:
        StreamContent read(const StreamName&) override { return {}; }
        std::vector<std::string> streams(foundation::Bucket, std::string_view) override { return {}; }
        Page read_after(const LogCursor&, int) override { return {}; }
        LogCursor end() override { return {}; }
        std::int64_t count() override { return 0; }
    };
};

void ignore(std::exception_ptr) {}

TEST(ReaderPool, each_thread_keeps_its_own_reader) {
    CountedReaders store;
    {
        ReaderPool pool(store, {.threads = 1, .waiting_max = 100});
        for (int i = 0; i < 50; ++i) EXPECT_TRUE(pool.post([](LogReader&) {}, ignore));
    }
    EXPECT_EQ(store.made, 1);
}

TEST(ReaderPool, that_is_stopped_has_run_what_waited_and_takes_nothing_more) {
    CountedReaders store;
    ReaderPool pool(store, {.threads = 1, .waiting_max = 100});
    std::atomic<int> ran = 0;
    for (int i = 0; i < 20; ++i) EXPECT_TRUE(pool.post([&](LogReader&) { ++ran; }, ignore));
    pool.stop();
    EXPECT_EQ(ran, 20);
    EXPECT_FALSE(pool.post([&](LogReader&) { ++ran; }, ignore));
    pool.stop();
    EXPECT_EQ(ran, 20);
}

TEST(ReaderPool, without_threads_tasks_run_one_by_one_when_they_are_asked_for_and_at_the_end) {
    CountedReaders store;
    std::vector<int> ran;
    {
        ReaderPool pool(store, {.threads = 0, .waiting_max = 100});
        EXPECT_FALSE(pool.run_one());
        for (int i = 1; i <= 3; ++i) EXPECT_TRUE(pool.post([&ran, i](LogReader&) { ran.push_back(i); }, ignore));
        EXPECT_TRUE(ran.empty());
        EXPECT_TRUE(pool.run_one());
        EXPECT_EQ(ran, std::vector{1});
    }
    EXPECT_EQ(ran, (std::vector{1, 2, 3}));
    EXPECT_EQ(store.made, 1);
}

TEST(ReaderPool, two_tasks_run_at_once_on_two_readers) {
    CountedReaders store;
    std::promise<LogReader*> first;
    std::promise<LogReader*> second;
    std::promise<void> both_are_here;
    const std::shared_future<void> go = both_are_here.get_future().share();
    ReaderPool pool(store, {.threads = 2, .waiting_max = 100});
    for (auto* const found : {&first, &second})
        ASSERT_TRUE(pool.post(
            [=](LogReader& reader) {
                found->set_value(&reader);
                go.wait();
            },
            ignore));
    EXPECT_NE(first.get_future().get(), second.get_future().get());
    both_are_here.set_value();
}

TEST(ReaderPool, a_full_pool_refuses_and_calls_nothing) {
    CountedReaders store;
    std::atomic<int> runs = 0;
    {
        std::promise<void> started;
        std::promise<void> go;
        ReaderPool pool(store, {.threads = 1, .waiting_max = 2});
        ASSERT_TRUE(pool.post(
            [&](LogReader&) {
                started.set_value();
                go.get_future().wait();
            },
            ignore));
        started.get_future().wait();
        for (int i = 0; i < 2; ++i) EXPECT_TRUE(pool.post([&](LogReader&) { ++runs; }, ignore));
        EXPECT_EQ(pool.waiting(), 2U);
        EXPECT_FALSE(pool.post([&](LogReader&) { runs += 100; }, [&](std::exception_ptr) { runs += 100; }));
        go.set_value();
    }
    EXPECT_EQ(runs, 2);
}

TEST(ReaderPool, what_a_task_throws_is_handed_on_and_the_next_task_runs) {
    CountedReaders store;
    std::promise<void> failed;
    std::promise<void> ran;
    ReaderPool pool(store, {.threads = 1, .waiting_max = 10});
    ASSERT_TRUE(pool.post([](LogReader&) { throw std::runtime_error("no"); },
                          [&](std::exception_ptr failure) { failed.set_exception(failure); }));
    EXPECT_THROW(failed.get_future().get(), std::runtime_error);
    ASSERT_TRUE(pool.post([&](LogReader&) { ran.set_value(); }, ignore));
    ran.get_future().get();
    EXPECT_EQ(store.made, 1);
}

TEST(ReaderPool, after_a_failure_of_the_store_the_next_task_gets_a_fresh_reader) {
    CountedReaders store;
    ReaderPool pool(store, {.threads = 1, .waiting_max = 10});
    const auto outcome = [&](ReaderPool::Task task) {
        auto done = std::make_shared<std::promise<void>>();
        EXPECT_TRUE(pool.post(
            [done, task = std::move(task)](LogReader& reader) mutable {
                task(reader);
                done->set_value();
            },
            [done](std::exception_ptr failure) { done->set_exception(failure); }));
        return done->get_future();
    };
    EXPECT_THROW(outcome([](LogReader&) { throw StoreFailed("the disk is gone"); }).get(), StoreFailed);
    store.refuses = true;
    EXPECT_THROW(outcome([](LogReader&) {}).get(), StoreFailed);
    store.refuses = false;
    outcome([](LogReader&) {}).get();
    EXPECT_EQ(store.made, 2);
}

}  // namespace

}  // namespace saldo::service
