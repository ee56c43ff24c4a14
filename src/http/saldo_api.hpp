#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "foundation/calendar.hpp"
#include "http/router.hpp"
#include "http/saldo_json.hpp"
#include "service/clock.hpp"
#include "service/purchases.hpp"
#include "service/search_index.hpp"

namespace saldo::http {

/// What the routes under `/saldo/v1` ask of the rest of the program. All of it outlives the routes and their answers.
/// What may take its time is called on threads that may wait; it may throw StoreFailed.
struct SaldoApi {
    service::Purchases& purchases;
    service::Clock& clock;

    /// Runs a task on a thread that may wait; false if too much waits already.
    std::function<bool(std::move_only_function<void()>)> in_background;
    /// Every event of a purchase that is there, by seq. May take its time.
    std::function<std::vector<LoggedEvent>(const std::string& transaction_id)> log_of;
    /// As `SearchIndex::find`, of the whole log. An empty partner id means every partner. May take its time.
    std::function<std::vector<service::SearchTerm>(std::string_view partner_id, std::string_view word,
                                                   const service::SearchTerm* after, int limit)>
        find_terms;
    /// An empty partner id means every partner. May take its time.
    std::function<TrialBalance(std::string_view partner_id)> trial_balance;

    /// The sandbox's clock can be moved and frozen; in production there is none of this, and no path either.
    struct ClockControl {
        foundation::Zone zone;
        std::function<bool()> is_frozen;
        std::function<void(bool)> freeze;
        /// Moves it, then says so when everything that fell due on the way is recorded; false, and nothing moved, for
        /// an instant that has passed.
        std::function<void(foundation::Instant, std::move_only_function<void(bool moved)>)> move_to;
    };
    std::optional<ClockControl> clock_control = std::nullopt;
};

/// Our own operations: money, fees and dunning; the log and the sums behind every answer; the sandbox's clock.
std::vector<Route> saldo_routes(SaldoApi api);

}  // namespace saldo::http
