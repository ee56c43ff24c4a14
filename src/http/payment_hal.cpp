#include "http/payment_hal.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "foundation/json_writer.hpp"
#include "foundation/outcome.hpp"
#include "ledger/refusal.hpp"

namespace saldo::http {

using foundation::JsonWriter;
using ledger::BasketChange;
using ledger::BasketOperation;
using ledger::Dated;
using ledger::Line;
using ledger::LineKind;
using ledger::Sealed;
using ledger::ShippingInformationAdded;
using ledger::Transaction;
using ledger::Vat;
using terms::DeliveryType;

namespace {

using Kind = BasketChange::Kind;

/// In the order in which a purchase lists what was done to it.
constexpr std::array operation_names{
    OperationNames{Kind::increment, "authorizations", "ratepay_authorization_id", "AUTHORIZATION_NOT_FOUND"},
    OperationNames{Kind::cancellation, "cancellations", "ratepay_cancellation_id", "CANCELLATION_NOT_FOUND"},
    OperationNames{Kind::capture, "captures", "ratepay_capture_id", "CAPTURE_NOT_FOUND"},
    OperationNames{Kind::refund, "refunds", "ratepay_refund_id", "REFUND_NOT_FOUND"},
};

void write_sealed(JsonWriter& json, std::string_view name, const std::optional<Sealed>& text) {
    if (text) json.field(name, text->text());
}

void write_link(JsonWriter& json, std::string_view url) {
    json.begin_object().field("href", url).end_object();
}

void write_self_link(JsonWriter& json, std::string_view url) {
    json.key("_links").begin_object().key("self");
    write_link(json, url);
    json.end_object();
}

void write_decline(JsonWriter& json, ledger::Refusal refusal) {
    json.field("category", ledger::category_of(refusal)).key("reasons").begin_array();
    if (const std::string_view reason = ledger::reason_of(refusal); !reason.empty()) json.value(reason);
    json.end_array();
}

template <class Visit>
void each_change(const Transaction& transaction, Kind kind, Visit visit) {
    for (const BasketChange& change : transaction.changes)
        if (change.kind == kind) visit(change);
}

void write_line(JsonWriter& json, const Line& line) {
    json.begin_object();
    if (line.kind == LineKind::special_item) json.field("type", line.type);
    json.field("gross_unit_price", line.gross_unit_price)
        .optional_field("gross_unit_discount", line.gross_unit_discount)
        .optional_field("gross_total_price", line.gross_total_price)
        .optional_field("net_unit_price", line.net_unit_price)
        .optional_field("net_unit_discount", line.net_unit_discount)
        .optional_field("net_total_price", line.net_total_price)
        .optional_field("tax_rate", line.tax_rate)
        .optional_field("discount", line.discount)
        .field("quantity", line.quantity);
    write_sealed(json, "article_number", line.article_number);
    write_sealed(json, "name", line.name);
    write_sealed(json, "category", line.category);
    write_sealed(json, "unit", line.unit);
    write_sealed(json, "description", line.description);
    write_sealed(json, "additional_description", line.additional_description);
    write_sealed(json, "identification_number", line.identification_number);
    write_sealed(json, "unique_identification_number", line.unique_identification_number);
    json.end_object();
}

void write_lines(JsonWriter& json, std::string_view name, const std::vector<Line>& lines, LineKind kind) {
    if (std::ranges::none_of(lines, [&](const Line& line) { return line.kind == kind; })) return;
    json.key(name).begin_array();
    for (const Line& line : lines)
        if (line.kind == kind) write_line(json, line);
    json.end_array();
}

void write_contents(JsonWriter& json, const std::vector<Line>& lines, const std::vector<Vat>& vats) {
    write_lines(json, "items", lines, LineKind::item);
    write_lines(json, "special_items", lines, LineKind::special_item);
    if (vats.empty()) return;
    json.key("vats").begin_array();
    for (const Vat& vat : vats)
        json.begin_object()
            .optional_field("net_amount", vat.net_amount)
            .optional_field("tax_amount", vat.tax_amount)
            .field("tax_rate", vat.tax_rate)
            .end_object();
    json.end_array();
}

void write_address(JsonWriter& json, std::string_view name, const ledger::Address& address) {
    json.key(name).begin_object();
    write_sealed(json, "city", address.city);
    write_sealed(json, "country_code", address.country_code);
    write_sealed(json, "street", address.street);
    write_sealed(json, "street_addition", address.street_addition);
    write_sealed(json, "street_number", address.street_number);
    write_sealed(json, "zip_code", address.zip_code);
    json.end_object();
}

void write_buyer(JsonWriter& json, const ledger::Buyer& buyer) {
    json.key("buyer").begin_object();
    write_address(json, "billing_address", buyer.billing_address);
    if (buyer.person) {
        json.key("person").begin_object();
        write_sealed(json, "title", buyer.person->title);
        write_sealed(json, "first_name", buyer.person->first_name);
        write_sealed(json, "last_name", buyer.person->last_name);
        write_sealed(json, "date_of_birth", buyer.person->date_of_birth);
        json.end_object();
    }
    if (buyer.company) {
        json.key("company").begin_object();
        write_sealed(json, "name", buyer.company->name);
        write_sealed(json, "vat_id", buyer.company->vat_id);
        json.end_object();
    }
    if (buyer.contact) {
        json.key("contact").begin_object();
        write_sealed(json, "email", buyer.contact->email);
        write_sealed(json, "phone", buyer.contact->phone);
        json.end_object();
    }
    json.field("language", buyer.language).optional_field("shop_buyer_id", buyer.shop_buyer_id).end_object();
}

std::string_view pick_up_name(DeliveryType type) {
    switch (type) {
        case DeliveryType::in_store_collect:
            return "in_store_collect";
        case DeliveryType::pick_up_box:
            return "pick_up_box";
        case DeliveryType::pick_up_shop:
            return "pick_up_shop";
        case DeliveryType::regular_address:
            return {};
    }
    std::unreachable();
}

void write_delivery(JsonWriter& json, const ledger::Delivery& delivery) {
    json.key("delivery").begin_object();
    write_sealed(json, "company", delivery.company);
    write_sealed(json, "first_name", delivery.first_name);
    write_sealed(json, "last_name", delivery.last_name);
    write_sealed(json, "full_name", delivery.full_name);
    if (delivery.address) write_address(json, "address", *delivery.address);
    if (delivery.pick_up) {
        const std::string_view name = pick_up_name(delivery.type);
        if (delivery.pick_up->is_erased())
            json.field(name, delivery.pick_up->text());
        else
            json.raw_field(name, delivery.pick_up->text());
    }
    json.end_object();
}

void write_payment_details(JsonWriter& json, const Transaction& transaction, Extent extent) {
    const auto& terms = transaction.authorisation.terms;
    const auto& debit_account = transaction.authorisation.debit_account;
    const auto& instalments = transaction.authorisation.instalments;
    const bool shows_debit_account = extent == Extent::full && debit_account;
    const bool shows_instalments = extent == Extent::full && instalments;
    if (transaction.is_declined() && !shows_debit_account && !shows_instalments) return;
    json.key("payment_details").begin_object();
    if (!transaction.is_declined()) {
        if (const auto& account = terms.deposit_account) {
            json.key("deposit_bank_account").begin_object().field("owner", account->owner).field("iban", account->iban);
            if (!account->bic.empty()) json.field("bic", account->bic);
            if (!account->bank_name.empty()) json.field("bank_name", account->bank_name);
            json.end_object();
        }
        json.key("ratepay_payment_references").begin_array();
        for (const ledger::Basket& basket : transaction.authorisation.baskets)
            json.begin_object()
                .field("partner_shop_id", basket.shop_id)
                .field("ratepay_payment_reference", transaction.payment_reference)
                .end_object();
        json.end_array();
    }
    if (shows_debit_account) {
        json.key("debit_bank_account").begin_object().field("iban", debit_account->iban.text());
        write_sealed(json, "owner", debit_account->owner);
        json.end_object();
    }
    if (shows_instalments)
        json.key("instalments")
            .begin_object()
            .field("number_of_instalments", instalments->number)
            .field("payment_day", instalments->payment_day)
            .field("effective_interest_rate", instalments->effective_rate)
            .end_object();
    json.end_object();
}

/// What the shop sent, with the defaults filled in.
void write_request(JsonWriter& json, const ledger::Authorisation& authorisation) {
    write_buyer(json, authorisation.buyer);
    json.field("currency", authorisation.currency.code());
    if (authorisation.delivery) write_delivery(json, *authorisation.delivery);
    if (authorisation.device) {
        json.key("device").begin_object();
        write_sealed(json, "source_ip_address", authorisation.device->source_ip_address);
        write_sealed(json, "token", authorisation.device->token);
        json.end_object();
    }
    json.optional_field("partner_operation_id", authorisation.partner_operation_id)
        .optional_field("partner_transaction_id", authorisation.partner_transaction_id)
        .key("payment_method")
        .begin_object()
        .field("payment_option", terms::name_of(authorisation.payment_method.option))
        .field("transfer_type", terms::name_of(authorisation.payment_method.transfer))
        .end_object();
    json.key("shop_baskets").begin_array();
    for (const ledger::Basket& basket : authorisation.baskets) {
        json.begin_object();
        // A declined basket may be one that named no shop and could be given none.
        if (!basket.shop_id.empty()) json.field("partner_shop_id", basket.shop_id);
        json.optional_field("shop_transaction_id", basket.shop_transaction_id).field("gross_amount", basket.gross);
        write_contents(json, basket.lines, basket.vats);
        json.end_object();
    }
    json.end_array();
}

void write_operation(JsonWriter& json, const BasketChange& change) {
    const BasketOperation& operation = change.operation();
    json.field("gross_amount", operation.gross);
    write_contents(json, operation.lines, operation.vats);
    json.optional_field("partner_operation_id", operation.partner_operation_id)
        .field("partner_shop_id", operation.shop_id);
    if (const auto* captured = std::get_if<ledger::Captured>(&change.what))
        json.optional_field("partner_invoice_id", captured->partner_invoice_id)
            .optional_field("partner_transaction_id", captured->partner_transaction_id)
            .optional_field("shop_transaction_id", captured->shop_transaction_id);
}

/// One resource after another, each of them written the same way on its own and in a list.
class Writing {
  public:
    Writing(const PaymentHal& hal, const Transaction& transaction) : hal_(hal), transaction_(transaction) {}

