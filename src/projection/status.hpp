#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ledger/transaction.hpp"

namespace saldo::projection {

/// Which blocks of a status document are asked for. The head is always there.
struct Include {
    bool basket = false;
    bool payment_method = false;
    bool payment_status = false;
    bool dunning_status = false;

    static constexpr Include everything() { return {true, true, true, true}; }
    static constexpr Include nothing() { return {}; }
    bool has_payment_information() const { return payment_method || payment_status || dunning_status; }
    bool operator==(const Include&) const = default;
};

/// How a document is read.
struct Reading {
    foundation::Day as_of;  ///< what counts up to this day; not before the day of the purchase
    Include include;
    int processing_offset_hours = 0;  ///< setting of the operator: how long money may be on its way before it shows
};

/// The document of Transaction Status (seed 002): JSON, fields in the seed's order. Everything that was due by now must
/// have been folded into the transaction.
std::string transaction_status(const ledger::Transaction& transaction, const Reading& reading);

/// The document of Order Status (seed 003).
std::string order_status(const ledger::Transaction& transaction, const Reading& reading);

/// Until when documents read at `now` stay true if nothing is written; nothing: for good.
std::optional<foundation::Instant> valid_until(const ledger::Transaction& transaction, foundation::Instant now);

}  // namespace saldo::projection
