#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "subject/sealing.hpp"

namespace saldo::subject {

/// 64 bits of a text that nobody can foresee who does not know the key (SipHash-2-4): for comparing sets of texts that
/// others may have chosen. What must last, or stand alone for its text, is a foundation::Digest.
class KeyedHash {
  public:
    /// `purpose` keeps the hashes of one use apart from those of any other under the same key.
    KeyedHash(const Key& key, std::string_view purpose);
    std::uint64_t operator()(std::string_view text) const;

  private:
    std::array<unsigned char, 16> key_{};
};

}  // namespace saldo::subject
