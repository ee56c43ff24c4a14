#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "ledger/transaction.hpp"

namespace saldo::ledger {

/// Where Pay Later stands on a purchase.
enum class PayLaterStatus { available, not_available, already_booked, already_withdrawn };
/// The published names, e.g. `ALREADY_BOOKED`.
std::string_view name_of(PayLaterStatus status);

/// An offer of the contract and what it would come to.
struct OfferedPayLater {
    const terms::PayLaterOffer* offer;
    foundation::Day new_due_date;
    bool is_available = false;
};

/// The one invoice that can be put off, and by what. Borrows from the transaction.
struct PayLaterOffers {
    const Captured* capture = nullptr;  ///< none: there is no invoice, or there are several; then no offers either
    foundation::Day current_due_date;
    std::vector<OfferedPayLater> offers;
};

/// The offers as they stand on a day, after everything that was recorded so far. They are available once in a
/// purchase's life, on an open invoice to be paid by transfer, which is the only active one and not at debt
/// collection, and as long as something is owed; each only if its new due date is still to come.
PayLaterOffers pay_later_offers(const Transaction& transaction, foundation::Day today);

PayLaterStatus pay_later_status(const Transaction& transaction, foundation::Day today);

/// The last day on which a booking can be withdrawn. Requires that there is one.
foundation::Day pay_later_withdrawal_end(const Transaction& transaction);

}  // namespace saldo::ledger
