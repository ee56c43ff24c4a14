#include "checkout/instructions.hpp"

namespace saldo::checkout {

std::optional<PaymentInstructions> instructions_of(const Session& session) {
    const bool is_bought =
        session.status == SessionStatus::completed || session.status == SessionStatus::fraud_cancellation_requested;
    const Offer* offer = session.chosen_offer();
    const auto& account = session.terms.deposit_account;
    if (!is_bought || !offer || !account || offer->method.transfer != terms::TransferType::bank_transfer)
        return std::nullopt;
    return PaymentInstructions{.owner = account->owner,
                               .iban = account->iban,
                               .bic = account->bic,
                               .bank_name = account->bank_name,
                               .reference = session.payment_reference,
                               .amount = session.order.gross() + offer->cost,
                               .due_days = offer->due_days};
}

}  // namespace saldo::checkout
