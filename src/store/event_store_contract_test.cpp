// What every EventStore promises, whatever engine it stands on.

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <ranges>

#include "foundation/outcome.hpp"
#include "service/event_store.hpp"
#include "store/data_directory.hpp"
#include "store/memory/event_store.hpp"
#include "store/sqlite/event_store.hpp"

namespace saldo::store {

namespace {

using foundation::BrokenInvariant;
using foundation::Bucket;
using foundation::Digest;
using foundation::Instant;
using service::Append;
using service::EventRecord;
using service::EventStore;
using service::LogCursor;
using service::LogReader;
using service::LogWriter;
using service::StreamContent;
using service::StreamName;

/// A store on its own ground, emptied with it.
struct Ground {
    virtual ~Ground() = default;
    virtual std::unique_ptr<EventStore> open() = 0;
};

struct MemoryGround final : Ground {
    std::unique_ptr<EventStore> open() override { return std::make_unique<memory::MemoryEventStore>(); }
};

struct SqliteGround final : Ground {
    DataDirectory directory = DataDirectory::temporary();
    std::unique_ptr<EventStore> open() override { return sqlite::SqliteEventStore::open(directory); }
};

struct Engine {
    std::string name;
    std::function<std::unique_ptr<Ground>()> ground;
};

const StreamName alpha{.bucket = 7, .name = "alpha"};
const StreamName beta{.bucket = 7, .name = "beta"};
const StreamName gamma{.bucket = 4095, .name = "gamma"};

Instant at_second(int seconds) {
    return Instant(std::chrono::seconds(seconds));
}

struct AppendOptions {
    StreamName stream = alpha;
    std::int64_t after = 0;
    int events = 1;
    int second = 1;
    std::string body = "{}";
    std::optional<std::string> key = std::nullopt;
};

Append append_of(const AppendOptions& options) {
    Append append{.stream = options.stream,
                  .expected_version = options.after,
                  .events = {},
                  .new_wrapped_key = options.key,
                  .erases_key = false};
    for (int i = 1; i <= options.events; ++i) {
        EventRecord record;
        record.stream = options.stream;
        record.seq = options.after + i;
        record.type = "Happened";
        record.recorded_at = at_second(options.second);
        record.effective_at = at_second(options.second);
        record.body = options.body;
        append.events.push_back(record);
    }
    return append;
}

class EventStoreContract : public testing::TestWithParam<Engine> {
  protected:
    std::unique_ptr<Ground> ground = GetParam().ground();
    std::unique_ptr<EventStore> store = ground->open();
    std::unique_ptr<LogWriter> writer = store->writer();
    std::unique_ptr<LogReader> reader = store->reader();

