#pragma once

#include <optional>
#include <string_view>

namespace saldo::ledger {

/// Why a purchase or an operation on it is refused, in order of precedence: where several hold, the first is given. The
/// published category and reason of each stand in `refusal.cpp`; docs/reference/refusals.md explains them.
enum class Refusal {
    // Nothing more happens to the purchase of a person who was erased.
    anonymized_by_buyer,
    not_allowed_for_declined_transaction,
    otp_verification_pending,
    not_allowed_for_expired_transaction,

    // What the buyer gave cannot be right.
    invalid_billing_address,
    invalid_billing_address_zip_code,
    invalid_delivery_address,
    invalid_delivery_address_zip_code,
    invalid_person_data,
    invalid_iban,
    buyer_identity,

    // The partner's contract does not cover it.
    b2b_buyer_not_allowed,
    b2c_buyer_not_allowed,
    basket_amount_too_low,
    basket_amount_too_high,
    billing_country_not_allowed,
    currency_not_allowed,
    delivery_country_not_allowed,
    delivery_type_not_allowed,
    deviating_delivery_address_b2c_regular_address_not_allowed,
    deviating_delivery_address_b2c_pick_up_box_not_allowed,
    deviating_delivery_address_b2c_pick_up_shop_not_allowed,
    deviating_delivery_address_b2c_in_store_collect_not_allowed,
    deviating_delivery_address_b2b_regular_address_not_allowed,
    deviating_delivery_address_b2b_pick_up_box_not_allowed,
    deviating_delivery_address_b2b_pick_up_shop_not_allowed,
    deviating_delivery_address_b2b_in_store_collect_not_allowed,
    maximum_expiry_exceeded,
    payment_method_not_allowed,
    number_of_instalments_not_allowed,
    payment_day_not_allowed,
    credit_too_small_for_the_number,
    never_repaid,
    wished_rate_too_low,
    instalment_too_low,
    effective_rate_too_high,
    return_fee_not_allowed,
    wrong_number_of_shop_baskets,

    // The risk check says no.
    payment_attribute,
    risk_decision,
    transaction_risk,

    // The request does not fit the purchase.
    partner_shop_id_must_be_given_for_marketplace_transactions,
    basket_with_unknown_shop,
    multiple_shop_baskets_with_same_shop_not_allowed,
    multiple_vat_objects_per_tax_rate_not_allowed,
    multiple_return_fees_not_allowed,
    otp_verification_required_but_feature_not_enabled,
    capture_amount_too_high,
    cancellation_amount_too_high,
    refund_amount_too_high,
    sum_of_item_amounts_not_matching_operation_amount,
    sum_of_item_amounts_not_matching_transaction_amount,

    // Our own operations.
    value_date_in_future,
    value_date_before_purchase,
    fee_sign_wrong,
    fee_return_exceeds_charged,
    no_instalment_plan,
    unscheduled_payment_too_high,
    no_right_of_withdrawal,
    withdrawal_too_late,
    dunning_block_ends_before_it_starts,
    direct_debit_not_due,
    direct_debit_over,
    pay_later_already_booked,
    pay_later_already_withdrawn,
    pay_later_not_available,
    pay_later_not_booked,
    pay_later_withdrawal_too_late,
};

/// The published category, e.g. `UNPROCESSABLE_OPERATION`; `LEGAL` for an erased buyer.
std::string_view category_of(Refusal refusal);
/// The published reason, e.g. `CAPTURE_AMOUNT_TOO_HIGH`; empty where the category has no reasons (the risk check gives
/// none).
std::string_view reason_of(Refusal refusal);
/// The refusal of that name, as `name_of` writes it.
std::optional<Refusal> refusal_of(std::string_view name);
/// A name for the log: the reason, or the category where there is no reason.
std::string_view name_of(Refusal refusal);
/// One sentence for people: what is wrong and what to do.
std::string_view explanation_of(Refusal refusal);

}  // namespace saldo::ledger
