// What the log on SQLite leaves when the power goes: a file system that forgets, in part, what was not yet synced.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <mutex>
#include <random>
#include <string>
#include <vector>

#include "store/sqlite/event_store.hpp"
#include "store/sqlite/observed_vfs.hpp"

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
    explicit Disk(unsigned seed) : chance_(seed) {}

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

    /// A disk writes sectors whole, but any of them and not the others.
    void tear(std::string& content, const Change& change) {
        constexpr std::size_t sector = 512;
        for (std::size_t at = 0; at < change.bytes.size(); at += sector)
            if (chance_() % 2 == 0)
                apply(content, {.at = change.at + at, .bytes = change.bytes.substr(at, sector), .cuts_off = false},
                      std::min(sector, change.bytes.size() - at));
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
            // Of what was not synced, some arrived, some did not, some in part, and not in the order it was written.
            std::vector<const Change*> arrived;
            for (const Change& change : file.unsynced)
                if (chance_() % 4 != 0) arrived.push_back(&change);
            if (chance_() % 2 == 0) std::ranges::shuffle(arrived, chance_);
            for (const Change* change : arrived)
                if (chance_() % 3 == 0)
                    tear(content, *change);
                else
                    apply(content, *change, change->bytes.size());
            cut.files[name] = std::move(content);
        }
        cuts_.push_back(std::move(cut));
    }

    std::mutex guard_;
    std::minstd_rand chance_;
    std::map<std::string, File> files_;
    Versions promised_;
    std::vector<Cut> cuts_;
};

/// A file system whose every change the disk is told.
Listener told_to(Disk& all) {
    return {.written = [&](const std::string& file, std::size_t at,
                           std::string bytes) { all.write(file, at, std::move(bytes)); },
            .truncated = [&](const std::string& file, std::size_t size) { all.truncate(file, size); },
            .synced = [&](const std::string& file) { all.sync(file); },
            .removed = [&](const std::string& file) { all.remove(file); }};
}

/// Commits of one to three events each, promised after their commit, with keys destroyed and checkpoints in between.
void live(Disk& all, const DataDirectory& directory, unsigned seed) {
    std::minstd_rand chance(seed);
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

/// How many lives of their own seed: more than one in the soak.
unsigned lives() {
    const char* const wanted = std::getenv("SALDO_POWER_CUT_LIVES");  // NOLINT(concurrency-mt-unsafe)
    return wanted != nullptr ? static_cast<unsigned>(std::atoi(wanted)) : 1;
}

TEST(PowerCut, at_any_moment_leaves_all_that_was_acknowledged) {
    std::size_t all_cuts = 0;
    for (unsigned seed = 1; seed <= lives(); ++seed) {
        Disk all(seed);
        {
            const DataDirectory directory = DataDirectory::temporary();
            const ObservedVfs observed_vfs(told_to(all));
            ASSERT_NO_FATAL_FAILURE(live(all, directory, seed + 1));
        }
        const std::vector<Cut> cuts = all.cuts();
        ASSERT_GT(cuts.size(), 2U);
        for (std::size_t i = 0; i < cuts.size(); ++i)
            ASSERT_NO_FATAL_FAILURE(expect_every_promise_kept(cuts[i]))
                << "cut " << i << " of " << cuts.size() << ", seed " << seed;
        all_cuts += cuts.size();
    }
    std::cout << all_cuts << " power cuts\n";
}

}  // namespace

}  // namespace saldo::store::sqlite
