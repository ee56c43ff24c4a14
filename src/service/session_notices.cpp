#include "service/session_notices.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "checkout/record.hpp"
#include "foundation/outcome.hpp"
#include "service/purchase_fold.hpp"
#include "service/session_fold.hpp"

namespace saldo::service {

namespace {

constexpr int page_size = 500;

/// A session's stream as the webhooks see it.
struct ToldSession {
    std::string partner_id;
    std::optional<subject::Sealed> url;
    std::vector<checkout::StatusChange> changes;  ///< without the creation
};

ToldSession told_session(const StreamName& stream, const StreamContent& content, const subject::Key* key) {
    std::vector<checkout::Recorded> events;
    events.reserve(content.events.size());
    for (const EventRecord& record : content.events) events.push_back(session_event_of(record, key));
    ToldSession told;
    if (events.empty()) return told;
    if (const auto* created = std::get_if<checkout::SessionCreated>(&events.front().event)) {
        told.partner_id = created->partner_id;
        told.url = created->urls.webhook;
    }
    told.changes = checkout::status_changes(events, stream.name);
    std::erase_if(told.changes, [](const auto& change) { return change.status == checkout::SessionStatus::created; });
    return told;
}

/// The session's notices, by the event they tell of.
std::map<std::int64_t, Notice> notices_of(const StreamName& stream, const StreamContent& content) {
    // Whether there is a URL, and every status, stand in the open: no key is needed.
    const ToldSession told = told_session(stream, content, nullptr);
    std::map<std::int64_t, Notice> notices;
    if (!told.url) return notices;
    std::string previous_id;
    std::int64_t sequence = 0;
    for (const checkout::StatusChange& change : told.changes) {
        const EventRecord& record = content.events.at(static_cast<std::size_t>(change.seq - 1));
        Notice notice{.id = delivery_id(record.hash),
                      .previous_id = previous_id,
                      .sequence = ++sequence,
                      .partner_id = told.partner_id,
                      .session_id = stream.name,
                      .event_seq = change.seq,
                      .session_status = std::string(checkout::name_of(change.status)),
                      .changed_at = change.at};
        previous_id = notice.id;
        notices.emplace(change.seq, std::move(notice));
    }
    return notices;
}

/// What `read` gives of a session. Throws SessionUnreadable where this one stream is at fault and not the store.
template <class Read>
auto unless_unreadable(const Read& read) {
    try {
        return read();
    } catch (const StoreDamaged& damaged) {
        throw SessionUnreadable(damaged.what());
    } catch (const foundation::BrokenInvariant& broken) {
        throw SessionUnreadable(broken.what());
    }
}

NoticeSource::Page read_page(LogReader& reader, const LogCursor& cursor) {
    const LogReader::Page read = reader.read_after(cursor, page_size);
    NoticeSource::Page page{.notices = {}, .next = read.next, .is_last = std::ssize(read.events) < page_size};
    std::map<std::string, std::map<std::int64_t, Notice>> sessions;
    const auto read_session = [&](const StreamName& stream) {
        try {
            return unless_unreadable([&] { return notices_of(stream, reader.read(stream)); });
        } catch (const SessionUnreadable& unreadable) {
            page.unreadable.push_back({stream.name, unreadable.what()});
            return std::map<std::int64_t, Notice>{};
        }
    };
    for (const EventRecord& record : read.events) {
        if (!is_session(record.stream)) continue;
        auto session = sessions.find(record.stream.name);
        if (session == sessions.end())
            session = sessions.emplace(record.stream.name, read_session(record.stream)).first;
        const auto notice = session->second.find(record.seq);
        if (notice != session->second.end()) page.notices.push_back(notice->second);
    }
    return page;
}

std::optional<NoticeSource::Letter> letter_of(LogReader& reader, const subject::Key& master_key, const Notice& notice) {
    const StreamName stream = stream_of_session(notice.session_id);
    const StreamContent content = reader.read(stream);
    const auto key = unwrapped_key(master_key, stream.name, content.wrapped_key);
    if (!key) return std::nullopt;
    const ToldSession told = told_session(stream, content, &*key);
    const auto change = std::ranges::find(told.changes, notice.event_seq, &checkout::StatusChange::seq);
    if (change == told.changes.end() || !told.url || told.url->is_erased()) return std::nullopt;
    return NoticeSource::Letter{.url = std::string(told.url->text()), .body = change->record};
}

}  // namespace

NoticeSource session_notices(EventStore& store, subject::Key master_key) {
    const std::shared_ptr<LogReader> reader = store.reader();
    return {.read_after = [reader](const LogCursor& cursor) { return read_page(*reader, cursor); },
            .letter_of =
                [reader, key = std::move(master_key)](const Notice& notice) {
                    return unless_unreadable([&] { return letter_of(*reader, key, notice); });
                }};
}

}  // namespace saldo::service
