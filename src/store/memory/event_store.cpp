#include "store/memory/event_store.hpp"

#include <algorithm>
#include <charconv>

#include "foundation/outcome.hpp"

namespace saldo::store::memory {

using foundation::Bucket;
using foundation::ensure;
using foundation::Instant;
using service::EventRecord;
using service::LogCursor;

namespace {

constexpr std::size_t mark_octets = 8;

LogCursor cursor_behind(std::size_t place, const EventRecord& record) {
    return {std::to_string(place + 1) + '-' +
            foundation::hex(foundation::bytes_of(record.hash).substr(0, mark_octets))};
}

}  // namespace

class MemoryLogReader final : public service::LogReader {
  public:
    explicit MemoryLogReader(MemoryEventStore& store) : store_(store) {}

    service::StreamContent read(const service::StreamName& stream) override {
        const std::lock_guard hold(store_.guard_);
        service::StreamContent content;
        const auto found = store_.streams_.find({stream.bucket, stream.name});
        if (found == store_.streams_.end()) return content;
        for (const std::size_t place : found->second.places) content.events.push_back(store_.log_[place]);
        content.wrapped_key = found->second.wrapped_key;
        return content;
    }

    std::vector<std::string> streams(Bucket bucket, std::string_view prefix) override {
        const std::lock_guard hold(store_.guard_);
        std::vector<std::string> names;
        for (auto at = store_.streams_.lower_bound({bucket, std::string(prefix)});
             at != store_.streams_.end() && at->first.first == bucket && at->first.second.starts_with(prefix); ++at)
            names.push_back(at->first.second);
        return names;
    }

    Page read_after(const LogCursor& cursor, int limit) override {
        const std::lock_guard hold(store_.guard_);
        std::size_t place = behind(cursor);
        Page page{.events = {}, .wrapped_keys = {}, .next = cursor};
        for (; place < store_.log_.size() && std::ssize(page.events) < limit; ++place) {
            const EventRecord& record = store_.log_[place];
            page.events.push_back(record);
            page.wrapped_keys.push_back(
                record.seq == 1 ? store_.streams_.at({record.stream.bucket, record.stream.name}).wrapped_key : "");
            page.next = cursor_behind(place, store_.log_[place]);
        }
        return page;
    }

    LogCursor end() override {
        const std::lock_guard hold(store_.guard_);
        return store_.log_.empty() ? LogCursor{} : cursor_behind(store_.log_.size() - 1, store_.log_.back());
    }

    std::int64_t count() override {
        const std::lock_guard hold(store_.guard_);
        std::int64_t events = 0;
        for (const auto& [name, stream] : store_.streams_) events += std::ssize(stream.places);
        return events;
    }

  private:
    std::size_t behind(const LogCursor& cursor) const {
        if (cursor.text.empty()) return 0;
        std::size_t count = 0;
        std::from_chars(cursor.text.data(), cursor.text.data() + cursor.text.size(), count);
        if (count < 1 || count > store_.log_.size() || cursor_behind(count - 1, store_.log_[count - 1]) != cursor)
            throw service::CursorUnknown("The log has no place \"" + cursor.text + "\".");
        return count;
    }

    MemoryEventStore& store_;
};

class MemoryLogWriter final : public service::LogWriter {
  public:
    explicit MemoryLogWriter(MemoryEventStore& store) : store_(store) {}

    void begin() override { ensure(appends_.empty(), "a batch begins within another"); }

    Instant last_recorded_at() override {
        if (!appends_.empty()) return appends_.back().events.back().recorded_at;
        const std::lock_guard hold(store_.guard_);
        return store_.log_.empty() ? Instant{} : store_.log_.back().recorded_at;
    }

    std::int64_t next_position(Bucket bucket) override {
        const std::lock_guard hold(store_.guard_);
        const EventRecord* const newest = newest_in(bucket);
        return newest != nullptr ? newest->position + 1 : 1;
    }

