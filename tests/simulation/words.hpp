#pragma once

#include <string>

#include "people.hpp"

namespace saldo::simulation {

/// A request and an answer in the trade's words, for a story that people read.
std::string words_of(const Request& request, const Merchant& merchant);
std::string words_of(const service::Result& result);
std::string words_of(ledger::CodeAnswer answer);

}  // namespace saldo::simulation
