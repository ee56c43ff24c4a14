#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "foundation/decimal.hpp"
#include "foundation/money.hpp"
#include "subject/sealed.hpp"

namespace saldo::ledger {

/// Goods are items; shipping, vouchers and return fees are special items.
enum class LineKind { item, special_item };

/// One line of a basket, as the shop gave it. quantity >= 1, discounts <= 0.
struct Line {
    LineKind kind = LineKind::item;
    std::string type;  ///< of a special item (`SHIPPING`, `DISCOUNT`, `RETURN_FEE`, ...); empty for items
    std::int64_t quantity = 1;
    foundation::Decimal gross_unit_price;
    std::optional<foundation::Decimal> gross_unit_discount;
    std::optional<foundation::Decimal> net_unit_price;
    std::optional<foundation::Decimal> net_unit_discount;
    std::optional<foundation::Decimal> gross_total_price;  ///< as given; compared with the computed one, never shown
    std::optional<foundation::Decimal> net_total_price;    ///< as given; shown only where no net unit price computes it
    std::optional<foundation::Decimal> tax_rate;           ///< percent
    std::optional<foundation::Decimal> discount;           ///< information of the shop, in no sum
    std::optional<subject::Sealed> article_number;
    std::optional<subject::Sealed> name;
    std::optional<subject::Sealed> category;
    std::optional<subject::Sealed> unit;
    std::optional<subject::Sealed> description;
    std::optional<subject::Sealed> additional_description;
    std::optional<subject::Sealed> identification_number;
    std::optional<subject::Sealed> unique_identification_number;

    bool is_return_fee() const { return type == "RETURN_FEE"; }
    /// (unit price + unit discount) x quantity, rounded once.
    foundation::Money total(foundation::Currency currency) const { return total_of(quantity, currency); }
    /// The same for a part of the quantity.
    foundation::Money total_of(std::int64_t part, foundation::Currency currency) const;

    bool operator==(const Line&) const = default;
};

/// What the shop says of its taxes; kept as given, one entry a tax rate.
struct Vat {
    std::optional<foundation::Decimal> net_amount;
    std::optional<foundation::Decimal> tax_amount;
    foundation::Decimal tax_rate;
    bool operator==(const Vat&) const = default;
};

/// What one shop sells in one purchase.
struct Basket {
    std::string shop_id;
    std::optional<std::string> shop_name;  ///< as the shop was called when the purchase was authorised
    std::optional<std::string> shop_transaction_id;
    foundation::Money gross;
    std::vector<Line> lines;
    std::vector<Vat> vats;
    bool operator==(const Basket&) const = default;
};

/// Whether one tax rate has two entries.
bool has_repeated_rate(const std::vector<Vat>& vats);

/// Whether the lines add up to the amount, and each total that was given to its line. The difference may be up to 0.02
/// of the major unit for each unit of quantity, so that a shop that rounds each unit is not refused (the published
/// basket validation). No lines: nothing to compare, they fit.
bool adds_up(const std::vector<Line>& lines, foundation::Money gross);

}  // namespace saldo::ledger
