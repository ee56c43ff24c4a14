#pragma once

#include <string_view>

#include "http/field_reader.hpp"
#include "http/message.hpp"
#include "ledger/refusal.hpp"
#include "service/purchases.hpp"

namespace saldo::http {

/// How our own API and the status APIs say no: as a problem, with a code to program against.
Response malformed_problem(const Malformed& malformed, const Request& request);
/// The code by which a refusal is told there.
std::string_view code_of(ledger::Refusal refusal);
Response refused_problem(ledger::Refusal refusal, const Request& request);
Response not_decided_problem(service::NotDecided why, const Request& request);

/// 404, TRANSACTION_NOT_FOUND: unknown, another partner's, or not yet made on the day that was asked for.
Response transaction_not_found(const Request& request);

}  // namespace saldo::http
