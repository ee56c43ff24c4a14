#include "ledger/verification.hpp"

#include <utility>

#include "foundation/digest.hpp"

namespace saldo::ledger {

CodeDecision enter_code(const Transaction& transaction, std::string_view digest, foundation::Instant now) {
    if (!transaction.awaits_code() || transaction.erased) return {CodeAnswer::not_awaited, {}};
    const Verification& verification = *transaction.verification;
    const foundation::Day today = transaction.zone().day_of(now);
    if (now >= verification.valid_until()) return {CodeAnswer::no_longer_valid, {}};
    if (foundation::equal_in_constant_time(verification.newest.digest, digest))
        return {CodeAnswer::confirmed,
                {{CodeConfirmed{.claim = transaction.authorisation.claim_on_acceptance()}, today}}};
    if (verification.tries_left() > 1) return {CodeAnswer::missed, {{CodeMissed{}, today}}};
    return {CodeAnswer::given_up, {{CodeMissed{}, today}, {CodeGivenUp{}, today}}};
}

CodeDecision send_new_code(const Transaction& transaction, std::string digest, std::optional<Sealed> phone,
                           foundation::Instant now) {
    if (!transaction.awaits_code() || transaction.erased) return {CodeAnswer::not_awaited, {}};
    const Verification& verification = *transaction.verification;
    if (verification.new_codes_left() <= 0) return {CodeAnswer::no_new_codes_left, {}};
    if (now < verification.new_code_from()) return {CodeAnswer::too_early, {}};
    if (!phone) phone = verification.newest.phone;
    return {CodeAnswer::sent, {{CodeSent{std::move(digest), std::move(phone)}, transaction.zone().day_of(now)}}};
}

}  // namespace saldo::ledger
