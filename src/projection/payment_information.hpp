#pragma once

#include <string_view>

#include "foundation/json_writer.hpp"
#include "ledger/standing.hpp"
#include "projection/status.hpp"

namespace saldo::projection {

/// The names by which the two published documents differ where they say the same.
struct PaymentVocabulary {
    std::string_view details;        ///< `payment_details` or `current_payment_method_details`
    std::string_view reference;      ///< `ratepay_payment_reference` or `reference`
    std::string_view state;          ///< `transaction_payment_status` or `order_payment_status`
    std::string_view dunning_level;  ///< `current_transaction_dunning_level` or `current_order_dunning_level`
    std::string_view dunning_date;   ///< `transaction_dunning_date` or `order_dunning_date`
    /// Whether the prepayment is a list of one, and dunning a list of one for each shop; or each is one object.
    enum class Shape { lists, objects } shape;
};

/// The field `payment_information`, if one of its blocks is asked for.
void write_payment_information(foundation::JsonWriter& json, const ledger::Transaction& transaction,
                               const ledger::Standing& standing, const Reading& reading,
                               const PaymentVocabulary& vocabulary);

}  // namespace saldo::projection
