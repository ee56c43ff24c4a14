#include "subject/keyed_hash.hpp"

#include <sodium.h>

#include <algorithm>
#include <bit>

#include "foundation/digest.hpp"

namespace saldo::subject {

KeyedHash::KeyedHash(const Key& key, std::string_view purpose) {
    static_assert(std::tuple_size_v<decltype(key_)> == crypto_shorthash_KEYBYTES);
    const foundation::Digest derived = foundation::hmac_sha256(key.bytes(), purpose);
    std::copy_n(derived.begin(), key_.size(), key_.begin());
}

std::uint64_t KeyedHash::operator()(std::string_view text) const {
    std::array<unsigned char, crypto_shorthash_BYTES> hash{};
    crypto_shorthash(hash.data(), reinterpret_cast<const unsigned char*>(text.data()), text.size(), key_.data());
    return std::bit_cast<std::uint64_t>(hash);
}

}  // namespace saldo::subject
