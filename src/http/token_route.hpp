#pragma once

#include <string>
#include <vector>

#include "foundation/outcome.hpp"
#include "http/caller.hpp"
#include "http/message.hpp"
#include "http/router.hpp"
#include "http/signing_keys.hpp"
#include "http/token_request.hpp"
#include "http/try_limit.hpp"
#include "service/random.hpp"

namespace saldo::http {

/// Gives access tokens to clients that prove who they are (OAuth 2.0, client credentials). May be used from several
/// threads.
class TokenDesk {
  public:
    struct Settings {
        std::string issuer;  ///< `public_url`
        TryLimits limits = {};
    };
    /// `keys` and `random` must outlive it.
    TokenDesk(const SigningKeys& keys, Directory directory, SystemTime now, service::Random& random, Settings settings);

    /// The answer to `POST /oauth/token`. Requires a `Content-Type` that the route takes.
    Response answer(const Request& request);

  private:
    using Granted = foundation::Outcome<std::string, TokenRefusal>;

    Granted grant(const TokenRequest& request, foundation::Instant now);
    bool knows(const TokenRequest& request, const service::PartnerDirectory& directory) const;

    const SigningKeys& keys_;
    Directory directory_;
    SystemTime now_;
    service::Random& random_;
    std::string issuer_;
    TryLimit limit_;
};

/// `POST /oauth/token` and `GET /.well-known/jwks.json`. All three must outlive the routes.
std::vector<Route> sign_in_routes(TokenDesk& desk, const SigningKeys& keys, const SystemTime& now);

}  // namespace saldo::http
