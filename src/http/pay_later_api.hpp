#pragma once

#include <vector>

#include "http/router.hpp"
#include "http/status_api.hpp"
#include "service/clock.hpp"
#include "service/purchases.hpp"

namespace saldo::http {

/// What the routes of Pay Later ask of the rest of the program; all of it outlives the routes and their answers.
struct PayLaterApi {
    service::Purchases& purchases;
    service::Clock& clock;
    /// As for the status reads: its two reads ask for a Content-Type too.
    StatusApi::ContentType content_type = StatusApi::ContentType::required;
};

/// `/order/paylater/v1`: whether the due date of a purchase can be put off, for what, and the booking of it.
std::vector<Route> pay_later_routes(PayLaterApi api);

/// The answer to a withdrawal, from the purchase right after it. Requires one.
std::string pay_later_withdrawal_json(const ledger::Transaction& transaction);

}  // namespace saldo::http
