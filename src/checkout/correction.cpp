#include "checkout/correction.hpp"

namespace saldo::checkout {

using ledger::Refusal;

Correction correction_of(Refusal refusal) {
    // Not every refusal has to be named here: what a new one means to the buyer is that nothing helps, until somebody
    // says otherwise.
    if (refusal == Refusal::invalid_billing_address || refusal == Refusal::invalid_billing_address_zip_code)
        return {.details = {Detail::billing_address}};
    if (refusal == Refusal::invalid_delivery_address || refusal == Refusal::invalid_delivery_address_zip_code)
        return {.details = {Detail::delivery_address}};
    if (refusal == Refusal::invalid_person_data) return {.details = {Detail::date_of_birth}};
    if (refusal == Refusal::invalid_iban) return {.details = {Detail::bank_account}};
    if (refusal == Refusal::buyer_identity)
        return {.details = {Detail::name, Detail::billing_address, Detail::date_of_birth}};
    if (refusal == Refusal::payment_attribute || refusal == Refusal::payment_method_not_allowed)
        return {.details = {}, .another_method = true};
    return {};
}

std::vector<Detail> details_in(const Details& details) {
    std::vector<Detail> found;
    if (details.first_name || details.last_name) found.push_back(Detail::name);
    if (details.billing_address) found.push_back(Detail::billing_address);
    if (details.delivery_address) found.push_back(Detail::delivery_address);
    if (details.date_of_birth) found.push_back(Detail::date_of_birth);
    if (details.phone) found.push_back(Detail::phone);
    if (details.debit_account) found.push_back(Detail::bank_account);
    return found;
}

}  // namespace saldo::checkout
