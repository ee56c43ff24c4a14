#include "ledger/standing.hpp"

#include <algorithm>
#include <functional>

#include "foundation/outcome.hpp"

namespace saldo::ledger {

using foundation::Day;
using foundation::Money;

namespace {

using Kind = BasketChange::Kind;

/// What a capture still holds of each line, for returns to be set against it.
struct HeldUnits {
    std::size_t invoice;
    std::vector<std::int64_t> units;  // by line
};

class Replay {
  public:
    explicit Replay(const Transaction& transaction) : transaction_(transaction) {
        const Money zero = Money::zero(transaction.currency());
        for (const Basket& basket : transaction.authorisation.baskets)
            standing_.shops.push_back({.basket = &basket,
                                       .authorised = transaction.is_declined() ? zero : basket.gross,
                                       .captured = zero,
                                       .cancelled = zero,
                                       .refunded = zero});
        standing_.lines = transaction.lines();
        standing_.positions.resize(standing_.lines.size());
        for (std::size_t i = 0; i < standing_.lines.size(); ++i)
            if (standing_.lines[i].change == Transaction::PlacedLine::authorised) enter(i);
        standing_.last_updated = transaction.created;
    }

    void apply(std::size_t index) {
        const BasketChange& change = transaction_.changes[index];
        standing_.last_updated = change.recorded_at;
        switch (change.kind) {
            case Kind::increment:
                return increase(change.operation(), index);
            case Kind::capture:
                return capture(change);
            case Kind::cancellation:
                return cancel(change.operation());
            case Kind::refund:
                return refund(change.operation());
            case Kind::expiry:
            case Kind::reservation_end:
                return expire();
        }
    }

    Standing take() && { return std::move(standing_); }

  private:
    void enter(std::size_t line) {
        LineStanding& position = standing_.positions[line];
        (transaction_.is_declined() ? position.cancelled : position.open) = standing_.lines[line].line->quantity;
    }

    ShopStanding& shop(std::string_view shop_id) {
        const auto found = std::ranges::find_if(
            standing_.shops, [&](const ShopStanding& one) { return one.basket->shop_id == shop_id; });
        foundation::ensure(found != standing_.shops.end(), "an operation names a shop that has no basket");
        return *found;
    }

    /// Takes units from one state to another; the lines of one shop that are left in `from` follow when `all` is said.
    std::int64_t move(std::size_t line, std::int64_t LineStanding::* from, std::int64_t LineStanding::* to,
                      std::int64_t quantity) {
        LineStanding& position = standing_.positions.at(line);
        const std::int64_t moved = std::min(quantity, position.*from);
        position.*from -= moved;
        position.*to += moved;
        return moved;
    }

    template <class Moved>
    void move_rest(std::string_view shop_id, std::int64_t LineStanding::* from, std::int64_t LineStanding::* to,
                   Moved&& on_moved) {
        for (std::size_t i = 0; i < standing_.lines.size(); ++i)
            if (*standing_.lines[i].shop_id == shop_id) on_moved(i, move(i, from, to, standing_.positions[i].*from));
    }

    void increase(const BasketOperation& operation, std::size_t index) {
        shop(operation.shop_id).authorised += operation.gross;
        for (std::size_t i = 0; i < standing_.lines.size(); ++i)
            if (standing_.lines[i].change == index) enter(i);
    }

    void capture(const BasketChange& change) {
        const BasketOperation& operation = change.operation();
        ShopStanding& amounts = shop(operation.shop_id);
        amounts.captured += operation.gross;
        HeldUnits held{standing_.invoices.size(), std::vector<std::int64_t>(standing_.lines.size())};
        const auto hold = [&](std::size_t line, std::int64_t moved) { held.units[line] += moved; };
        for (const LineMove& one : operation.moves) {
            const auto line = static_cast<std::size_t>(one.line);
            hold(line, move(line, &LineStanding::open, &LineStanding::shipped, one.quantity));
        }
        if (amounts.open().is_zero()) move_rest(operation.shop_id, &LineStanding::open, &LineStanding::shipped, hold);
        standing_.invoices.push_back({.capture = &change,
                                      .number = static_cast<int>(standing_.invoices.size()) + 1,
                                      .remainder = operation.gross});
        held_.push_back(std::move(held));
    }

    void cancel(const BasketOperation& operation) {
        ShopStanding& amounts = shop(operation.shop_id);
        amounts.cancelled += operation.gross;
        for (const LineMove& one : operation.moves)
            move(static_cast<std::size_t>(one.line), &LineStanding::open, &LineStanding::cancelled, one.quantity);
        if (amounts.open().is_zero()) cancel_rest(operation.shop_id);
    }

    void cancel_rest(std::string_view shop_id) {
        move_rest(shop_id, &LineStanding::open, &LineStanding::cancelled, [](std::size_t, std::int64_t) {});
    }

    void expire() {
        for (ShopStanding& amounts : standing_.shops) {
            amounts.cancelled += amounts.open();
            cancel_rest(amounts.basket->shop_id);
        }
    }

