#include "ledger/event_codec.hpp"

#include <charconv>
#include <type_traits>
#include <utility>

#include "foundation/json.hpp"
#include "foundation/json_writer.hpp"
#include "foundation/outcome.hpp"

namespace saldo::ledger {

using foundation::Currency;
using foundation::Day;
using foundation::Decimal;
using foundation::ensure;
using foundation::Instant;
using foundation::JsonDocument;
using foundation::JsonKind;
using foundation::JsonValue;
using foundation::JsonWriter;
using foundation::Money;

namespace {

std::string_view name_of(LineKind kind) {
    return kind == LineKind::item ? "item" : "special_item";
}

// Every struct is described once, by a function `fields(archive, struct)` that names its fields; one archive writes
// them, the other reads them. So that what is written and what is read cannot drift apart.

class Writer {
  public:
    static constexpr bool reads = false;

    template <class Struct>
    void object(const Struct& content) {
        json_.begin_object();
        fields(*this, content);
        json_.end_object();
    }

    template <class Value>
    void operator()(std::string_view name, const Value& value) {
        json_.key(name);
        put(value);
    }
    template <class Value>
    void operator()(std::string_view name, const std::optional<Value>& value) {
        if (value) (*this)(name, *value);
    }
    template <class Value>
    void operator()(std::string_view name, const std::vector<Value>& values) {
        if (values.empty()) return;
        json_.key(name).begin_array();
        for (const Value& value : values) put(value);
        json_.end_array();
    }

    EncodedEvent finish() && {
        std::string texts;
        if (has_texts_) {
            texts_.end_array();
            texts = std::move(texts_).finish();
        }
        return {std::move(json_).finish(), std::move(texts)};
    }

  private:
    void put(const std::string& text) { json_.value(std::string_view(text)); }
    void put(bool truth) { json_.value(truth); }
    void put(std::int64_t number) { json_.value(number); }
    void put(int number) { json_.value(number); }
    void put(Decimal number) { json_.value(number); }
    void put(Money amount) { json_.begin_array().value(amount.minor()).value(amount.currency().code()).end_array(); }
    void put(Currency currency) { json_.value(currency.code()); }
    void put(Day day) { json_.value(day); }
    void put(Instant instant) { json_.value(std::string_view(foundation::utc_text(instant))); }
    void put(const foundation::Zone& zone) { json_.value(std::string_view(zone.name())); }
    void put(const Sealed& sealed) {
        ensure(!sealed.is_erased(), "an erased text cannot be stored");
        if (!has_texts_) texts_.begin_array();
        has_texts_ = true;
        texts_.value(sealed.text());
        json_.value(text_count_++);
    }
    template <class Enum>
        requires std::is_enum_v<Enum>
    void put(Enum value) {
        json_.value(name_of(value));
    }
    template <class Struct>
        requires(std::is_class_v<Struct>)
    void put(const Struct& content) {
        object(content);
    }

    JsonWriter json_;
    JsonWriter texts_;
    bool has_texts_ = false;
    int text_count_ = 0;
};

// One overload for each enum, so that the reader finds the way back from a name.
std::optional<LineKind> from_name(std::string_view name, LineKind) {
    if (name == "item") return LineKind::item;
    if (name == "special_item") return LineKind::special_item;
    return std::nullopt;
}
std::optional<Refusal> from_name(std::string_view name, Refusal) {
    return refusal_of(name);
}
std::optional<SettlementType> from_name(std::string_view name, SettlementType) {
    return settlement_type(name);
}
std::optional<FeeType> from_name(std::string_view name, FeeType) {
    return fee_type(name);
}
std::optional<DunningLevel> from_name(std::string_view name, DunningLevel) {
    return dunning_level(name);
}
std::optional<terms::PaymentOption> from_name(std::string_view name, terms::PaymentOption) {
    return terms::payment_option(name);
}
std::optional<terms::TransferType> from_name(std::string_view name, terms::TransferType) {
    return terms::transfer_type(name);
}
std::optional<terms::DeliveryType> from_name(std::string_view name, terms::DeliveryType) {
    return terms::delivery_type(name);
}

class Reader {
  public:
    static constexpr bool reads = true;

    Reader(JsonValue at, const std::vector<std::string>* texts) : at_(at), texts_(texts) {
        ensure(at.kind() == JsonKind::object, "a stored event is no JSON object");
    }

