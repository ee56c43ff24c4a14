#include "service/purchase_fold.hpp"

#include <algorithm>
#include <utility>

#include "foundation/outcome.hpp"
#include "ledger/event_codec.hpp"

namespace saldo::service {

using foundation::ensure;
using subject::Key;

namespace {

std::string context_of(std::string_view stream, std::int64_t seq) {
    return std::string(stream) + '/' + std::to_string(seq);
}

/// What a declined or refused command was answered with.
std::optional<ledger::Refusal> refusal_in(const ledger::Event& event) {
    if (const auto* declined = std::get_if<ledger::Declined>(&event)) return declined->refusal;
    if (const auto* refused = std::get_if<ledger::Refused>(&event)) return refused->refusal;
    return std::nullopt;
}

}  // namespace

std::optional<std::string> opened_texts(const EventRecord& record, const Key* key) {
    if (record.sealed.empty()) return "";
    if (!key) return std::nullopt;
    auto texts = subject::open(*key, context_of(record.stream.name, record.seq), record.sealed);
    ensure(texts.has_value(), "the sealed texts of an event do not open under the subject's key");
    return texts;
}

namespace {

ledger::Recorded recorded_by(decltype(ledger::decode)& decode, const EventRecord& record, const Key* key) {
    return {.seq = record.seq,
            .recorded_at = record.recorded_at,
            .effective_at = record.effective_at,
            .value_date = record.value_date,
            .actor = record.actor,
            .event = decode(record.type, record.schema_version, record.body, opened_texts(record, key))};
}

}  // namespace

ledger::Recorded recorded_of(const EventRecord& record, const Key* key) {
    return recorded_by(ledger::decode, record, key);
}

ledger::Recorded recorded_without_texts(const EventRecord& record, const Key* key) {
    return recorded_by(ledger::decode_without_texts, record, key);
}

std::optional<Key> unwrapped_key(const Key& master_key, std::string_view stream, std::string_view wrapped) {
    if (wrapped.empty()) return std::nullopt;
    const auto bytes = subject::open(master_key, "subject/" + std::string(stream), wrapped);
    ensure(bytes.has_value(), "a subject's key does not open under the master key");
    auto key = Key::of(*bytes);
    ensure(key.has_value(), "a subject's key has a wrong length");
    return key;
}

std::string wrapped_key(const Key& master_key, std::string_view stream, const Key& key) {
    return subject::seal(master_key, "subject/" + std::string(stream), key.bytes());
}

std::string sealed_texts(const Key& key, std::string_view stream, std::int64_t seq, std::string_view texts) {
    return texts.empty() ? std::string{} : subject::seal(key, context_of(stream, seq), texts);
}

void add(Purchase& purchase, const EventRecord& record) {
    ledger::Recorded recorded = recorded_of(record, purchase.subject_key ? &*purchase.subject_key : nullptr);
    if (purchase.transaction.id.empty()) purchase.transaction.id = record.stream.name;
    const std::optional<ledger::Refusal> refusal = refusal_in(recorded.event);
    ledger::evolve(purchase.transaction, std::move(recorded));
    if (!record.key.empty()) purchase.keys.push_back({record.key, record.fingerprint, record.seq, refusal});
    purchase.hashes.push_back(record.hash);
    purchase.last_recorded_at = record.recorded_at;
    if (purchase.transaction.erased) purchase.subject_key.reset();
}

std::int64_t end_of_decision(const StreamContent& content, std::int64_t seq) {
    for (const EventRecord& record : content.events)
        if (record.seq == seq + 1 && ledger::belongs_to_the_event_before(record.type)) ++seq;
    return seq;
}

Purchase purchase_of(const Key& master_key, const StreamName& stream, const StreamContent& content,
                     std::int64_t last_seq) {
    Purchase purchase;
    purchase.transaction.id = stream.name;
    purchase.subject_key = unwrapped_key(master_key, stream.name, content.wrapped_key);
    for (const EventRecord& record : content.events)
        if (record.seq <= last_seq) add(purchase, record);
    return purchase;
}

}  // namespace saldo::service
