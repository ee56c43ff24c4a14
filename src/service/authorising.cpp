#include "service/authorising.hpp"

#include "foundation/digest.hpp"
#include "foundation/outcome.hpp"

namespace saldo::service {

ledger::Counterpart counterpart_of(const partner::Partner& partner) {
    foundation::ensure(partner.contract.has_value(), "a client speaks for a partner with a contract");
    ledger::Counterpart counterpart{
        .partner_id = partner.id, .contract = *partner.contract, .shops = {}, .payment_reference = {}};
    for (const partner::Shop& shop : partner.shops)
        counterpart.shops.emplace(shop.partner_shop_id, shop.name.value_or(""));
    return counterpart;
}

ledger::RiskVerdict verdict_on(const ledger::Authorise& order, const terms::Contract& contract,
                               const std::function<ledger::RiskVerdict(const ledger::Authorise&)>& assess) {
    using ledger::RiskVerdict;
    const RiskVerdict verdict = assess ? assess(order) : RiskVerdict::accepted;
    if (verdict != RiskVerdict::accepted || !contract.one_time_codes) return verdict;
    foundation::Money gross = foundation::Money::zero(order.currency);
    for (const ledger::RequestedBasket& basket : order.baskets) gross += basket.gross;
    return contract.one_time_codes->are_asked_for(gross) ? RiskVerdict::one_time_code_required : verdict;
}

std::string fingerprint_of(const subject::Key& key, std::string_view text) {
    return std::string(foundation::bytes_of(foundation::hmac_sha256(key.bytes(), text)));
}

}  // namespace saldo::service