    template <class Value>
    void operator()(std::string_view name, Value& value) {
        const auto found = at_.find(name);
        ensure(found.has_value(), "a stored event lacks a field");
        get(*found, value);
    }
    template <class Value>
    void operator()(std::string_view name, std::optional<Value>& value) {
        if (const auto found = at_.find(name)) get(*found, value.emplace(blank<Value>()));
    }
    template <class Value>
    void operator()(std::string_view name, std::vector<Value>& values) {
        const auto found = at_.find(name);
        if (!found) return;
        ensure(found->kind() == JsonKind::array, "a stored event has no array where one belongs");
        values.reserve(found->size());
        found->each([&](JsonValue one) { get(one, values.emplace_back(blank<Value>())); });
    }

  private:
    template <class Value>
    static Value blank() {
        if constexpr (std::is_same_v<Value, Sealed>)
            return Sealed::erased();
        else
            return Value{};
    }

    static std::string_view string_of(JsonValue value) {
        ensure(value.kind() == JsonKind::string, "a stored event has no text where one belongs");
        return value.string();
    }
    static std::int64_t integer_of(JsonValue value) {
        ensure(value.kind() == JsonKind::number, "a stored event has no number where one belongs");
        const auto number = value.integer();
        ensure(number.has_value(), "a stored event has a number that is not whole");
        return *number;
    }
    template <class Value>
    static Value checked(std::optional<Value> value) {
        ensure(value.has_value(), "a stored event has a value of no known form");
        return *std::move(value);
    }

    void get(JsonValue from, std::string& text) { text = string_of(from); }
    void get(JsonValue from, bool& truth) {
        ensure(from.kind() == JsonKind::boolean, "a stored event has no truth value where one belongs");
        truth = from.boolean();
    }
    void get(JsonValue from, std::int64_t& number) { number = integer_of(from); }
    void get(JsonValue from, int& number) {
        const std::int64_t wide = integer_of(from);
        ensure(std::in_range<int>(wide), "a stored event has a number out of range");
        number = static_cast<int>(wide);
    }
    void get(JsonValue from, Decimal& number) {
        ensure(from.kind() == JsonKind::number, "a stored event has no number where one belongs");
        number = checked(Decimal::parse(from.number()));
    }
    void get(JsonValue from, Money& amount) {
        ensure(from.kind() == JsonKind::array && from.size() == 2, "a stored event has no amount where one belongs");
        const JsonValue minor = from.first();
        amount = Money{integer_of(minor), checked(Currency::parse(string_of(minor.next())))};
    }
    void get(JsonValue from, Currency& currency) { currency = checked(Currency::parse(string_of(from))); }
    void get(JsonValue from, Day& day) { day = checked(foundation::parse_day(string_of(from))); }
    void get(JsonValue from, Instant& instant) { instant = checked(foundation::parse_instant(string_of(from))); }
    void get(JsonValue from, foundation::Zone& zone) { zone = checked(foundation::Zone::find(string_of(from))); }
    void get(JsonValue from, Sealed& sealed) {
        const std::int64_t number = integer_of(from);
        if (!texts_) {
            sealed = Sealed::erased();
            return;
        }
        ensure(number >= 0 && std::cmp_less(number, texts_->size()), "a stored event names a text that is not there");
        sealed = Sealed{(*texts_)[static_cast<std::size_t>(number)]};
    }
    template <class Enum>
        requires std::is_enum_v<Enum>
    void get(JsonValue from, Enum& value) {
        value = checked(from_name(string_of(from), Enum{}));
    }
    template <class Struct>
        requires(std::is_class_v<Struct>)
    void get(JsonValue from, Struct& content) {
        Reader inner(from, texts_);
        fields(inner, content);
    }

