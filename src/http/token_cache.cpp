#include "http/token_cache.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <utility>

namespace saldo::http {
namespace {

/// Part of a digest as a number: its bytes are as good as random.
std::uint32_t number_at(const foundation::Digest& digest, std::size_t offset) {
    std::uint32_t number = 0;
    std::memcpy(&number, digest.data() + offset, sizeof number);
    return number;
}

}  // namespace

TokenCache::TokenCache(std::size_t tokens_max) : shards_(shard_count) {
    const std::size_t rows = (tokens_max + shard_count * ways - 1) / (shard_count * ways);
    for (Shard& shard : shards_) shard.rows.resize(std::max<std::size_t>(rows, 1));
}

CallerPtr TokenCache::find(const foundation::Digest& token, foundation::Instant now) const {
    const Shard& shard = shards_[number_at(token, 0) % shard_count];
    const std::lock_guard lock(shard.mutex);
    for (const Slot& slot : shard.rows[number_at(token, 4) % shard.rows.size()]) {
        if (slot.token == token) return now < slot.good_until ? slot.caller : nullptr;
    }
    return nullptr;
}

void TokenCache::put(const foundation::Digest& token, CallerPtr caller, foundation::Instant good_until) {
    Shard& shard = shards_[number_at(token, 0) % shard_count];
    const std::lock_guard lock(shard.mutex);
    Row& row = shard.rows[number_at(token, 4) % shard.rows.size()];
    // The same token, else a free slot (its time is the beginning of time), else the one that expires first.
    auto slot = std::ranges::find(row, token, &Slot::token);
    if (slot == row.end()) slot = std::ranges::min_element(row, {}, &Slot::good_until);
    *slot = {.token = token, .good_until = good_until, .caller = std::move(caller)};
}

}  // namespace saldo::http
