#pragma once

#include <optional>

#include "foundation/outcome.hpp"
#include "http/caller.hpp"
#include "http/message.hpp"
#include "http/router.hpp"
#include "service/purchases.hpp"

namespace saldo::http {

/// The answer (403) to a caller that does not act for the partner of `X-Partner`; two partners in one request are none.
/// A route that acts for a partner has this as its `turns_away`.
std::optional<Response> partner_turned_away(const Request& request, const Caller& caller);

/// For whom the caller acts: the partner of `X-Partner`, which may be left out or empty, else its own. Requires that it
/// was not turned away.
service::Origin origin_of(const Call& call);

/// The same with the request's `Idempotency-Key`; the answer (400) for a key that is none.
foundation::Outcome<service::Origin, Response> origin_of_write(const Call& call);

}  // namespace saldo::http
