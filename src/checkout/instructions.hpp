#pragma once

#include <optional>
#include <string>

#include "checkout/session.hpp"

namespace saldo::checkout {

/// How the buyer pays what was bought by transfer. The day is counted from the shipment, which is still to come.
struct PaymentInstructions {
    std::string owner;  ///< of the account, exactly as the bank knows it
    std::string iban;
    std::string bic;
    std::string bank_name;
    std::string reference;
    foundation::Money amount;
    int due_days = 0;
    bool operator==(const PaymentInstructions&) const = default;
};

/// Nothing unless something was bought by transfer and the contract names an account.
std::optional<PaymentInstructions> instructions_of(const Session& session);

}  // namespace saldo::checkout
