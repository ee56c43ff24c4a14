#pragma once

#include <vector>

#include "http/router.hpp"
#include "service/sandbox_phone.hpp"

namespace saldo::http {

/// `GET /saldo/v1/sandbox/messages`: what the buyers' phones would have shown. `phone` outlives the routes.
std::vector<Route> sandbox_phone_routes(service::SandboxPhone& phone);

}  // namespace saldo::http