    bool append(service::Append& append) override {
        const Instant recorded_at = last_recorded_at();
        const std::lock_guard hold(store_.guard_);
        if (version_of(append.stream) != append.expected_version) return false;
        require_order(append, recorded_at);
        const EventRecord* newest = newest_in(append.stream.bucket);
        for (EventRecord& record : append.events) {
            record.position = newest != nullptr ? newest->position + 1 : 1;
            record.hash = service::chained(newest != nullptr ? newest->hash : foundation::Digest{}, record);
            newest = &record;
        }
        appends_.push_back(append);
        return true;
    }

    void commit() override {
        const std::lock_guard hold(store_.guard_);
        for (service::Append& append : appends_) {
            MemoryEventStore::Stream& stream = store_.streams_[{append.stream.bucket, append.stream.name}];
            for (EventRecord& record : append.events) {
                stream.places.push_back(store_.log_.size());
                store_.newest_[record.stream.bucket] = store_.log_.size();
                store_.log_.push_back(std::move(record));
            }
            if (append.new_wrapped_key) stream.wrapped_key = std::move(*append.new_wrapped_key);
            if (append.erases_key) stream.wrapped_key.clear();
        }
        appends_.clear();
    }

    void rollback() override { appends_.clear(); }

  private:
    static void require_order(const service::Append& append, Instant recorded_at) {
        ensure(!append.events.empty(), "an append without events");
        ensure(!append.new_wrapped_key || append.expected_version == 0, "a new key for a stream that is not new");
        std::int64_t seq = append.expected_version;
        for (const EventRecord& record : append.events) {
            ensure(record.stream == append.stream && record.seq == ++seq,
                   "an append whose events do not follow each other");
            ensure(record.recorded_at >= recorded_at, "an event is recorded before the one in front of it");
            recorded_at = record.recorded_at;
        }
    }

    std::int64_t version_of(const service::StreamName& stream) const {
        for (auto at = appends_.rbegin(); at != appends_.rend(); ++at)
            if (at->stream == stream) return at->events.back().seq;
        const auto found = store_.streams_.find({stream.bucket, stream.name});
        return found != store_.streams_.end() ? std::ssize(found->second.places) : 0;
    }

    const EventRecord* newest_in(Bucket bucket) const {
        for (auto at = appends_.rbegin(); at != appends_.rend(); ++at)
            if (at->stream.bucket == bucket) return &at->events.back();
        const auto found = store_.newest_.find(bucket);
        return found != store_.newest_.end() ? &store_.log_[found->second] : nullptr;
    }

    MemoryEventStore& store_;
    std::vector<service::Append> appends_;
};

std::unique_ptr<service::LogReader> MemoryEventStore::reader() {
    return std::make_unique<MemoryLogReader>(*this);
}

std::unique_ptr<service::LogWriter> MemoryEventStore::writer() {
    return std::make_unique<MemoryLogWriter>(*this);
}

std::optional<std::string> MemoryEventStore::secret(std::string_view name) {
    const std::lock_guard hold(guard_);
    const auto found = secrets_.find(name);
    if (found == secrets_.end()) return std::nullopt;
    return found->second;
}

std::vector<std::string> MemoryEventStore::secret_names(std::string_view prefix) {
    const std::lock_guard hold(guard_);
    std::vector<std::string> names;
    for (auto at = secrets_.lower_bound(prefix); at != secrets_.end() && at->first.starts_with(prefix); ++at)
        names.push_back(at->first);
    return names;
}

void MemoryEventStore::put_secret(std::string_view name, std::string_view wrapped) {
    const std::lock_guard hold(guard_);
    secrets_[std::string(name)] = wrapped;
}

void MemoryEventStore::remove_secret(std::string_view name) {
    const std::lock_guard hold(guard_);
    secrets_.erase(std::string(name));
}

}  // namespace saldo::store::memory
