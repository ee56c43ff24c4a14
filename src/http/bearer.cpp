#include "http/bearer.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "foundation/digest.hpp"
#include "http/problem.hpp"
#include "http/tokens.hpp"

namespace saldo::http {
namespace {

using foundation::Instant;

constexpr Denial no_credentials{Denial::Kind::no_credentials, "no_credentials"};
constexpr Denial malformed_credentials{Denial::Kind::malformed_credentials, "malformed_credentials"};

constexpr Denial invalid_token(std::string_view reason) {
    return {Denial::Kind::invalid_token, reason};
}

bool is_token_character(char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           std::string_view("-._~+/=").find(c) != std::string_view::npos;
}

/// What follows `Bearer` in the one `Authorization` field. Another scheme is as good as none (RFC 6750 section 3.1).
foundation::Outcome<std::string_view, Denial> token_of(const Request& request) {
    const Field* only = nullptr;
    for (const Field& field : request.fields) {
        if (!equal_names(field.name, "Authorization")) continue;
        if (only != nullptr) return std::unexpected(malformed_credentials);
        only = &field;
    }
    if (only == nullptr) return std::unexpected(no_credentials);
    const auto value = only->value;
    const auto scheme = value.substr(0, value.find(' '));
    if (!equal_names(scheme, "Bearer")) return std::unexpected(no_credentials);
    const auto token = trimmed(value.substr(scheme.size()));
    if (token.empty()) return std::unexpected(malformed_credentials);
    return token;
}

/// True when both are equal; takes the same time wherever they differ. In strides of eight bytes: tokens are long.
bool same_token(std::string_view left, std::string_view right) {
    if (left.size() != right.size()) return false;
    std::uint64_t difference = 0;
    for (std::size_t at = 0; at < left.size(); at += sizeof difference) {
        const std::size_t size = std::min(sizeof difference, left.size() - at);
        std::uint64_t one = 0, other = 0;
        std::memcpy(&one, left.data() + at, size);
        std::memcpy(&other, right.data() + at, size);
        difference |= one ^ other;
    }
    return difference == 0;
}

/// The digest of a token. Clients send the same one again and again: to compare it with what came lately takes a tenth
/// of the time that hashing takes.
foundation::Digest digest_of(std::string_view token) {
    struct Known {
        std::string token;
        foundation::Digest digest{};
    };
    constexpr std::size_t known_max = 64;
    constexpr std::size_t tail_size = 16;  // of the signature: as good as chance
    thread_local std::array<Known, known_max> known;
    const std::string_view tail = token.substr(token.size() - std::min(tail_size, token.size()));
    Known& place = known[std::hash<std::string_view>{}(tail) % known_max];
    if (!same_token(place.token, token)) place = {std::string(token), foundation::sha256(token)};
    return place.digest;
}

Caller caller_from(TokenClaims claims, partner::ClientKind kind, Api api) {
    return {.client_id = std::move(claims.client_id),
            .partner_id = std::move(claims.partner_id),
            .kind = kind,
            .scopes = std::move(claims.scopes),
            .api = api,
            .audience = std::move(claims.audience)};
}

}  // namespace

Response unauthorized(const Denial& denial) {
    Response response{.status = 401, .body = R"({"code":"INVALID_TOKEN"})"};
    std::string_view challenge;
    switch (denial.kind) {
        case Denial::Kind::no_credentials:
            challenge = R"(Bearer realm="saldo")";
            break;
        case Denial::Kind::malformed_credentials:
            challenge = R"(Bearer realm="saldo", error="invalid_request")";
            break;
        case Denial::Kind::invalid_token:
            challenge = R"(Bearer realm="saldo", error="invalid_token")";
            break;
    }
    response.fields.add("Content-Type", "application/json").add("Cache-Control", "no-store");
    response.fields.add("WWW-Authenticate", challenge);
    return response;
}

Response insufficient_scope(partner::Scope scope, std::string_view request_id) {
    const std::string name(partner::name_of(scope));
    Response response = problem_response({.status = 403,
                                          .code = "INSUFFICIENT_SCOPE",
                                          .detail = "This takes a client with the scope " + name + ".",
                                          .request_id = request_id});
    response.fields.add("WWW-Authenticate",
                        R"(Bearer realm="saldo", error="insufficient_scope", scope=")" + name + '"');
    return response;
}

BearerGate::BearerGate(const SigningKeys& keys, Directory directory, SystemTime now, Settings settings)
    : keys_(keys),
      directory_(std::move(directory)),
      now_(std::move(now)),
      issuer_(std::move(settings.issuer)),
      cache_(settings.remembered_tokens_max) {}

foundation::Outcome<CallerPtr, Denial> BearerGate::caller_of(const Request& request, Api api) const {
    const auto token = token_of(request);
    if (!token) return std::unexpected(token.error());
    // Before anything is computed over it.
    if (token->size() > token_bytes_max) return std::unexpected(invalid_token(name_of(TokenFault::too_large)));
    const Instant now = now_();
    const foundation::Digest digest = digest_of(*token);
    CallerPtr caller = cache_.find(digest, now);
    if (!caller) {
        auto fresh = verified(*token, digest, now);
        if (!fresh) return fresh;
        caller = *std::move(fresh);
    }
    // Asked every time, so that a client that is revoked is out at once.
    const auto directory = directory_();
    const auto* entry = directory->client(caller->client_id);
    if (entry == nullptr || entry->client->revoked) return std::unexpected(invalid_token("client_revoked"));
    if (caller->api != api) return std::unexpected(invalid_token("wrong_audience"));
    return caller;
}

foundation::Outcome<CallerPtr, Denial> BearerGate::verified(std::string_view token, const foundation::Digest& digest,
                                                            Instant now) const {
    // Only here: looking at every character would take longer than finding a token that was verified before.
    if (!std::ranges::all_of(token, is_token_character)) return std::unexpected(malformed_credentials);
    auto claims = verify_token(token, keys_, issuer_, now);
    if (!claims) return std::unexpected(invalid_token(name_of(claims.error())));
    const auto api = api_of_audience(claims->audience);
    if (!api) return std::unexpected(invalid_token("wrong_audience"));
    const auto directory = directory_();
    const auto* entry = directory->client(claims->client_id);
    if (entry == nullptr || entry->partner->id != claims->partner_id)
        return std::unexpected(invalid_token("client_unknown"));
    const Instant good_until = claims->expires_at + clock_skew;
    auto caller = std::make_shared<const Caller>(caller_from(*std::move(claims), entry->client->kind, *api));
    cache_.put(digest, caller, good_until);
    return caller;
}

}  // namespace saldo::http
