#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "foundation/calendar.hpp"
#include "foundation/decimal.hpp"
#include "foundation/json.hpp"
#include "foundation/money.hpp"
#include "foundation/outcome.hpp"
#include "ledger/event_fields.hpp"

namespace saldo::ledger {

// One overload for each enum, so that the reader finds the way back from a name. Another room puts its own beside its
// enums.
inline std::optional<LineKind> from_name(std::string_view name, LineKind) {
    if (name == "item") return LineKind::item;
    if (name == "special_item") return LineKind::special_item;
    return std::nullopt;
}
inline std::optional<Refusal> from_name(std::string_view name, Refusal) {
    return refusal_of(name);
}
inline std::optional<SettlementType> from_name(std::string_view name, SettlementType) {
    return settlement_type(name);
}
inline std::optional<FeeType> from_name(std::string_view name, FeeType) {
    return fee_type(name);
}
inline std::optional<DunningLevel> from_name(std::string_view name, DunningLevel) {
    return dunning_level(name);
}
inline std::optional<terms::PaymentOption> from_name(std::string_view name, terms::PaymentOption) {
    return terms::payment_option(name);
}
inline std::optional<terms::TransferType> from_name(std::string_view name, terms::TransferType) {
    return terms::transfer_type(name);
}
inline std::optional<terms::PartPayment> from_name(std::string_view name, terms::PartPayment) {
    return terms::part_payment(name);
}
inline std::optional<terms::PlanConvention> from_name(std::string_view name, terms::PlanConvention) {
    return terms::plan_convention(name);
}
inline std::optional<terms::AprTimeRule> from_name(std::string_view name, terms::AprTimeRule) {
    return terms::apr_time_rule(name);
}
inline std::optional<terms::UnscheduledPayments> from_name(std::string_view name, terms::UnscheduledPayments) {
    return terms::unscheduled_payments(name);
}
inline std::optional<terms::CreditRegime> from_name(std::string_view name, terms::CreditRegime) {
    return terms::credit_regime(name);
}
inline std::optional<terms::DeliveryType> from_name(std::string_view name, terms::DeliveryType) {
    return terms::delivery_type(name);
}

/// Reads what `EventWriter` wrote. Without the texts of the person every text is erased.
class EventReader {
  public:
    static constexpr bool reads = true;

    EventReader(foundation::JsonValue at, const std::vector<std::string>* texts)
        : at_(at), texts_(texts), ahead_(at), left_(at.size()) {
        foundation::ensure(at.kind() == foundation::JsonKind::object, "a stored event is no JSON object");
        if (left_ > 0) ahead_ = at.first();
    }

    template <class Value>
    void operator()(std::string_view name, Value& value) {
        const auto found = find(name);
        foundation::ensure(found.has_value(), "a stored event lacks a field");
        get(*found, value);
    }
    template <class Value>
    void operator()(std::string_view name, std::optional<Value>& value) {
        if (const auto found = find(name)) get(*found, value.emplace(blank<Value>()));
    }
    template <class Value>
    void operator()(std::string_view name, std::vector<Value>& values) {
        values.clear();
        const auto found = find(name);
        if (!found) return;
        foundation::ensure(found->kind() == foundation::JsonKind::array,
                           "a stored event has no array where one belongs");
        values.reserve(found->size());
        found->each([&](foundation::JsonValue one) { get(one, values.emplace_back(blank<Value>())); });
    }

  private:
    /// Fields are read in the order in which they are written: the next one is nearly always the one looked for.
    std::optional<foundation::JsonValue> find(std::string_view name) {
        if (left_ == 0 || ahead_.name() != name) return at_.find(name);
        const foundation::JsonValue found = ahead_;
        if (--left_ > 0) ahead_ = ahead_.next();
        return found;
    }

    template <class Value>
    static Value blank() {
        if constexpr (std::is_same_v<Value, Sealed>)
            return Sealed::erased();
        else
            return Value{};
    }

    static std::string_view string_of(foundation::JsonValue value) {
        foundation::ensure(value.kind() == foundation::JsonKind::string,
                           "a stored event has no text where one belongs");
        return value.string();
    }
    static std::int64_t integer_of(foundation::JsonValue value) {
        foundation::ensure(value.kind() == foundation::JsonKind::number,
                           "a stored event has no number where one belongs");
        const auto number = value.integer();
        foundation::ensure(number.has_value(), "a stored event has a number that is not whole");
        return *number;
    }
    template <class Value>
    static Value checked(std::optional<Value> value) {
        foundation::ensure(value.has_value(), "a stored event has a value of no known form");
        return *std::move(value);
    }

