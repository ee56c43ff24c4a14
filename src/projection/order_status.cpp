#include <algorithm>
#include <array>
#include <utility>

#include "foundation/json_writer.hpp"
#include "ledger/standing.hpp"
#include "projection/payment_information.hpp"
#include "projection/status.hpp"

namespace saldo::projection {

using foundation::Decimal;
using foundation::JsonWriter;
using foundation::Money;
using ledger::Line;
using ledger::LineKind;
using ledger::LineStanding;
using ledger::ShopStanding;
using ledger::Standing;
using ledger::Transaction;
using subject::Sealed;

namespace {

constexpr PaymentVocabulary vocabulary{
    .details = "current_payment_method_details",
    .reference = "reference",
    .state = "order_payment_status",
    .dunning_level = "current_order_dunning_level",
    .dunning_date = "order_dunning_date",
    .shape = PaymentVocabulary::Shape::objects,
};

/// One of the four places goods can be, with the names of its lists (the seed spells those of special items
/// differently).
struct Place {
    std::int64_t LineStanding::* units;
    std::string_view items;
    std::string_view special_items;
};
constexpr std::array places{
    Place{&LineStanding::open, "open_items", "open_items"},
    Place{&LineStanding::shipped, "shipped_items", "shippedItems"},
    Place{&LineStanding::returned, "returned_items", "returnedItems"},
    Place{&LineStanding::cancelled, "cancelled_items", "cancelledItems"},
};

/// What a shop's lines in one place must add up to.
Money amount_in(const Transaction& transaction, const ShopStanding& shop, const Place& place) {
    if (place.units == &LineStanding::open) return shop.open();
    if (place.units == &LineStanding::shipped) return shop.captured - shop.refunded;
    if (place.units == &LineStanding::returned) return shop.refunded;
    return transaction.is_declined() ? shop.basket->gross : shop.cancelled;
}

void write_text(JsonWriter& json, std::string_view name, const std::optional<Sealed>& text) {
    if (text) json.field(name, text->text());
}

void write_text(JsonWriter& json, std::string_view name, const std::optional<Sealed>& text,
                const std::optional<Sealed>& otherwise) {
    write_text(json, name, text ? text : otherwise);
}

void write_item(JsonWriter& json, const Line& line, std::int64_t quantity) {
    const Decimal unit_discount = line.gross_unit_discount.value_or(Decimal{});
    json.begin_object();
    json.field("unit_price_gross", line.gross_unit_price);
    json.optional_field("tax_rate", line.tax_rate);
    json.field("discount", unit_discount.is_zero() ? line.discount.value_or(Decimal{}) : unit_discount);
    json.field("quantity", quantity);
    write_text(json, "description", line.description, line.name);
    write_text(json, "additional_description", line.additional_description);
    write_text(json, "identification_number", line.identification_number, line.article_number);
    write_text(json, "unique_identification_number", line.unique_identification_number);
    json.end_object();
}

void write_special_item(JsonWriter& json, const Line& line, Money price) {
    json.begin_object();
    json.field("type", std::string_view(line.type));
    json.field("price_gross", price);
    json.optional_field("tax_rate", line.tax_rate);
    write_text(json, "description", line.description, line.name);
    write_text(json, "additional_description", line.additional_description);
    json.end_object();
}

void write_shop_items(JsonWriter& json, const Standing& standing, const ShopStanding& shop) {
    json.begin_object();
    json.field("shop_id", std::string_view(shop.basket->shop_id));
    json.key("shop_items").begin_object();
    for (const Place& place : places) {
        json.key(place.items).begin_array();
        for (std::size_t i = 0; i < standing.lines.size(); ++i) {
            const auto& [line, shop_id, change] = standing.lines[i];
            const std::int64_t quantity = standing.positions[i].*place.units;
            if (line->kind == LineKind::item && *shop_id == shop.basket->shop_id && quantity > 0)
                write_item(json, *line, quantity);
        }
        json.end_array();
    }
    json.end_object().end_object();
}

/// Special items of every shop in one place, then the return fees kept back, then for each shop what its amounts say
/// and no line explains.
void write_special_items(JsonWriter& json, const Transaction& transaction, const Standing& standing,
                         const Place& place) {
    const foundation::Currency currency = transaction.currency();
    std::vector<Money> unexplained;
    for (const ShopStanding& shop : standing.shops) unexplained.push_back(amount_in(transaction, shop, place));
    const auto explain = [&](std::string_view shop_id, Money amount) {
        const auto shop = std::ranges::find_if(standing.shops,
                                               [&](const ShopStanding& one) { return one.basket->shop_id == shop_id; });
        unexplained[static_cast<std::size_t>(shop - standing.shops.begin())] -= amount;
    };

    json.key(place.special_items).begin_array();
    for (std::size_t i = 0; i < standing.lines.size(); ++i) {
        const auto& [line, shop_id, change] = standing.lines[i];
        const std::int64_t quantity = standing.positions[i].*place.units;
        if (quantity == 0) continue;
        const Money price = line->total_of(quantity, currency);
        explain(*shop_id, price);
        if (line->kind == LineKind::special_item) write_special_item(json, *line, price);
    }
    const bool is_shipped = place.units == &LineStanding::shipped;
    if (is_shipped || place.units == &LineStanding::returned) {
        for (const ledger::ReturnFeeStanding& fee : standing.return_fees) {
            const Money price = is_shipped ? -fee.line->total(currency) : fee.line->total(currency);
            explain(*fee.shop_id, price);
            write_special_item(json, *fee.line, price);
        }
    }
    for (std::size_t i = 0; i < standing.shops.size(); ++i) {
        if (unexplained[i].is_zero()) continue;
        json.begin_object();
        json.field("type", "AMOUNT_ONLY");
        json.field("price_gross", unexplained[i]);
        json.field("description", "amount without items");
        if (standing.shops.size() > 1)
            json.field("additional_description", std::string_view(standing.shops[i].basket->shop_id));
        json.end_object();
    }
    json.end_array();
}

void write_basket(JsonWriter& json, const Transaction& transaction, const Standing& standing) {
    json.key("basket").begin_object();
    json.field("initial_order_amount_gross", transaction.authorisation.gross());
    json.field("current_order_amount_gross", standing.authorised() - standing.cancelled() - standing.refunded());
    json.field("last_updated", std::string_view(transaction.zone().text(standing.last_updated)));
    json.key("current_items").begin_array();
    for (const ShopStanding& shop : standing.shops) write_shop_items(json, standing, shop);
    json.end_array();
    json.key("current_special_items").begin_object();
    for (const Place& place : places) write_special_items(json, transaction, standing, place);
    json.end_object();
    json.end_object();
}

void write_or_null(JsonWriter& json, std::string_view name, const std::optional<std::string>& text) {
    if (text)
        json.field(name, std::string_view(*text));
    else
        json.null_field(name);
}

}  // namespace

std::string order_status(const Transaction& transaction, const Reading& reading) {
    const Standing standing = ledger::standing_of(transaction, reading.as_of);
    JsonWriter json;
    json.begin_object();
    json.key("general_order_information").begin_object();
    json.field("transaction_id", std::string_view(transaction.id));
    write_or_null(json, "shop_order_id", transaction.partner_transaction_id());
    json.field("order_creation_date", std::string_view(transaction.zone().text(transaction.created)));
    write_or_null(json, "shop_buyer_id", transaction.authorisation.buyer.shop_buyer_id);
    json.field("currency", transaction.currency().code());
    json.end_object();
    if (reading.include.basket) write_basket(json, transaction, standing);
    write_payment_information(json, transaction, standing, reading, vocabulary);
    json.end_object();
    return std::move(json).finish();
}

}  // namespace saldo::projection
