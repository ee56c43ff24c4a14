#pragma once

#include <string>
#include <vector>

#include "http/router.hpp"
#include "service/clock.hpp"
#include "service/code_desk.hpp"

namespace saldo::http {

/// `/transaction/management/2fa/v1`: the code that a buyer was sent, and a new one. `codes` and `clock` outlive the
/// routes and their answers.
std::vector<Route> code_routes(service::CodeDesk& codes, service::Clock& clock, std::string public_url);

}  // namespace saldo::http
