#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "foundation/outcome.hpp"
#include "http/message.hpp"

namespace saldo::http {

/// Why there is no token (RFC 6749 section 5.2, RFC 8707 section 2).
enum class TokenError : std::uint8_t {
    invalid_request,
    invalid_client,
    unauthorized_client,
    unsupported_grant_type,
    invalid_scope,
    invalid_target,
};
std::string_view name_of(TokenError error);

struct TokenRefusal {
    TokenError error;
    std::string_view description;  ///< a literal: nothing that was sent comes back
};

/// What a client sends to `POST /oauth/token`, well-formed; nothing in it is proved yet.
struct TokenRequest {
    std::string client_id;
    std::string client_secret;
    std::string audience;
    std::optional<std::string> scope;  ///< nothing: all that the client has
};

/// Reads a JSON or form body and `Authorization`. `resource` is the same as `audience` (RFC 8707). A parameter without
/// a value, and JSON's null, count as left out; unknown parameters are ignored. Requires a `Content-Type` of either.
foundation::Outcome<TokenRequest, TokenRefusal> read_token_request(const Request& request);

}  // namespace saldo::http
