// What `saldo verify` finds: a store with a few lives in it, then one thing changed.
#include "service/verify.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "app/demo.hpp"
#include "app/engine.hpp"
#include "app/os_random.hpp"
#include "foundation/id.hpp"
#include "terms/contract.hpp"

namespace saldo::app {

namespace {

using foundation::Digest;
using service::EventRecord;
using service::LogCursor;
using service::LogReader;
using service::SearchTerm;
using service::StreamContent;
using service::StreamName;
using service::Verified;
using ::testing::HasSubstr;

/// A log as a list that can be tampered with.
class ListedLog final : public LogReader {
  public:
    ListedLog() = default;
    explicit ListedLog(LogReader& original) {
        for (LogCursor at;;) {
            const Page page = original.read_after(at, 100);
            if (page.events.empty()) break;
            events.insert(events.end(), page.events.begin(), page.events.end());
            at = page.next;
        }
        for (const EventRecord& event : events) keys[event.stream.name] = original.read(event.stream).wrapped_key;
        end_ = original.end();
    }

    /// What somebody does who knows how hashes are made.
    void chain_again() {
        std::map<foundation::Bucket, std::pair<std::int64_t, Digest>> heads;
        for (EventRecord& event : events) {
            auto& [position, hash] = heads[event.stream.bucket];
            event.position = ++position;
            event.hash = hash = service::chained(hash, event);
        }
    }

    StreamContent read(const StreamName& stream) override {
        StreamContent content;
        for (const EventRecord& event : events)
            if (event.stream == stream) content.events.push_back(event);
        std::ranges::stable_sort(content.events, {}, &EventRecord::seq);
        if (!content.events.empty()) content.wrapped_key = keys[stream.name];
        return content;
    }
    std::vector<std::string> streams(foundation::Bucket bucket, std::string_view prefix) override {
        std::vector<std::string> names;
        for (const EventRecord& event : events)
            if (event.stream.bucket == bucket && event.stream.name.starts_with(prefix))
                names.push_back(event.stream.name);
        std::ranges::sort(names);
        const auto repeated = std::ranges::unique(names);
        names.erase(repeated.begin(), repeated.end());
        if (change_of_name)
            for (std::string& name : names) change_of_name(name);
        return names;
    }
    Page read_after(const LogCursor& cursor, int) override {
        if (cursor == end_) return {.events = {}, .wrapped_keys = {}, .next = cursor};
        if (cursor.text.empty()) {
            std::vector<std::string> beside;
            for (const EventRecord& event : events) beside.push_back(event.seq == 1 ? keys[event.stream.name] : "");
            return {.events = events, .wrapped_keys = std::move(beside), .next = end_};
        }
        throw service::CursorUnknown("this log has no such place");
    }
    LogCursor end() override { return end_; }
    std::int64_t count() override { return found_by_name.value_or(std::ssize(events)); }

    std::vector<EventRecord> events;
    std::optional<std::int64_t> found_by_name;         ///< what `count` is made to say
    std::function<void(std::string&)> change_of_name;  ///< what happens to a name that `streams` gives
    std::map<std::string, std::string> keys;

  private:
    LogCursor end_;
};

/// An index that answers through what a test does to its answers.
class TamperedIndex final : public service::SearchIndex {
  public:
    explicit TamperedIndex(service::SearchIndex& original) : original_(original) {}

    LogCursor cursor() override { return original_.cursor(); }
    void apply(const service::IndexBatch& batch, const LogCursor& cursor) override { original_.apply(batch, cursor); }
    std::vector<SearchTerm> find(std::string_view partner_id, std::string_view word, const SearchTerm* after,
                                 int limit) override {
        auto terms = original_.find(partner_id, word, after, limit);
        if (change_terms) change_terms(terms);
        return terms;
    }
    std::vector<service::AccountChange> sums(std::string_view partner_id) override {
        auto all = original_.sums(partner_id);
        if (change_sums) change_sums(all);
        return all;
    }
    Whole read_whole(const std::function<void(const SearchTerm&)>& each,
                     const std::function<void(const service::SessionRow&)>& each_session) override {
        std::vector<SearchTerm> terms;
        Whole whole = original_.read_whole([&](const SearchTerm& term) { terms.push_back(term); },
                                           [&](service::SessionRow row) {
                                               if (change_session) change_session(row);
                                               each_session(row);
                                           });
        if (change_terms) change_terms(terms);
        for (const SearchTerm& term : terms) each(term);
        if (change_sums) change_sums(whole.sums);
        return whole;
    }
    std::vector<service::DueEntry> due(foundation::Instant until, int limit) override {
        return original_.due(until, limit);
    }
    void sessions(const service::SessionsWanted& wanted, const service::SessionLook& look) override {
        original_.sessions(wanted, look);
    }
    void forget(const std::vector<service::DueEntry>& looked_at, const std::vector<service::DueEntry>& next) override {
        original_.forget(looked_at, next);
    }
    void clear() override { original_.clear(); }

