#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "http/router.hpp"
#include "service/clock.hpp"
#include "service/purchases.hpp"
#include "service/search_index.hpp"

namespace saldo::http {

/// What the routes of direct debits ask of the rest of the program; all of it outlives the routes and their answers.
struct DirectDebitApi {
    service::Purchases& purchases;
    service::Clock& clock;
    /// Runs a task on a thread that may wait; false if too much waits already.
    std::function<bool(std::move_only_function<void()>)> in_background;
    /// As `SearchIndex::find`, of the whole log. May take its time, and may throw StoreFailed.
    std::function<std::vector<service::SearchTerm>(std::string_view partner_id, std::string_view word,
                                                   const service::SearchTerm* after, int limit)>
        find_terms;
};

/// What is to be collected by a day, of all purchases and of one; and what became of it at the bank.
std::vector<Route> direct_debit_routes(DirectDebitApi api);

}  // namespace saldo::http
