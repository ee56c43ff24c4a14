#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "foundation/calendar.hpp"
#include "foundation/digest.hpp"
#include "http/caller.hpp"

namespace saldo::http {

/// Tokens that were verified, by their SHA-256: whoever reads this memory finds no token in it. It never grows: a full
/// place gives up the token that expires first. May be used from several threads.
class TokenCache {
  public:
    /// Room for at least so many tokens.
    explicit TokenCache(std::size_t tokens_max);

    /// Who the token belongs to; null unless it was put in and still holds at `now`.
    CallerPtr find(const foundation::Digest& token, foundation::Instant now) const;

    /// Remembers the token until `good_until`.
    void put(const foundation::Digest& token, CallerPtr caller, foundation::Instant good_until);

  private:
    static constexpr std::size_t ways = 8;
    static constexpr std::size_t shard_count = 16;

    struct Slot {
        foundation::Digest token{};
        foundation::Instant good_until{};
        CallerPtr caller;  // null: free
    };
    /// Any token has its place in one row, wherever there is room in it.
    using Row = std::array<Slot, ways>;
    struct alignas(64) Shard {
        mutable std::mutex mutex;
        std::vector<Row> rows;
    };

    std::vector<Shard> shards_;
};

}  // namespace saldo::http
