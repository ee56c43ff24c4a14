#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "foundation/calendar.hpp"
#include "foundation/outcome.hpp"
#include "http/signing_keys.hpp"
#include "partner/partner.hpp"
#include "service/random.hpp"

namespace saldo::http {

using foundation::Outcome;

/// From being issued until it expires.
constexpr std::chrono::seconds token_life{1800};
/// How far the clocks of two machines may differ before a token counts as expired or not valid yet.
constexpr std::chrono::seconds clock_skew{5};
constexpr std::size_t token_bytes_max = 8192;

/// What an access token says (RFC 9068): who may call which API, for whom, and how long.
struct TokenClaims {
    std::string issuer;                  ///< `iss`: the `public_url` of the installation that made it
    std::string audience;                ///< `aud`: as it was asked for
    std::string client_id;               ///< `client_id` and `sub`
    std::string partner_id;              ///< `partner_id`: `partner::every_partner` for the operator's own clients
    std::vector<partner::Scope> scopes;  ///< `scope`: of an operator client
    std::string token_id;                ///< `jti`
    foundation::Instant issued_at;       ///< `iat`, a whole second
    foundation::Instant expires_at;      ///< `exp`, a whole second
    bool operator==(const TokenClaims&) const = default;
};

/// The claims as a signed JSON Web Token, `typ: at+jwt`.
std::string sign_token(const TokenClaims& claims, const RsaKey& key);

/// A new `jti`: 128 random bits.
std::string new_token_id(service::Random& random);

/// Why a text is no token of ours that holds now. The order is the order of precedence. Outside they all look the same.
enum class TokenFault : std::uint8_t {
    too_large,
    not_three_parts,        ///< of base64url without padding
    malformed_header,       ///< no JSON object, or a name twice
    wrong_algorithm,        ///< not RS256: `none`, a MAC with the public key's text, another signature of the same key
    wrong_type,             ///< not `at+jwt`: a token made for something else
    unknown_header_member,  ///< beside `alg`, `typ` and `kid`, such as `crit`, or `jku`, `jwk`, `x5c`, `x5u` that bring
                            ///< a key
    unknown_key,
    wrong_signature,
    malformed_claims,  ///< no JSON object, a name twice, a claim missing or of another type
    wrong_issuer,
    not_valid_yet,
    expired,
};
/// The name for logs and metrics: `wrong_signature`.
std::string_view name_of(TokenFault fault);

/// What the token says, if it is one of ours and holds at `now`, the system's time.
Outcome<TokenClaims, TokenFault> verify_token(std::string_view token, const SigningKeys& keys, std::string_view issuer,
                                              foundation::Instant now);

}  // namespace saldo::http
