#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/transaction.hpp"

namespace saldo::ledger {

/// How many units of a line are in each state: open + shipped + returned + cancelled = the line's quantity.
struct LineStanding {
    std::int64_t open = 0;
    std::int64_t shipped = 0;
    std::int64_t returned = 0;
    std::int64_t cancelled = 0;
    bool operator==(const LineStanding&) const = default;
};

/// A return fee that a refund kept back and that is still owed.
struct ReturnFeeStanding {
    const Line* line;
    const std::string* shop_id;
};

/// How a capture's invoice stands against later returns: 0 <= remainder <= amount.
struct InvoiceStanding {
    const BasketChange* capture;
    int number = 0;  ///< running number over all captures of the transaction, from 1
    foundation::Money remainder;
};

/// The amounts of one shop. open = authorised - captured - cancelled, 0 <= refunded <= captured.
struct ShopStanding {
    const Basket* basket = nullptr;
    foundation::Money authorised;
    foundation::Money captured;
    foundation::Money cancelled;
    foundation::Money refunded;
    foundation::Money open() const { return authorised - captured - cancelled; }
};

/// Where every line and every amount of a purchase is, counting what counts up to one day. Borrows from the
/// transaction.
struct Standing {
    std::vector<ShopStanding> shops;  ///< in basket order
    std::vector<Transaction::PlacedLine> lines;
    std::vector<LineStanding> positions;  ///< of `lines`
    std::vector<ReturnFeeStanding> return_fees;
    std::vector<InvoiceStanding> invoices;  ///< by capture
    foundation::Instant last_updated;       ///< when the basket last changed

    const ShopStanding& shop(std::string_view shop_id) const;
    foundation::Money open() const;
    foundation::Money authorised() const;
    foundation::Money captured() const;
    foundation::Money cancelled() const;
    foundation::Money refunded() const;
};

/// The standing from what counts up to and including `until`; without it, from everything.
///
/// Lines move by the quantities their operations name. When a shop has nothing open any more, the lines left over
/// follow the operation that did it; when all that was captured is refunded, the lines left over are returned and no
/// return fee stays. A declined purchase has everything cancelled. Returns use up invoices: named lines the oldest
/// invoice of the shop that holds them, the rest oldest invoice first.
Standing standing_of(const Transaction& transaction, std::optional<foundation::Day> until = std::nullopt);

/// Which units of the transaction's lines the lines of an operation name: same shop; same unique identification number,
/// else article number, else name (special items: type); same unit price and discount; earliest line first, spilling
/// into the next. `pool` says which state they are taken from. What finds no line moves none.
std::vector<LineMove> moves_of(const Standing& standing, std::string_view shop_id, const std::vector<Line>& named,
                               std::int64_t LineStanding::* pool);

}  // namespace saldo::ledger
