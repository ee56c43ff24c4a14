// What the log on SQLite leaves when the power goes: a file system that forgets, in part, what was not yet synced.

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <map>
#include <memory>
#include <mutex>
#include <new>
#include <random>
#include <string>
#include <vector>

#include "store/sqlite/event_store.hpp"

namespace saldo::store::sqlite {

namespace {

using foundation::Bucket;
using foundation::Digest;
using service::EventRecord;

/// The newest version of each stream that was acknowledged.
using Versions = std::map<std::string, std::int64_t>;

/// The disk as it is after a power cut, and what had been promised until then.
struct Cut {
    std::map<std::string, std::string> files;
    Versions promised;
};

/// Follows what is written to every file, apart from what is certain to survive.
class Disk {
  public:
    void write(const std::string& file, std::size_t at, std::string bytes) {
        note(file, {.at = at, .bytes = std::move(bytes), .cuts_off = false});
    }
    void truncate(const std::string& file, std::size_t size) {
        note(file, {.at = size, .bytes = {}, .cuts_off = true});
    }
    void sync(const std::string& file) {
        const std::lock_guard hold(guard_);
        File& synced = files_[file];
        for (const Change& change : synced.unsynced) apply(synced.durable, change, change.bytes.size());
        synced.unsynced.clear();
        cut_now_and_then();
    }
    void remove(const std::string& file) {
        const std::lock_guard hold(guard_);
        files_.erase(file);
    }
    void promise(const std::string& stream, std::int64_t version) {
        const std::lock_guard hold(guard_);
        promised_[stream] = version;
    }
    std::vector<Cut> cuts() {
        const std::lock_guard hold(guard_);
        return std::move(cuts_);
    }

  private:
    struct Change {
        std::size_t at;
        std::string bytes;
        bool cuts_off;
    };
    struct File {
        std::string durable;
        std::vector<Change> unsynced;
    };

    static void apply(std::string& content, const Change& change, std::size_t octets) {
        if (change.cuts_off) {
            content.resize(change.at);
            return;
        }
        if (content.size() < change.at + octets) content.resize(change.at + octets);
        content.replace(change.at, octets, change.bytes, 0, octets);
    }

    void note(const std::string& file, Change change) {
        const std::lock_guard hold(guard_);
        files_[file].unsynced.push_back(std::move(change));
        cut_now_and_then();
    }

    void cut_now_and_then() {
        if (chance_() % 400 != 0) return;
        Cut cut{.files = {}, .promised = promised_};
        for (const auto& [name, file] : files_) {
            std::string content = file.durable;
            // Of what was not synced, some arrived, some did not, and some arrived in part.
            for (const Change& change : file.unsynced)
                if (const auto fate = chance_() % 4; fate != 0)
                    apply(content, change, fate == 1 ? change.bytes.size() / 2 : change.bytes.size());
            cut.files[name] = std::move(content);
        }
        cuts_.push_back(std::move(cut));
    }

    std::mutex guard_;
    std::minstd_rand chance_{1};
    std::map<std::string, File> files_;
    Versions promised_;
    std::vector<Cut> cuts_;
};

Disk* disk = nullptr;  // of the running test: the engine's interface has no other place for it

/// A file of the engine: the real one, with a name.
struct Traced {
    sqlite3_file base;
    std::string* name;
    sqlite3_file* real;
};

Traced& traced(sqlite3_file* file) {
    return *reinterpret_cast<Traced*>(file);
}

sqlite3_file* real(sqlite3_file* file) {
    return traced(file).real;
}

const sqlite3_io_methods traced_methods{
    .iVersion = 2,
    .xClose =
        [](sqlite3_file* file) {
            delete traced(file).name;
            return real(file)->pMethods->xClose(real(file));
        },
    .xRead = [](sqlite3_file* file, void* to, int size,
                sqlite3_int64 at) { return real(file)->pMethods->xRead(real(file), to, size, at); },
    .xWrite =
        [](sqlite3_file* file, const void* from, int size, sqlite3_int64 at) {
            disk->write(*traced(file).name, static_cast<std::size_t>(at),
                        {static_cast<const char*>(from), static_cast<std::size_t>(size)});
            return real(file)->pMethods->xWrite(real(file), from, size, at);
        },
    .xTruncate =
        [](sqlite3_file* file, sqlite3_int64 size) {
            disk->truncate(*traced(file).name, static_cast<std::size_t>(size));
            return real(file)->pMethods->xTruncate(real(file), size);
        },
    .xSync =
        [](sqlite3_file* file, int) {
            disk->sync(*traced(file).name);  // the real file may stay in memory: nobody cuts the test's own power
            return SQLITE_OK;
        },
    .xFileSize = [](sqlite3_file* file,
                    sqlite3_int64* size) { return real(file)->pMethods->xFileSize(real(file), size); },
    .xLock = [](sqlite3_file* file, int how) { return real(file)->pMethods->xLock(real(file), how); },
    .xUnlock = [](sqlite3_file* file, int how) { return real(file)->pMethods->xUnlock(real(file), how); },
    .xCheckReservedLock = [](sqlite3_file* file,
                             int* is_held) { return real(file)->pMethods->xCheckReservedLock(real(file), is_held); },
    .xFileControl = [](sqlite3_file* file, int what,
                       void* with) { return real(file)->pMethods->xFileControl(real(file), what, with); },
    .xSectorSize = [](sqlite3_file* file) { return real(file)->pMethods->xSectorSize(real(file)); },
    .xDeviceCharacteristics =
        [](sqlite3_file* file) { return real(file)->pMethods->xDeviceCharacteristics(real(file)); },
    .xShmMap = [](sqlite3_file* file, int page, int size, int extends,
                  void volatile** at) { return real(file)->pMethods->xShmMap(real(file), page, size, extends, at); },
    .xShmLock = [](sqlite3_file* file, int offset, int count,
                   int how) { return real(file)->pMethods->xShmLock(real(file), offset, count, how); },
    .xShmBarrier = [](sqlite3_file* file) { real(file)->pMethods->xShmBarrier(real(file)); },
    .xShmUnmap = [](sqlite3_file* file, int removes) { return real(file)->pMethods->xShmUnmap(real(file), removes); },
    .xFetch = nullptr,
    .xUnfetch = nullptr,
};

sqlite3_vfs* real_vfs = nullptr;

int open_traced(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* given_flags) {
    Traced& opened = traced(file);
    opened.real = reinterpret_cast<sqlite3_file*>(&opened + 1);
    const int result = real_vfs->xOpen(real_vfs, name, opened.real, flags, given_flags);
    opened.base.pMethods = nullptr;
    if (result != SQLITE_OK) return result;
    opened.name = new std::string(std::filesystem::path(name != nullptr ? name : "nameless").filename());
    opened.base.pMethods = &traced_methods;
    return SQLITE_OK;
}

/// While it lives, every new connection of this process writes through the disk.
class TracedVfs {
  public:
    explicit TracedVfs(Disk& all) {
        disk = &all;
        real_vfs = sqlite3_vfs_find(nullptr);
        vfs_ = *real_vfs;
        vfs_.zName = "traced";
        vfs_.pNext = nullptr;
        vfs_.szOsFile = static_cast<int>(sizeof(Traced)) + real_vfs->szOsFile;
        vfs_.xOpen = open_traced;
        vfs_.xDelete = [](sqlite3_vfs*, const char* name, int syncs) {
            disk->remove(std::filesystem::path(name).filename());
            return real_vfs->xDelete(real_vfs, name, syncs);
        };
        sqlite3_vfs_register(&vfs_, 1);
    }
    ~TracedVfs() {
        sqlite3_vfs_unregister(&vfs_);
        sqlite3_vfs_register(real_vfs, 1);
    }
    TracedVfs(const TracedVfs&) = delete;
    TracedVfs& operator=(const TracedVfs&) = delete;

