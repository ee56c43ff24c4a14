#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "checkout/event_codec.hpp"
#include "foundation/outcome.hpp"
#include "ledger/event_codec.hpp"
#include "service/event_store.hpp"
#include "service/lane.hpp"
#include "service/purchase_fold.hpp"

namespace saldo::service {

/// Records of one stream as they go into the log, one after another behind its version.
class Drafts {
  public:
    Drafts(StreamName stream, std::int64_t version, foundation::Instant now) : now_(now) {
        append_.stream = std::move(stream);
        append_.expected_version = version;
    }

    /// What time alone has brought about: it holds no texts.
    void add(const ledger::Recorded& due) { add(due.event, due.value_date, due.effective_at, due.actor); }
    void add(const checkout::Recorded& due) { add(due.event, due.value_date, due.effective_at, due.actor); }

    /// An event of the ledger's or of checkout's. Texts need a key.
    template <class Event>
    EventRecord& add(const Event& event, foundation::Day value_date, foundation::Instant effective_at,
                     const std::string& actor, const subject::Key* key = nullptr) {
        const ledger::EncodedEvent encoded = encode(event);
        foundation::ensure(encoded.texts.empty() || key, "texts of a person are stored under their key alone");
        const std::int64_t seq = next_seq();
        append_.events.push_back(
            {.stream = append_.stream,
             .seq = seq,
             .position = 0,
             .type = std::string(type_of(event)),
             .schema_version = version_of(event),
             .recorded_at = now_,
             .effective_at = effective_at,
             .value_date = value_date,
             .actor = actor,
             .key = {},
             .fingerprint = {},
             .body = encoded.body,
             .sealed = key ? sealed_texts(*key, append_.stream.name, seq, encoded.texts) : std::string{},
             .hash = {}});
        return append_.events.back();
    }

    std::int64_t next_seq() const { return append_.expected_version + std::ssize(append_.events) + 1; }
    bool is_empty() const { return append_.events.empty(); }
    Append take() && { return std::move(append_); }

  private:
    static int version_of(const ledger::Event&) { return ledger::schema_version; }
    static int version_of(const checkout::Event&) { return checkout::schema_version; }

    foundation::Instant now_;
    Append append_{};
};

}  // namespace saldo::service
