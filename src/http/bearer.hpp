#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "foundation/outcome.hpp"
#include "http/caller.hpp"
#include "http/message.hpp"
#include "http/signing_keys.hpp"
#include "http/token_cache.hpp"

namespace saldo::http {

/// Why a request has no caller. `reason` is for logs and metrics: outside, all of them are 401 with the same body.
struct Denial {
    enum class Kind : std::uint8_t { no_credentials, malformed_credentials, invalid_token };
    Kind kind;
    std::string_view reason;  ///< `expired`, `wrong_audience`, ...; a literal
};

/// 401 with `{"code":"INVALID_TOKEN"}`; `WWW-Authenticate` tells the kind (RFC 6750 section 3.1).
Response unauthorized(const Denial& denial);
/// 403 for a token whose client may not do this.
Response insufficient_scope(partner::Scope scope, std::string_view request_id);

/// Finds out who calls from the token in `Authorization`; a token anywhere else is not looked at. May be used from
/// several threads.
class BearerGate {
  public:
    struct Settings {
        std::string issuer;                          ///< `public_url`
        std::size_t remembered_tokens_max = 32'768;  ///< verified tokens in memory
    };
    /// `keys` must outlive it.
    BearerGate(const SigningKeys& keys, Directory directory, SystemTime now, Settings settings);

    /// The caller, if the request carries a token of ours that holds now, is made for this API, and belongs to a client
    /// that is not revoked.
    foundation::Outcome<CallerPtr, Denial> caller_of(const Request& request, Api api) const;

  private:
    foundation::Outcome<CallerPtr, Denial> verified(std::string_view token, const foundation::Digest& digest,
                                                    foundation::Instant now) const;

    const SigningKeys& keys_;
    Directory directory_;
    SystemTime now_;
    std::string issuer_;
    mutable TokenCache cache_;
};

}  // namespace saldo::http
