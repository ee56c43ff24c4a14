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

std::string fingerprint_of(const subject::Key& key, std::string_view text) {
    return std::string(foundation::bytes_of(foundation::hmac_sha256(key.bytes(), text)));
}

}  // namespace saldo::service
