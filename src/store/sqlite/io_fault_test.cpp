// What the store does when the disk fails: at the first call to the file system, at the second, and so on, until the
// operation passes. It says so, loses nothing that was acknowledged, and goes on when the disk does.

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <functional>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

#include "store/sqlite/backup.hpp"
#include "store/sqlite/event_store.hpp"
#include "store/sqlite/file_check.hpp"
#include "store/sqlite/observed_vfs.hpp"

namespace saldo::store::sqlite {

namespace {

using service::Append;
using service::EventRecord;

/// How the disk fails.
struct Failure {
    const char* name;
    enum class Lasting { once, from_then_on } lasting;
    int (*error_at)(Call);
};

constexpr Failure failures[]{
    {"one I/O error", Failure::Lasting::once, [](Call) { return SQLITE_IOERR; }},
    {"a disk that died", Failure::Lasting::from_then_on, [](Call) { return SQLITE_IOERR; }},
    {"a full disk", Failure::Lasting::from_then_on,
     [](Call call) { return call == Call::write ? SQLITE_FULL : SQLITE_OK; }},
    {"a disk that was mounted read-only", Failure::Lasting::from_then_on,
     [](Call call) {
         const bool changes = call == Call::write || call == Call::truncate || call == Call::remove;
         return changes ? SQLITE_READONLY : SQLITE_OK;
     }},
};

/// A disk that fails at the n-th call that it can fail at.
class FailingDisk {
  public:
    Listener listener() {
        return {.before = [this](Call call) {
            const Failure* const failure = failure_.load();
            if (failure == nullptr) return SQLITE_OK;
            const int error = failure->error_at(call);
            if (error == SQLITE_OK) return SQLITE_OK;
            const int number = ++calls_;
            const bool is_due = failure->lasting == Failure::Lasting::once ? number == fails_at_ : number >= fails_at_;
            return is_due ? error : SQLITE_OK;
        }};
    }
    void fail(const Failure& failure, int at) {
        calls_ = 0;
        fails_at_ = at;
        failure_ = &failure;
    }
    /// Whether it came to the failure.
    bool mend() {
        failure_ = nullptr;
        return calls_ >= fails_at_;
    }

  private:
    std::atomic<const Failure*> failure_ = nullptr;
    std::atomic<int> calls_ = 0, fails_at_ = 0;
};

Append purchase(const std::string& stream, std::int64_t version, int events) {
    Append append{.stream = {.bucket = 7, .name = stream}, .expected_version = version, .events = {}};
    for (int i = 1; i <= events; ++i) {
        EventRecord record;
        record.stream = append.stream;
        record.seq = version + i;
        record.type = "Happened";
        record.body.assign(600, 'b');
        append.events.push_back(std::move(record));
    }
    if (version == 0) append.new_wrapped_key = std::string(72, 'k');
    return append;
}

void commit(SqliteEventStore& store, Append append) {
    const auto writer = store.writer();
    writer->begin();
    ASSERT_TRUE(writer->append(append));
    writer->commit();
}

constexpr int streams_before = 20;

std::string stream_before(int number) {
    return "before" + std::to_string(number);
}

/// A store with a few streams, as a process that died left it: its newest commits are in the write-ahead log.
class Left {
  public:
    Left() {
        const DataDirectory living = DataDirectory::temporary();
        // Closed, so that what follows a secret in the background is over when the files are copied.
        SqliteEventStore::open(living)->put_secret("kept", "before");
        const auto store = SqliteEventStore::open(living);
        for (int i = 0; i < streams_before; ++i) {
            commit(*store, purchase(stream_before(i), 0, 2));
            EXPECT_TRUE(i != streams_before / 2 || store->checkpoint());
        }
        copy(living, files_);
    }
    void put_into(const DataDirectory& directory) const { copy(files_, directory); }

