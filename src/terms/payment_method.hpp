#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace saldo::terms {

/// What the buyer chose: how long the purchase may stay unpaid. A prepayment is paid before the goods leave.
enum class PaymentOption { open_invoice, pay_now, instalment, prepayment };

/// How the money moves.
enum class TransferType { bank_transfer, sepa_direct_debit };

/// A payment option and the way it is settled. The pairs in use are OPEN_INVOICE by BANK_TRANSFER, PAY_NOW by
/// SEPA_DIRECT_DEBIT, INSTALMENT by either and PREPAYMENT by BANK_TRANSFER.
struct PaymentMethod {
    PaymentOption option = PaymentOption::open_invoice;
    TransferType transfer = TransferType::bank_transfer;
    bool operator==(const PaymentMethod&) const = default;
};

inline constexpr PaymentMethod open_invoice_by_transfer{PaymentOption::open_invoice, TransferType::bank_transfer};

/// What becomes of a prepayment of which a part was paid when its reservation ends: it waits for the rest until the
/// authorisation expires, or it ends, and what was paid goes back.
enum class PartPayment { waits, ends };

inline constexpr std::array all_payment_options{PaymentOption::open_invoice, PaymentOption::pay_now,
                                                PaymentOption::instalment, PaymentOption::prepayment};

/// Whether the buyer is a company (B2B) or a person (B2C).
enum class BuyerType { b2b, b2c };

/// Where the goods go.
enum class DeliveryType { regular_address, pick_up_box, pick_up_shop, in_store_collect };

inline constexpr std::array all_delivery_types{DeliveryType::regular_address, DeliveryType::pick_up_box,
                                               DeliveryType::pick_up_shop, DeliveryType::in_store_collect};

/// The published names (`OPEN_INVOICE`, `SEPA_DIRECT_DEBIT`, `B2C`, `PICK_UP_BOX`), both ways.
std::string_view name_of(PaymentOption option);
std::string_view name_of(TransferType transfer);
std::string_view name_of(PartPayment policy);
std::string_view name_of(BuyerType type);
std::string_view name_of(DeliveryType type);
std::optional<PaymentOption> payment_option(std::string_view name);
std::optional<TransferType> transfer_type(std::string_view name);
std::optional<PartPayment> part_payment(std::string_view name);
std::optional<BuyerType> buyer_type(std::string_view name);
std::optional<DeliveryType> delivery_type(std::string_view name);

}  // namespace saldo::terms
