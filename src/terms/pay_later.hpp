#pragma once

#include <string>
#include <vector>

#include "foundation/money.hpp"

namespace saldo::terms {

/// What it costs to pay an open invoice later. The fee is agreed for one currency and 0 < fee.
struct PayLaterOffer {
    std::string id;         ///< `payl-1`: how the buyer's choice is named
    int delta_days = 14;    ///< by which the due date moves
    foundation::Money fee;  ///< added to what is owed, due with it
    bool operator==(const PayLaterOffer&) const = default;
};

/// The price list of Pay Later, and for how long a buyer may take the choice back.
struct PayLater {
    std::vector<PayLaterOffer> offers;
    int withdrawal_days = 14;  ///< after the day of the booking
    bool operator==(const PayLater&) const = default;
};

/// What is published: the due date moves by 14 to 150 days.
inline constexpr int pay_later_days_min = 14;
inline constexpr int pay_later_days_max = 150;

}  // namespace saldo::terms
