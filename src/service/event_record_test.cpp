#include "service/event_record.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

namespace saldo::service {

namespace {

using foundation::Digest;

EventRecord example() {
    EventRecord record;
    record.stream = {.bucket = 0x6F2, .name = "6Z54V9SXRCRSKDXDGKZW"};
    record.seq = 2;
    record.position = 7;
    record.type = "Captured";
    record.schema_version = 1;
    record.recorded_at = foundation::Instant(std::chrono::microseconds(1'583'859'999'123'456));
    record.effective_at = foundation::Instant(std::chrono::microseconds(1'583'850'000'000'000));
    record.value_date = foundation::Day(std::chrono::days(18'331));
    record.actor = "client-1";
    record.key = "order-4711";
    record.fingerprint = std::string(32, 'f');
    record.body = R"({"amount":170})";
    record.sealed = "ciphertext";
    return record;
}

TEST(EventHash, covers_the_hash_before_it_and_every_part_of_the_event) {
    const Digest whole = chained(Digest{}, example());
    const std::vector<std::function<void(EventRecord&)>> changes{
        [](EventRecord& record) { record.stream.bucket = 1; },
        [](EventRecord& record) { record.stream.name += "0"; },
        [](EventRecord& record) { ++record.seq; },
        [](EventRecord& record) { ++record.position; },
        [](EventRecord& record) { record.type = "Refunded"; },
        [](EventRecord& record) { ++record.schema_version; },
        [](EventRecord& record) { record.recorded_at += std::chrono::microseconds(1); },
        [](EventRecord& record) { record.effective_at += std::chrono::microseconds(1); },
        [](EventRecord& record) { record.value_date += std::chrono::days(1); },
        [](EventRecord& record) { record.actor = "client-2"; },
        [](EventRecord& record) { record.key = ""; },
        [](EventRecord& record) { record.fingerprint = ""; },
        [](EventRecord& record) { record.body = R"({"amount":171})"; },
        [](EventRecord& record) { record.sealed = ""; },
    };
    for (std::size_t i = 0; i < changes.size(); ++i) {
        EventRecord changed = example();
        changes[i](changed);
        EXPECT_NE(chained(Digest{}, changed), whole) << "change " << i;
    }
    EXPECT_NE(chained(whole, example()), whole);
}

TEST(EventHash, does_not_cover_itself) {
    EventRecord hashed = example();
    hashed.hash = chained(Digest{}, hashed);
    EXPECT_EQ(chained(Digest{}, hashed), hashed.hash);
}

TEST(EventHash, two_events_whose_texts_run_into_each_other_differ) {
    EventRecord left = example();
    left.actor = "ab";
    left.key = "c";
    EventRecord right = example();
    right.actor = "a";
    right.key = "bc";
    EXPECT_NE(chained(Digest{}, left), chained(Digest{}, right));
}

// The figure was computed once outside of this program, from the description in event_record.hpp.
TEST(EventHash, is_for_good) {
    EXPECT_EQ(foundation::hex(foundation::bytes_of(chained(Digest{}, example()))),
              "4433e65d3e1dfb211c0678f735a1af006c4c4877c319bf354ec7574db87bb827");
}

}  // namespace

}  // namespace saldo::service
