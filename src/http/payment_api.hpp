#pragma once

#include <string_view>
#include <vector>

#include "http/router.hpp"
#include "service/clock.hpp"
#include "service/purchases.hpp"

namespace saldo::http {

/// Payment API 2.0 under `/transaction/management/v2`: from the authorisation of a purchase to its last refund. Links
/// begin with `public_url`. Purchases and the business clock must outlive the routes and their answers.
std::vector<Route> payment_routes(service::Purchases& purchases, service::Clock& clock, std::string_view public_url);

}  // namespace saldo::http