    std::function<void(std::vector<SearchTerm>&)> change_terms;
    std::function<void(std::vector<service::AccountChange>&)> change_sums;
    std::function<void(service::SessionRow&)> change_session;

  private:
    service::SearchIndex& original_;
};

subject::Key some_key() {
    return *subject::Key::of(foundation::bytes_of(foundation::sha256("a master key")));
}

/// One store for all tests: it is only looked at.
class Lives {
  public:
    static Lives& instance() {
        static Lives lives;
        return lives;
    }

    store::DataDirectory directory = store::DataDirectory::temporary();
    OpenStore store{directory, some_key()};
    std::vector<DemoPurchase> purchases;

  private:
    Lives() {
        OsRandom random;
        const foundation::Instant end = *foundation::parse_instant("2020-05-01T12:00:00Z");
        service::SandboxClock clock(end - demo_length);
        Engine engine({.store = store, .clock = clock, .random = random});
        const std::string partner =
            engine.partners().add({.name = "Fruit House", .contract = terms::demo_contract()}, "test").value();
        engine.partners().change(partner, partner::AddShop{"shop", std::nullopt}, "test").value();
        purchases = live_demo(engine, clock, partner, "shop", end);
        engine.indexer().sums("");
    }
};

class Verify : public ::testing::Test {
  protected:
    Verify()
        : original(Lives::instance().store.events->reader()), log(*original), index(*Lives::instance().store.index) {}

    Verified verified() {
        return service::verify({.log = log,
                                .index = index,
                                .master_key = some_key(),
                                .purchases_at_hand = static_cast<std::size_t>(purchases_at_hand)});
    }
    std::string fault() {
        const Verified found = verified();
        return found.fault ? found.fault->where + ": " + found.fault->what : "";
    }
    EventRecord& event(std::string_view type) { return *std::ranges::find(log.events, type, &EventRecord::type); }