    void transaction(JsonWriter& json, Extent extent) const {
        json.begin_object().key("_links").begin_object().key("self");
        write_link(json, hal_.transaction_url(transaction_));
        for (const OperationNames& names : operation_names) links(json, names);
        if (transaction_.awaits_code()) {
            json.key("verify");
            write_link(json, hal_.code_url(transaction_, "verify"));
            json.key("regenerate");
            write_link(json, hal_.code_url(transaction_, "regenerate"));
        }
        json.end_object();
        json.field("ratepay_transaction_id", transaction_.id)
            .field("created", instant(transaction_.created))
            .field("authorization_expires", instant(transaction_.expires));
        if (transaction_.decline) {
            json.key("decline").begin_object();
            write_decline(json, *transaction_.decline);
            json.end_object();
        }
        write_payment_details(json, transaction_, extent);
        if (extent == Extent::full) {
            write_request(json, transaction_.authorisation);
            json.key("_embedded").begin_object();
            for (const OperationNames& names : operation_names) operations(json, names);
            json.end_object();
        }
        json.end_object();
    }

    void declined_authorisation(JsonWriter& json) const {
        json.begin_object();
        write_decline(json, *transaction_.decline);
        json.field("ratepay_transaction_id", transaction_.id).field("created", instant(transaction_.created));
        write_self_link(json, hal_.transaction_url(transaction_));
        json.end_object();
    }

