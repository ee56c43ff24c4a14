#include "ledger/refusal.hpp"

#include <array>

#include "foundation/outcome.hpp"

namespace saldo::ledger {

namespace {

struct Published {
    Refusal refusal;
    std::string_view category;
    std::string_view reason;
    std::string_view explanation;
};

constexpr std::string_view legal = "LEGAL";
constexpr std::string_view buyer_data = "BUYER_DATA";
constexpr std::string_view contract = "CONTRACT";
constexpr std::string_view unprocessable = "UNPROCESSABLE_OPERATION";

/// In the order of the enum: an entry is found by its number.
constexpr std::array published{
    Published{Refusal::anonymized_by_buyer, legal, "ANONYMIZED_BY_BUYER",
              "The buyer had their data erased; nothing more can happen to this purchase."},
    Published{Refusal::not_allowed_for_declined_transaction, unprocessable, "NOT_ALLOWED_FOR_DECLINED_TRANSACTION",
              "The authorisation was declined; authorise the purchase anew."},
    Published{Refusal::otp_verification_pending, unprocessable, "OTP_VERIFICATION_PENDING",
              "The buyer has yet to enter the code that was sent to the phone."},
    Published{Refusal::not_allowed_for_expired_transaction, unprocessable, "NOT_ALLOWED_FOR_EXPIRED_TRANSACTION",
              "The authorisation has expired and its rest was cancelled; authorise the purchase anew."},

    Published{Refusal::invalid_billing_address, buyer_data, "INVALID_BILLING_ADDRESS",
              "The billing address needs a street with a house number and may not be a pick-up place."},
    Published{Refusal::invalid_billing_address_zip_code, buyer_data, "INVALID_BILLING_ADDRESS_ZIP_CODE",
              "The zip code of the billing address does not fit its country."},
    Published{Refusal::invalid_delivery_address, buyer_data, "INVALID_DELIVERY_ADDRESS",
              "The delivery address needs a street with a house number."},
    Published{Refusal::invalid_delivery_address_zip_code, buyer_data, "INVALID_DELIVERY_ADDRESS_ZIP_CODE",
              "The zip code of the delivery address does not fit its country."},
    Published{Refusal::invalid_person_data, buyer_data, "INVALID_PERSON_DATA",
              "The birth date is not that of an adult who is alive; check it with the buyer."},
    Published{Refusal::invalid_iban, buyer_data, "INVALID_IBAN",
              "The IBAN's length or check digits are wrong; check it with the buyer."},
    Published{Refusal::buyer_identity, "BUYER_IDENTITY", "",
              "The buyer could not be identified; check name, birth date and address, at most three times a day."},

    Published{Refusal::b2b_buyer_not_allowed, contract, "B2B_BUYER_NOT_ALLOWED",
              "The contract does not cover companies as buyers."},
    Published{Refusal::b2c_buyer_not_allowed, contract, "B2C_BUYER_NOT_ALLOWED",
              "The contract does not cover consumers as buyers."},
    Published{Refusal::basket_amount_too_low, contract, "BASKET_AMOUNT_TOO_LOW",
              "The amount is below the contract's minimum."},
    Published{Refusal::basket_amount_too_high, contract, "BASKET_AMOUNT_TOO_HIGH",
              "The amount is above the contract's maximum."},
    Published{Refusal::billing_country_not_allowed, contract, "BILLING_COUNTRY_NOT_ALLOWED",
              "The contract does not cover this billing country."},
    Published{Refusal::currency_not_allowed, contract, "CURRENCY_NOT_ALLOWED",
              "The contract does not cover this currency."},
    Published{Refusal::delivery_country_not_allowed, contract, "DELIVERY_COUNTRY_NOT_ALLOWED",
              "The contract does not cover this delivery country."},
    Published{Refusal::delivery_type_not_allowed, contract, "DELIVERY_TYPE_NOT_ALLOWED",
              "The contract does not cover this kind of delivery."},
    Published{Refusal::deviating_delivery_address_b2c_regular_address_not_allowed, contract,
              "DEVIATING_DELIVERY_ADDRESS_B2C_REGULAR_ADDRESS_NOT_ALLOWED",
              "The contract wants consumers' goods to go to the billing address."},
    Published{Refusal::deviating_delivery_address_b2c_pick_up_box_not_allowed, contract,
              "DEVIATING_DELIVERY_ADDRESS_B2C_PICK_UP_BOX_NOT_ALLOWED",
              "The contract does not let consumers' goods go to a pick-up box."},
    Published{Refusal::deviating_delivery_address_b2c_pick_up_shop_not_allowed, contract,
              "DEVIATING_DELIVERY_ADDRESS_B2C_PICK_UP_SHOP_NOT_ALLOWED",
              "The contract does not let consumers' goods go to a pick-up shop."},
    Published{Refusal::deviating_delivery_address_b2c_in_store_collect_not_allowed, contract,
              "DEVIATING_DELIVERY_ADDRESS_B2C_IN_STORE_COLLECT_NOT_ALLOWED",
              "The contract does not let consumers collect goods in a store."},
    Published{Refusal::deviating_delivery_address_b2b_regular_address_not_allowed, contract,
              "DEVIATING_DELIVERY_ADDRESS_B2B_REGULAR_ADDRESS_NOT_ALLOWED",
              "The contract wants companies' goods to go to the billing address."},
    Published{Refusal::deviating_delivery_address_b2b_pick_up_box_not_allowed, contract,
              "DEVIATING_DELIVERY_ADDRESS_B2B_PICK_UP_BOX_NOT_ALLOWED",
              "The contract does not let companies' goods go to a pick-up box."},
    Published{Refusal::deviating_delivery_address_b2b_pick_up_shop_not_allowed, contract,
              "DEVIATING_DELIVERY_ADDRESS_B2B_PICK_UP_SHOP_NOT_ALLOWED",
              "The contract does not let companies' goods go to a pick-up shop."},
    Published{Refusal::deviating_delivery_address_b2b_in_store_collect_not_allowed, contract,
              "DEVIATING_DELIVERY_ADDRESS_B2B_IN_STORE_COLLECT_NOT_ALLOWED",
              "The contract does not let companies collect goods in a store."},
    Published{Refusal::maximum_expiry_exceeded, contract, "MAXIMUM_EXPIRY_EXCEEDED",
              "The contract does not let an authorisation live that long."},
    Published{Refusal::payment_method_not_allowed, contract, "PAYMENT_METHOD_NOT_ALLOWED",
              "The contract does not cover this payment method."},
    Published{Refusal::number_of_instalments_not_allowed, contract, "NUMBER_OF_INSTALMENTS_NOT_ALLOWED",
              "The contract does not offer that number of instalments."},
    Published{Refusal::payment_day_not_allowed, contract, "PAYMENT_DAY_NOT_ALLOWED",
              "The contract does not let instalments fall due on that day of the month."},
    Published{Refusal::credit_too_small_for_the_number, contract, "CREDIT_TOO_SMALL_FOR_THE_NUMBER",
              "There is less than a cent for each instalment; take fewer."},
    Published{Refusal::never_repaid, contract, "NEVER_REPAID",
              "The instalments would not exceed the interest; wish for more."},
    Published{Refusal::wished_rate_too_low, contract, "WISHED_RATE_TOO_LOW",
              "No number of instalments in the contract makes each as small as that; wish for more."},
    Published{Refusal::instalment_too_low, contract, "INSTALMENT_TOO_LOW",
              "Each instalment would be below the least of the contract; take fewer."},
    Published{Refusal::effective_rate_too_high, contract, "EFFECTIVE_RATE_TOO_HIGH",
              "The effective annual rate would be above what the contract allows."},
    Published{Refusal::return_fee_not_allowed, contract, "RETURN_FEE_NOT_ALLOWED",
              "The contract does not allow return fees."},
    Published{Refusal::wrong_number_of_shop_baskets, contract, "WRONG_NUMBER_OF_SHOP_BASKETS",
              "The contract does not cover that many shops in one purchase."},

    Published{Refusal::payment_attribute, "PAYMENT_ATTRIBUTE", "",
              "This payment method is not offered to the buyer; offer another one."},
    Published{Refusal::risk_decision, "RISK_DECISION", "",
              "The risk check declined the purchase; offer another way to pay."},
    Published{Refusal::transaction_risk, "TRANSACTION_RISK", "",
              "The risk check declined the purchase; offer another way to pay."},

    Published{Refusal::partner_shop_id_must_be_given_for_marketplace_transactions, unprocessable,
              "PARTNER_SHOP_ID_MUST_BE_GIVEN_FOR_MARKETPLACE_TRANSACTIONS",
              "Say by partner_shop_id which shop is meant."},
    Published{Refusal::basket_with_unknown_shop, unprocessable, "BASKET_WITH_UNKNOWN_SHOP",
              "No shop of that partner_shop_id belongs to this partner or this purchase."},
    Published{Refusal::multiple_shop_baskets_with_same_shop_not_allowed, unprocessable,
              "MULTIPLE_SHOP_BASKETS_WITH_SAME_SHOP_NOT_ALLOWED", "Give each shop one basket."},
    Published{Refusal::multiple_vat_objects_per_tax_rate_not_allowed, unprocessable,
              "MULTIPLE_VAT_OBJECTS_PER_TAX_RATE_NOT_ALLOWED", "Give each tax rate one entry in vats."},
    Published{Refusal::multiple_return_fees_not_allowed, unprocessable, "MULTIPLE_RETURN_FEES_NOT_ALLOWED",
              "A refund may keep back one return fee."},
    Published{Refusal::otp_verification_required_but_feature_not_enabled, unprocessable,
              "OTP_VERIFICATION_REQUIRED_BUT_FEATURE_NOT_ENABLED",
              "The buyer would have to confirm by a one-time code, which the contract does not cover."},
    Published{Refusal::capture_amount_too_high, unprocessable, "CAPTURE_AMOUNT_TOO_HIGH",
              "At most what is authorised and neither captured nor cancelled can be captured."},
    Published{Refusal::cancellation_amount_too_high, unprocessable, "CANCELLATION_AMOUNT_TOO_HIGH",
              "At most what is authorised and neither captured nor cancelled can be cancelled."},
    Published{Refusal::refund_amount_too_high, unprocessable, "REFUND_AMOUNT_TOO_HIGH",
              "At most what is captured and not refunded can be refunded."},
    Published{Refusal::sum_of_item_amounts_not_matching_operation_amount, unprocessable,
              "SUM_OF_ITEM_AMOUNTS_NOT_MATCHING_OPERATION_AMOUNT", "The lines do not add up to gross_amount."},
    Published{Refusal::sum_of_item_amounts_not_matching_transaction_amount, unprocessable,
              "SUM_OF_ITEM_AMOUNTS_NOT_MATCHING_TRANSACTION_AMOUNT",
              "The lines of a basket do not add up to its gross_amount."},

    Published{Refusal::value_date_in_future, unprocessable, "VALUE_DATE_IN_FUTURE",
              "The date lies after today in the partner's time zone; book it when it has come."},
    Published{Refusal::value_date_before_purchase, unprocessable, "VALUE_DATE_BEFORE_PURCHASE",
              "The date lies before the day of the purchase."},
    Published{Refusal::fee_sign_wrong, unprocessable, "FEE_SIGN_WRONG",
              "A fee is above zero, the return or withdrawal of one is below zero."},
    Published{Refusal::fee_return_exceeds_charged, unprocessable, "FEE_RETURN_EXCEEDS_CHARGED",
              "At most what was charged of this fee, and not yet given back, can be given back."},
    Published{Refusal::no_instalment_plan, unprocessable, "NO_INSTALMENT_PLAN",
              "Nothing of this purchase is repaid by instalments; book the payment without unscheduled."},
    Published{Refusal::unscheduled_payment_too_high, unprocessable, "UNSCHEDULED_PAYMENT_TOO_HIGH",
              "An unscheduled payment is at most the principal that the coming instalments repay."},
    Published{Refusal::no_right_of_withdrawal, unprocessable, "NO_RIGHT_OF_WITHDRAWAL",
              "The purchase was sold without credit from which its buyer could withdraw."},
    Published{Refusal::withdrawal_too_late, unprocessable, "WITHDRAWAL_TOO_LATE",
              "The fourteen days for withdrawing had passed on that day."},
    Published{Refusal::dunning_block_ends_before_it_starts, unprocessable, "DUNNING_BLOCK_ENDS_BEFORE_IT_STARTS",
              "blocked_until lies before blocked_from."},
    Published{Refusal::direct_debit_not_due, unprocessable, "DIRECT_DEBIT_NOT_DUE",
              "Nothing of that number, try, amount and day is to be collected; read again what is."},
    Published{Refusal::direct_debit_over, unprocessable, "DIRECT_DEBIT_OVER",
              "This direct debit was executed or returned already."},
    Published{Refusal::pay_later_already_booked, unprocessable, "PAY_LATER_ALREADY_BOOKED",
              "The due date was put off already, which can be done once."},
    Published{Refusal::pay_later_already_withdrawn, unprocessable, "PAY_LATER_ALREADY_WITHDRAWN",
              "Pay Later was booked and withdrawn; it cannot be booked again."},
    Published{Refusal::pay_later_not_available, unprocessable, "PAY_LATER_NOT_AVAILABLE",
              "The due date cannot be put off; GET .../offers says which offers are available."},
    Published{Refusal::pay_later_not_booked, unprocessable, "PAY_LATER_NOT_BOOKED",
              "On that day there was no Pay Later booking that could be withdrawn."},
    Published{Refusal::pay_later_withdrawal_too_late, unprocessable, "PAY_LATER_WITHDRAWAL_TOO_LATE",
              "The time for withdrawing the booking, which the contract gives, is over."},
};

const Published& published_of(Refusal refusal) {
    const Published& found = published.at(static_cast<std::size_t>(refusal));
    foundation::ensure(found.refusal == refusal, "the table of refusals is out of order");
    return found;
}

}  // namespace

std::string_view category_of(Refusal refusal) {
    return published_of(refusal).category;
}

std::string_view reason_of(Refusal refusal) {
    return published_of(refusal).reason;
}

std::string_view name_of(Refusal refusal) {
    const Published& found = published_of(refusal);
    return found.reason.empty() ? found.category : found.reason;
}

std::optional<Refusal> refusal_of(std::string_view name) {
    for (const Published& one : published)
        if (name_of(one.refusal) == name) return one.refusal;
    return std::nullopt;
}

std::string_view explanation_of(Refusal refusal) {
    return published_of(refusal).explanation;
}

}  // namespace saldo::ledger