    std::unique_ptr<LogReader> original;
    ListedLog log;
    TamperedIndex index;
    int purchases_at_hand = 1000;
};

TEST_F(Verify, finds_nothing_in_a_store_that_nobody_touched) {
    EXPECT_EQ(fault(), "");
    const Verified found = verified();
    EXPECT_EQ(found.events, std::ssize(log.events));
    EXPECT_EQ(found.streams, 9);  // eight purchases and a partner
    EXPECT_EQ(service::verify({.log = *original, .index = index, .master_key = some_key()}).fault, std::nullopt);
}

TEST_F(Verify, finds_nothing_either_if_purchases_have_to_be_let_go_and_read_again) {
    purchases_at_hand = 1;
    EXPECT_EQ(fault(), "");
    EXPECT_EQ(verified().streams, 9);
}

TEST_F(Verify, finds_an_event_whose_body_was_changed) {
    EventRecord& captured = event("Captured");
    captured.body.replace(captured.body.find("17000"), 5, "17001");
    EXPECT_THAT(fault(), HasSubstr("has another hash than its content and the event before it give"));
    EXPECT_THAT(fault(), HasSubstr("(event 2 of " + captured.stream.name + ")"));
}

TEST_F(Verify, finds_any_change_of_an_envelope) {
    const std::vector<std::function<void(EventRecord&)>> changes{
        [](EventRecord& one) { one.type = "Declined"; },
        [](EventRecord& one) { one.schema_version = 2; },
        [](EventRecord& one) { one.effective_at += std::chrono::microseconds(1); },
        [](EventRecord& one) { one.value_date += foundation::Days(1); },
        [](EventRecord& one) { one.actor = "somebody else"; },
        [](EventRecord& one) { one.key = "k"; },
        [](EventRecord& one) { one.fingerprint = "f"; },
        [](EventRecord& one) { one.sealed += 'x'; },
        [](EventRecord& one) { one.hash[31] ^= 1; },
    };
    for (const auto& change : changes) {
        const EventRecord before = event("Authorised");
        change(event("Authorised"));
        EXPECT_THAT(fault(), HasSubstr("has another hash")) << (&change - changes.data());
        *std::ranges::find_if(log.events, [&](const EventRecord& one) {
            return one.stream == before.stream && one.seq == before.seq;
        }) = before;
    }
    EXPECT_EQ(fault(), "");
}

TEST_F(Verify, finds_an_event_that_is_missing_in_the_middle) {
    log.events.erase(std::ranges::find(log.events, "Authorised", &EventRecord::type));
    EXPECT_THAT(fault(), HasSubstr("does not follow position 0 of its bucket: events are missing or moved."));
}

TEST_F(Verify, finds_two_events_that_changed_places) {
    const auto captured = std::ranges::find(log.events, "Captured", &EventRecord::type);
    const auto later = std::ranges::find_if(captured + 1, log.events.end(),
                                            [&](const EventRecord& one) { return one.stream == captured->stream; });
    std::swap(*captured, *later);
    EXPECT_THAT(fault(), HasSubstr("does not follow position 1"));
}

// From here on the hashes are made to fit again, as somebody could do who has the database.

TEST_F(Verify, finds_time_that_goes_back) {
    event("Captured").recorded_at -= std::chrono::hours(24 * 30);
    log.chain_again();
    EXPECT_THAT(fault(), HasSubstr("before the event in front of it in the log."));
}

TEST_F(Verify, finds_a_gap_in_the_numbers_of_a_stream) {
    const auto captured = std::ranges::find(log.events, "Captured", &EventRecord::type);
    const std::string name = captured->stream.name;
    log.events.erase(captured);
    log.chain_again();
    EXPECT_THAT(fault(), HasSubstr("(event 3 of " + name + "): should be event 2 of its stream."));
}

TEST_F(Verify, finds_a_gap_in_the_numbers_of_a_stream_that_it_has_let_go) {
    const auto captured = std::ranges::find(log.events, "Captured", &EventRecord::type);
    const std::string name = captured->stream.name;
    log.events.erase(captured);
    log.chain_again();
    purchases_at_hand = 1;
    EXPECT_THAT(fault(), HasSubstr("(event 3 of " + name + "): should be event 2 of its stream."));
}

TEST_F(Verify, finds_a_partners_event_that_is_missing) {
    const auto added = std::ranges::find(log.events, "PartnerAdded", &EventRecord::type);
    const std::int64_t seq = added->seq;
    log.events.erase(added);
    log.chain_again();
    EXPECT_THAT(fault(), HasSubstr("should be event " + std::to_string(seq) + " of its stream."));
}

TEST_F(Verify, finds_a_stream_that_is_not_found_by_its_name) {
    log.change_of_name = [](std::string& name) {
        if (name.starts_with("partner/")) name += "2";
    };
    EXPECT_EQ(fault(), "the log: begins 9 streams, but by their names 9 others are found.");
    log.change_of_name = {};
    log.found_by_name = std::ssize(log.events) + 1;
    EXPECT_THAT(fault(), HasSubstr("the log: holds " + std::to_string(std::ssize(log.events)) +
                                   " events, but its streams hold " + std::to_string(*log.found_by_name)));
}

TEST_F(Verify, finds_a_subjects_key_that_is_gone_though_nobody_erased_it) {
    const std::string name = event("Authorised").stream.name;
    log.keys[name].clear();
    EXPECT_THAT(fault(), HasSubstr("stream " + name + ": has lost its subject's key, but was not erased."));
}

TEST_F(Verify, finds_a_subjects_key_that_outlived_an_erasure) {
    EventRecord erased = *std::ranges::find(log.events.rbegin(), log.events.rend(), "Authorised", &EventRecord::type);
    erased.type = "SubjectErased";
    erased.body = "{}";
    erased.sealed = "";
    erased.seq = std::ssize(log.read(erased.stream).events) + 1;
    erased.recorded_at = log.events.back().recorded_at;
    log.events.push_back(erased);
    log.chain_again();
    EXPECT_THAT(fault(), HasSubstr("stream " + erased.stream.name + ": was erased, but its subject's key is there."));
    log.keys[erased.stream.name].clear();
    EXPECT_EQ(fault(), "");
}

TEST_F(Verify, finds_an_amount_that_the_sums_do_not_know) {
    EventRecord& booked = event("SettlementBooked");
    booked.body.replace(booked.body.find("10000"), 5, "10001");
    log.chain_again();
    EXPECT_THAT(fault(), HasSubstr("has another sum than the events give"));
}

TEST_F(Verify, finds_a_seal_that_was_broken) {
    event("Authorised").sealed[40] ^= 1;
    log.chain_again();
    EXPECT_THAT(fault(), HasSubstr("do not open under the subject's key"));
}

TEST_F(Verify, finds_a_seal_that_was_put_under_another_event) {
    std::swap(event("Authorised").sealed,
              std::ranges::find_if(log.events.rbegin(), log.events.rend(), [](const EventRecord& one) {
                  return one.type == "Authorised";
              })->sealed);
    log.chain_again();
    EXPECT_THAT(fault(), HasSubstr("cannot be read or does not fit"));
}

TEST_F(Verify, finds_an_event_that_no_version_wrote) {
    event("Captured").body = R"({"id":"x"})";
    log.chain_again();
    EXPECT_THAT(fault(), HasSubstr("cannot be read or does not fit what was before: "));
}

TEST_F(Verify, finds_a_partner_that_cannot_be_read) {
    event("ShopAdded").type = "ShopMerged";
    log.chain_again();
    EXPECT_THAT(fault(), HasSubstr("is an event of the type ShopMerged, which this program does not know"));
}

TEST_F(Verify, finds_a_purchase_in_a_bucket_that_is_not_its_own) {
    const std::string name = event("Authorised").stream.name;
    for (EventRecord& one : log.events)
        if (one.stream.name == name) one.stream.bucket = static_cast<foundation::Bucket>(one.stream.bucket ^ 1);
    log.chain_again();
    EXPECT_THAT(fault(), HasSubstr("belongs into bucket " + std::to_string(foundation::bucket_of(name))));
}

TEST_F(Verify, finds_a_stream_that_is_nobodys) {
    for (EventRecord& one : log.events)
        if (one.stream.name.starts_with("partner/")) one.stream.name = "parner/x";
    log.chain_again();
    EXPECT_THAT(fault(), HasSubstr("stream parner/x: is neither a purchase's, a session's nor a partner's."));
}

TEST_F(Verify, finds_an_index_of_another_log) {
    log.events.pop_back();
    ListedLog other;
    other.events = log.events;
    other.keys = log.keys;
    other.chain_again();
    const Verified found = service::verify({.log = other, .index = index, .master_key = some_key()});
    ASSERT_TRUE(found.fault);
    EXPECT_EQ(found.fault->where, "the index");
}

TEST_F(Verify, finds_a_word_that_the_index_lost) {
    index.change_terms = [](std::vector<SearchTerm>& terms) {
        std::erase_if(terms, [](const SearchTerm& term) { return term.word == "demo-settled"; });
    };
    EXPECT_THAT(fault(), HasSubstr("is not found in the index by its partner_transaction_id"));
}

TEST_F(Verify, finds_a_word_that_the_index_made_up) {
    index.change_terms = [once = false](std::vector<SearchTerm>& terms) mutable {
        if (terms.size() > 4 && !std::exchange(once, true)) terms.insert(terms.begin(), terms.front());
    };
    EXPECT_THAT(fault(), HasSubstr(" words where the events give "));
}

TEST_F(Verify, finds_a_word_that_the_index_changed) {
    index.change_terms = [](std::vector<SearchTerm>& terms) { terms.back().word += 'x'; };
    EXPECT_THAT(fault(), HasSubstr("is not found in the index by its "));
}

TEST_F(Verify, finds_a_sum_that_is_wrong_missing_or_made_up) {
    index.change_sums = [](auto& sums) { ++sums.front().debit_minor; };
    EXPECT_THAT(fault(), HasSubstr("has another sum than the events give"));
    index.change_sums = [](auto& sums) { sums.pop_back(); };
    EXPECT_THAT(fault(), HasSubstr("has another sum than the events give"));
    index.change_sums = [](auto& sums) {
        auto more = sums.front();
        more.account = "treasure";
        sums.push_back(more);
    };
    EXPECT_THAT(fault(), HasSubstr("has a sum that no event gives"));
}

}  // namespace

}  // namespace saldo::app
