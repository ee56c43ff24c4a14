#pragma once

#include <string_view>

#include "ledger/command.hpp"

namespace saldo::service {

/// What the sandbox's risk check says of a buyer: the published test addresses (`risk_decision@ratepay.com`, ...) are
/// declined in their category, everybody else is accepted. Upper and lower case are the same.
ledger::RiskVerdict risk_verdict_of_test_email(std::string_view email);

}  // namespace saldo::service
