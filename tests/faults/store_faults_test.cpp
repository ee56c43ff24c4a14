#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <fstream>
#include <future>
#include <map>
#include <random>
#include <sstream>

#include "counted_append.hpp"
#include "service/indexer.hpp"
#include "store/data_directory.hpp"
#include "store/memory/event_store.hpp"
#include "store/memory/search_index.hpp"
#include "store/sqlite/event_store.hpp"

namespace saldo::faults {

namespace {

using foundation::Bucket;
using foundation::Digest;
using service::CommitUnknown;
using service::EventRecord;
using service::StoreFailed;
using service::StreamName;
using store::DataDirectory;
using store::sqlite::SqliteEventStore;

std::vector<EventRecord> whole_log(service::EventStore& store) {
    std::vector<EventRecord> all;
    const auto reader = store.reader();
    service::LogCursor cursor;
    while (true) {
        auto page = reader->read_after(cursor, 1'000);
        if (page.events.empty()) return all;
        std::ranges::move(page.events, std::back_inserter(all));
        cursor = page.next;
    }
}

/// Every chain of hashes whole, every stream without a gap, every command there whole or not at all.
void expect_sound(const std::vector<EventRecord>& log) {
    std::map<Bucket, EventRecord> newest_of_bucket;
    std::map<std::string, std::vector<std::string>> bodies;
    for (const EventRecord& event : log) {
        EventRecord& before = newest_of_bucket[event.stream.bucket];
        ASSERT_EQ(event.position, before.position + 1);
        ASSERT_EQ(event.hash, service::chained(before.hash, event));
        before = event;
        std::vector<std::string>& stream = bodies[event.stream.name];
        stream.push_back(event.body.substr(0, 3));
        ASSERT_EQ(event.seq, std::ssize(stream));
    }
    for (const auto& [name, parts] : bodies)
        for (std::size_t i = 0; i < parts.size();) {
            const int count = parts[i][2] - '0';
            for (int part = 1; part <= count; ++part, ++i) {
                ASSERT_LT(i, parts.size()) << name << " ends within a command";
                ASSERT_EQ(parts[i], std::to_string(part) + '/' + std::to_string(count)) << name;
            }
        }
}

/// A process that appends until it is killed, and what it has acknowledged.
class Appender {
  public:
    Appender(const std::filesystem::path& directory, unsigned seed) {
        std::array<int, 2> ends{};
        if (::pipe(ends.data()) != 0) throw std::runtime_error("no pipe");
        const std::string text = std::to_string(seed);
        process_ = ::fork();
        if (process_ == 0) {
            ::dup2(ends[1], STDOUT_FILENO);
            ::close(ends[0]);
            ::close(ends[1]);
            ::execl(APPEND_UNTIL_KILLED, APPEND_UNTIL_KILLED, directory.c_str(), text.c_str(), nullptr);
            ::_exit(127);
        }
        ::close(ends[1]);
        acknowledged_ = ::fdopen(ends[0], "r");
    }
    ~Appender() {
        if (process_ > 0) kill();
        std::fclose(acknowledged_);
    }
    Appender(const Appender&) = delete;
    Appender& operator=(const Appender&) = delete;

    /// Waits for so many acknowledgements, or fewer when the process ends before.
    void take(int count, std::map<std::string, std::int64_t>& versions) {
        for (int i = 0; i < count; ++i)
            if (!take_one(versions)) return;
    }
    /// Kills it as a power cut would, and takes what it still managed to acknowledge.
    void kill_and_take_rest(std::map<std::string, std::int64_t>& versions) {
        const int status = kill();
        EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) << "it ended by itself: " << status;
        while (take_one(versions)) {
        }
    }

  private:
    bool take_one(std::map<std::string, std::int64_t>& versions) {
        std::array<char, 80> line{};
        if (std::fgets(line.data(), line.size(), acknowledged_) == nullptr) return false;
        std::istringstream words(line.data());
        std::string stream;
        std::int64_t version = 0;
        if (!(words >> stream >> version)) return false;
        versions[stream] = std::max(versions[stream], version);
        return true;
    }
    int kill() {
        int status = 0;
        ::kill(process_, SIGKILL);
        ::waitpid(process_, &status, 0);
        process_ = 0;
        return status;
    }

    pid_t process_ = 0;
    FILE* acknowledged_ = nullptr;
};

TEST(KilledProcess, leaves_every_acknowledged_append_and_none_by_half) {
    const DataDirectory directory = DataDirectory::temporary();
    std::map<std::string, std::int64_t> acknowledged;
    for (unsigned round = 0; round < 10; ++round) {
        {
            Appender appender(directory.path(), round + 1);
            appender.take(40 + static_cast<int>(round) * 61, acknowledged);
            appender.kill_and_take_rest(acknowledged);
        }
        const auto store = SqliteEventStore::open(directory);
        const auto log = whole_log(*store);
        expect_sound(log);
        std::map<std::string, std::int64_t> found;
        for (const EventRecord& event : log) found[event.stream.name] = event.seq;
        for (const auto& [stream, version] : acknowledged)
            EXPECT_GE(found[stream], version) << stream << " in round " << round;
        const auto reader = store->reader();
        for (const auto& [stream, version] : found)
            EXPECT_EQ(reader->read({.bucket = static_cast<Bucket>(std::stoi(stream.substr(6)) % 7), .name = stream})
                          .wrapped_key,
                      "key of " + stream);
    }
    EXPECT_GT(acknowledged.size(), 30U);
}

TEST(KilledProcess, leaves_a_store_that_can_be_read_without_a_server) {
    const DataDirectory directory = DataDirectory::temporary();
    std::map<std::string, std::int64_t> acknowledged;
    {
        Appender appender(directory.path(), 1);
        appender.take(50, acknowledged);
        appender.kill_and_take_rest(acknowledged);
    }
    const auto log = whole_log(*SqliteEventStore::open_read_only(directory));
    expect_sound(log);
    std::map<std::string, std::int64_t> found;
    for (const EventRecord& event : log) found[event.stream.name] = event.seq;
    for (const auto& [stream, version] : acknowledged) EXPECT_GE(found[stream], version);
}

TEST(RunningProcess, keeps_others_from_writing_its_directory_and_names_itself) {
    const DataDirectory directory = DataDirectory::temporary();
    std::map<std::string, std::int64_t> acknowledged;
    Appender appender(directory.path(), 1);
    appender.take(1, acknowledged);
    try {
        SqliteEventStore::open(directory);
        FAIL() << "was opened twice";
    } catch (const store::DirectoryInUse& refusal) {
        EXPECT_TRUE(std::string(refusal.what()).contains(directory.path().string() + " is in use by process "));
    }
    // A command that only reads goes on beside it.
    expect_sound(whole_log(*SqliteEventStore::open_read_only(directory)));
    appender.take(50, acknowledged);
    expect_sound(whole_log(*SqliteEventStore::open_read_only(directory)));
}

/// A store as a killed process left it: most of it in the write-ahead log.
class TornLog : public testing::Test {
  protected:
    DataDirectory directory = DataDirectory::temporary();
    std::vector<EventRecord> before;

