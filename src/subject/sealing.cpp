#include "subject/sealing.hpp"

#include <sodium.h>

#include <algorithm>

#include "foundation/digest.hpp"
#include "foundation/outcome.hpp"

namespace saldo::subject {

namespace {

constexpr std::size_t nonce_size = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t tag_size = crypto_aead_xchacha20poly1305_ietf_ABYTES;

const unsigned char* octets(std::string_view bytes) {
    return reinterpret_cast<const unsigned char*>(bytes.data());
}
unsigned char* octets(std::string& bytes) {
    return reinterpret_cast<unsigned char*>(bytes.data());
}

}  // namespace

std::optional<Key> Key::of(std::string_view bytes) {
    if (bytes.size() != size) return std::nullopt;
    Key key;
    std::ranges::copy(bytes, key.bytes_.begin());
    return key;
}

Key::~Key() {
    sodium_memzero(bytes_.data(), bytes_.size());
}

std::string seal(const Key& key, std::string_view context, std::string_view text) {
    std::string source = std::to_string(context.size()) + ':';
    source += context;
    source += text;
    const auto derived = foundation::hmac_sha256(key.bytes(), source);
    std::string sealed(foundation::bytes_of(derived).substr(0, nonce_size));
    sealed.resize(nonce_size + text.size() + tag_size);
    unsigned long long written = 0;
    const int failed = crypto_aead_xchacha20poly1305_ietf_encrypt(octets(sealed) + nonce_size, &written, octets(text),
                                                                  text.size(), octets(context), context.size(), nullptr,
                                                                  octets(sealed), octets(key.bytes()));
    foundation::ensure(failed == 0 && written == text.size() + tag_size, "sealing failed");
    return sealed;
}

std::optional<std::string> open(const Key& key, std::string_view context, std::string_view sealed) {
    if (sealed.size() < nonce_size + tag_size) return std::nullopt;
    std::string text(sealed.size() - nonce_size - tag_size, '\0');
    unsigned long long written = 0;
    const int failed = crypto_aead_xchacha20poly1305_ietf_decrypt(
        octets(text), &written, nullptr, octets(sealed) + nonce_size, sealed.size() - nonce_size, octets(context),
        context.size(), octets(sealed), octets(key.bytes()));
    if (failed != 0) return std::nullopt;
    return text;
}

}  // namespace saldo::subject
