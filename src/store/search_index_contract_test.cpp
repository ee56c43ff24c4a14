// What every SearchIndex promises, whatever engine it stands on.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>

#include "service/search_index.hpp"
#include "store/data_directory.hpp"
#include "store/memory/search_index.hpp"
#include "store/sqlite/search_index.hpp"

namespace saldo::store {

namespace {

using foundation::Instant;
using service::AccountChange;
using service::DueEntry;
using service::LogCursor;
using service::SearchIndex;
using service::SearchTerm;

struct Ground {
    virtual ~Ground() = default;
    virtual std::unique_ptr<SearchIndex> open() = 0;
};

struct MemoryGround final : Ground {
    std::unique_ptr<SearchIndex> open() override { return std::make_unique<memory::MemorySearchIndex>(); }
};

struct SqliteGround final : Ground {
    DataDirectory directory = DataDirectory::temporary();
    std::unique_ptr<SearchIndex> open() override { return sqlite::SqliteSearchIndex::open(directory); }
};

struct Engine {
    std::string name;
    std::function<std::unique_ptr<Ground>()> ground;
};

SearchTerm term(const std::string& word, const std::string& transaction, const std::string& partner = "P1",
                const std::string& field = "reference") {
    return {.partner_id = partner, .word = word, .field = field, .transaction_id = transaction};
}

Instant at_second(int seconds) {
    return Instant(std::chrono::seconds(seconds));
}

class SearchIndexContract : public testing::TestWithParam<Engine> {
  protected:
    std::unique_ptr<Ground> ground = GetParam().ground();
    std::unique_ptr<SearchIndex> index = ground->open();

