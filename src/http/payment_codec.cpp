#include "http/payment_codec.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace saldo::http {

using foundation::Currency;
using foundation::Decimal;
using foundation::Instant;
using foundation::JsonValue;
using foundation::Money;
using foundation::Outcome;
using ledger::Address;
using ledger::Line;
using ledger::LineKind;
using ledger::RequestedOperation;
using ledger::Sealed;
using ledger::Vat;
using terms::DeliveryType;
using terms::PaymentOption;
using terms::TransferType;

namespace {

constexpr std::size_t baskets_max = 100;
constexpr std::size_t lines_max = 1000;
constexpr std::int64_t quantity_max = 1'000'000;

constexpr TextRule partner_shop_id{.size_min = 1, .size_max = 255};
constexpr TextRule partner_transaction_id{.size_min = 1, .size_max = 50};
constexpr TextRule partner_operation_id{.size_max = 255};
constexpr TextRule partner_invoice_id{.size_max = 50};
constexpr TextRule shop_transaction_id{.size_min = 1, .size_max = 127};
constexpr TextRule shop_buyer_id{.size_max = 255};
constexpr TextRule tracking_number{.size_min = 1, .size_max = 127};
constexpr TextRule language{.size_min = 1, .size_max = 35};
constexpr TextRule not_blank{.visible_min = 1};
constexpr TextRule prose{.lines = TextRule::Lines::many};

constexpr DecimalRule percent{.sign = Sign::not_negative, .magnitude_max = 100};
constexpr DecimalRule discount{.sign = Sign::not_positive};

constexpr std::array transfer_types{TransferType::bank_transfer, TransferType::sepa_direct_debit};

constexpr std::string_view carrier_without_tracking = "OTHER_WITHOUT_TRACKING";
constexpr std::array<std::string_view, 11> carriers{"DHL",
                                                    "POST_AUSTRIA",
                                                    "UPS",
                                                    "DPD",
                                                    "SWISS_POST",
                                                    "GLS",
                                                    "ASENDIA",
                                                    "HERMES_LOGISTICS",
                                                    "FEDEX",
                                                    "OTHER_WITH_TRACKING",
                                                    carrier_without_tracking};

bool is_upper(char c) {
    return c >= 'A' && c <= 'Z';
}

bool is_special_type(std::string_view text) {
    return !text.empty() && text.size() <= 40 && is_upper(text[0]) &&
           std::ranges::all_of(text, [](char c) { return is_upper(c) || (c >= '0' && c <= '9') || c == '_'; });
}

std::optional<Sealed> read_country_code(const FieldReader& in) {
    auto code = in.text("country_code");
    if (!code) return std::nullopt;
    if (code->size() == 2 && std::ranges::all_of(*code, is_upper)) return Sealed(*std::move(code));
    in.blame("country_code", "must be two capital letters, ISO 3166-1");
    return std::nullopt;
}

Address read_address(const FieldReader& in) {
    in.require({"street", "city", "country_code"});
    return {.street = in.sealed("street", not_blank),
            .street_addition = in.sealed("street_addition"),
            .street_number = in.sealed("street_number"),
            .zip_code = in.sealed("zip_code"),
            .city = in.sealed("city", {.visible_min = 2}),
            .country_code = read_country_code(in)};
}

ledger::Person read_person(const FieldReader& in) {
    in.require({"first_name", "last_name"});
    const auto born = in.day("date_of_birth");
    return {.title = in.sealed("title"),
            .first_name = in.sealed("first_name", not_blank),
            .last_name = in.sealed("last_name", not_blank),
            .date_of_birth = born ? std::optional(Sealed(foundation::day_text(*born))) : std::nullopt};
}

ledger::Company read_company(const FieldReader& in) {
    in.require({"name"});
    return {.name = in.sealed("name", not_blank), .vat_id = in.sealed("vat_id")};
}

ledger::Buyer read_buyer(const FieldReader& in) {
    ledger::Buyer buyer;
    in.require({"billing_address"});
    if (in.has("person") == in.has("company"))
        in.blame("", in.has("person") ? "must have person or company, not both" : "must have person or company");
    if (const auto address = in.object("billing_address")) buyer.billing_address = read_address(*address);
    if (const auto person = in.object("person")) buyer.person = read_person(*person);
    if (const auto company = in.object("company")) buyer.company = read_company(*company);
    if (const auto contact = in.object("contact"))
        buyer.contact = {.email = contact->sealed("email"), .phone = contact->sealed("phone")};
    buyer.language = in.text("language", language).value_or(buyer.language);
    buyer.shop_buyer_id = in.filled_text("shop_buyer_id", shop_buyer_id);
    return buyer;
}

ledger::Delivery read_delivery(const FieldReader& in) {
    ledger::Delivery delivery;
    delivery.company = in.sealed("company");
    delivery.first_name = in.sealed("first_name");
    delivery.last_name = in.sealed("last_name");
    delivery.full_name = in.sealed("full_name");
    if (const auto address = in.object("address")) delivery.address = read_address(*address);
    constexpr std::array<std::pair<std::string_view, DeliveryType>, 3> pick_ups{
        {{"in_store_collect", DeliveryType::in_store_collect},
         {"pick_up_box", DeliveryType::pick_up_box},
         {"pick_up_shop", DeliveryType::pick_up_shop}}};
    for (const auto& [name, type] : pick_ups) {
        const auto place = in.object(name);
        if (!place) continue;
        if (delivery.pick_up) in.blame("", "must have at most one of in_store_collect, pick_up_box, pick_up_shop");
        delivery.type = type;
        delivery.pick_up = Sealed(json_text(place->value()));
    }
    return delivery;
}

/// The account to collect from; required, since the purchase is paid by direct debit.
std::optional<ledger::DebitAccount> read_debit_account(const FieldReader& in) {
    const auto details = in.object("payment_details");
    if (!details || !details->has("debit_bank_account")) {
        in.blame("payment_details.debit_bank_account", "is missing: a direct debit is collected from it");
        return std::nullopt;
    }
    const auto account = details->object("debit_bank_account");
    if (!account) return std::nullopt;
    account->require({"iban", "owner"});
    return ledger::DebitAccount{.iban = account->sealed("iban", not_blank).value_or(Sealed(std::string{})),
                                .owner = account->sealed("owner", not_blank)};
}

/// The largest price of a unit, in a decimal's units, whose line is still an amount that can be told.
std::int64_t unit_price_max(std::int64_t quantity, std::optional<Currency> currency) {
    std::int64_t units = Money::minor_max * Decimal::scale;
    for (int place = 0; currency && place < currency->decimals(); ++place) units /= 10;
    return units / quantity;
}

bool is_tellable(const std::optional<Decimal>& price, const std::optional<Decimal>& off, std::int64_t unit_max) {
    const std::int64_t units = price.value_or(Decimal{}).units() + off.value_or(Decimal{}).units();
    return units <= unit_max && units >= -unit_max;
}

Line read_line(const FieldReader& in, LineKind kind, std::optional<Currency> currency) {
    in.require({"gross_unit_price"});
    Line line{.kind = kind,
              .type = {},
              .quantity = in.whole("quantity", {.min = 1, .max = quantity_max}).value_or(1),
              .gross_unit_price = in.decimal("gross_unit_price").value_or(Decimal{}),
              .gross_unit_discount = in.decimal("gross_unit_discount", discount),
              .net_unit_price = in.decimal("net_unit_price"),
              .net_unit_discount = in.decimal("net_unit_discount", discount),
              .gross_total_price = in.decimal("gross_total_price"),
              .net_total_price = in.decimal("net_total_price"),
              .tax_rate = in.decimal("tax_rate", percent),
              .discount = in.decimal("discount", discount),
              .article_number = in.sealed("article_number", not_blank),
              .name = in.sealed("name", prose),
              .category = in.sealed("category", prose),
              .unit = in.sealed("unit", prose),
              .description = in.sealed("description", prose),
              .additional_description = in.sealed("additional_description", prose),
              .identification_number = in.sealed("identification_number"),
              .unique_identification_number = in.sealed("unique_identification_number")};
    const std::int64_t unit_max = unit_price_max(line.quantity, currency);
    if (!is_tellable(line.gross_unit_price, line.gross_unit_discount, unit_max) ||
        !is_tellable(line.net_unit_price, line.net_unit_discount, unit_max))
        in.blame("", "must have a smaller total: unit price times quantity is too large for an amount");
    return line;
}

/// Shipping adds to the price and a voucher takes off it: where the type is left out, the sign tells.
std::string_view type_by_price(const Line& line) {
    return line.gross_unit_price.is_negative() ? "DISCOUNT" : "SHIPPING";
}

/// What the lines of a request belong to. A return fee has its place in refunds; the ledger refuses it elsewhere,
/// whatever its price.
enum class Purpose : std::uint8_t { sale, refund };

Line read_special_line(const FieldReader& in, std::optional<Currency> currency, Purpose purpose) {
    Line line = read_line(in, LineKind::special_item, currency);
    line.type = in.text("type").value_or(std::string(type_by_price(line)));
    if (!is_special_type(line.type))
        in.blame("type", "must have 1 to 40 capital letters, digits and underscores, a letter first");
    if (purpose == Purpose::refund && line.is_return_fee() && !line.gross_unit_price.is_negative())
        in.blame("gross_unit_price", "must be below 0 for a return fee");
    return line;
}

std::vector<Line> read_lines(const FieldReader& in, std::optional<Currency> currency, Purpose purpose) {
    constexpr ListRule rule{.size_max = lines_max};
    std::vector<Line> lines;
    in.each("items", rule,
            [&](const FieldReader& item) { lines.push_back(read_line(item, LineKind::item, currency)); });
    in.each("special_items", rule,
            [&](const FieldReader& item) { lines.push_back(read_special_line(item, currency, purpose)); });
    if (lines.size() > lines_max)
        in.blame("special_items", "must have, together with items, at most " + std::to_string(lines_max) + " elements");
    return lines;
}

std::vector<Vat> read_vats(const FieldReader& in) {
    std::vector<Vat> vats;
    in.each("vats", {.size_max = lines_max}, [&](const FieldReader& vat) {
        vat.require({"net_amount", "tax_amount", "tax_rate"});
        vats.push_back({.net_amount = vat.decimal("net_amount"),
                        .tax_amount = vat.decimal("tax_amount"),
                        .tax_rate = vat.decimal("tax_rate", percent).value_or(Decimal{})});
    });
    return vats;
}

ledger::RequestedBasket read_basket(const FieldReader& in, std::optional<Currency> currency) {
    in.require({"gross_amount"});
    return {.shop_id = in.text("partner_shop_id", partner_shop_id),
            .shop_transaction_id = in.text("shop_transaction_id", shop_transaction_id),
            .gross = in.money("gross_amount", currency, Sign::positive).value_or(Money{}),
            .lines = read_lines(in, currency, Purpose::sale),
            .vats = read_vats(in)};
}

RequestedOperation read_operation(const FieldReader& in, std::optional<Currency> currency,
                                  Purpose purpose = Purpose::sale) {
    in.require({"gross_amount"});
    return {.shop_id = in.text("partner_shop_id", partner_shop_id),
            .gross = in.money("gross_amount", currency, Sign::positive).value_or(Money{}),
            .lines = read_lines(in, currency, purpose),
            .vats = read_vats(in),
            .partner_operation_id = in.filled_text("partner_operation_id", partner_operation_id)};
}

std::optional<ledger::WantedInstalments> read_instalments(const FieldReader& in, Currency currency) {
    const auto details = in.object("payment_details");
    if (!details || !details->has("instalments")) {
        in.blame("payment_details.instalments", "is missing: it says how the buyer repays");
        return std::nullopt;
    }
    const auto wish = details->object("instalments");
    if (!wish) return std::nullopt;
    ledger::WantedInstalments wanted;
    if (const auto number = wish->whole("number_of_instalments", {.min = 1, .max = terms::instalments_max}))
        wanted.number = static_cast<int>(*number);
    wanted.amount = wish->money("instalment_max", currency, Sign::positive);
    if (const auto day = wish->whole("payment_day", {.min = 1, .max = 31})) wanted.payment_day = static_cast<int>(*day);
    if (wish->has("number_of_instalments") == wish->has("instalment_max"))
        wish->blame("", "must have number_of_instalments or instalment_max, and not both");
    return wanted;
}

void require_future(const FieldReader& in, const std::optional<Instant>& expires, Instant now) {
    if (expires && *expires <= now) in.blame("authorization_expires", std::string(not_in_future));
}

template <class Operation>
CommandRead read_plain_operation(JsonValue body, std::optional<Currency> currency) {
    return unless_malformed(body, [&](const FieldReader& in) -> ledger::Command {
        Operation command{};
        command.operation = read_operation(in, currency);
        return command;
    });
}

}  // namespace

