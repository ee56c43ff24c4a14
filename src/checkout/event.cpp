#include "checkout/event.hpp"

namespace saldo::checkout {

foundation::Money Order::gross() const {
    foundation::Money sum = foundation::Money::zero(currency);
    for (const ledger::Basket& basket : baskets) sum += basket.gross;
    return sum;
}

std::string_view type_of(const Event& event) {
    struct Name {
        std::string_view operator()(const SessionCreated&) const { return "SessionCreated"; }
        std::string_view operator()(const BuyerActed&) const { return "BuyerActed"; }
        std::string_view operator()(const PaymentMethodChosen&) const { return "PaymentMethodChosen"; }
        std::string_view operator()(const DetailsGiven&) const { return "DetailsGiven"; }
        std::string_view operator()(const OrderConfirmed&) const { return "OrderConfirmed"; }
        std::string_view operator()(const PurchaseDeclined&) const { return "PurchaseDeclined"; }
        std::string_view operator()(const CodeRequired&) const { return "CodeRequired"; }
        std::string_view operator()(const SessionCompleted&) const { return "SessionCompleted"; }
        std::string_view operator()(const SessionFailed&) const { return "SessionFailed"; }
        std::string_view operator()(const SessionExpired&) const { return "SessionExpired"; }
        std::string_view operator()(const SessionCanceled&) const { return "SessionCanceled"; }
        std::string_view operator()(const FraudFlagged&) const { return "FraudFlagged"; }
        std::string_view operator()(const SubjectErased&) const { return "SubjectErased"; }
    };
    return std::visit(Name{}, event);
}

}  // namespace saldo::checkout
