#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "foundation/digest.hpp"
#include "foundation/id.hpp"

namespace saldo::store::sqlite {

/// The end of one bucket's hash chain.
struct Head {
    std::int64_t position = 0;  ///< of the newest event; 0: the bucket is empty
    foundation::Digest hash{};
    bool operator==(const Head&) const = default;
};

/// The ends of all hash chains, one for each bucket.
using Heads = std::vector<Head>;

/// The heads as bytes: bucket (2), position (8), hash (32) of each bucket that has events, numbers with their highest
/// byte first.
std::string packed(const Heads& heads);
/// The reverse. Throws StoreFailed for bytes that `packed` does not make.
Heads unpacked(std::string_view bytes);

}  // namespace saldo::store::sqlite
