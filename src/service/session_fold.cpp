#include "service/session_fold.hpp"

#include "checkout/event_codec.hpp"
#include "foundation/id.hpp"
#include "service/purchase_fold.hpp"

namespace saldo::service {

StreamName stream_of_session(std::string_view session_id) {
    return {foundation::bucket_of_uuid(session_id), std::string(session_id)};
}

bool is_session(const StreamName& stream) {
    return foundation::is_uuid(stream.name);
}

checkout::Recorded session_event_of(const EventRecord& record, const subject::Key* key) {
    return {.seq = record.seq,
            .recorded_at = record.recorded_at,
            .effective_at = record.effective_at,
            .value_date = record.value_date,
            .actor = record.actor,
            .event = checkout::decode(record.type, record.schema_version, record.body, opened_texts(record, key))};
}

std::vector<checkout::Recorded> session_events(LogReader& reader, std::string_view session_id) {
    std::vector<checkout::Recorded> events;
    for (const EventRecord& record : reader.read(stream_of_session(session_id)).events)
        events.push_back(session_event_of(record, nullptr));
    return events;
}

void add(CheckoutSession& session, const EventRecord& record) {
    if (session.session.id.empty()) session.session.id = record.stream.name;
    checkout::evolve(session.session, session_event_of(record, session.subject_key ? &*session.subject_key : nullptr));
    if (!record.key.empty())
        session.made_with =
            KeyUse{.key = record.key, .fingerprint = record.fingerprint, .seq = record.seq, .refusal = {}};
    if (session.session.erased) session.subject_key.reset();
}

CheckoutSession session_of(const subject::Key& master_key, const StreamName& stream, const StreamContent& content,
                           std::int64_t last_seq) {
    CheckoutSession session;
    session.session.id = stream.name;
    session.subject_key = unwrapped_key(master_key, stream.name, content.wrapped_key);
    for (const EventRecord& record : content.events)
        if (record.seq <= last_seq) add(session, record);
    return session;
}

}  // namespace saldo::service
