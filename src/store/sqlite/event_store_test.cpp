// What the log on SQLite promises beyond the contract of every EventStore: its files, their neighbours and their bytes.

#include "store/sqlite/event_store.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <sstream>
#include <thread>

#include "foundation/outcome.hpp"
#include "store/sqlite/database.hpp"
#include "store/sqlite/log_heads.hpp"

namespace saldo::store::sqlite {

namespace {

using service::Append;
using service::EventRecord;
using service::StoreFailed;

struct Sample {
    std::string stream = "s";
    std::int64_t after = 0;
    foundation::Bucket bucket = 1;
    std::string body = "{}";
    std::optional<std::string> key = std::nullopt;
    bool erases_key = false;
};

Append sample(const Sample& options) {
    EventRecord record;
    record.stream = {.bucket = options.bucket, .name = options.stream};
    record.seq = options.after + 1;
    record.type = "Happened";
    record.body = options.body;
    return {.stream = record.stream,
            .expected_version = options.after,
            .events = {record},
            .new_wrapped_key = options.key,
            .erases_key = options.erases_key};
}

void commit(service::LogWriter& writer, const Sample& options) {
    Append append = sample(options);
    writer.begin();
    ASSERT_TRUE(writer.append(append));
    writer.commit();
}

std::filesystem::path beside(std::filesystem::path file, const char* suffix) {
    return file += suffix;
}

/// The bytes of every file in the directory. Only for a store that this process has closed: to open and close a file of
/// an open one would drop its locks.
std::string all_bytes(const DataDirectory& directory) {
    std::ostringstream bytes;
    for (const auto& entry : std::filesystem::directory_iterator(directory.path()))
        bytes << std::ifstream(entry.path(), std::ios::binary).rdbuf();
    return bytes.str();
}

/// Runs a program and returns what it ended with.
int run(std::vector<std::string> words) {
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    const pid_t process = ::fork();
    if (process == 0) {
        ::execvp(arguments[0], arguments.data());
        ::_exit(127);
    }
    int status = 0;
    ::waitpid(process, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/// The same while the store is open: another process reads it.
bool is_in_the_files(const DataDirectory& directory, const std::string& text) {
    const int found = run({"grep", "-r", "-q", "-a", "-F", text, directory.path().string()});
    EXPECT_LE(found, 1) << "grep failed";
    return found == 0;
}

void wait_until_gone(const DataDirectory& directory, const std::string& text) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (is_in_the_files(directory, text) && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
}

std::string refusal_of(const std::function<void()>& call) {
    try {
        call();
    } catch (const StoreFailed& refusal) {
        return refusal.what();
    }
    return "nothing was refused";
}

class SqliteEventStoreTest : public testing::Test {
  protected:
    DataDirectory directory = DataDirectory::temporary();
};

TEST_F(SqliteEventStoreTest, what_was_committed_is_there_after_the_store_was_closed) {
    {
        const auto store = SqliteEventStore::open(directory);
        commit(*store->writer(), {.body = "kept", .key = "key"});
        store->put_secret("id_secret", "secret");
    }
    const auto store = SqliteEventStore::open(directory);
    const auto content = store->reader()->read({.bucket = 1, .name = "s"});
    ASSERT_EQ(content.events.size(), 1U);
    EXPECT_EQ(content.events[0].body, "kept");
    EXPECT_EQ(content.wrapped_key, "key");
    EXPECT_EQ(store->secret("id_secret"), "secret");
}

TEST_F(SqliteEventStoreTest, every_file_belongs_to_its_owner_alone) {
    const auto store = SqliteEventStore::open(directory);
    commit(*store->writer(), {});
    int files = 0;
    for (const auto& entry : std::filesystem::directory_iterator(directory.path())) {
        EXPECT_EQ(entry.status().permissions(), std::filesystem::perms(0600)) << entry.path();
        ++files;
    }
    EXPECT_EQ(files, 4);  // the database, its log, its shared memory, the lock
}

TEST_F(SqliteEventStoreTest, a_second_opener_is_refused_and_one_that_only_reads_is_not) {
    const auto store = SqliteEventStore::open(directory);
    EXPECT_THROW(SqliteEventStore::open(directory), DirectoryInUse);
    const auto beside_it = SqliteEventStore::open_read_only(directory);
    const auto reader = beside_it->reader();
    const auto writer = store->writer();
    commit(*writer, {});
    EXPECT_EQ(reader->read({.bucket = 1, .name = "s"}).events.size(), 1U);
    commit(*writer, {.after = 1});
    EXPECT_EQ(reader->read({.bucket = 1, .name = "s"}).events.size(), 2U);
}

TEST_F(SqliteEventStoreTest, a_store_that_nobody_serves_can_be_read) {
    {
        commit(*SqliteEventStore::open(directory)->writer(), {.body = "kept"});
    }
    const auto store = SqliteEventStore::open_read_only(directory);
    EXPECT_EQ(store->reader()->read({.bucket = 1, .name = "s"}).events[0].body, "kept");
    EXPECT_EQ(store->secret("none"), std::nullopt);
}

TEST_F(SqliteEventStoreTest, a_store_opened_to_read_is_not_written) {
    {
        const auto made = SqliteEventStore::open(directory);
    }
    const auto store = SqliteEventStore::open_read_only(directory);
    EXPECT_THROW(store->writer(), foundation::BrokenInvariant);
    EXPECT_THROW(store->put_secret("a", "b"), foundation::BrokenInvariant);
    EXPECT_THROW(store->remove_secret("a"), foundation::BrokenInvariant);
}

TEST_F(SqliteEventStoreTest, reading_where_there_is_no_store_is_refused_and_makes_none) {
    EXPECT_EQ(refusal_of([&] { SqliteEventStore::open_read_only(directory); }),
              "There is no store in " + directory.path().string() + ".");
    EXPECT_FALSE(std::filesystem::exists(directory.database()));
}

TEST_F(SqliteEventStoreTest, a_store_of_a_newer_saldo_is_refused_and_left_as_it_is) {
    {
        const auto made = SqliteEventStore::open(directory);
    }
    {
        Database database(directory.database(), Mode::read_write);
        database.execute("UPDATE meta SET value = 99 WHERE name = 'schema_version'");
    }
    const std::string expected = "The store " + directory.database().string() +
                                 " has schema version 99, this Saldo knows up to 1: use the Saldo that wrote it, or a "
                                 "newer one.";
    EXPECT_EQ(refusal_of([&] { SqliteEventStore::open(directory); }), expected);
    EXPECT_EQ(refusal_of([&] { SqliteEventStore::open_read_only(directory); }), expected);
}

TEST_F(SqliteEventStoreTest, a_file_that_is_no_database_is_refused_by_name) {
    std::ofstream(directory.database()) << std::string(10'000, 'x');
    EXPECT_EQ(refusal_of([&] { SqliteEventStore::open(directory); }),
              "The file " + directory.database().string() + " is not a database (SQLite: file is not a database).");
}

TEST_F(SqliteEventStoreTest, a_directory_that_is_gone_is_refused_by_name) {
    const DataDirectory gone = DataDirectory::at(directory.path() / "gone");
    std::filesystem::remove(gone.path());
    EXPECT_EQ(refusal_of([&] { SqliteEventStore::open(gone); }),
              "The data directory " + gone.path().string() + " cannot be written: No such file or directory.");
}

TEST_F(SqliteEventStoreTest, the_heads_are_saved_now_and_then_and_the_rest_is_read_from_the_log) {
    std::vector<foundation::Digest> newest(5);
    {
        const auto store = SqliteEventStore::open(directory, {.events_between_heads = 7});
        const auto writer = store->writer();
        for (int i = 0; i < 40; ++i) {
            const auto bucket = static_cast<foundation::Bucket>(i % 5);
            Append append = sample({.stream = std::to_string(i), .bucket = bucket});
            writer->begin();
            ASSERT_TRUE(writer->append(append));
            writer->commit();
            newest[bucket] = append.events[0].hash;
        }
    }
    {
        Database database(directory.database(), Mode::read_only);
        EXPECT_EQ(database.number("SELECT as_of FROM saved_heads"), 35);
    }
    const auto store = SqliteEventStore::open(directory, {.events_between_heads = 7});
    const auto writer = store->writer();
    for (foundation::Bucket bucket = 0; bucket < 5; ++bucket) {
        EXPECT_EQ(writer->next_position(bucket), 9);
        Append append = sample({.stream = "next", .bucket = bucket});
        writer->begin();
        ASSERT_TRUE(writer->append(append));
        writer->rollback();
        EXPECT_EQ(append.events[0].hash, service::chained(newest[bucket], append.events[0]));
    }
}

TEST_F(SqliteEventStoreTest, a_log_with_a_gap_is_not_written_on) {
    {
        const auto store = SqliteEventStore::open(directory);
        const auto writer = store->writer();
        for (int i = 0; i < 3; ++i) commit(*writer, {.after = i});
    }
    {
        Database database(directory.database(), Mode::read_write);
        database.execute("DELETE FROM events WHERE id = 2");
    }
    const auto store = SqliteEventStore::open(directory);
    EXPECT_EQ(refusal_of([&] { store->writer(); }),
              "The log " + directory.database().string() + " is damaged at event 3.");
}

TEST_F(SqliteEventStoreTest, a_writer_that_was_dropped_within_a_batch_leaves_nothing_and_is_in_nobodys_way) {
    const auto store = SqliteEventStore::open(directory);
    {
        const auto writer = store->writer();
        writer->begin();
        Append append = sample({});
        ASSERT_TRUE(writer->append(append));
    }
    EXPECT_TRUE(store->reader()->read({.bucket = 1, .name = "s"}).events.empty());
    commit(*store->writer(), {});
}

TEST_F(SqliteEventStoreTest, a_destroyed_key_is_gone_from_every_byte_of_every_file) {
    const std::string doomed = "WRAPPED-KEY-THAT-MUST-GO-0123456789-0123456789";
    const std::string kept = "WRAPPED-KEY-THAT-STAYS-0123456789-0123456789AB";
    const auto store = SqliteEventStore::open(directory);
    const auto writer = store->writer();
    // Many neighbours, so that the key's page fills and others follow, before and after a checkpoint.
    for (int i = 0; i < 200; ++i) commit(*writer, {.stream = "s" + std::to_string(i), .key = i == 100 ? doomed : kept});
    ASSERT_TRUE(store->checkpoint());
    for (int i = 200; i < 300; ++i) commit(*writer, {.stream = "s" + std::to_string(i), .key = kept});
    ASSERT_TRUE(is_in_the_files(directory, doomed));

    commit(*writer, {.stream = "s100", .after = 1, .erases_key = true});
    wait_until_gone(directory, doomed);
    EXPECT_FALSE(is_in_the_files(directory, doomed));
    EXPECT_TRUE(is_in_the_files(directory, kept));
    EXPECT_EQ(store->reader()->read({.bucket = 1, .name = "s100"}).wrapped_key, "");
    EXPECT_EQ(store->reader()->read({.bucket = 1, .name = "s101"}).wrapped_key, kept);
}

TEST_F(SqliteEventStoreTest, of_many_keys_destroyed_in_any_order_none_leaves_a_copy) {
    constexpr int streams = 600;
    const auto name = [](int number) { return "s" + std::to_string(number); };
    const auto key = [](int number) {
        return std::string(number % 10 == 0 ? "KEPT-KEY-" : "DOOMED-KEY-") + std::to_string(number) +
               std::string(60, static_cast<char>('a' + number % 26));
    };
    const auto store = SqliteEventStore::open(directory);
    const auto writer = store->writer();
    writer->begin();
    for (int i = 0; i < streams; ++i) {
        Append append = sample({.stream = name(i), .key = key(i)});
        ASSERT_TRUE(writer->append(append));
    }
    writer->commit();
    ASSERT_TRUE(store->checkpoint());
    ASSERT_TRUE(is_in_the_files(directory, "DOOMED-KEY-"));
    writer->begin();
    for (int i = 0; i < streams; ++i) {
        const int number = i * 7 % streams;  // every stream once, here and there
        if (number % 10 == 0) continue;
        Append erasure = sample({.stream = name(number), .after = 1, .erases_key = true});
        ASSERT_TRUE(writer->append(erasure));
    }
    writer->commit();
    ASSERT_TRUE(store->checkpoint());
    EXPECT_FALSE(is_in_the_files(directory, "DOOMED-KEY-"));
    for (int i = 0; i < streams; ++i)
        EXPECT_EQ(store->reader()->read({.bucket = 1, .name = name(i)}).wrapped_key, i % 10 == 0 ? key(i) : "");
}

TEST_F(SqliteEventStoreTest, a_destroyed_key_is_gone_when_the_store_is_closed) {
    const std::string doomed = "WRAPPED-KEY-THAT-MUST-GO-0123456789-0123456789";
    {
        const auto store = SqliteEventStore::open(directory);
        const auto writer = store->writer();
        commit(*writer, {.key = doomed});
        commit(*writer, {.after = 1, .erases_key = true});
    }
    EXPECT_EQ(all_bytes(directory).find(doomed), std::string::npos);
}

TEST_F(SqliteEventStoreTest, a_key_that_a_dead_process_destroyed_is_gone_once_the_store_is_open_again) {
    const std::string doomed = "WRAPPED-KEY-THAT-MUST-GO-0123456789-0123456789";
    const DataDirectory left = DataDirectory::temporary();
    {
        const auto store = SqliteEventStore::open(directory);
        const auto writer = store->writer();
        commit(*writer, {.key = doomed});
        // A reader of the state before keeps the log from being cut: as if the process had died before that.
        Database old(directory.database(), Mode::read_only);
        old.execute("BEGIN");
        EXPECT_EQ(old.number("SELECT count(*) FROM events"), 1);
        commit(*writer, {.after = 1, .erases_key = true});
        for (const char* file : {"saldo.db", "saldo.db-wal"})
            ASSERT_EQ(run({"cp", directory.path() / file, left.path() / file}), 0);
    }
    ASSERT_TRUE(is_in_the_files(left, doomed));
    const auto store = SqliteEventStore::open(left);
    wait_until_gone(left, doomed);
    EXPECT_FALSE(is_in_the_files(left, doomed));
    EXPECT_EQ(store->reader()->read({.bucket = 1, .name = "s"}).events.size(), 2U);
}

TEST_F(SqliteEventStoreTest, a_removed_or_replaced_secret_is_gone_from_every_byte_of_every_file) {
    const std::string removed = "WRAPPED-SECRET-THAT-MUST-GO-0123456789";
    const std::string replaced = "WRAPPED-SECRET-THAT-WAS-REPLACED-012";
    const auto store = SqliteEventStore::open(directory);
    store->put_secret("signing/1", removed);
    store->put_secret("signing/2", replaced);
    ASSERT_TRUE(store->checkpoint());
    store->put_secret("signing/2", "another");
    wait_until_gone(directory, replaced);
    EXPECT_FALSE(is_in_the_files(directory, replaced));
    ASSERT_TRUE(store->checkpoint());  // whatever the replacement has set off is over
    store->remove_secret("signing/1");
    wait_until_gone(directory, removed);
    EXPECT_FALSE(is_in_the_files(directory, removed));
}

TEST_F(SqliteEventStoreTest, the_write_ahead_log_is_restarted_while_events_go_on_being_written_and_read) {
    const auto store = SqliteEventStore::open(directory, {.wal_pages = 50});
    const auto writer = store->writer();
    const auto reader = store->reader();
    const std::string body(3'000, 'b');
    std::uintmax_t largest = 0;
    for (int i = 0; i < 500; ++i) {
        commit(*writer, {.stream = "s" + std::to_string(i), .body = body});
        ASSERT_EQ(reader->read({.bucket = 1, .name = "s" + std::to_string(i)}).events.size(), 1U);
        largest = std::max(largest, std::filesystem::file_size(beside(directory.database(), "-wal")));
    }
    // Without it the log would hold more than three pages for each commit.
    EXPECT_LT(largest, 1'000U * 4'096U);
    EXPECT_EQ(reader->end().text.substr(0, 4), "500-");
}

TEST_F(SqliteEventStoreTest, a_reader_of_an_old_state_delays_a_checkpoint_and_harms_nothing) {
    const auto store = SqliteEventStore::open(directory, {.wal_pages = 50});
    const auto writer = store->writer();
    commit(*writer, {.stream = "first"});
    Database old(directory.database(), Mode::read_only);
    old.execute("BEGIN");
    EXPECT_EQ(old.number("SELECT count(*) FROM events"), 1);
    for (int i = 0; i < 300; ++i) commit(*writer, {.stream = "s" + std::to_string(i)});
    EXPECT_FALSE(store->checkpoint());
    EXPECT_EQ(old.number("SELECT count(*) FROM events"), 1);
    old.execute("COMMIT");
    EXPECT_TRUE(store->checkpoint());
    EXPECT_EQ(old.number("SELECT count(*) FROM events"), 301);
    EXPECT_EQ(std::filesystem::file_size(beside(directory.database(), "-wal")), 0U);
}

TEST_F(SqliteEventStoreTest, a_full_disk_is_said_in_plain_words_and_leaves_everything_before_it) {
    const auto store = SqliteEventStore::open(directory, {.pages_max = 120});
    const auto writer = store->writer();
    const std::string body(2'000, 'b');
    int stored = 0;
    std::string refusal;
    for (; stored < 1'000; ++stored) {
        Append append = sample({.stream = "s" + std::to_string(stored), .body = body});
        writer->begin();
        try {
            ASSERT_TRUE(writer->append(append));
        } catch (const StoreFailed& failure) {
            refusal = failure.what();
            writer->rollback();
            break;
        }
        writer->commit();
    }
    EXPECT_EQ(refusal,
              "There is no room left for " + directory.database().string() + " (SQLite: database or disk is full).");
    ASSERT_GT(stored, 10);
    const auto log = store->reader()->read_after({}, 10'000);
    EXPECT_EQ(log.events.size(), static_cast<std::size_t>(stored));
    EXPECT_EQ(writer->next_position(1), stored + 1);
    commit(*writer, {.stream = "small"});  // what still fits is still taken
}

TEST(LogHeads, are_the_same_after_packing) {
    Heads heads(foundation::bucket_count);
    heads[0] = {.position = 1, .hash = foundation::sha256("a")};
    heads[4095] = {.position = 0x0123456789ABCDEF, .hash = foundation::sha256("b")};
    EXPECT_EQ(unpacked(packed(heads)), heads);
    EXPECT_EQ(unpacked(packed(Heads(foundation::bucket_count))), Heads(foundation::bucket_count));
    EXPECT_EQ(packed(heads).size(), 2U * 42U);
}

TEST(LogHeads, bytes_that_were_cut_or_name_no_bucket_are_refused) {
    Heads heads(foundation::bucket_count);
    heads[7] = {.position = 1, .hash = foundation::sha256("a")};
    std::string bytes = packed(heads);
    EXPECT_THROW(unpacked(bytes.substr(1)), StoreFailed);
    bytes[0] = '\xFF';
    EXPECT_THROW(unpacked(bytes), StoreFailed);
}

}  // namespace

}  // namespace saldo::store::sqlite
