#pragma once

#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "foundation/decimal.hpp"
#include "http/caller.hpp"
#include "http/router.hpp"
#include "service/clock.hpp"

namespace saldo::http {

/// What the calculator of instalments asks of the rest of the program. All of it outlives the routes.
struct OfferApi {
    Directory directory;
    service::Clock& clock;
};

/// `POST /saldo/v1/instalment-offers`: the plans that a partner's contract offers for an amount.
std::vector<Route> offer_routes(OfferApi api);

}  // namespace saldo::http