terms::PaymentMethod read_payment_method(const FieldReader& in) {
    in.require({"payment_option", "transfer_type"});
    terms::PaymentMethod method;
    method.option = in.choice("payment_option", terms::all_payment_options).value_or(method.option);
    method.transfer = in.choice("transfer_type", transfer_types).value_or(method.transfer);
    return method;
}

ledger::Authorise read_order(const FieldReader& in, Instant now) {
    ledger::Authorise command;
    const auto currency = in.currency("currency");
    command.currency = currency.value_or(Currency{});
    command.partner_transaction_id = in.text("partner_transaction_id", partner_transaction_id);
    command.partner_operation_id = in.filled_text("partner_operation_id", partner_operation_id);
    command.expires = in.instant("authorization_expires");
    require_future(in, command.expires, now);
    if (const auto buyer = in.object("buyer")) command.buyer = read_buyer(*buyer);
    if (const auto delivery = in.object("delivery")) command.delivery = read_delivery(*delivery);
    if (const auto device = in.object("device"))
        command.device = {.source_ip_address = device->sealed("source_ip_address"), .token = device->sealed("token")};
    in.each("shop_baskets", {.size_min = 1, .size_max = baskets_max},
            [&](const FieldReader& basket) { command.baskets.push_back(read_basket(basket, currency)); });
    return command;
}

