#include "http/document_cache.hpp"

#include <algorithm>
#include <functional>

namespace saldo::http {

using foundation::Instant;

namespace {

/// What a purchase takes beside its documents: nodes of the list and the table.
constexpr std::size_t entry_overhead = 256;
/// What a document takes beside its bytes.
constexpr std::size_t document_overhead = 256;

std::size_t hash_of(std::string_view transaction_id) {
    return std::hash<std::string_view>{}(transaction_id);
}

std::size_t bytes_of(const Document& document) {
    return document.partner_id.size() + document.json.size() + document.etag.size() + document.head.size() +
           document.head_unchanged.size() + document_overhead;
}

}  // namespace

DocumentCache::DocumentCache(std::size_t bytes_max) : shard_bytes_max_(bytes_max / shard_count) {}

std::uint8_t DocumentCache::variant_of(const Key& key) {
    const auto& include = key.include;
    const unsigned blocks = (include.basket ? 1U : 0U) | (include.payment_method ? 2U : 0U) |
                            (include.payment_status ? 4U : 0U) | (include.dunning_status ? 8U : 0U);
    return static_cast<std::uint8_t>(blocks | (key.kind == DocumentKind::order_status ? 16U : 0U));
}

std::list<DocumentCache::Entry> DocumentCache::taken(Shard& shard, std::list<Entry>::iterator entry) {
    std::list<Entry> out;
    shard.bytes -= entry->bytes;
    shard.by_id.erase(entry->transaction_id);
    out.splice(out.begin(), shard.entries, entry);
    return out;
}

DocumentPtr DocumentCache::find(const Key& key, Instant now) {
    const std::uint8_t variant = variant_of(key);
    Shard& shard = shard_of(hash_of(key.transaction_id));
    const std::lock_guard hold(shard.guard);
    const auto found = shard.by_id.find(key.transaction_id);
    if (found != shard.by_id.end()) {
        for (const auto& [kept, document] : found->second->documents) {
            if (kept != variant || (document->valid_until && now >= *document->valid_until)) continue;
            shard.entries.splice(shard.entries.begin(), shard.entries, found->second);
            ++shard.hits;
            return document;
        }
    }
    ++shard.misses;
    return nullptr;
}

DocumentCache::Ticket DocumentCache::ticket(std::string_view transaction_id) const {
    const std::size_t hash = hash_of(transaction_id);
    const Shard& shard = shard_of(hash);
    const std::lock_guard hold(shard.guard);
    return {shard.writes[stripe_of(hash)]};
}

void DocumentCache::put(const Key& key, DocumentPtr document, Ticket ticket) {
    const std::uint8_t variant = variant_of(key);
    const std::size_t hash = hash_of(key.transaction_id);
    const std::size_t bytes = bytes_of(*document);
    if (bytes + key.transaction_id.size() + entry_overhead > shard_bytes_max_) return;

    std::vector<std::list<Entry>> dropped;  // destroyed behind the lock
    Shard& shard = shard_of(hash);
    const std::lock_guard hold(shard.guard);
    if (shard.writes[stripe_of(hash)] != ticket.writes) return;

    auto found = shard.by_id.find(key.transaction_id);
    if (found == shard.by_id.end()) {
        shard.entries.push_front({.transaction_id = std::string(key.transaction_id),
                                  .documents = {},
                                  .bytes = key.transaction_id.size() + entry_overhead});
        const auto entry = shard.entries.begin();
        shard.bytes += entry->bytes;
        found = shard.by_id.emplace(entry->transaction_id, entry).first;
    } else {
        shard.entries.splice(shard.entries.begin(), shard.entries, found->second);
    }
    Entry& entry = *found->second;
    const auto same = std::ranges::find(entry.documents, variant, &std::pair<std::uint8_t, DocumentPtr>::first);
    std::size_t freed = 0;
    if (same == entry.documents.end()) {
        entry.documents.emplace_back(variant, std::move(document));
    } else {
        freed = bytes_of(*same->second);
        same->second = std::move(document);
    }
    entry.bytes = entry.bytes + bytes - freed;
    shard.bytes = shard.bytes + bytes - freed;
    // The one just used goes last, when it does not fit with all its variants.
    while (shard.bytes > shard_bytes_max_) dropped.push_back(taken(shard, std::prev(shard.entries.end())));
}

void DocumentCache::forget(std::string_view transaction_id) {
    const std::size_t hash = hash_of(transaction_id);
    std::list<Entry> dropped;  // destroyed behind the lock
    Shard& shard = shard_of(hash);
    const std::lock_guard hold(shard.guard);
    ++shard.writes[stripe_of(hash)];
    const auto found = shard.by_id.find(transaction_id);
    if (found != shard.by_id.end()) dropped = taken(shard, found->second);
}

DocumentCache::Numbers DocumentCache::numbers() const {
    Numbers sum;
    for (const Shard& shard : shards_) {
        const std::lock_guard hold(shard.guard);
        sum.hits += shard.hits;
        sum.misses += shard.misses;
        sum.purchases += shard.entries.size();
        sum.bytes += shard.bytes;
    }
    return sum;
}

}  // namespace saldo::http
