#include "http/rsa_key.hpp"

#include <cjose/cjose.h>
#include <openssl/crypto.h>

#include <array>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <stdexcept>

#include "foundation/base64.hpp"
#include "foundation/digest.hpp"
#include "foundation/json.hpp"
#include "foundation/json_writer.hpp"
#include "foundation/outcome.hpp"

namespace saldo::http {

using foundation::base64url;
namespace {

constexpr std::size_t key_bits = 2048;

[[noreturn]] void fail(std::string_view what, const cjose_err& error) {
    throw std::runtime_error(std::string(what) + ": " + (error.message != nullptr ? error.message : "unknown reason"));
}

struct Release {
    void operator()(cjose_jwk_t* key) const { cjose_jwk_release(key); }
    void operator()(cjose_header_t* header) const { cjose_header_release(header); }
    void operator()(cjose_jws_t* jws) const { cjose_jws_release(jws); }
};
using Header = std::unique_ptr<cjose_header_t, Release>;
using Jwk = std::unique_ptr<cjose_jwk_t, Release>;
using Jws = std::unique_ptr<cjose_jws_t, Release>;

enum class Part { public_part, whole };

std::string jwk_text(const cjose_jwk_t* key, Part part) {
    cjose_err error{};
    char* json = cjose_jwk_to_json(key, part == Part::whole, &error);
    if (json == nullptr) fail("a key cannot be written", error);
    std::string text = json;
    OPENSSL_cleanse(json, text.size());
    cjose_get_dealloc()(json);
    return text;
}

std::string_view member(const foundation::JsonDocument& jwk, std::string_view name) {
    const auto found = jwk.root().find(name);
    foundation::ensure(found && found->kind() == foundation::JsonKind::string, "a JSON Web Key of RSA has n and e");
    return found->string();
}

/// Whether both halves belong together: what the private part signs, the public part must verify.
bool is_whole(const cjose_jwk_t* key) {
    cjose_err error{};
    const Header header(cjose_header_new(&error));
    if (!header || !cjose_header_set(header.get(), CJOSE_HDR_ALG, CJOSE_HDR_ALG_RS256, &error)) return false;
    const std::array<std::uint8_t, 1> probe{0};
    const Jws jws(cjose_jws_sign(key, header.get(), probe.data(), probe.size(), &error));
    return jws && cjose_jws_verify(jws.get(), key, &error);
}

}  // namespace

struct RsaKey::Held {
    explicit Held(Jwk jwk);

    Jwk key;
    std::string kid;
    std::string public_jwk;
};

RsaKey::Held::Held(Jwk jwk) : key(std::move(jwk)) {
    const auto json = foundation::JsonDocument::parse(jwk_text(key.get(), Part::public_part));
    foundation::ensure(json.has_value(), "the library writes JSON");
    const std::string_view n = member(*json, "n");
    const std::string_view e = member(*json, "e");

    // RFC 7638: the required members in the order of their names, nothing else, no white space.
    foundation::JsonWriter thumbprint;
    thumbprint.begin_object().field("e", e).field("kty", "RSA").field("n", n).end_object();
    kid = base64url(foundation::bytes_of(foundation::sha256(std::move(thumbprint).finish())));

    foundation::JsonWriter published;
    published.begin_object().field("kty", "RSA").field("use", "sig").field("alg", "RS256");
    published.field("kid", kid).field("n", n).field("e", e).end_object();
    public_jwk = std::move(published).finish();
}

RsaKey::RsaKey(std::shared_ptr<const Held> held) : held_(std::move(held)) {}

const std::string& RsaKey::kid() const {
    return held_->kid;
}

const std::string& RsaKey::public_jwk() const {
    return held_->public_jwk;
}

RsaKey RsaKey::generate() {
    constexpr std::array<std::uint8_t, 3> exponent{1, 0, 1};
    cjose_err error{};
    Jwk key(cjose_jwk_create_RSA_random(key_bits, exponent.data(), exponent.size(), &error));
    if (!key) fail("no key can be made", error);
    return RsaKey(std::make_shared<const Held>(std::move(key)));
}

std::optional<RsaKey> RsaKey::from_private_jwk(std::string_view json) {
    cjose_err error{};
    Jwk key(cjose_jwk_import(json.data(), json.size(), &error));
    if (!key || cjose_jwk_get_kty(key.get(), &error) != CJOSE_JWK_KTY_RSA) return std::nullopt;
    if (cjose_jwk_get_keysize(key.get(), &error) != key_bits || !is_whole(key.get())) return std::nullopt;
    return RsaKey(std::make_shared<const Held>(std::move(key)));
}

std::string RsaKey::private_jwk() const {
    return jwk_text(held_->key.get(), Part::whole);
}

std::string RsaKey::sign(std::string_view type, std::string_view claims) const {
    cjose_err error{};
    const Header header(cjose_header_new(&error));
    if (!header || !cjose_header_set(header.get(), CJOSE_HDR_ALG, CJOSE_HDR_ALG_RS256, &error) ||
        !cjose_header_set(header.get(), "typ", std::string(type).c_str(), &error) ||
        !cjose_header_set(header.get(), CJOSE_HDR_KID, held_->kid.c_str(), &error))
        fail("a token's header cannot be made", error);
    const Jws jws(cjose_jws_sign(held_->key.get(), header.get(), reinterpret_cast<const std::uint8_t*>(claims.data()),
                                 claims.size(), &error));
    const char* token = nullptr;
    if (!jws || !cjose_jws_export(jws.get(), &token, &error)) fail("a token cannot be signed", error);
    return token;
}

bool RsaKey::signed_this(std::string_view token) const {
    cjose_err error{};
    const Jws jws(cjose_jws_import(token.data(), token.size(), &error));
    return jws && cjose_jws_verify(jws.get(), held_->key.get(), &error);
}

}  // namespace saldo::http