    void operation(JsonWriter& json, const BasketChange& change, Extent extent) const {
        json.begin_object();
        write_self_link(json, hal_.operation_url(transaction_, change));
        json.field(names_of(change.kind).id, change.operation().id).field("created", instant(change.recorded_at));
        if (extent == Extent::full) write_operation(json, change);
        json.end_object();
    }

    void operations(JsonWriter& json, const OperationNames& names) const {
        json.key(names.collection).begin_array();
        each_change(transaction_, names.kind,
                    [&](const BasketChange& change) { operation(json, change, Extent::minimal); });
        json.end_array();
    }

    void shipping_information(JsonWriter& json, const Dated<ShippingInformationAdded>& shipping, Extent extent) const {
        json.begin_object();
        write_self_link(json, hal_.shipping_url(transaction_, shipping));
        json.field("ratepay_shipping_information_id", shipping.what.id).field("created", instant(shipping.recorded_at));
        if (extent == Extent::full) {
            json.field("carrier_name", shipping.what.carrier_name);
            write_sealed(json, "tracking_number", shipping.what.tracking_number);
        }
        json.end_object();
    }

  private:
    std::string instant(foundation::Instant at) const { return transaction_.zone().text(at); }

    void links(JsonWriter& json, const OperationNames& names) const {
        bool is_open = false;
        each_change(transaction_, names.kind, [&](const BasketChange& change) {
            if (!is_open) json.key(names.collection).begin_array();
            is_open = true;
            write_link(json, hal_.operation_url(transaction_, change));
        });
        if (is_open) json.end_array();
    }