    void add(const std::vector<SearchTerm>& terms) { index->apply({.terms = terms, .changes = {}, .due = {}}, {"c"}); }
    /// Words found, with their transactions, one after another.
    std::string found(std::string_view word, std::string_view partner = "P1", const SearchTerm* after = nullptr,
                      int limit = 100) {
        std::string text;
        for (const SearchTerm& each : index->find(partner, word, after, limit))
            text += each.word + ":" + each.transaction_id + " ";
        return text;
    }
};

TEST_P(SearchIndexContract, begins_at_the_beginning_of_the_log) {
    EXPECT_EQ(index->cursor(), LogCursor{});
    EXPECT_TRUE(index->find("P1", "", nullptr, 10).empty());
    EXPECT_TRUE(index->sums("").empty());
    EXPECT_TRUE(index->due(at_second(1'000'000), 10).empty());
}

TEST_P(SearchIndexContract, keeps_the_place_it_has_come_to) {
    index->apply({}, {"17-ab"});
    EXPECT_EQ(index->cursor(), LogCursor{"17-ab"});
    index->apply({}, {"18-cd"});
    EXPECT_EQ(index->cursor(), LogCursor{"18-cd"});
}

TEST_P(SearchIndexContract, a_term_is_found_whole) {
    const SearchTerm whole{.partner_id = "P1", .word = "Order-4711", .field = "shop_order_id", .transaction_id = "T1"};
    add({whole});
    EXPECT_EQ(index->find("P1", "order", nullptr, 10), std::vector{whole});
}

TEST_P(SearchIndexContract, finds_by_the_beginning_of_a_word_whatever_its_case) {
    add({term("ORDER-4711", "T1"), term("order-4712", "T2"), term("Ordinary", "T3"), term("border", "T4")});
    EXPECT_EQ(found("oRdEr"), "ORDER-4711:T1 order-4712:T2 ");
    EXPECT_EQ(found("order-4712"), "order-4712:T2 ");
    EXPECT_EQ(found("order-47120"), "");
    EXPECT_EQ(found("4711"), "");
}

TEST_P(SearchIndexContract, case_does_not_count_beyond_english_letters_either) {
    add({term("MÜLLER", "T1"), term("Ångström", "T2"), term("ЗАКАЗ", "T3"), term("ΑΒΓ", "T4"), term("Łódź", "T5"),
         term("ŽIŽKA", "T6"), term("日本", "T7")});
    EXPECT_EQ(found("müll"), "MÜLLER:T1 ");
    EXPECT_EQ(found("ÅNGSTRÖM"), "Ångström:T2 ");
    EXPECT_EQ(found("заказ"), "ЗАКАЗ:T3 ");
    EXPECT_EQ(found("αβγ"), "ΑΒΓ:T4 ");
    EXPECT_EQ(found("łÓDŹ"), "Łódź:T5 ");
    EXPECT_EQ(found("žižka"), "ŽIŽKA:T6 ");
    EXPECT_EQ(found("日"), "日本:T7 ");
}

TEST_P(SearchIndexContract, signs_that_mean_something_to_an_engine_mean_themselves) {
    add({term("50%", "T1"), term("50_x", "T2"), term("50*", "T3"), term("it's", "T4")});
    EXPECT_EQ(found("50%"), "50%:T1 ");
    EXPECT_EQ(found("50_"), "50_x:T2 ");
    EXPECT_EQ(found("50*"), "50*:T3 ");
    EXPECT_EQ(found("it'"), "it's:T4 ");
}

TEST_P(SearchIndexContract, repeated_terms_count_once) {
    add({term("a", "T1"), term("a", "T1")});
    add({term("a", "T1")});
    EXPECT_EQ(found("a"), "a:T1 ");
}

TEST_P(SearchIndexContract, one_word_finds_every_transaction_that_has_it) {
    add({term("a", "T2"), term("a", "T1"), term("a", "T1", "P1", "another field")});
    EXPECT_EQ(found("a"), "a:T1 a:T1 a:T2 ");
}

TEST_P(SearchIndexContract, a_partner_finds_its_own_alone_and_an_operator_of_all_finds_all) {
    add({term("a", "T1", "P1"), term("b", "T2", "P2"), term("c", "T3", "P1"), term("d", "T4", "P3")});
    EXPECT_EQ(found("", "P1"), "a:T1 c:T3 ");
    EXPECT_EQ(found("", "P2"), "b:T2 ");
    EXPECT_EQ(found("", ""), "a:T1 b:T2 c:T3 d:T4 ");
    EXPECT_EQ(found("", "P4"), "");
}

TEST_P(SearchIndexContract, pages_follow_each_other_without_gap_or_repeat) {
    std::vector<SearchTerm> terms;
    for (int i = 0; i < 23; ++i)
        terms.push_back(term("word" + std::to_string(i % 5), "T" + std::to_string(i), i % 2 == 0 ? "P1" : "P2"));
    add(terms);
    for (const char* partner : {"P1", ""}) {
        std::vector<SearchTerm> walked;
        std::optional<SearchTerm> last;
        while (true) {
            const auto page = index->find(partner, "WORD", last ? &*last : nullptr, 4);
            EXPECT_LE(page.size(), 4U);
            if (page.empty()) break;
            walked.insert(walked.end(), page.begin(), page.end());
            last = page.back();
        }
        EXPECT_EQ(walked, index->find(partner, "word", nullptr, 100)) << partner;
    }
}

TEST_P(SearchIndexContract, sums_add_up_over_batches_each_account_and_currency_by_itself) {
    const auto change = [](const char* partner, const char* account, const char* currency, int debit, int credit) {
        return AccountChange{.partner_id = partner,
                             .account = account,
                             .currency = currency,
                             .debit_minor = debit,
                             .credit_minor = credit};
    };
    index->apply({.terms = {}, .changes = {change("P1", "receivable", "EUR", 100, 0)}, .due = {}}, {"1"});
    index->apply({.terms = {},
                  .changes = {change("P1", "receivable", "EUR", 20, 50), change("P1", "receivable", "CHF", 7, 0),
                              change("P1", "cash", "EUR", 0, 9), change("P2", "cash", "EUR", 1, 0)},
                  .due = {}},
                 {"2"});
    const std::vector first{change("P1", "receivable", "CHF", 7, 0), change("P1", "cash", "EUR", 0, 9),
                            change("P1", "receivable", "EUR", 120, 50)};
    EXPECT_EQ(index->sums("P1"), first);
    std::vector all = first;
    all.push_back(change("P2", "cash", "EUR", 1, 0));
    EXPECT_EQ(index->sums(""), all);
}

TEST_P(SearchIndexContract, is_read_as_a_whole_with_the_place_it_has_come_to) {
    const std::vector terms{term("a", "T1"), term("B", "T2", "P2"), term("c", "T1", "P1", "another field")};
    const AccountChange change{.partner_id = "P2", .account = "cash", .currency = "EUR", .debit_minor = 1};
    index->apply({.terms = terms, .changes = {change}, .due = {}}, {"17-ab"});
    std::vector<SearchTerm> read;
    const SearchIndex::Whole whole =
        index->read_whole([&](const SearchTerm& each) { read.push_back(each); }, [](const service::SessionRow&) {});
    EXPECT_THAT(read, testing::UnorderedElementsAreArray(terms));
    EXPECT_EQ(whole.cursor, LogCursor{"17-ab"});
    EXPECT_EQ(whole.sums, std::vector{change});
    index->apply({.terms = {term("d", "T4")}, .changes = {}, .due = {}}, {"18-cd"});
    int words = 0;
    EXPECT_EQ(index->read_whole([&](const SearchTerm&) { ++words; }, [](const service::SessionRow&) {}).cursor,
              LogCursor{"18-cd"});
    EXPECT_EQ(words, 4);
}

TEST_P(SearchIndexContract, what_is_due_comes_earliest_first_until_it_is_forgotten) {
    const DueEntry early{.at = at_second(1), .stream = "T2"};
    const DueEntry same{.at = at_second(1), .stream = "T3"};
    const DueEntry later{.at = at_second(2), .stream = "T1"};
    const DueEntry last{.at = at_second(3), .stream = "T2"};
    index->apply({.terms = {}, .changes = {}, .due = {last, same, early, later, early}}, {"1"});
    EXPECT_EQ(index->due(at_second(2), 10), (std::vector{early, same, later}));
    EXPECT_EQ(index->due(at_second(2), 2), (std::vector{early, same}));
    EXPECT_EQ(index->due(at_second(0), 10), std::vector<DueEntry>{});
    index->forget({early, later}, {{.at = at_second(4), .stream = "T2"}});
    EXPECT_EQ(index->due(at_second(9), 10), (std::vector{same, last, DueEntry{.at = at_second(4), .stream = "T2"}}));
    EXPECT_EQ(index->cursor(), LogCursor{"1"});
}

TEST_P(SearchIndexContract, the_sessions_of_a_day_come_in_order_of_creation_for_as_long_as_somebody_looks) {
    const auto row = [](const char* id, int created, const char* record = "{}") {
        return service::SessionRow{.partner_id = "P1",
                                   .created = at_second(created),
                                   .session_id = id,
                                   .record = record,
                                   .expires = at_second(created + 1800),
                                   .record_once_expired = "{expired}"};
    };
    service::SessionRow other = row("s0", 12);
    other.partner_id = "P2";
    service::SessionRow over = row("s1", 12, "{over}");
    over.expires.reset();
    over.record_once_expired.clear();
    index->apply({.terms = {},
                  .changes = {},
                  .due = {},
                  .sessions = {row("s9", 10), row("s1", 12), row("s3", 12), row("s2", 12), row("s4", 20), other}},
                 {"1"});
    index->apply({.terms = {}, .changes = {}, .due = {}, .sessions = {over}}, {"2"});
    const auto shown = [&](const service::SessionsWanted& wanted, int at_most) {
        std::string text;
        index->sessions(wanted, [&](const service::ListedSession& one) {
            text.append(text.empty() ? "" : " ").append(one.session_id).append(one.record);
            return --at_most > 0;
        });
        return text;
    };
    const service::SessionsWanted wanted{
        .partner_id = "P1", .from = at_second(10), .until = at_second(20), .as_of = at_second(1811)};
    EXPECT_EQ(shown(wanted, 10), "s9{expired} s1{over} s2{} s3{}");
    EXPECT_EQ(shown(wanted, 2), "s9{expired} s1{over}");
    service::SessionsWanted rest = wanted;
    rest.from = at_second(12);
    rest.after_id = "s1";
    EXPECT_EQ(shown(rest, 10), "s2{} s3{}");
    rest.as_of = at_second(1812);
    EXPECT_EQ(shown(rest, 10), "s2{expired} s3{expired}");
    int rows = 0;
    index->read_whole([](const SearchTerm&) {}, [&](const service::SessionRow&) { ++rows; });
    EXPECT_EQ(rows, 6);
    index->clear();
    EXPECT_EQ(shown(wanted, 10), "");
}

TEST_P(SearchIndexContract, cleared_it_begins_at_the_beginning_again) {
    index->apply({.terms = {term("a", "T1")},
                  .changes = {{.partner_id = "P1", .account = "cash", .currency = "EUR", .debit_minor = 1}},
                  .due = {{.at = at_second(1), .stream = "T1"}}},
                 {"1"});
    index->clear();
    EXPECT_EQ(index->cursor(), LogCursor{});
    EXPECT_EQ(found(""), "");
    EXPECT_TRUE(index->sums("").empty());
    EXPECT_TRUE(index->due(at_second(9), 10).empty());
}

INSTANTIATE_TEST_SUITE_P(Engines, SearchIndexContract,
                         testing::Values(Engine{"memory", [] { return std::make_unique<MemoryGround>(); }},
                                         Engine{"sqlite", [] { return std::make_unique<SqliteGround>(); }}),
                         [](const auto& engine) { return engine.param.name; });

}  // namespace

}  // namespace saldo::store
