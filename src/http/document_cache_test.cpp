#include "http/document_cache.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>

namespace saldo::http {

namespace {

using foundation::Instant;
using projection::Include;

const Instant now = *foundation::parse_instant("2020-03-10T12:00:00Z");
constexpr std::size_t megabyte = 1 << 20;

DocumentCache::Key key_of(std::string_view id, DocumentKind kind = DocumentKind::transaction_status,
                          Include include = Include::everything()) {
    return {.transaction_id = id, .kind = kind, .include = include};
}

DocumentPtr document(std::string json, std::optional<Instant> valid_until = std::nullopt) {
    Document made{.partner_id = "p",
                  .json = std::move(json),
                  .etag = {},
                  .head = {},
                  .head_unchanged = {},
                  .valid_until = valid_until};
    return std::make_shared<const Document>(std::move(made));
}

TEST(DocumentCache, gives_what_was_put) {
    DocumentCache cache(megabyte);
    EXPECT_EQ(cache.find(key_of("A"), now), nullptr);
    const auto kept = document("{}");
    cache.put(key_of("A"), kept, cache.ticket("A"));
    EXPECT_EQ(cache.find(key_of("A"), now), kept);
    EXPECT_EQ(cache.find(key_of("B"), now), nullptr);
    EXPECT_EQ(cache.numbers().hits, 1U);
    EXPECT_EQ(cache.numbers().misses, 2U);
}

TEST(DocumentCache, keeps_every_document_of_a_purchase_apart) {
    DocumentCache cache(megabyte);
    const auto whole = document("whole");
    const auto order = document("order");
    const auto basket = document("basket");
    cache.put(key_of("A"), whole, cache.ticket("A"));
    cache.put(key_of("A", DocumentKind::order_status), order, cache.ticket("A"));
    cache.put(key_of("A", DocumentKind::transaction_status, {.basket = true}), basket, cache.ticket("A"));
    EXPECT_EQ(cache.find(key_of("A"), now), whole);
    EXPECT_EQ(cache.find(key_of("A", DocumentKind::order_status), now), order);
    EXPECT_EQ(cache.find(key_of("A", DocumentKind::transaction_status, {.basket = true}), now), basket);
    EXPECT_EQ(cache.find(key_of("A", DocumentKind::order_status, {.basket = true}), now), nullptr);
    EXPECT_EQ(cache.numbers().purchases, 1U);
}

TEST(DocumentCache, forgets_every_document_of_a_purchase_that_is_written_to) {
    DocumentCache cache(megabyte);
    cache.put(key_of("A"), document("a"), cache.ticket("A"));
    cache.put(key_of("A", DocumentKind::order_status), document("b"), cache.ticket("A"));
    const auto other = document("c");
    cache.put(key_of("B"), other, cache.ticket("B"));
    cache.forget("A");
    EXPECT_EQ(cache.find(key_of("A"), now), nullptr);
    EXPECT_EQ(cache.find(key_of("A", DocumentKind::order_status), now), nullptr);
    EXPECT_EQ(cache.find(key_of("B"), now), other);
}

TEST(DocumentCache, does_not_keep_what_was_read_before_the_last_write) {
    DocumentCache cache(megabyte);
    const auto before = cache.ticket("A");
    cache.forget("A");
    cache.put(key_of("A"), document("old"), before);
    EXPECT_EQ(cache.find(key_of("A"), now), nullptr);
    const auto fresh = document("new");
    cache.put(key_of("A"), fresh, cache.ticket("A"));
    EXPECT_EQ(cache.find(key_of("A"), now), fresh);
}

TEST(DocumentCache, gives_a_document_until_time_alone_makes_it_wrong) {
    DocumentCache cache(megabyte);
    const auto kept = document("{}", now + std::chrono::seconds{1});
    cache.put(key_of("A"), kept, cache.ticket("A"));
    EXPECT_EQ(cache.find(key_of("A"), now), kept);
    EXPECT_EQ(cache.find(key_of("A"), now + std::chrono::seconds{1}), nullptr);
    const auto next = document("{}");
    cache.put(key_of("A"), next, cache.ticket("A"));
    EXPECT_EQ(cache.find(key_of("A"), now + std::chrono::seconds{1}), next);
}

TEST(DocumentCache, stays_within_its_bytes_and_drops_what_was_not_used_for_longest) {
    DocumentCache cache(megabyte);
    const std::string text(1000, 'x');
    for (int i = 0; i < 5000; ++i) {
        const std::string id = "T" + std::to_string(i);
        cache.put(key_of(id), document(text), cache.ticket(id));
        // The first is asked for all the time.
        EXPECT_NE(cache.find(key_of("T0"), now), nullptr) << i;
        ASSERT_LE(cache.numbers().bytes, megabyte);
    }
    EXPECT_GT(cache.numbers().bytes, megabyte * 9 / 10);
    EXPECT_NE(cache.find(key_of("T4999"), now), nullptr);
    EXPECT_EQ(cache.find(key_of("T1"), now), nullptr);
}

TEST(DocumentCache, counts_the_bytes_of_what_is_replaced_and_forgotten) {
    DocumentCache cache(megabyte);
    cache.put(key_of("A"), document(std::string(100, 'x')), cache.ticket("A"));
    const std::size_t small = cache.numbers().bytes;
    cache.put(key_of("A"), document(std::string(200, 'x')), cache.ticket("A"));
    EXPECT_EQ(cache.numbers().bytes, small + 100);
    cache.forget("A");
    EXPECT_EQ(cache.numbers().bytes, 0U);
}

TEST(DocumentCache, keeps_nothing_that_is_too_large_for_it) {
    DocumentCache cache(megabyte);
    cache.put(key_of("A"), document(std::string(megabyte, 'x')), cache.ticket("A"));
    EXPECT_EQ(cache.find(key_of("A"), now), nullptr);
    DocumentCache none(0);
    none.put(key_of("A"), document("{}"), none.ticket("A"));
    EXPECT_EQ(none.find(key_of("A"), now), nullptr);
}

TEST(DocumentCache, never_gives_out_less_than_what_was_acknowledged) {
    DocumentCache cache(megabyte);
    constexpr int writes = 3'000;
    std::atomic<int> stored{0};        // what a reader of the log finds
    std::atomic<int> acknowledged{0};  // what a client was told
    std::atomic<int> rounds{0};
    std::atomic<bool> ends{false};
    std::atomic<int> stale{0};

    const auto read = [&] {
        while (!ends) {
            ++rounds;
            const int told = acknowledged;
            if (const auto found = cache.find(key_of("A"), now)) {
                if (std::stoi(found->json) < told) ++stale;
                std::this_thread::yield();
                continue;
            }
            const auto ticket = cache.ticket("A");
            const int loaded = stored;
            std::this_thread::yield();  // here the write comes between reading and keeping
            cache.put(key_of("A"), document(std::to_string(loaded)), ticket);
        }
    };
    std::thread first(read);
    std::thread second(read);
    for (int i = 1; i <= writes; ++i) {
        stored = i;
        cache.forget("A");
        acknowledged = i;
        // The next write comes now while somebody reads for the cache, now when what was kept wrongly has been found.
        for (const int until = rounds + (i % 2 == 0 ? 1 : 4); rounds < until;) std::this_thread::yield();
    }
    ends = true;
    first.join();
    second.join();
    EXPECT_EQ(stale, 0);
}

}  // namespace

}  // namespace saldo::http