    const PaymentHal& hal_;
    const Transaction& transaction_;
};

}  // namespace

const OperationNames& names_of(Kind kind) {
    const auto* const found =
        std::ranges::find_if(operation_names, [&](const OperationNames& names) { return names.kind == kind; });
    foundation::ensure(found != operation_names.end(), "an expiry is no operation");
    return *found;
}

PaymentHal::PaymentHal(std::string_view public_url) : base_(public_url) {
    while (base_.ends_with('/')) base_.pop_back();
    code_base_ = base_ + "/transaction/management/2fa/v1/";
    base_ += "/transaction/management/v2/transactions/";
}

std::string PaymentHal::transaction_url(const Transaction& transaction) const {
    return base_ + transaction.id;
}

std::string PaymentHal::code_url(const Transaction& transaction, std::string_view what) const {
    return code_base_ + std::string(what) + '/' + transaction.id;
}

std::string PaymentHal::operation_url(const Transaction& transaction, const BasketChange& change) const {
    std::string url = transaction_url(transaction);
    url.append("/").append(names_of(change.kind).collection).append("/").append(change.operation().id);
    return url;
}

std::string PaymentHal::shipping_url(const Transaction& transaction,
                                     const Dated<ShippingInformationAdded>& shipping) const {
    return transaction_url(transaction) + "/captures/" + shipping.what.capture_id + "/shipping-information/" +
           shipping.what.id;
}

std::string PaymentHal::transaction(const Transaction& transaction, Extent extent) const {
    foundation::ensure(extent == Extent::full || !transaction.is_declined(), "a declined purchase is shown whole");
    JsonWriter json;
    Writing(*this, transaction).transaction(json, extent);
    return std::move(json).finish();
}

std::string PaymentHal::declined_authorisation(const Transaction& transaction) const {
    foundation::ensure(transaction.is_declined(), "an accepted purchase was not declined");
    JsonWriter json;
    Writing(*this, transaction).declined_authorisation(json);
    return std::move(json).finish();
}

std::string PaymentHal::operation(const Transaction& transaction, const BasketChange& change, Extent extent) const {
    JsonWriter json;
    Writing(*this, transaction).operation(json, change, extent);
    return std::move(json).finish();
}

std::string PaymentHal::operations(const Transaction& transaction, Kind kind) const {
    JsonWriter json;
    const OperationNames& names = names_of(kind);
    json.begin_object();
    write_self_link(json, transaction_url(transaction) + "/" + std::string(names.collection));
    json.field("ratepay_transaction_id", transaction.id).key("_embedded").begin_object();
    Writing(*this, transaction).operations(json, names);
    json.end_object().end_object();
    return std::move(json).finish();
}

std::string PaymentHal::shipping_information(const Transaction& transaction,
                                             const Dated<ShippingInformationAdded>& shipping, Extent extent) const {
    JsonWriter json;
    Writing(*this, transaction).shipping_information(json, shipping, extent);
    return std::move(json).finish();
}

std::string PaymentHal::shipping_informations(const Transaction& transaction, std::string_view capture_id) const {
    JsonWriter json;
    json.begin_object();
    write_self_link(json,
                    transaction_url(transaction) + "/captures/" + std::string(capture_id) + "/shipping-information");
    json.field("ratepay_transaction_id", transaction.id)
        .field("ratepay_capture_id", capture_id)
        .key("_embedded")
        .begin_object()
        .key("shipping_information")
        .begin_array();
    const Writing writing(*this, transaction);
    for (const auto& shipping : transaction.shipping_informations)
        if (shipping.what.capture_id == capture_id) writing.shipping_information(json, shipping, Extent::minimal);
    json.end_array().end_object().end_object();
    return std::move(json).finish();
}

}  // namespace saldo::http