  private:
    sqlite3_vfs vfs_{};
};

/// Commits of one to three events each, promised after their commit, with keys destroyed and checkpoints in between.
void live(Disk& all, const DataDirectory& directory) {
    std::minstd_rand chance(2);
    const auto store = SqliteEventStore::open(directory, {.wal_pages = 60, .events_between_heads = 20});
    const auto writer = store->writer();
    Versions versions;
    for (int i = 0; i < 600; ++i) {
        const auto number = chance() % 40;
        const std::string name = "stream" + std::to_string(number);
        service::Append append{.stream = {.bucket = static_cast<Bucket>(number % 3), .name = name},
                               .expected_version = versions[name],
                               .events = {},
                               .new_wrapped_key = {}};
        const auto events = static_cast<std::int64_t>(1 + chance() % 3);
        for (std::int64_t seq = 1; seq <= events; ++seq) {
            EventRecord record;
            record.stream = append.stream;
            record.seq = append.expected_version + seq;
            record.type = "Happened";
            record.body.assign(chance() % 900, 'b');
            append.events.push_back(std::move(record));
        }
        if (append.expected_version == 0) append.new_wrapped_key = std::string(72, 'k');
        append.erases_key = chance() % 50 == 0;
        writer->begin();
        ASSERT_TRUE(writer->append(append));
        writer->commit();
        versions[name] = append.events.back().seq;
        all.promise(name, versions[name]);
    }
}

void expect_every_promise_kept(const Cut& cut) {
    const DataDirectory directory = DataDirectory::temporary();
    for (const auto& [name, content] : cut.files) std::ofstream(directory.path() / name, std::ios::binary) << content;
    const auto store = SqliteEventStore::open(directory);
    const auto writer = store->writer();
    std::map<Bucket, EventRecord> newest;
    Versions found;
    for (const EventRecord& event : store->reader()->read_after({}, 10'000).events) {
        ASSERT_EQ(event.position, newest[event.stream.bucket].position + 1);
        ASSERT_EQ(event.hash, service::chained(newest[event.stream.bucket].hash, event));
        newest[event.stream.bucket] = event;
        ASSERT_EQ(event.seq, ++found[event.stream.name]);
    }
    for (const auto& [stream, version] : cut.promised) EXPECT_GE(found[stream], version) << stream;
    for (const auto& [bucket, event] : newest) EXPECT_EQ(writer->next_position(bucket), event.position + 1);
}

TEST(PowerCut, at_any_moment_leaves_all_that_was_acknowledged) {
    Disk all;
    {
        const DataDirectory directory = DataDirectory::temporary();
        const TracedVfs traced_vfs(all);
        ASSERT_NO_FATAL_FAILURE(live(all, directory));
    }
    const std::vector<Cut> cuts = all.cuts();
    ASSERT_GT(cuts.size(), 10U);
    for (std::size_t i = 0; i < cuts.size(); ++i)
        ASSERT_NO_FATAL_FAILURE(expect_every_promise_kept(cuts[i])) << "cut " << i << " of " << cuts.size();
}

}  // namespace

}  // namespace saldo::store::sqlite