Outcome<ledger::Authorise, Malformed> read_authorise(JsonValue body, Instant now) {
    return unless_malformed(body, [&](const FieldReader& in) {
        in.require({"buyer", "currency", "payment_method", "shop_baskets"});
        ledger::Authorise command = read_order(in, now);
        if (const auto method = in.object("payment_method")) command.payment_method = read_payment_method(*method);
        if (command.payment_method.transfer == TransferType::sepa_direct_debit)
            command.debit_account = read_debit_account(in);
        if (command.payment_method.option == PaymentOption::instalment)
            command.instalments = read_instalments(in, command.currency);
        return command;
    });
}

CommandRead read_increase(JsonValue body, std::optional<Currency> currency) {
    return read_plain_operation<ledger::IncreaseAuthorisation>(body, currency);
}

CommandRead read_cancel(JsonValue body, std::optional<Currency> currency) {
    return read_plain_operation<ledger::Cancel>(body, currency);
}

CommandRead read_capture(JsonValue body, std::optional<Currency> currency) {
    return unless_malformed(body, [&](const FieldReader& in) -> ledger::Command {
        return ledger::Capture{
            .operation = read_operation(in, currency),
            .partner_invoice_id = in.filled_text("partner_invoice_id", partner_invoice_id),
            .partner_transaction_id = in.text("partner_transaction_id", partner_transaction_id),
            .shop_transaction_id = in.text("shop_transaction_id", shop_transaction_id),
        };
    });
}

