#pragma once

#include <string>
#include <string_view>

#include "http/field_reader.hpp"
#include "http/message.hpp"
#include "ledger/refusal.hpp"
#include "service/purchases.hpp"

namespace saldo::http {

/// The status that belongs to a decline's category, and to no other.
int status_of_category(std::string_view category);
/// The status by which a refusal is told: 451 once the buyer is erased, else 422.
int status_of(ledger::Refusal refusal);

/// An answer in HAL, which is what the Payment API speaks.
Response hal_response(int status, std::string body);

/// How the Payment API says no: category and reasons.
Response decline(ledger::Refusal refusal);
Response decline(const Malformed& malformed);
/// `reason`: what was not found, e.g. `CAPTURE_NOT_FOUND`.
Response not_found_decline(std::string_view reason);
Response conflict_decline();

/// The answer of every API to a command that came to no decision for a reason that is not the caller's: 503 where it
/// may be sent again (with a code of its own where it may have been done), else 500.
Response failure_response(service::NotDecided why, std::string_view request_id);

}  // namespace saldo::http