    bool appended(const AppendOptions& options) {
        Append append = append_of(options);
        return writer->append(append);
    }
    void committed(const AppendOptions& options) {
        writer->begin();
        ASSERT_TRUE(appended(options));
        writer->commit();
    }
    std::vector<std::string> bodies(const StreamName& stream) {
        std::vector<std::string> found;
        for (const EventRecord& event : reader->read(stream).events) found.push_back(event.body);
        return found;
    }
    std::vector<EventRecord> whole_log() { return reader->read_after({}, 10'000).events; }
};

TEST_P(EventStoreContract, keeps_every_part_of_an_event) {
    EventRecord record;
    record.stream = gamma;
    record.seq = 1;
    record.type = "Captured";
    record.schema_version = 3;
    record.recorded_at = Instant(std::chrono::microseconds(1'583'859'999'123'456));
    record.effective_at = Instant(std::chrono::microseconds(-5));
    record.value_date = foundation::Day(std::chrono::days(-40'000));
    record.actor = "client-1";
    record.key = "a key with ü and \"quotes\"";
    record.fingerprint = std::string(32, '\xFE');
    record.body = R"({"amount":170})";
    record.sealed = std::string("\0\1\xFF cipher", 10);
    Append append{
        .stream = gamma, .expected_version = 0, .events = {record}, .new_wrapped_key = {}, .erases_key = false};

    writer->begin();
    ASSERT_TRUE(writer->append(append));
    writer->commit();

    const StreamContent content = reader->read(gamma);
    ASSERT_EQ(content.events.size(), 1U);
    const EventRecord& kept = content.events[0];
    EXPECT_EQ(kept.stream, record.stream);
    EXPECT_EQ(kept.seq, 1);
    EXPECT_EQ(kept.position, 1);
    EXPECT_EQ(kept.type, record.type);
    EXPECT_EQ(kept.schema_version, record.schema_version);
    EXPECT_EQ(kept.recorded_at, record.recorded_at);
    EXPECT_EQ(kept.effective_at, record.effective_at);
    EXPECT_EQ(kept.value_date, record.value_date);
    EXPECT_EQ(kept.actor, record.actor);
    EXPECT_EQ(kept.key, record.key);
    EXPECT_EQ(kept.fingerprint, record.fingerprint);
    EXPECT_EQ(kept.body, record.body);
    EXPECT_EQ(kept.sealed, record.sealed);
    EXPECT_EQ(kept.hash, service::chained(Digest{}, kept));
    EXPECT_EQ(append.events[0].hash, kept.hash);
    EXPECT_EQ(append.events[0].position, 1);
}

TEST_P(EventStoreContract, a_stream_that_nobody_wrote_is_empty) {
    const StreamContent content = reader->read(alpha);
    EXPECT_TRUE(content.events.empty());
    EXPECT_EQ(content.wrapped_key, "");
}

TEST_P(EventStoreContract, an_append_on_an_older_version_is_refused_and_leaves_nothing) {
    committed({.events = 2, .body = "first"});
    writer->begin();
    EXPECT_FALSE(appended({.after = 0, .body = "on nothing"}));
    EXPECT_FALSE(appended({.after = 1, .body = "on the first"}));
    EXPECT_TRUE(appended({.after = 2, .body = "on the second"}));
    writer->commit();
    EXPECT_EQ(bodies(alpha), (std::vector<std::string>{"first", "first", "on the second"}));
}

TEST_P(EventStoreContract, an_append_on_a_version_that_is_not_there_yet_is_refused) {
    committed({.events = 1});
    writer->begin();
    EXPECT_FALSE(appended({.after = 2}));
    EXPECT_FALSE(appended({.stream = beta, .after = 1}));
    writer->rollback();
}

TEST_P(EventStoreContract, the_version_counts_what_this_batch_has_appended) {
    writer->begin();
    EXPECT_TRUE(appended({.after = 0, .body = "1"}));
    EXPECT_FALSE(appended({.after = 0, .body = "again"}));
    EXPECT_TRUE(appended({.after = 1, .body = "2"}));
    writer->commit();
    EXPECT_EQ(bodies(alpha), (std::vector<std::string>{"1", "2"}));
}

TEST_P(EventStoreContract, streams_of_one_name_in_two_buckets_are_two) {
    committed({.stream = {.bucket = 1, .name = "same"}, .body = "one"});
    committed({.stream = {.bucket = 2, .name = "same"}, .body = "two"});
    EXPECT_EQ(bodies({.bucket = 1, .name = "same"}), (std::vector<std::string>{"one"}));
    EXPECT_EQ(bodies({.bucket = 2, .name = "same"}), (std::vector<std::string>{"two"}));
}

TEST_P(EventStoreContract, nothing_is_seen_before_the_commit) {
    writer->begin();
    ASSERT_TRUE(appended({}));
    EXPECT_TRUE(reader->read(alpha).events.empty());
    EXPECT_EQ(reader->end(), LogCursor{});
    writer->commit();
    EXPECT_EQ(reader->read(alpha).events.size(), 1U);
}

TEST_P(EventStoreContract, a_rollback_leaves_nothing_not_even_a_gap) {
    committed({.body = "before"});
    writer->begin();
    ASSERT_TRUE(appended({.after = 1, .second = 9}));
    ASSERT_TRUE(appended({.stream = beta, .second = 9, .key = "key"}));
    writer->rollback();
    writer->rollback();

    EXPECT_EQ(writer->last_recorded_at(), at_second(1));
    committed({.stream = beta, .second = 2, .body = "after"});
    EXPECT_EQ(bodies(alpha), (std::vector<std::string>{"before"}));
    EXPECT_EQ(reader->read(beta).wrapped_key, "");
    const auto log = whole_log();
    ASSERT_EQ(log.size(), 2U);
    EXPECT_EQ(log[1].position, 2);
    EXPECT_EQ(log[1].hash, service::chained(log[0].hash, log[1]));
}

TEST_P(EventStoreContract, positions_are_gap_free_and_hashes_chained_within_each_bucket) {
    writer->begin();
    ASSERT_TRUE(appended({.stream = alpha, .events = 2}));
    ASSERT_TRUE(appended({.stream = gamma, .events = 2}));
    EXPECT_EQ(writer->next_position(7), 3);
    ASSERT_TRUE(appended({.stream = beta, .events = 1}));
    EXPECT_EQ(writer->next_position(7), 4);
    writer->commit();
    committed({.stream = alpha, .after = 2});
    EXPECT_EQ(writer->next_position(7), 5);
    EXPECT_EQ(writer->next_position(4095), 3);
    EXPECT_EQ(writer->next_position(0), 1);

    std::map<Bucket, EventRecord> newest;
    for (const EventRecord& event : whole_log()) {
        const EventRecord& before = newest[event.stream.bucket];
        EXPECT_EQ(event.position, before.position + 1);
        EXPECT_EQ(event.hash, service::chained(before.hash, event));
        newest[event.stream.bucket] = event;
    }
}

TEST_P(EventStoreContract, a_new_writer_goes_on_where_the_last_one_ended) {
    committed({.stream = alpha, .events = 3, .second = 5});
    committed({.stream = gamma, .second = 6});
    writer.reset();
    writer = store->writer();
    EXPECT_EQ(writer->next_position(7), 4);
    EXPECT_EQ(writer->last_recorded_at(), at_second(6));
    committed({.stream = beta, .second = 6});
    const auto log = whole_log();
    EXPECT_EQ(log.back().hash, service::chained(log[2].hash, log.back()));
}

TEST_P(EventStoreContract, recorded_at_never_decreases) {
    committed({.second = 5});
    writer->begin();
    EXPECT_EQ(writer->last_recorded_at(), at_second(5));
    EXPECT_THROW(appended({.stream = gamma, .second = 4}), BrokenInvariant);
    EXPECT_TRUE(appended({.stream = gamma, .second = 5}));
    EXPECT_TRUE(appended({.stream = beta, .second = 8}));
    EXPECT_EQ(writer->last_recorded_at(), at_second(8));
    EXPECT_THROW(appended({.stream = alpha, .after = 1, .second = 7}), BrokenInvariant);
    writer->commit();
}

TEST_P(EventStoreContract, a_broken_append_adds_nothing_and_the_batch_goes_on) {
    writer->begin();
    Append gap = append_of({.stream = alpha, .events = 2});
    gap.events[1].seq = 3;
    EXPECT_THROW(writer->append(gap), BrokenInvariant);
    Append stranger = append_of({.stream = alpha, .events = 2});
    stranger.events[1].stream = beta;
    EXPECT_THROW(writer->append(stranger), BrokenInvariant);
    EXPECT_THROW(appended({.stream = alpha, .events = 0}), BrokenInvariant);
    ASSERT_TRUE(appended({.stream = alpha, .body = "whole"}));
    writer->commit();
    EXPECT_EQ(bodies(alpha), (std::vector<std::string>{"whole"}));
    EXPECT_EQ(whole_log().size(), 1U);
}

TEST_P(EventStoreContract, the_log_is_read_page_by_page_in_the_order_of_the_commits) {
    committed({.stream = gamma, .events = 2, .body = "a"});
    committed({.stream = alpha, .events = 2, .body = "b"});
    committed({.stream = gamma, .after = 2, .body = "c"});

    std::string order;
    LogCursor cursor;
    for (int pages = 0; pages < 10; ++pages) {
        const LogReader::Page page = reader->read_after(cursor, 2);
        if (page.events.empty()) {
            EXPECT_EQ(page.next, cursor);
            break;
        }
        EXPECT_LE(page.events.size(), 2U);
        for (const EventRecord& event : page.events) order += event.body;
        cursor = page.next;
    }
    EXPECT_EQ(order, "aabbc");
    EXPECT_EQ(cursor, reader->end());
}

TEST_P(EventStoreContract, a_cursor_at_the_end_sees_what_comes_after_it) {
    committed({.body = "old"});
    const LogCursor end = reader->end();
    EXPECT_TRUE(reader->read_after(end, 10).events.empty());
    committed({.after = 1, .body = "new"});
    const LogReader::Page page = reader->read_after(end, 10);
    ASSERT_EQ(page.events.size(), 1U);
    EXPECT_EQ(page.events[0].body, "new");
}

TEST_P(EventStoreContract, a_cursor_of_another_log_is_refused) {
    committed({.body = "here"});
    const auto other_ground = GetParam().ground();
    const auto other = other_ground->open();
    {
        const auto other_writer = other->writer();
        other_writer->begin();
        Append append = append_of({.events = 2, .body = "elsewhere"});
        ASSERT_TRUE(other_writer->append(append));
        other_writer->commit();
    }
    const auto other_reader = other->reader();
    EXPECT_THROW(reader->read_after(other_reader->end(), 10), service::CursorUnknown);
    EXPECT_THROW(reader->read_after(other_reader->read_after({}, 1).next, 10), service::CursorUnknown);
    for (const char* text : {"0", "1", "x", "-1-00", "1-", "99999999999999999999-00", "2-0000000000000000"})
        EXPECT_THROW(reader->read_after({text}, 10), service::CursorUnknown) << text;
}

TEST_P(EventStoreContract, names_of_streams_are_found_by_bucket_and_prefix) {
    const auto name = [](const char* text) { return StreamName{.bucket = 3, .name = text}; };
    committed({.stream = name("partner/b")});
    committed({.stream = name("partner/a"), .events = 2});
    committed({.stream = name("partner0")});
    committed({.stream = name("other")});
    committed({.stream = {.bucket = 4, .name = "partner/elsewhere"}});
    EXPECT_EQ(reader->streams(3, "partner/"), (std::vector<std::string>{"partner/a", "partner/b"}));
    EXPECT_EQ(reader->streams(3, ""), (std::vector<std::string>{"other", "partner/a", "partner/b", "partner0"}));
    EXPECT_EQ(reader->streams(3, "zebra"), std::vector<std::string>{});
    EXPECT_EQ(reader->streams(5, ""), std::vector<std::string>{});
}

TEST_P(EventStoreContract, a_subjects_key_comes_with_its_stream_alone) {
    committed({.stream = alpha, .key = "wrapped key of alpha"});
    committed({.stream = beta});
    committed({.stream = alpha, .after = 1});
    EXPECT_EQ(reader->read(alpha).wrapped_key, "wrapped key of alpha");
    EXPECT_EQ(reader->read(beta).wrapped_key, "");
}

TEST_P(EventStoreContract, a_destroyed_key_is_gone_and_the_events_stay) {
    committed({.stream = alpha, .body = "kept", .key = "wrapped key of alpha"});
    committed({.stream = beta, .key = "wrapped key of beta"});
    Append erasure = append_of({.stream = alpha, .after = 1, .body = "erased"});
    erasure.erases_key = true;
    writer->begin();
    ASSERT_TRUE(writer->append(erasure));
    writer->commit();
    EXPECT_EQ(reader->read(alpha).wrapped_key, "");
    EXPECT_EQ(bodies(alpha), (std::vector<std::string>{"kept", "erased"}));
    EXPECT_EQ(reader->read(beta).wrapped_key, "wrapped key of beta");
}

TEST_P(EventStoreContract, the_log_gives_each_key_beside_the_event_that_it_came_with) {
    using Keys = std::vector<std::string>;
    committed({.stream = alpha, .events = 2, .key = "key of alpha"});
    committed({.stream = beta});
    committed({.stream = gamma, .key = "key of gamma"});
    EXPECT_EQ(reader->read_after({}, 100).wrapped_keys, (Keys{"key of alpha", "", "", "key of gamma"}));
    Append erasure = append_of({.stream = alpha, .after = 2});
    erasure.erases_key = true;
    writer->begin();
    ASSERT_TRUE(writer->append(erasure));
    writer->commit();
    EXPECT_EQ(reader->read_after({}, 100).wrapped_keys, (Keys{"", "", "", "key of gamma", ""}));
    EXPECT_EQ(reader->read_after({}, 1).wrapped_keys, Keys{""});
}

TEST_P(EventStoreContract, events_are_counted) {
    EXPECT_EQ(reader->count(), 0);
    committed({.stream = alpha, .events = 2});
    committed({.stream = gamma});
    EXPECT_EQ(reader->count(), 3);
}

TEST_P(EventStoreContract, a_key_is_given_to_a_new_stream_only) {
    committed({.stream = alpha});
    writer->begin();
    EXPECT_THROW(appended({.stream = alpha, .after = 1, .key = "late"}), BrokenInvariant);
    writer->rollback();
}

TEST_P(EventStoreContract, secrets_are_kept_replaced_listed_and_removed) {
    EXPECT_EQ(store->secret("id_secret"), std::nullopt);
    store->put_secret("signing/2", std::string("\0two", 4));
    store->put_secret("signing/1", "one");
    store->put_secret("id_secret", "id");
    store->put_secret("id_secret", "another");
    EXPECT_EQ(store->secret("id_secret"), "another");
    EXPECT_EQ(store->secret("signing/2"), std::string("\0two", 4));
    EXPECT_EQ(store->secret_names("signing/"), (std::vector<std::string>{"signing/1", "signing/2"}));
    EXPECT_EQ(store->secret_names(""), (std::vector<std::string>{"id_secret", "signing/1", "signing/2"}));
    store->remove_secret("signing/1");
    store->remove_secret("never there");
    EXPECT_EQ(store->secret_names("signing/"), (std::vector<std::string>{"signing/2"}));
    EXPECT_EQ(store->secret("signing/1"), std::nullopt);
}

TEST_P(EventStoreContract, two_readers_and_a_writer_live_side_by_side) {
    const auto second = store->reader();
    committed({.stream = alpha});
    writer->begin();
    ASSERT_TRUE(appended({.stream = alpha, .after = 1}));
    EXPECT_EQ(reader->read(alpha).events.size(), 1U);
    EXPECT_EQ(second->read(alpha).events.size(), 1U);
    writer->commit();
    EXPECT_EQ(second->read(alpha).events.size(), 2U);
}

INSTANTIATE_TEST_SUITE_P(Engines, EventStoreContract,
                         testing::Values(Engine{"memory", [] { return std::make_unique<MemoryGround>(); }},
                                         Engine{"sqlite", [] { return std::make_unique<SqliteGround>(); }}),
                         [](const auto& engine) { return engine.param.name; });

}  // namespace

}  // namespace saldo::store