CommandRead read_refund(JsonValue body, std::optional<Currency> currency) {
    return unless_malformed(body, [&](const FieldReader& in) -> ledger::Command {
        return ledger::Refund{read_operation(in, currency, Purpose::refund)};
    });
}

CommandRead read_shipping_information(JsonValue body, std::string capture_id) {
    return unless_malformed(body, [&](const FieldReader& in) -> ledger::Command {
        in.require({"carrier_name"});
        const auto carrier = in.choice("carrier_name", std::span<const std::string_view>(carriers));
        if (carrier && *carrier != carrier_without_tracking) in.require({"tracking_number"});
        return ledger::AddShippingInformation{.capture_id = std::move(capture_id),
                                              .carrier_name = carrier.value_or(""),
                                              .tracking_number = in.sealed("tracking_number", tracking_number)};
    });
}

CommandRead read_transaction_patch(JsonValue body, Instant current, Instant now) {
    return unless_malformed(body, [&](const FieldReader& in) -> ledger::Command {
        in.each_other({"authorization_expires"},
                      [&](std::string_view name) { in.blame(name, "cannot be changed; leave it out"); });
        const auto given = body.find("authorization_expires");
        if (given && given->is_null()) in.blame("authorization_expires", "cannot be removed; give an instant");
        const auto expires = in.instant("authorization_expires");
        require_future(in, expires, now);
        return ledger::ChangeExpiry{expires.value_or(current)};
    });
}

}  // namespace saldo::http
