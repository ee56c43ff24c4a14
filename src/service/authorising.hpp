#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "ledger/decide.hpp"
#include "partner/partner.hpp"
#include "subject/sealing.hpp"

namespace saldo::service {

/// The partner's side of an authorisation, as of now. Requires a contract.
ledger::Counterpart counterpart_of(const partner::Partner& partner);

/// What the risk check says of the order; where it has nothing against it, the contract may still want a code at this
/// amount.
ledger::RiskVerdict verdict_on(const ledger::Authorise& order, const terms::Contract& contract,
                               const std::function<ledger::RiskVerdict(const ledger::Authorise&)>& assess);

/// Equal for equal commands; nothing can be guessed from it without the subject's key.
std::string fingerprint_of(const subject::Key& key, std::string_view text);

}  // namespace saldo::service
