#include "ledger/event_codec.hpp"

#include <charconv>
#include <type_traits>
#include <utility>

#include "foundation/json.hpp"
#include "foundation/outcome.hpp"
#include "ledger/event_fields.hpp"
#include "ledger/event_writer.hpp"

namespace saldo::ledger {

using foundation::Currency;
using foundation::Day;
using foundation::Decimal;
using foundation::ensure;
using foundation::Instant;
using foundation::JsonDocument;
using foundation::JsonKind;
using foundation::JsonValue;
using foundation::Money;

namespace {

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
    EventWriter writer;
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
