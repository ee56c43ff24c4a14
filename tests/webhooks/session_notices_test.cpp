#include "service/session_notices.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "checkout/decide.hpp"
#include "checkout/event_codec.hpp"
#include "checkout/session_fixture.hpp"
#include "foundation/id.hpp"
#include "service/purchase_fold.hpp"
#include "store/memory/event_store.hpp"

namespace saldo::service {

namespace {

using checkout::Event;
using foundation::Instant;
using std::chrono::seconds;

const subject::Key master_key = *subject::Key::of(std::string(32, 'm'));
const std::string first = "46c13096-2615-4894-96af-48b55dcd5f26";
const std::string second = "cbc710ef-18d7-4454-8770-b14e315554ca";

StreamName stream_of(const std::string& session_id) {
    return {foundation::bucket_of_uuid(session_id), session_id};
}

class SessionNotices : public testing::Test {
  protected:
    store::memory::MemoryEventStore store;
    std::unique_ptr<LogWriter> writer = store.writer();
    NoticeSource source = session_notices(store, master_key);
    Instant now{seconds(1'780'674'096)};

    static subject::Key key_of(const std::string& session_id) {
        return *subject::Key::of(foundation::bytes_of(foundation::sha256(session_id)));
    }

    void happen(const std::string& session_id, const Event& event) {
        const StreamName stream = stream_of(session_id);
        const auto before = static_cast<std::int64_t>(store.reader()->read(stream).events.size());
        const auto encoded = checkout::encode(event);
        EventRecord record{.stream = stream,
                           .seq = before + 1,
                           .type = std::string(checkout::type_of(event)),
                           .schema_version = checkout::schema_version,
                           .recorded_at = now,
                           .effective_at = now,
                           .value_date = foundation::Zone::utc().day_of(now),
                           .actor = "buyer",
                           .body = encoded.body,
                           .sealed = sealed_texts(key_of(session_id), session_id, before + 1, encoded.texts)};
        Append append{.stream = stream, .expected_version = before, .events = {record}};
        if (before == 0) append.new_wrapped_key = wrapped_key(master_key, session_id, key_of(session_id));
        append.erases_key = std::holds_alternative<checkout::SubjectErased>(event);
        writer->begin();
        EXPECT_TRUE(writer->append(append));
        writer->commit();
        now += seconds(10);
    }
    /// Bytes that no version of Saldo wrote.
    void damage(const std::string& session_id) {
        const StreamName stream = stream_of(session_id);
        const auto before = static_cast<std::int64_t>(store.reader()->read(stream).events.size());
        Append append{.stream = stream,
                      .expected_version = before,
                      .events = {{.stream = stream,
                                  .seq = before + 1,
                                  .type = "BuyerActed",
                                  .schema_version = checkout::schema_version,
                                  .recorded_at = now,
                                  .effective_at = now,
                                  .value_date = foundation::Zone::utc().day_of(now),
                                  .actor = "buyer",
                                  .body = "nonsense"}}};
        writer->begin();
        EXPECT_TRUE(writer->append(append));
        writer->commit();
    }
    void make(const std::string& session_id, bool with_webhook = true) {
        checkout::Create create = checkout::create();
        create.urls.webhook.reset();
        if (with_webhook) create.urls.webhook = subject::Sealed("https://shop.example/hook?token=1");
        happen(session_id, checkout::decide(create));
    }
    std::vector<Notice> notices() { return source.read_after({}).notices; }
    /// `<first digits of the session>/<sequence> <status>`, one after another.
    std::string told() {
        std::string text;
        for (const Notice& one : notices())
            text += one.session_id.substr(0, 3) + '/' + std::to_string(one.sequence) + ' ' + one.session_status + "; ";
        return text;
    }
};

TEST_F(SessionNotices, are_the_changes_of_status_of_every_session_in_the_order_of_the_log) {
    make(first);
    EXPECT_EQ(told(), "");
    make(second);
    happen(second, checkout::PaymentMethodChosen{checkout::invoice});
    happen(first, checkout::BuyerActed{});
    happen(second, checkout::BuyerActed{});
    happen(first, checkout::SessionCanceled{});
    happen(second, checkout::SessionExpired{});
    EXPECT_EQ(told(), "cbc/1 IN_PROGRESS; 46c/1 IN_PROGRESS; 46c/2 CANCELED; cbc/2 EXPIRED; ");
}

TEST_F(SessionNotices, name_the_notice_of_the_session_before) {
    make(first);
    make(second);
    happen(first, checkout::PaymentMethodChosen{checkout::invoice});
    happen(second, checkout::PaymentMethodChosen{checkout::invoice});
    happen(first, checkout::SessionCanceled{});
    const auto all = notices();
    ASSERT_EQ(all.size(), 3U);
    EXPECT_EQ(all[0].previous_id, "");
    EXPECT_EQ(all[1].previous_id, "");
    EXPECT_EQ(all[2].previous_id, all[0].id);
    EXPECT_EQ(all[0].partner_id, checkout::create().partner_id);
    EXPECT_EQ(all[2].event_seq, 3);
    EXPECT_EQ(all[2].changed_at, now - seconds(10));
}

TEST_F(SessionNotices, are_the_same_however_often_and_in_whatever_pieces_the_log_is_read) {
    make(first);
    for (int i = 0; i < 3; ++i) make("0000000" + std::to_string(i) + "-2615-4894-96af-48b55dcd5f26");
    happen(first, checkout::PaymentMethodChosen{checkout::invoice});
    const auto begun = source.read_after({});
    happen(first, checkout::SessionCanceled{});
    const auto ended = source.read_after(begun.next);
    EXPECT_TRUE(ended.is_last);
    std::vector<Notice> pieces = begun.notices;
    pieces.insert(pieces.end(), ended.notices.begin(), ended.notices.end());
    EXPECT_EQ(pieces, notices());
    EXPECT_EQ(pieces, session_notices(store, master_key).read_after({}).notices);
    EXPECT_TRUE(source.read_after(ended.next).notices.empty());
}

TEST_F(SessionNotices, of_a_session_without_a_webhook_there_are_none) {
    make(first, false);
    happen(first, checkout::SessionCanceled{});
    EXPECT_EQ(told(), "");
}

TEST_F(SessionNotices, tell_the_record_as_it_was_then_whatever_happened_since) {
    make(first);
    const Instant created = now - seconds(10);
    happen(first, checkout::PaymentMethodChosen{checkout::invoice});
    happen(first, checkout::SessionCanceled{});
    const auto letter = source.letter_of(notices().at(0));
    ASSERT_TRUE(letter);
    EXPECT_EQ(letter->url, "https://shop.example/hook?token=1");
    EXPECT_EQ(letter->body, R"({"session_id":")" + first +
                                R"(","partner_transaction_id":"0123","shop_buyer_id":"MyShopBuyerID",)"
                                R"("session_status":"IN_PROGRESS","created_date":")" +
                                foundation::utc_text(created) + R"(","updated_date":")" +
                                foundation::utc_text(created + seconds(10)) + "\"}");
    EXPECT_NE(source.letter_of(notices().at(1))->body.find("\"CANCELED\""), std::string::npos);
}

TEST_F(SessionNotices, of_a_session_that_cannot_be_read_are_none_and_those_of_the_others_are_told) {
    make(first);
    happen(first, checkout::PaymentMethodChosen{checkout::invoice});
    const Notice notice = notices().at(0);
    make(second);
    damage(first);
    happen(second, checkout::SessionCanceled{});
    EXPECT_EQ(told(), "cbc/1 CANCELED; ");
    const auto page = source.read_after({});
    ASSERT_EQ(page.unreadable.size(), 1U);
    EXPECT_EQ(page.unreadable[0].session_id, first);
    EXPECT_FALSE(page.unreadable[0].why.empty());
    EXPECT_THROW(source.letter_of(notice), SessionUnreadable);
}

TEST_F(SessionNotices, cannot_be_sent_any_more_when_the_person_is_erased) {
    make(first);
    happen(first, checkout::SessionCanceled{});
    const Notice notice = notices().at(0);
    EXPECT_TRUE(source.letter_of(notice));
    happen(first, checkout::SubjectErased{});
    EXPECT_EQ(notices(), std::vector{notice});
    EXPECT_FALSE(source.letter_of(notice));
}

}  // namespace

}  // namespace saldo::service