    void get(foundation::JsonValue from, std::string& text) { text = string_of(from); }
    void get(foundation::JsonValue from, bool& truth) {
        foundation::ensure(from.kind() == foundation::JsonKind::boolean,
                           "a stored event has no truth value where one belongs");
        truth = from.boolean();
    }
    void get(foundation::JsonValue from, std::int64_t& number) { number = integer_of(from); }
    void get(foundation::JsonValue from, int& number) {
        const std::int64_t wide = integer_of(from);
        foundation::ensure(std::in_range<int>(wide), "a stored event has a number out of range");
        number = static_cast<int>(wide);
    }
    void get(foundation::JsonValue from, foundation::Decimal& number) {
        foundation::ensure(from.kind() == foundation::JsonKind::number,
                           "a stored event has no number where one belongs");
        number = checked(foundation::Decimal::parse(from.number()));
    }
    void get(foundation::JsonValue from, foundation::Money& amount) {
        foundation::ensure(from.kind() == foundation::JsonKind::array && from.size() == 2,
                           "a stored event has no amount where one belongs");
        const foundation::JsonValue minor = from.first();
        amount = foundation::Money{integer_of(minor), checked(foundation::Currency::parse(string_of(minor.next())))};
    }
    void get(foundation::JsonValue from, foundation::Currency& currency) {
        currency = checked(foundation::Currency::parse(string_of(from)));
    }
    void get(foundation::JsonValue from, foundation::Day& day) {
        day = checked(foundation::parse_day(string_of(from)));
    }
    void get(foundation::JsonValue from, foundation::Instant& instant) {
        instant = checked(foundation::parse_instant(string_of(from)));
    }
    void get(foundation::JsonValue from, foundation::Zone& zone) {
        zone = checked(foundation::Zone::find(string_of(from)));
    }
    void get(foundation::JsonValue from, Sealed& sealed) {
        const std::int64_t number = integer_of(from);
        if (!texts_) {
            sealed = Sealed::erased();
            return;
        }
        foundation::ensure(number >= 0 && std::cmp_less(number, texts_->size()),
                           "a stored event names a text that is not there");
        sealed = Sealed{(*texts_)[static_cast<std::size_t>(number)]};
    }
    template <class Enum>
        requires std::is_enum_v<Enum>
    void get(foundation::JsonValue from, Enum& value) {
        value = checked(from_name(string_of(from), Enum{}));
    }
    template <class Struct>
        requires(std::is_class_v<Struct>)
    void get(foundation::JsonValue from, Struct& content) {
        EventReader inner(from, texts_);
        fields(inner, content);
    }

    foundation::JsonValue at_;
    const std::vector<std::string>* texts_;
    foundation::JsonValue ahead_;
    std::size_t left_;  ///< fields from `ahead_` on
};

/// What an event is before its fields are read.
template <class What>
What blank_event() {
    if constexpr (std::is_same_v<What, DunningBlocked>)
        return {.from = {}, .until = {}, .reason = Sealed::erased(), .comment = {}};
    else
        return {};
}

/// The types of all events, in the order of the variant. Made once: an event is large, its name is not.
template <class Events>
const auto& types_of_events() {
    static const auto types = []<std::size_t... index>(std::index_sequence<index...>) {
        return std::array{type_of(Events{blank_event<std::variant_alternative_t<index, Events>>()})...};
    }(std::make_index_sequence<std::variant_size_v<Events>>());
    return types;
}

template <class Events, std::size_t index = 0>
Events decode_as(std::string_view type, EventReader& reader) {
    if constexpr (index == std::variant_size_v<Events>) {
        foundation::ensure(false, "a stored event has a type that nobody knows");
        std::unreachable();
    } else {
        using What = std::variant_alternative_t<index, Events>;
        if (types_of_events<Events>()[index] != type) return decode_as<Events, index + 1>(type, reader);
        What what = blank_event<What>();
        fields(reader, what);
        return what;
    }
}

/// The event of that type among `Events`, from its body and its texts; nothing for those: the person was erased.
template <class Events>
Events decode_event(std::string_view type, std::string_view body, const std::optional<std::string>& texts) {
    const auto parsed = [](std::string_view json) {
        auto document = foundation::JsonDocument::parse(json);
        foundation::ensure(document.has_value(), "a stored event is not valid JSON");
        return *std::move(document);
    };
    std::vector<std::string> opened;
    if (texts && !texts->empty()) {
        const foundation::JsonDocument document = parsed(*texts);
        foundation::ensure(document.root().kind() == foundation::JsonKind::array,
                           "the texts of a stored event are no array");
        document.root().each([&](foundation::JsonValue text) {
            foundation::ensure(text.kind() == foundation::JsonKind::string, "a text of a stored event is none");
            opened.emplace_back(text.string());
        });
    }
    const foundation::JsonDocument document = parsed(body);
    EventReader reader(document.root(), texts ? &opened : nullptr);
    return decode_as<Events>(type, reader);
}

}  // namespace saldo::ledger
