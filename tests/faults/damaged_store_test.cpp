// What `saldo verify` says of a store whose file was damaged: row by row, page by page, bit by bit. The store is a real
// one, with a few lives in it; each test damages a copy.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <random>
#include <string>
#include <vector>

#include "app/engine.hpp"
#include "app/inspection.hpp"
#include "lived_store.hpp"
#include "service/anchor.hpp"
#include "service/indexer.hpp"
#include "service/verify.hpp"
#include "store/sqlite/database.hpp"
#include "store/sqlite/event_store.hpp"

namespace saldo::faults {

namespace {

using app::OpenStore;
using service::EventRecord;
using store::DataDirectory;
using store::sqlite::SqliteEventStore;
using ::testing::HasSubstr;

std::vector<EventRecord> events_of(const DataDirectory& directory) {
    return SqliteEventStore::open_read_only(directory)->reader()->read_after({}, 100'000).events;
}

/// A store with a few lives, closed: the bytes of its files, and what it says.
class Lives {
  public:
    static const Lives& instance() {
        static const Lives lives;
        return lives;
    }
    std::string log, index, text;
    std::vector<EventRecord> events;
    service::Anchor anchor;

  private:
    Lives() {
        const DataDirectory directory = DataDirectory::temporary();
        live(directory);
        SqliteEventStore::open(directory)->writer();  // saves the chain heads
        log = content_of(directory.database());
        index = content_of(directory.index());
        text = exported(directory);
        events = events_of(directory);
        anchor = service::anchor_of(*SqliteEventStore::open_read_only(directory)->reader(), {}, {}).value();
    }
};

class DamagedStore : public testing::Test {
  protected:
    DataDirectory directory = DataDirectory::temporary();
    const Lives& whole = Lives::instance();

    DamagedStore() { heal(); }

    void heal() {
        for (const char* more : {"-wal", "-shm"})
            for (const auto& file : {directory.database(), directory.index()})
                std::filesystem::remove(file.string() + more);
        put_content(directory.database(), whole.log);
        put_content(directory.index(), whole.index);
    }
    /// Runs statements on the log and moves what they did into its file.
    void execute(const std::string& sql) {
        store::sqlite::Database database(directory.database(), store::sqlite::Mode::read_write);
        database.execute(sql.c_str());
    }
    /// The index of the log as it is now.
    void index_again() {
        std::filesystem::remove(directory.index());
        OpenStore store(directory, some_key());
        service::Indexer(*store.events, *store.index).sums("");
    }
    /// What verify says, as the command line would; empty: all holds.
    std::string fault(const service::Anchor* anchor = nullptr) {
        try {
            const auto store = SqliteEventStore::open_read_only(directory);
            const auto log = store->reader();
            const auto index = store::sqlite::SqliteSearchIndex::open_read_only(directory);
            const auto verified = app::verified_store(
                {.log = *log, .index = *index, .master_key = some_key(), .anchor = anchor}, *store, directory);
            return verified.fault ? verified.fault->where + ": " + verified.fault->what : "";
        } catch (const service::StoreFailed& failure) {
            return failure.what();
        }
    }
    std::string place_of(std::size_t event) const { return service::place_of(whole.events.at(event)); }
};

TEST_F(DamagedStore, is_this_one_only_after_the_damage) {
    ASSERT_GT(whole.events.size(), 25U);
    EXPECT_EQ(fault(), "");
    EXPECT_EQ(fault(&whole.anchor), "");
}

TEST_F(DamagedStore, whose_event_was_changed_in_any_column_names_that_event) {
    const std::vector<std::string> changes{
        "bucket = bucket + 1",
        "seq = seq + 100",
        "position = position + 1",
        "recorded_at = recorded_at + 1",
        "effective_at = effective_at + 1",
        "value_date = value_date + 1",
        "schema_version = schema_version + 1",
        "hash = zeroblob(32)",
        "hash = substr(hash, 1, 31)",
        "stream = stream || 'X'",
        "type = type || 'X'",
        "actor = actor || 'X'",
        "key = key || 'X'",
        "fingerprint = CAST(fingerprint || x'00' AS BLOB)",
        "body = body || ' '",
        "body = ''",
        "sealed = CAST(sealed || x'00' AS BLOB)",
    };
    for (const std::size_t event : {3U, 11U, 25U})
        for (const std::string& change : changes) {
            heal();
            execute("UPDATE events SET " + change + " WHERE id = " + std::to_string(event + 1));
            const std::string found = fault();
            if (change.starts_with("hash = substr"))
                EXPECT_THAT(found, HasSubstr("Event " + std::to_string(event + 1) + " of the log has no whole hash"));
            else if (change.starts_with("bucket") || change.starts_with("seq") || change.starts_with("position") ||
                     change.starts_with("stream"))
                EXPECT_THAT(found, HasSubstr("position")) << change;
            else
                EXPECT_THAT(found, HasSubstr(place_of(event))) << change;
        }
}

TEST_F(DamagedStore, that_lost_an_event_names_the_one_behind_the_gap) {
    for (std::size_t event = 0; event < whole.events.size(); ++event) {
        heal();
        execute("DELETE FROM events WHERE id = " + std::to_string(event + 1));
        EXPECT_NE(fault(&whole.anchor), "") << event;
        const auto next = std::find_if(
            whole.events.begin() + static_cast<std::ptrdiff_t>(event) + 1, whole.events.end(),
            [&](const EventRecord& later) { return later.stream.bucket == whole.events[event].stream.bucket; });
        if (next == whole.events.end()) continue;
        EXPECT_THAT(fault(), HasSubstr(service::place_of(*next) + ": does not follow position"));
    }
}

TEST_F(DamagedStore, whose_events_changed_places_names_the_first_of_them) {
    int swapped = 0;
    for (std::size_t one = 0; one < whole.events.size() && swapped < 8; ++one)
        for (std::size_t other = one + 1; other < whole.events.size(); ++other) {
            if (whole.events[one].stream.bucket != whole.events[other].stream.bucket) continue;
            heal();
            const std::string first = std::to_string(one + 1), second = std::to_string(other + 1);
            execute("UPDATE events SET id = 999999 WHERE id = " + first + "; UPDATE events SET id = " + first +
                    " WHERE id = " + second + "; UPDATE events SET id = " + second + " WHERE id = 999999");
            EXPECT_THAT(fault(), HasSubstr(place_of(other) + ": does not follow position"));
            ++swapped;
            break;
        }
    EXPECT_EQ(swapped, 8);
}

TEST_F(DamagedStore, with_another_row_than_its_events_names_what_is_wrong) {
    struct Case {
        std::string sql, says;
    };
    const std::vector<Case> cases{
        {"UPDATE subject_keys SET wrapped = zeroblob(length(wrapped)) WHERE first_event = (SELECT max(first_event) "
         "FROM "
         "subject_keys)",
         "has lost its subject's key, but was not erased"},
        {"DELETE FROM subject_keys WHERE first_event = (SELECT max(first_event) FROM subject_keys)",
         "has lost its subject's key, but was not erased"},
        {"UPDATE subject_keys SET wrapped = CAST(wrapped || x'00' AS BLOB)", "cannot be read or does not fit"},
        {"INSERT INTO subject_keys VALUES (999999, x'01')", "one is kept for event 999999, which begins no stream"},
        {"DELETE FROM secrets", "the one that ids are made from is missing"},
        {"UPDATE secrets SET wrapped = CAST(wrapped || x'00' AS BLOB)", "does not open this store's secret"},
        {"UPDATE saved_heads SET as_of = 999999", "the saved chain heads are as of event 999999"},
        {"UPDATE saved_heads SET as_of = 10, heads = zeroblob(42)", "the saved chain head is not that of position"},
        {"UPDATE saved_heads SET heads = x'00'", "The saved chain heads are damaged"},
        {"UPDATE saved_heads SET as_of = 0, heads = x''", "are as of another time"},
        {"DELETE FROM saved_heads", "the saved chain heads: are missing"},
        {"DROP INDEX events_of_stream; CREATE INDEX events_of_stream ON events (bucket, stream, seq)",
         "the schema of " + directory.database().string()},
        {"CREATE TABLE more (x)", "the schema of " + directory.database().string()},
        {"UPDATE meta SET value = 99", "use the Saldo that wrote it, or a newer one"},
    };
    for (const Case& one : cases) {
        heal();
        execute(one.sql);
        EXPECT_THAT(fault(), HasSubstr(one.says)) << one.sql;
    }
}

TEST_F(DamagedStore, whose_index_of_streams_leads_elsewhere_than_to_its_events_is_found) {
    const std::string second = " WHERE id IN (12, 12 + 5000)";
    ASSERT_GT(whole.events.at(11).seq, 1) << "streams are found by their first events; this is about another one";
    const auto with_schema = [&](const std::string& sql) {
        execute("PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = " + sql +
                " WHERE name = 'events_of_stream'");
    };
    const std::vector<std::pair<std::string, std::string>> there_and_back{
        {"stream = stream || 'X'", "stream = substr(stream, 1, length(stream) - 1)"},
        {"seq = seq + 7", "seq = seq - 7"},
        {"id = id + 5000", "id = id - 5000"},
    };
    for (const auto& [there, back] : there_and_back) {
        heal();
        execute("UPDATE events SET " + there + second);
        with_schema("sql || ' WHERE seq < 0'");  // now the index takes no part
        execute("UPDATE events SET " + back + second);
        with_schema("replace(sql, ' WHERE seq < 0', '')");
        EXPECT_THAT(events_of(directory), testing::SizeIs(whole.events.size()));
        EXPECT_THAT(fault(), HasSubstr("the index of the streams: does not lead to the events of the log")) << there;
    }
}

TEST_F(DamagedStore, whose_tail_was_cut_off_is_known_by_an_anchor_alone) {
    for (const int cut : {1, 2, 7, 20}) {
        heal();
        execute("DELETE FROM events WHERE id > " + std::to_string(std::ssize(whole.events) - cut) +
                "; DELETE FROM subject_keys WHERE first_event NOT IN (SELECT id FROM events)" +
                "; UPDATE saved_heads SET as_of = 0, recorded_at = 0, heads = x''");
        index_again();
        EXPECT_EQ(fault(), "") << "nothing that is left tells of it";
        EXPECT_THAT(fault(&whole.anchor), HasSubstr("events are missing that the anchor of 1970-01-01T00:00:00Z saw"));
    }
}

/// The log with another amount in one event, and every hash behind it made to fit.
TEST_F(DamagedStore, that_was_written_anew_is_known_by_an_anchor_alone) {
    std::string of_event;
    {
        const DataDirectory forged = DataDirectory::temporary();
        const auto original = SqliteEventStore::open_read_only(directory);
        const auto page = original->reader()->read_after({}, 100'000);
        {
            const auto store = SqliteEventStore::open(forged);
            for (const std::string& name : original->secret_names("")) store->put_secret(name, *original->secret(name));
            const auto writer = store->writer();
            writer->begin();
            for (std::size_t i = 0; i < page.events.size(); ++i) {
                EventRecord record = page.events[i];
                const auto amount = record.body.find("10000");
                if (record.type == "SettlementBooked" && of_event.empty() && amount != std::string::npos) {
                    record.body.replace(amount, 5, "10001");
                    of_event = "position " + std::to_string(record.position);
                }
                service::Append append{.stream = record.stream, .expected_version = record.seq - 1, .events = {record}};
                if (!page.wrapped_keys[i].empty()) append.new_wrapped_key = page.wrapped_keys[i];
                ASSERT_TRUE(writer->append(append));
            }
            writer->commit();
        }
        put_content(directory.database(), content_of(forged.database()));
    }
    ASSERT_NE(of_event, "");
    index_again();
    EXPECT_EQ(fault(), "") << "nothing that is left tells of it";
    EXPECT_THAT(fault(&whole.anchor), HasSubstr("saw: the log was written anew, here or before."));
}

TEST_F(DamagedStore, cut_short_anywhere_is_found) {
    for (std::size_t size = 0; size < whole.log.size(); size += 4096) {
        heal();
        put_content(directory.database(), std::string_view(whole.log).substr(0, size));
        EXPECT_NE(fault(), "") << size;
    }
}

TEST_F(DamagedStore, with_any_page_lost_is_found) {
    for (std::size_t at = 0; at < whole.log.size(); at += 4096)
        for (const char filling : {'\0', '\x5A'}) {
            heal();
            std::string damaged = whole.log;
            damaged.replace(at, 4096, 4096, filling);
            put_content(directory.database(), damaged);
            EXPECT_NE(fault(), "") << "page " << at / 4096 + 1;
        }
}

/// Some bits say nothing: of unused room, of counters that the engine sets anew. Whatever verify passes must still say
/// the same and take further events.
TEST_F(DamagedStore, with_any_bit_flipped_is_found_or_says_the_same) {
    const char* const wanted = std::getenv("SALDO_BIT_FLIPS");  // NOLINT(concurrency-mt-unsafe)
    const char* const seed = std::getenv("SALDO_SEED");         // NOLINT(concurrency-mt-unsafe)
    std::minstd_rand chance(seed != nullptr ? static_cast<unsigned>(std::atoi(seed)) : 1);
    const int flips = wanted != nullptr ? std::atoi(wanted) : 150;
    int found = 0, harmless = 0;
    for (int i = 0; i < flips; ++i) {
        heal();
        std::string damaged = whole.log;
        const auto at = chance() % damaged.size();
        const auto bit = chance() % 8;
        damaged[at] = static_cast<char>(static_cast<unsigned char>(damaged[at]) ^ (1U << bit));
        put_content(directory.database(), damaged);
        if (!fault().empty()) {
            ++found;
            continue;
        }
        ++harmless;
        EXPECT_EQ(exported(directory), whole.text) << "octet " << at << ", bit " << bit;
        const auto store = SqliteEventStore::open(directory);
        const auto writer = store->writer();
        for (const auto& end : whole.anchor.ends)
            EXPECT_EQ(writer->next_position(end.bucket), end.position + 1) << "octet " << at << ", bit " << bit;
    }
    std::cout << flips << " bits flipped: " << found << " found, " << harmless << " without meaning\n";
    EXPECT_GT(found, flips / 5);
}

}  // namespace

}  // namespace saldo::faults
