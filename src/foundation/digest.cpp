#include "foundation/digest.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <cstring>
#include <memory>

#include "foundation/outcome.hpp"

namespace saldo::foundation {

namespace {

const unsigned char* octets(std::string_view bytes) {
    return reinterpret_cast<const unsigned char*>(bytes.data());
}

struct EndContext {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
    void operator()(EVP_MAC_CTX* context) const { EVP_MAC_CTX_free(context); }
};
using MacContext = std::unique_ptr<EVP_MAC_CTX, EndContext>;

MacContext hmac_context() {
    static EVP_MAC* const algorithm = EVP_MAC_fetch(nullptr, OSSL_MAC_NAME_HMAC, nullptr);
    MacContext context(EVP_MAC_CTX_new(algorithm));
    char name[] = "SHA256";
    const OSSL_PARAM digest[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0),
                                 OSSL_PARAM_construct_end()};
    ensure(context && EVP_MAC_CTX_set_params(context.get(), digest) == 1, "there is no HMAC");
    return context;
}

int nibble(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

}  // namespace

Digest sha256(std::string_view bytes) {
    // Looked up once: OpenSSL's SHA256() does it every time, which takes longer than the hash of a short text.
    static const EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    thread_local const std::unique_ptr<EVP_MD_CTX, EndContext> context(EVP_MD_CTX_new());
    Digest digest{};
    ensure(EVP_DigestInit_ex2(context.get(), algorithm, nullptr) == 1 &&
               EVP_DigestUpdate(context.get(), bytes.data(), bytes.size()) == 1 &&
               EVP_DigestFinal_ex(context.get(), digest.data(), nullptr) == 1,
           "SHA-256 failed");
    return digest;
}

Digest hmac_sha256(std::string_view key, std::string_view bytes) {
    // Made once a thread: to look up algorithm and digest takes ten times as long as to use them.
    thread_local const MacContext context = hmac_context();
    Digest digest{};
    std::size_t size = 0;
    const char* const key_octets = key.empty() ? "" : key.data();  // no key at all would be the one before
    ensure(EVP_MAC_init(context.get(), octets({key_octets, key.size()}), key.size(), nullptr) == 1 &&
               EVP_MAC_update(context.get(), octets(bytes), bytes.size()) == 1 &&
               EVP_MAC_final(context.get(), digest.data(), &size, digest.size()) == 1 && size == digest.size(),
           "HMAC failed");
    return digest;
}

bool equal_in_constant_time(std::string_view left, std::string_view right) {
    return left.size() == right.size() && CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

std::string_view bytes_of(const Digest& digest) {
    return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

std::optional<Digest> digest_of(std::string_view bytes) {
    Digest digest{};
    if (bytes.size() != digest.size()) return std::nullopt;
    std::memcpy(digest.data(), bytes.data(), digest.size());
    return digest;
}

std::string hex(std::string_view bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const char c : bytes) {
        const auto octet = static_cast<unsigned char>(c);
        text += digits[octet >> 4];
        text += digits[octet & 15];
    }
    return text;
}

std::optional<std::string> from_hex(std::string_view text) {
    if (text.size() % 2 != 0) return std::nullopt;
    std::string bytes;
    bytes.reserve(text.size() / 2);
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const int high = nibble(text[i]);
        const int low = nibble(text[i + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        bytes += static_cast<char>(high * 16 + low);
    }
    return bytes;
}

}  // namespace saldo::foundation