    JsonValue at_;
    const std::vector<std::string>* texts_;
};

/// `T` or `const T`, as the archive reads or writes.
template <class Archive, class Struct>
using Of = std::conditional_t<Archive::reads, Struct, const Struct>;

template <class A>
void fields(A& archive, Of<A, Line>& line) {
    archive("kind", line.kind);
    if (line.kind == LineKind::special_item) archive("type", line.type);
    archive("quantity", line.quantity);
    archive("gross_unit_price", line.gross_unit_price);
    archive("gross_unit_discount", line.gross_unit_discount);
    archive("net_unit_price", line.net_unit_price);
    archive("net_unit_discount", line.net_unit_discount);
    archive("gross_total_price", line.gross_total_price);
    archive("net_total_price", line.net_total_price);
    archive("tax_rate", line.tax_rate);
    archive("discount", line.discount);
    archive("article_number", line.article_number);
    archive("name", line.name);
    archive("category", line.category);
    archive("unit", line.unit);
    archive("description", line.description);
    archive("additional_description", line.additional_description);
    archive("identification_number", line.identification_number);
    archive("unique_identification_number", line.unique_identification_number);
}

template <class A>
void fields(A& archive, Of<A, Vat>& vat) {
    archive("tax_rate", vat.tax_rate);
    archive("net_amount", vat.net_amount);
    archive("tax_amount", vat.tax_amount);
}

template <class A>
void fields(A& archive, Of<A, Basket>& basket) {
    archive("shop_id", basket.shop_id);
    archive("shop_name", basket.shop_name);
    archive("shop_transaction_id", basket.shop_transaction_id);
    archive("gross", basket.gross);
    archive("lines", basket.lines);
    archive("vats", basket.vats);
}

template <class A>
void fields(A& archive, Of<A, Address>& address) {
    archive("street", address.street);
    archive("street_addition", address.street_addition);
    archive("street_number", address.street_number);
    archive("zip_code", address.zip_code);
    archive("city", address.city);
    archive("country_code", address.country_code);
}

template <class A>
void fields(A& archive, Of<A, Person>& person) {
    archive("title", person.title);
    archive("first_name", person.first_name);
    archive("last_name", person.last_name);
    archive("date_of_birth", person.date_of_birth);
}

template <class A>
void fields(A& archive, Of<A, Company>& company) {
    archive("name", company.name);
    archive("vat_id", company.vat_id);
}

template <class A>
void fields(A& archive, Of<A, Contact>& contact) {
    archive("email", contact.email);
    archive("phone", contact.phone);
}

template <class A>
void fields(A& archive, Of<A, Buyer>& buyer) {
    archive("shop_buyer_id", buyer.shop_buyer_id);
    archive("language", buyer.language);
    archive("billing_address", buyer.billing_address);
    archive("contact", buyer.contact);
    archive("person", buyer.person);
    archive("company", buyer.company);
}

template <class A>
void fields(A& archive, Of<A, Delivery>& delivery) {
    archive("type", delivery.type);
    archive("address", delivery.address);
    archive("company", delivery.company);
    archive("first_name", delivery.first_name);
    archive("last_name", delivery.last_name);
    archive("full_name", delivery.full_name);
    archive("pick_up", delivery.pick_up);
}

template <class A>
void fields(A& archive, Of<A, Device>& device) {
    archive("source_ip_address", device.source_ip_address);
    archive("token", device.token);
}

template <class A>
void fields(A& archive, Of<A, DebitAccount>& account) {
    archive("iban", account.iban);
    archive("owner", account.owner);
}

template <class A>
void fields(A& archive, Of<A, terms::PaymentMethod>& method) {
    archive("payment_option", method.option);
    archive("transfer_type", method.transfer);
}

template <class A>
void fields(A& archive, Of<A, terms::Contract::DepositAccount>& account) {
    archive("owner", account.owner);
    archive("iban", account.iban);
    archive("bic", account.bic);
    archive("bank_name", account.bank_name);
}

template <class A>
void fields(A& archive, Of<A, PinnedTerms>& terms) {
    archive("contract_version", terms.contract_version);
    archive("zone", terms.zone);
    archive("due_days", terms.due_days);
    archive("expiry_days_max", terms.expiry_days_max);
    archive("return_fees", terms.return_fees);
    archive("increment_percent_max", terms.increment_percent_max);
    archive("marketplace", terms.marketplace);
    archive("deposit_account", terms.deposit_account);
}

template <class A>
void fields(A& archive, Of<A, Authorisation>& authorisation) {
    archive("partner_id", authorisation.partner_id);
    archive("partner_transaction_id", authorisation.partner_transaction_id);
    archive("partner_operation_id", authorisation.partner_operation_id);
    archive("payment_method", authorisation.payment_method);
    archive("currency", authorisation.currency);
    archive("baskets", authorisation.baskets);
    archive("buyer", authorisation.buyer);
    archive("delivery", authorisation.delivery);
    archive("device", authorisation.device);
    archive("debit_account", authorisation.debit_account);
    archive("expires", authorisation.expires);
    archive("terms", authorisation.terms);
}

template <class A>
void fields(A& archive, Of<A, LineMove>& move) {
    archive("line", move.line);
    archive("quantity", move.quantity);
}

template <class A>
void fields(A& archive, Of<A, BasketOperation>& operation) {
    archive("id", operation.id);
    archive("shop_id", operation.shop_id);
    archive("gross", operation.gross);
    archive("lines", operation.lines);
    archive("vats", operation.vats);
    archive("moves", operation.moves);
    archive("partner_operation_id", operation.partner_operation_id);
}

template <class A>
void fields(A& archive, Of<A, Authorised>& event) {
    archive("authorisation", event.authorisation);
    archive("payment_reference", event.payment_reference);
}

template <class A>
void fields(A& archive, Of<A, Declined>& event) {
    archive("authorisation", event.authorisation);
    archive("refusal", event.refusal);
}

template <class A>
void fields(A& archive, Of<A, AuthorisationIncreased>& event) {
    archive("operation", event.operation);
}

template <class A>
void fields(A& archive, Of<A, Captured>& event) {
    archive("operation", event.operation);
    archive("due_date", event.due_date);
    archive("partner_invoice_id", event.partner_invoice_id);
    archive("partner_transaction_id", event.partner_transaction_id);
    archive("shop_transaction_id", event.shop_transaction_id);
}

template <class A>
void fields(A& archive, Of<A, Cancelled>& event) {
    archive("operation", event.operation);
}

template <class A>
void fields(A& archive, Of<A, Refunded>& event) {
    archive("operation", event.operation);
}

template <class A>
void fields(A&, Of<A, Expired>&) {}

template <class A>
void fields(A& archive, Of<A, ExpiryChanged>& event) {
    archive("expires", event.expires);
}

template <class A>
void fields(A& archive, Of<A, ShippingInformationAdded>& event) {
    archive("id", event.id);
    archive("capture_id", event.capture_id);
    archive("carrier_name", event.carrier_name);
    archive("tracking_number", event.tracking_number);
}

template <class A>
void fields(A& archive, Of<A, SettlementBooked>& event) {
    archive("id", event.id);
    archive("type", event.type);
    archive("amount", event.amount);
    archive("reference", event.reference);
    archive("comment", event.comment);
}

template <class A>
void fields(A& archive, Of<A, FeeBooked>& event) {
    archive("id", event.id);
    archive("type", event.type);
    archive("gross", event.gross);
    archive("comment", event.comment);
}

template <class A>
void fields(A& archive, Of<A, DunningLevelSet>& event) {
    archive("level", event.level);
    archive("comment", event.comment);
}

template <class A>
void fields(A& archive, Of<A, DunningBlocked>& event) {
    archive("from", event.from);
    archive("until", event.until);
    archive("reason", event.reason);
    archive("comment", event.comment);
}

template <class A>
void fields(A& archive, Of<A, DunningUnblocked>& event) {
    archive("comment", event.comment);
}

template <class A>
void fields(A& archive, Of<A, Refused>& event) {
    archive("operation", event.operation);
    archive("refusal", event.refusal);
}

template <class A>
void fields(A&, Of<A, SubjectErased>&) {}

/// What an event is before its fields are read.
template <class What>
What blank_event() {
    if constexpr (std::is_same_v<What, DunningBlocked>)
        return {.from = {}, .until = {}, .reason = Sealed::erased(), .comment = {}};
    else
        return {};
}

template <std::size_t index = 0>
Event decode_as(std::string_view type, Reader& reader) {
    if constexpr (index == std::variant_size_v<Event>) {
        ensure(false, "a stored event has a type that nobody knows");
        std::unreachable();
    } else {
        using What = std::variant_alternative_t<index, Event>;
        What what = blank_event<What>();
        if (type_of(Event{what}) != type) return decode_as<index + 1>(type, reader);
        fields(reader, what);
        return what;
    }
}

JsonDocument parsed(std::string_view json) {
    auto document = JsonDocument::parse(json);
    ensure(document.has_value(), "a stored event is not valid JSON");
    return *std::move(document);
}

}  // namespace

EncodedEvent encode(const Event& event) {
    Writer writer;
    std::visit([&](const auto& what) { writer.object(what); }, event);
    return std::move(writer).finish();
}

Event decode(std::string_view type, int version, std::string_view body, const std::optional<std::string>& texts) {
    ensure(version == schema_version, "a stored event is of a version that this program does not know");
    std::vector<std::string> opened;
    if (texts && !texts->empty()) {
        const JsonDocument document = parsed(*texts);
        ensure(document.root().kind() == JsonKind::array, "the texts of a stored event are no array");
        document.root().each([&](JsonValue text) {
            ensure(text.kind() == JsonKind::string, "a text of a stored event is none");
            opened.emplace_back(text.string());
        });
    }
    const JsonDocument document = parsed(body);
    Reader reader(document.root(), texts ? &opened : nullptr);
    return decode_as(type, reader);
}

}  // namespace saldo::ledger
