#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "foundation/calendar.hpp"
#include "projection/status.hpp"

namespace saldo::http {

enum class DocumentKind : std::uint8_t { transaction_status, order_status };

/// A status document as it goes out, ready for every answer that it may be part of. Never changes.
struct Document {
    std::string partner_id;  ///< whose purchase it is: nobody else may see it
    std::string json;
    std::string etag;                                ///< with its quotes
    std::string head;                                ///< of the answer that carries it, as `render_head` makes it
    std::string head_unchanged;                      ///< of the answer to who has it already
    std::optional<foundation::Instant> valid_until;  ///< by the business clock; nothing: until something is written
};
using DocumentPtr = std::shared_ptr<const Document>;

/// Rendered status documents of the purchases that are asked for most, within a bounded number of bytes.
///
/// A document is forgotten when something is written to its purchase. Who renders one takes a ticket before reading the
/// purchase, and a document whose ticket is older than the last write is not kept: so that nothing older than the
/// newest acknowledged write is ever given out. All functions may be called from any thread.
class DocumentCache {
  public:
    struct Key {
        std::string_view transaction_id;
        DocumentKind kind;
        projection::Include include;
    };
    /// The state of a purchase's writes at one moment.
    struct Ticket {
        std::uint64_t writes = 0;
    };

    /// 0 bytes: nothing is kept.
    explicit DocumentCache(std::size_t bytes_max);

    /// The document, if it is there and still holds at `now`.
    DocumentPtr find(const Key& key, foundation::Instant now);

    Ticket ticket(std::string_view transaction_id) const;
    /// Keeps the document, unless its purchase was written to since the ticket was taken.
    void put(const Key& key, DocumentPtr document, Ticket ticket);
    /// Something was written to the purchase. To be called when it is durable and before anybody is told.
    void forget(std::string_view transaction_id);

    struct Numbers {
        std::uint64_t hits = 0;
        std::uint64_t misses = 0;
        std::size_t purchases = 0;
        std::size_t bytes = 0;  ///< at most what the cache was made for
    };
    Numbers numbers() const;

  private:
    /// The documents of one purchase.
    struct Entry {
        std::string transaction_id;
        std::vector<std::pair<std::uint8_t, DocumentPtr>> documents;  ///< by `variant_of`
        std::size_t bytes = 0;
    };
    static constexpr std::size_t shard_count = 64;
    static constexpr std::size_t stripe_count = 64;

    /// Purchases that share a lock. A purchase's writes are counted together with those of its stripe: a document that
    /// is not kept though it could have been costs one rendering.
    struct alignas(64) Shard {
        mutable std::mutex guard;
        std::list<Entry> entries;  ///< the last used first
        std::unordered_map<std::string_view, std::list<Entry>::iterator> by_id;
        std::array<std::uint64_t, stripe_count> writes{};
        std::size_t bytes = 0;
        std::uint64_t hits = 0;
        std::uint64_t misses = 0;
    };

    static std::uint8_t variant_of(const Key& key);
    Shard& shard_of(std::size_t hash) { return shards_[hash % shard_count]; }
    const Shard& shard_of(std::size_t hash) const { return shards_[hash % shard_count]; }
    static std::size_t stripe_of(std::size_t hash) { return hash / shard_count % stripe_count; }
    /// Takes the purchase out; the caller lets go of it behind the lock.
    static std::list<Entry> taken(Shard& shard, std::list<Entry>::iterator entry);

    const std::size_t shard_bytes_max_;
    std::array<Shard, shard_count> shards_;
};

}  // namespace saldo::http
