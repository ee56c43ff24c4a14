#pragma once

#include <string_view>
#include <vector>

#include "http/router.hpp"

namespace saldo::http {

/// `/`: what answers here and where its interfaces are, for people and for programs that look whether anybody is there.
/// GET and POST say the same, so that whoever probes a server with either gets an answer. Links begin with
/// `public_url`.
std::vector<Route> front_page_routes(std::string_view public_url);

}  // namespace saldo::http