    void SetUp() override {
        std::map<std::string, std::int64_t> acknowledged;
        {
            Appender appender(directory.path(), 7);
            appender.take(300, acknowledged);
            appender.kill_and_take_rest(acknowledged);
        }
        const DataDirectory whole = copy();
        before = whole_log(*SqliteEventStore::open(whole));
        ASSERT_GT(before.size(), 300U);
    }

    DataDirectory copy() const {
        DataDirectory other = DataDirectory::temporary();
        for (const char* file : {"saldo.db", "saldo.db-wal"})
            std::filesystem::copy_file(directory.path() / file, other.path() / file);
        return other;
    }

    void expect_a_prefix(const DataDirectory& damaged) {
        const auto store = SqliteEventStore::open(damaged);
        const auto after = whole_log(*store);
        expect_sound(after);
        ASSERT_LE(after.size(), before.size());
        for (std::size_t i = 0; i < after.size(); ++i) ASSERT_EQ(after[i].hash, before[i].hash) << i;
        // And it is a store to go on with.
        const auto writer = store->writer();
        service::Append append = counted_append({.bucket = 1, .name = "next"}, {.now = writer->last_recorded_at()}, 1);
        append.stream = {.bucket = 1, .name = "next"};
        writer->begin();
        EXPECT_TRUE(writer->append(append));
        writer->commit();
        expect_sound(whole_log(*store));
    }
};

TEST_F(TornLog, cut_anywhere_keeps_the_commits_before_the_cut) {
    std::minstd_rand chance(1);
    const auto size = std::filesystem::file_size(directory.path() / "saldo.db-wal");
    ASSERT_GT(size, 100'000U);
    for (int round = 0; round < 25; ++round) {
        const DataDirectory torn = copy();
        std::filesystem::resize_file(torn.path() / "saldo.db-wal", chance() % size);
        ASSERT_NO_FATAL_FAILURE(expect_a_prefix(torn)) << "round " << round;
    }
}

TEST_F(TornLog, with_a_flipped_octet_anywhere_keeps_the_commits_before_it) {
    std::minstd_rand chance(2);
    const auto size = std::filesystem::file_size(directory.path() / "saldo.db-wal");
    for (int round = 0; round < 25; ++round) {
        const DataDirectory damaged = copy();
        {
            std::fstream file(damaged.path() / "saldo.db-wal", std::ios::in | std::ios::out | std::ios::binary);
            const auto place = static_cast<std::streamoff>(chance() % size);
            file.seekg(place);
            const char octet = static_cast<char>(file.get() ^ 0x40);
            file.seekp(place);
            file.put(octet);
        }
        ASSERT_NO_FATAL_FAILURE(expect_a_prefix(damaged)) << "round " << round;
    }
}

/// Commands through a lane, one at a time.
class Client {
  public:
    explicit Client(SqliteEventStore& store) : lane_(store, clock_, length_fold()) {}

    std::int64_t append(const std::string& stream_name, std::size_t body_size) {
        const auto version = std::make_shared<std::promise<std::int64_t>>();
        const StreamName stream{.bucket = 1, .name = stream_name};
        service::Job<Length> job{.stream = stream,
                                 .decide =
                                     [=](const Length&, const service::LaneContext& context) {
                                         return service::Step<Length>{
                                             .append = counted_append(stream, context, 2, body_size),
                                             .completed = [=](std::shared_ptr<const Length> after, auto) {
                                                 version->set_value(after->events);
                                             }};
                                     },
                                 .failed = [=](std::exception_ptr failure) { version->set_exception(failure); }};
        if (!lane_.submit(std::move(job))) throw std::runtime_error("full");
        return version->get_future().get();
    }

  private:
    SystemClock clock_;
    service::Lane<Length> lane_;
};

TEST(FullDisk, refuses_what_does_not_fit_and_keeps_everything_before_it) {
    const DataDirectory directory = DataDirectory::temporary();
    {
        const auto store = SqliteEventStore::open(directory, {.pages_max = 200});
        Client client(*store);
        int stored = 0;
        EXPECT_THROW(
            while (stored < 1'000) {
                client.append("s" + std::to_string(stored), 5'000);
                ++stored;
            },
            StoreFailed);
        ASSERT_GT(stored, 5);
        EXPECT_EQ(client.append("small", 1), 2);
        const auto log = whole_log(*store);
        expect_sound(log);
        EXPECT_EQ(log.size(), 2U * static_cast<std::size_t>(stored + 1));
    }
    const auto store = SqliteEventStore::open(directory);
    Client client(*store);
    EXPECT_EQ(client.append("large again", 5'000), 2);
    expect_sound(whole_log(*store));
}

/// No file of this process grows beyond the size, until it is lifted: writes fail as on a full disk, commits included.
class FileSizeLimit {
  public:
    explicit FileSizeLimit(rlim_t octets) {
        before_signal_ = std::signal(SIGXFSZ, SIG_IGN);
        ::getrlimit(RLIMIT_FSIZE, &before_);
        rlimit lower = before_;
        lower.rlim_cur = octets;
        ::setrlimit(RLIMIT_FSIZE, &lower);
    }
    ~FileSizeLimit() {
        ::setrlimit(RLIMIT_FSIZE, &before_);
        std::signal(SIGXFSZ, before_signal_);
    }
    FileSizeLimit(const FileSizeLimit&) = delete;
    FileSizeLimit& operator=(const FileSizeLimit&) = delete;

  private:
    rlimit before_{};
    void (*before_signal_)(int) = SIG_DFL;
};

TEST(FailingCommit, is_told_as_unknown_or_failed_and_the_store_recovers_with_the_disk) {
    const DataDirectory directory = DataDirectory::temporary();
    const auto store = SqliteEventStore::open(directory);
    Client client(*store);
    std::map<std::string, std::int64_t> acknowledged;
    for (int i = 0; i < 20; ++i) acknowledged["s" + std::to_string(i)] = client.append("s" + std::to_string(i), 1'000);
    int failures = 0;
    {
        const FileSizeLimit limit(std::filesystem::file_size(directory.path() / "saldo.db-wal") + 30'000);
        for (int i = 0; i < 30; ++i) {
            const std::string stream = "s" + std::to_string(i % 20);
            try {
                acknowledged[stream] = client.append(stream, 1'000);
            } catch (const CommitUnknown&) {
                ++failures;
            } catch (const StoreFailed&) {
                ++failures;
            }
        }
    }
    EXPECT_GT(failures, 10);
    for (int i = 0; i < 20; ++i) {
        const std::string stream = "s" + std::to_string(i);
        const std::int64_t version = client.append(stream, 1'000);
        EXPECT_GE(version, acknowledged[stream] + 2);
        acknowledged[stream] = version;
    }
    const auto log = whole_log(*store);
    expect_sound(log);
    std::map<std::string, std::int64_t> found;
    for (const EventRecord& event : log) found[event.stream.name] = event.seq;
    EXPECT_EQ(found, acknowledged);
}

TEST(RestoredBackup, of_the_log_alone_makes_the_index_begin_anew) {
    store::memory::MemoryEventStore restored;
    store::memory::MemorySearchIndex index;
    index.apply({.terms = {{.partner_id = "P", .word = "later", .field = "reference", .transaction_id = "T"}},
                 .changes = {},
                 .due = {}},
                {"17-0123456789abcdef"});
    service::Indexer indexer(restored, index);
    EXPECT_TRUE(indexer.find("P", "later", nullptr, 10).empty());
    EXPECT_EQ(index.cursor(), service::LogCursor{});
}

}  // namespace

}  // namespace saldo::faults
