#include "foundation/json_writer.hpp"
#include "ledger/standing.hpp"
#include "projection/payment_information.hpp"
#include "projection/status.hpp"

namespace saldo::projection {

using foundation::Currency;
using foundation::Decimal;
using foundation::JsonWriter;
using ledger::BasketChange;
using ledger::Line;
using ledger::LineKind;
using ledger::Transaction;
using subject::Sealed;

namespace {

constexpr PaymentVocabulary vocabulary{
    .details = "payment_details",
    .reference = "ratepay_payment_reference",
    .state = "transaction_payment_status",
    .dunning_level = "current_transaction_dunning_level",
    .dunning_date = "transaction_dunning_date",
    .shape = PaymentVocabulary::Shape::lists,
};

void write_text(JsonWriter& json, std::string_view name, const std::optional<Sealed>& text) {
    if (text) json.field(name, text->text());
}

void write_line(JsonWriter& json, const Line& line, Currency currency) {
    json.begin_object();
    if (line.kind == LineKind::special_item) json.field("type", std::string_view(line.type));
    json.field("gross_unit_price", line.gross_unit_price);
    json.optional_field("gross_unit_discount", line.gross_unit_discount);
    json.field("gross_total_price", line.total(currency));
    json.optional_field("tax_rate", line.tax_rate);
    json.field("discount", line.discount.value_or(Decimal{}));
    json.field("quantity", line.quantity);
    write_text(json, "article_number", line.article_number);
    write_text(json, "name", line.name);
    write_text(json, "category", line.category);
    write_text(json, "unit", line.unit);
    write_text(json, "description", line.description);
    write_text(json, "additional_description", line.additional_description);
    write_text(json, "identification_number", line.identification_number);
    write_text(json, "unique_identification_number", line.unique_identification_number);
    if (line.net_unit_price)
        json.field("net_total_price",
                   foundation::line_total(*line.net_unit_price, line.net_unit_discount.value_or(Decimal{}),
                                          line.quantity, currency));
    else
        json.optional_field("net_total_price", line.net_total_price);
    json.optional_field("net_unit_discount", line.net_unit_discount);
    json.optional_field("net_unit_price", line.net_unit_price);
    json.end_object();
}

void write_basket(JsonWriter& json, const Transaction& transaction, const ledger::Basket& basket,
                  foundation::Day as_of) {
    const Currency currency = transaction.currency();
    json.begin_object();
    json.field("partner_shop_id", std::string_view(basket.shop_id));
    if (basket.shop_name) json.field("partner_shop_name", std::string_view(*basket.shop_name));
    if (const auto id = transaction.shop_transaction_id(basket))
        json.field("shop_transaction_id", std::string_view(*id));
    json.field("gross_amount", basket.gross);
    json.key("items").begin_array();
    for (const Line& line : basket.lines)
        if (line.kind == LineKind::item) write_line(json, line, currency);
    json.end_array();
    json.key("special_items").begin_array();
    for (const Line& line : basket.lines)
        if (line.kind == LineKind::special_item) write_line(json, line, currency);
    for (const BasketChange& change : transaction.changes) {
        if (change.kind != BasketChange::Kind::refund || change.value_date > as_of) continue;
        const ledger::BasketOperation& refund = change.operation();
        for (const Line& line : refund.lines)
            if (refund.shop_id == basket.shop_id && line.is_return_fee()) write_line(json, line, currency);
    }
    json.end_array();
    json.end_object();
}

}  // namespace

std::string transaction_status(const Transaction& transaction, const Reading& reading) {
    const ledger::Standing standing = ledger::standing_of(transaction, reading.as_of);
    JsonWriter json;
    json.begin_object();
    json.field("ratepay_transaction_id", std::string_view(transaction.id));
    if (const auto id = transaction.partner_transaction_id())
        json.field("partner_transaction_id", std::string_view(*id));
    json.field("created", std::string_view(transaction.zone().text(transaction.created)));
    if (const auto& buyer = transaction.authorisation.buyer.shop_buyer_id)
        json.field("shop_buyer_id", std::string_view(*buyer));
    else
        json.null_field("shop_buyer_id");
    json.field("currency", transaction.currency().code());
    if (reading.include.basket) {
        json.key("shop_baskets").begin_array();
        for (const ledger::Basket& basket : transaction.authorisation.baskets)
            write_basket(json, transaction, basket, reading.as_of);
        json.end_array();
    }
    write_payment_information(json, transaction, standing, reading, vocabulary);
    json.end_object();
    return std::move(json).finish();
}

}  // namespace saldo::projection
