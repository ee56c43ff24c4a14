#include "http/tokens.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

#include "foundation/base64.hpp"
#include "foundation/json.hpp"
#include "foundation/json_writer.hpp"
#include "http/request_parser.hpp"
#include "http/scopes.hpp"

namespace saldo::http {
namespace {

using foundation::base64url;
using foundation::from_base64url;
using foundation::Instant;
using foundation::JsonDocument;
using foundation::JsonKind;
using foundation::JsonValue;

constexpr std::string_view token_type = "at+jwt";

static_assert(SigningKeys::overlap >= token_life + clock_skew, "a key is known as long as its last token holds");

struct Parts {
    std::string header;
    std::string claims;
};

/// Header and claims, decoded.
std::optional<Parts> parts_of(std::string_view token) {
    const auto first = token.find('.');
    if (first == std::string_view::npos) return std::nullopt;
    const auto second = token.find('.', first + 1);
    if (second == std::string_view::npos) return std::nullopt;
    auto header = from_base64url(token.substr(0, first));
    auto claims = from_base64url(token.substr(first + 1, second - first - 1));
    const auto signature = from_base64url(token.substr(second + 1));
    if (!header || !claims || !signature) return std::nullopt;
    return Parts{*std::move(header), *std::move(claims)};
}

std::optional<std::string_view> text_member(JsonValue object, std::string_view name) {
    const auto found = object.find(name);
    if (!found || found->kind() != JsonKind::string) return std::nullopt;
    return found->string();
}

bool is_access_token_type(std::string_view type) {
    constexpr std::string_view application = "application/";
    if (equal_names(type.substr(0, application.size()), application)) type.remove_prefix(application.size());
    return equal_names(type, token_type);
}

/// The key that the header names.
Outcome<RsaKey, TokenFault> key_of(std::string_view header, const SigningKeys& keys, Instant now) {
    const auto json = JsonDocument::parse(header);
    if (!json || json->root().kind() != JsonKind::object) return std::unexpected(TokenFault::malformed_header);
    const JsonValue root = json->root();
    if (text_member(root, "alg") != "RS256") return std::unexpected(TokenFault::wrong_algorithm);
    const auto type = text_member(root, "typ");
    if (!type || !is_access_token_type(*type)) return std::unexpected(TokenFault::wrong_type);
    const auto kid = text_member(root, "kid");
    if (root.size() > 2 + (root.find("kid") ? 1U : 0U)) return std::unexpected(TokenFault::unknown_header_member);
    auto key = kid ? keys.find(*kid, now) : std::nullopt;
    if (!key) return std::unexpected(TokenFault::unknown_key);
    return *std::move(key);
}

/// A NumericDate in whole seconds, of the years that our dates have.
std::optional<Instant> instant_of(JsonValue value) {
    constexpr std::int64_t end_of_2999 = 32'503'679'999;
    if (value.kind() != JsonKind::number) return std::nullopt;
    const auto seconds = value.integer();
    if (!seconds || *seconds < 0 || *seconds > end_of_2999) return std::nullopt;
    return Instant(std::chrono::seconds(*seconds));
}

struct Claims : TokenClaims {
    std::optional<Instant> not_before;
};

/// Nothing when a claim is missing, empty or of another type.
std::optional<Claims> claims_of(std::string_view text) {
    const auto json = JsonDocument::parse(text);
    if (!json || json->root().kind() != JsonKind::object) return std::nullopt;
    const JsonValue root = json->root();

    Claims claims;
    const auto take = [&](std::string_view name, std::string& into) {
        const auto member = text_member(root, name);
        if (!member || member->empty()) return false;
        into = *member;
        return true;
    };
    const auto take_date = [&](std::string_view name, auto& into) {
        const auto member = root.find(name);
        const auto instant = member ? instant_of(*member) : std::nullopt;
        if (!instant) return false;
        into = *instant;
        return true;
    };
    if (!take("iss", claims.issuer) || !take("aud", claims.audience) || !take("client_id", claims.client_id) ||
        !take("partner_id", claims.partner_id) || !take("jti", claims.token_id) ||
        !take_date("iat", claims.issued_at) || !take_date("exp", claims.expires_at))
        return std::nullopt;
    if (text_member(root, "sub") != claims.client_id) return std::nullopt;
    if (root.find("nbf") && !take_date("nbf", claims.not_before)) return std::nullopt;
    if (const auto scope = root.find("scope")) {
        if (scope->kind() != JsonKind::string) return std::nullopt;
        auto scopes = parse_scopes(scope->string());
        if (!scopes) return std::nullopt;
        claims.scopes = *std::move(scopes);
    }
    return claims;
}

std::int64_t seconds_of(Instant instant) {
    return std::chrono::floor<std::chrono::seconds>(instant).time_since_epoch().count();
}

}  // namespace

std::string sign_token(const TokenClaims& claims, const RsaKey& key) {
    foundation::JsonWriter json;
    json.begin_object();
    json.field("iss", claims.issuer).field("aud", claims.audience);
    json.field("sub", claims.client_id).field("client_id", claims.client_id).field("partner_id", claims.partner_id);
    json.field("iat", seconds_of(claims.issued_at)).field("exp", seconds_of(claims.expires_at));
    json.field("jti", claims.token_id);
    if (!claims.scopes.empty()) json.field("scope", scopes_text(claims.scopes));
    json.end_object();
    return key.sign(token_type, std::move(json).finish());
}

std::string new_token_id(service::Random& random) {
    return base64url(random.bytes(16));
}

std::string_view name_of(TokenFault fault) {
    switch (fault) {
        case TokenFault::too_large:
            return "too_large";
        case TokenFault::not_three_parts:
            return "not_three_parts";
        case TokenFault::malformed_header:
            return "malformed_header";
        case TokenFault::wrong_algorithm:
            return "wrong_algorithm";
        case TokenFault::wrong_type:
            return "wrong_type";
        case TokenFault::unknown_header_member:
            return "unknown_header_member";
        case TokenFault::unknown_key:
            return "unknown_key";
        case TokenFault::wrong_signature:
            return "wrong_signature";
        case TokenFault::malformed_claims:
            return "malformed_claims";
        case TokenFault::wrong_issuer:
            return "wrong_issuer";
        case TokenFault::not_valid_yet:
            return "not_valid_yet";
        case TokenFault::expired:
            return "expired";
    }
    return "";
}

Outcome<TokenClaims, TokenFault> verify_token(std::string_view token, const SigningKeys& keys, std::string_view issuer,
                                              Instant now) {
    if (token.size() > token_bytes_max) return std::unexpected(TokenFault::too_large);
    const auto parts = parts_of(token);
    if (!parts) return std::unexpected(TokenFault::not_three_parts);
    const auto key = key_of(parts->header, keys, now);
    if (!key) return std::unexpected(key.error());
    if (!key->signed_this(token)) return std::unexpected(TokenFault::wrong_signature);
    auto claims = claims_of(parts->claims);
    if (!claims) return std::unexpected(TokenFault::malformed_claims);
    if (claims->issuer != issuer) return std::unexpected(TokenFault::wrong_issuer);
    const auto starts_at = std::max(claims->issued_at, claims->not_before.value_or(claims->issued_at));
    if (starts_at > now + clock_skew) return std::unexpected(TokenFault::not_valid_yet);
    if (claims->expires_at + clock_skew <= now) return std::unexpected(TokenFault::expired);
    return static_cast<TokenClaims&&>(*claims);
}

}  // namespace saldo::http