  private:
    static void copy(const DataDirectory& from, const DataDirectory& to) {
        for (const char* file : {"saldo.db", "saldo.db-wal"})
            std::filesystem::copy_file(from.path() / file, to.path() / file);
    }
    DataDirectory files_ = DataDirectory::temporary();
};

/// An operation, and how much of it there is afterwards.
struct Operation {
    const char* name;
    std::function<void(const DataDirectory&)> carry_out;
    std::function<bool(SqliteEventStore&)> is_done;
};

service::StreamContent content(SqliteEventStore& store, const std::string& stream) {
    return store.reader()->read({.bucket = 7, .name = stream});
}

const std::vector<Operation> operations{
    {"opening it", [](const DataDirectory& directory) { SqliteEventStore::open(directory)->writer(); },
     [](SqliteEventStore&) { return true; }},
    {"a new stream",
     [](const DataDirectory& directory) { commit(*SqliteEventStore::open(directory), purchase("new", 0, 3)); },
     [](SqliteEventStore& store) {
         const auto found = content(store, "new");
         EXPECT_TRUE(found.events.empty() || found.events.size() == 3) << "it is there by half";
         EXPECT_EQ(found.events.empty(), found.wrapped_key.empty());
         return !found.events.empty();
     }},
    {"the destruction of a key",
     [](const DataDirectory& directory) {
         const auto store = SqliteEventStore::open(directory);
         if (content(*store, stream_before(3)).events.size() > 2) return;
         Append append = purchase(stream_before(3), 2, 1);
         append.erases_key = true;
         commit(*store, append);
     },
     [](SqliteEventStore& store) {
         const auto found = content(store, stream_before(3));
         EXPECT_EQ(found.events.size() == 3, found.wrapped_key.empty()) << "it is there by half";
         return found.events.size() == 3;
     }},
    {"a secret", [](const DataDirectory& directory) { SqliteEventStore::open(directory)->put_secret("kept", "after"); },
     [](SqliteEventStore& store) {
         const auto found = store.secret("kept");
         EXPECT_TRUE(found == "before" || found == "after");
         return found == "after";
     }},
    {"a checkpoint",
     [](const DataDirectory& directory) {
         // A failure is told by the answer alone: the log goes on in the write-ahead log.
         if (!SqliteEventStore::open(directory)->checkpoint()) throw service::StoreFailed("not now");
     },
     [](SqliteEventStore&) { return true; }},
    {"a backup", [](const DataDirectory& directory) { back_up(directory, directory.path() / "backup"); },
     [](SqliteEventStore& store) { return store.reader()->count() > 0; }},
};

/// Everything that was there before is there, and the file is sound.
void expect_sound(const DataDirectory& directory, SqliteEventStore& store) {
    const auto reader = store.reader();
    for (int i = 0; i < streams_before; ++i) {
        const auto found = reader->read({.bucket = 7, .name = stream_before(i)});
        ASSERT_GE(found.events.size(), 2U);
        ASSERT_TRUE(found.events.size() > 2 || found.wrapped_key == std::string(72, 'k'));
    }
    const auto fault = fault_of_file(directory.database());
    ASSERT_FALSE(fault) << fault->where << ": " << fault->what;
    std::error_code ignored;
    if (!std::filesystem::exists(directory.path() / "backup", ignored)) return;
    const auto of_backup = fault_of_file(directory.path() / "backup");
    ASSERT_FALSE(of_backup) << of_backup->where << ": " << of_backup->what;
}

/// Whether the operation met the failure.
bool try_once(const Left& left, const Operation& operation, const Failure& failure, int at, FailingDisk& disk) {
    const DataDirectory directory = DataDirectory::temporary();
    left.put_into(directory);
    bool passed = false;
    disk.fail(failure, at);
    try {
        operation.carry_out(directory);
        passed = true;
    } catch (const service::StoreFailed& failed) {
        EXPECT_STRNE(failed.what(), "");
    } catch (const service::CommitUnknown& unknown) {
        EXPECT_STRNE(unknown.what(), "");
    }
    const bool was_met = disk.mend();
    {
        const auto store = SqliteEventStore::open(directory);
        expect_sound(directory, *store);
        const bool is_done = operation.is_done(*store);
        EXPECT_TRUE(is_done || !passed) << "it was said to be done";
        if (is_done) return was_met;
    }
    operation.carry_out(directory);
    const auto store = SqliteEventStore::open(directory);
    EXPECT_TRUE(operation.is_done(*store)) << "it cannot be repeated";
    return was_met;
}

class FailingAt : public testing::TestWithParam<std::size_t> {};

TEST_P(FailingAt, any_call_an_operation_fails_or_is_done_and_the_store_goes_on) {
    const Left left;
    FailingDisk disk;
    const ObservedVfs observed_vfs(disk.listener());
    const Failure& failure = failures[GetParam()];
    constexpr int calls_max = 2'000;
    for (const Operation& operation : operations) {
        int at = 1;
        while (at < calls_max && try_once(left, operation, failure, at, disk)) {
            ASSERT_FALSE(HasFailure()) << failure.name << " at call " << at << " of " << operation.name;
            ++at;
        }
        ASSERT_FALSE(HasFailure()) << failure.name << " at call " << at << " of " << operation.name;
        ASSERT_LT(at, calls_max) << operation.name << " never passes";
        std::cout << failure.name << " during " << operation.name << ": at each of " << at - 1 << " calls\n";
    }
}

INSTANTIATE_TEST_SUITE_P(EveryWay, FailingAt, testing::Range<std::size_t>(0, std::size(failures)));

}  // namespace

}  // namespace saldo::store::sqlite
