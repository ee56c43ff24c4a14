#pragma once

#include <string>
#include <string_view>

#include "ledger/decide.hpp"
#include "partner/partner.hpp"
#include "subject/sealing.hpp"

namespace saldo::service {

/// The partner's side of an authorisation, as of now. Requires a contract.
ledger::Counterpart counterpart_of(const partner::Partner& partner);

/// Equal for equal commands; nothing can be guessed from it without the subject's key.
std::string fingerprint_of(const subject::Key& key, std::string_view text);

}  // namespace saldo::service
