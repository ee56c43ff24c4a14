#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "http/router.hpp"
#include "service/clock.hpp"
#include "service/search_index.hpp"
#include "service/sessions.hpp"

namespace saldo::http {

/// Where a landing page's address leads: this path and the session's landing token.
inline constexpr std::string_view landing_path = "/pay/open/";

/// What the routes of the hosted payment page's API ask of the rest of the program. All of it outlives the routes and
/// their answers.
struct SessionApi {
    service::Sessions& sessions;
    service::Clock& clock;
    std::string public_url;  ///< what every link is made from
    /// Runs a task on a thread that may wait; false if too much waits already.
    std::function<bool(std::move_only_function<void()>)> in_background;
    /// As `SearchIndex::sessions`, of the whole log. May take its time, and may throw StoreFailed.
    std::function<void(const service::SessionsWanted& wanted, const service::SessionLook& look)> list;
    /// A session's events as they are recorded, without what tells who the buyer is. May take its time, and may throw
    /// StoreFailed.
    std::function<std::vector<checkout::Recorded>(const std::string& session_id)> events_of = {};
};

/// `/pps/api/v1`: a merchant's system makes sessions and reads how they ended (seed 000). And `/saldo/v1/sessions`,
/// where agents look at one and may advise the merchant to cancel.
std::vector<Route> session_routes(SessionApi api);

}  // namespace saldo::http