    void refund(const BasketOperation& operation) {
        ShopStanding& amounts = shop(operation.shop_id);
        amounts.refunded += operation.gross;
        Money unassigned = operation.gross;
        for (const LineMove& one : operation.moves) {
            const auto line = static_cast<std::size_t>(one.line);
            unassigned -= set_against_holders(
                line, move(line, &LineStanding::shipped, &LineStanding::returned, one.quantity), unassigned);
        }
        set_against_oldest(operation.shop_id, unassigned);
        for (const Line& line : operation.lines)
            if (line.is_return_fee()) standing_.return_fees.push_back({&line, &operation.shop_id});
        if (amounts.refunded == amounts.captured) {
            move_rest(operation.shop_id, &LineStanding::shipped, &LineStanding::returned,
                      [](std::size_t, std::int64_t) {});
            std::erase_if(standing_.return_fees,
                          [&](const ReturnFeeStanding& fee) { return *fee.shop_id == operation.shop_id; });
        }
    }

    /// Sets returned units against the invoices that hold them, oldest first, at most `most`; gives what was set
    /// against them.
    Money set_against_holders(std::size_t line, std::int64_t quantity, Money most) {
        Money total = Money::zero(transaction_.currency());
        for (HeldUnits& held : held_) {
            const std::int64_t part = std::min(quantity, held.units[line]);
            if (part == 0) continue;
            held.units[line] -= part;
            quantity -= part;
            const Money worth = standing_.lines[line].line->total_of(part, transaction_.currency());
            total += use_up(standing_.invoices[held.invoice], std::min(worth, most - total));
        }
        return total;
    }

    void set_against_oldest(std::string_view shop_id, Money amount) {
        for (InvoiceStanding& invoice : standing_.invoices)
            if (invoice.capture->operation().shop_id == shop_id) amount -= use_up(invoice, amount);
    }

    Money use_up(InvoiceStanding& invoice, Money amount) {
        const Money used = std::clamp(amount, Money::zero(transaction_.currency()), invoice.remainder);
        invoice.remainder -= used;
        return used;
    }

    const Transaction& transaction_;
    Standing standing_;
    std::vector<HeldUnits> held_;
};

/// Whether two texts are both there and the same.
bool same(const std::optional<Sealed>& left, const std::optional<Sealed>& right) {
    return left && right && !left->is_erased() && left == right;
}

bool names(const Line& named, const Line& line) {
    if (named.kind != line.kind || named.gross_unit_price != line.gross_unit_price ||
        named.gross_unit_discount.value_or(foundation::Decimal{}) !=
            line.gross_unit_discount.value_or(foundation::Decimal{}))
        return false;
    if (named.unique_identification_number)
        return same(named.unique_identification_number, line.unique_identification_number);
    if (named.article_number) return same(named.article_number, line.article_number);
    if (named.kind == LineKind::special_item) return named.type == line.type;
    return same(named.name, line.name);
}

template <class Part>
Money sum(const std::vector<ShopStanding>& shops, Part part) {
    Money total = std::invoke(part, shops.front());
    for (std::size_t i = 1; i < shops.size(); ++i) total += std::invoke(part, shops[i]);
    return total;
}

}  // namespace

const ShopStanding& Standing::shop(std::string_view shop_id) const {
    const auto found =
        std::ranges::find_if(shops, [&](const ShopStanding& one) { return one.basket->shop_id == shop_id; });
    foundation::ensure(found != shops.end(), "the purchase has no basket of that shop");
    return *found;
}

Money Standing::open() const {
    return sum(shops, &ShopStanding::open);
}
Money Standing::authorised() const {
    return sum(shops, &ShopStanding::authorised);
}
Money Standing::captured() const {
    return sum(shops, &ShopStanding::captured);
}
Money Standing::cancelled() const {
    return sum(shops, &ShopStanding::cancelled);
}
Money Standing::refunded() const {
    return sum(shops, &ShopStanding::refunded);
}

Standing standing_of(const Transaction& transaction, std::optional<Day> until) {
    Replay replay(transaction);
    for (std::size_t i = 0; i < transaction.changes.size(); ++i)
        if (!until || transaction.changes[i].value_date <= *until) replay.apply(i);
    return std::move(replay).take();
}

std::vector<LineMove> moves_of(const Standing& standing, std::string_view shop_id, const std::vector<Line>& named,
                               std::int64_t LineStanding::* pool) {
    std::vector<LineStanding> left = standing.positions;
    std::vector<LineMove> moves;
    for (const Line& one : named) {
        std::int64_t wanted = one.quantity;
        for (std::size_t i = 0; i < standing.lines.size() && wanted > 0; ++i) {
            if (*standing.lines[i].shop_id != shop_id || !names(one, *standing.lines[i].line)) continue;
            const std::int64_t taken = std::min(wanted, left[i].*pool);
            if (taken == 0) continue;
            left[i].*pool -= taken;
            wanted -= taken;
            moves.push_back({static_cast<int>(i), taken});
        }
    }
    return moves;
}

}  // namespace saldo::ledger
