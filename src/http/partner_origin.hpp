#pragma once

#include "foundation/outcome.hpp"
#include "http/message.hpp"
#include "http/router.hpp"
#include "service/purchases.hpp"

namespace saldo::http {

/// For whom the caller acts: the partner of `X-Partner`, which may be left out or empty, else its own. The answer (403)
/// if it may not.
foundation::Outcome<service::Origin, Response> origin_of(const Call& call);

/// The same with the request's `Idempotency-Key`; also 400 for a key that is none.
foundation::Outcome<service::Origin, Response> origin_of_write(const Call& call);

}  // namespace saldo::http
