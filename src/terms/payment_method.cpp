#include "terms/payment_method.hpp"

#include <utility>

namespace saldo::terms {

namespace {

template <class Enum, std::size_t size>
std::optional<Enum> by_name(std::string_view name, const std::array<Enum, size>& all) {
    for (const Enum one : all)
        if (name_of(one) == name) return one;
    return std::nullopt;
}

}  // namespace

std::string_view name_of(PaymentOption option) {
    switch (option) {
        case PaymentOption::open_invoice:
            return "OPEN_INVOICE";
        case PaymentOption::pay_now:
            return "PAY_NOW";
        case PaymentOption::instalment:
            return "INSTALMENT";
        case PaymentOption::prepayment:
            return "PREPAYMENT";
    }
    std::unreachable();
}

std::string_view name_of(TransferType transfer) {
    switch (transfer) {
        case TransferType::bank_transfer:
            return "BANK_TRANSFER";
        case TransferType::sepa_direct_debit:
            return "SEPA_DIRECT_DEBIT";
    }
    std::unreachable();
}

std::string_view name_of(PartPayment policy) {
    switch (policy) {
        case PartPayment::waits:
            return "WAITS";
        case PartPayment::ends:
            return "ENDS";
    }
    std::unreachable();
}

std::string_view name_of(BuyerType type) {
    switch (type) {
        case BuyerType::b2b:
            return "B2B";
        case BuyerType::b2c:
            return "B2C";
    }
    std::unreachable();
}

std::string_view name_of(DeliveryType type) {
    switch (type) {
        case DeliveryType::regular_address:
            return "REGULAR_ADDRESS";
        case DeliveryType::pick_up_box:
            return "PICK_UP_BOX";
        case DeliveryType::pick_up_shop:
            return "PICK_UP_SHOP";
        case DeliveryType::in_store_collect:
            return "IN_STORE_COLLECT";
    }
    std::unreachable();
}

std::optional<PaymentOption> payment_option(std::string_view name) {
    return by_name(name, all_payment_options);
}

std::optional<TransferType> transfer_type(std::string_view name) {
    return by_name(name, std::array{TransferType::bank_transfer, TransferType::sepa_direct_debit});
}

std::optional<PartPayment> part_payment(std::string_view name) {
    return by_name(name, std::array{PartPayment::waits, PartPayment::ends});
}

std::optional<BuyerType> buyer_type(std::string_view name) {
    return by_name(name, std::array{BuyerType::b2b, BuyerType::b2c});
}

std::optional<DeliveryType> delivery_type(std::string_view name) {
    return by_name(name, all_delivery_types);
}

}  // namespace saldo::terms
