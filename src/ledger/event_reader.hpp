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
#include "foundation/json_cursor.hpp"
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
inline std::optional<terms::InterestOnWithdrawal> from_name(std::string_view name, terms::InterestOnWithdrawal) {
    return terms::interest_on_withdrawal(name);
}
inline std::optional<terms::DeliveryType> from_name(std::string_view name, terms::DeliveryType) {
    return terms::delivery_type(name);
}

/// What becomes of the texts of a person: kept in the event, or only read, so that an erased event comes out.
enum class Texts { kept, checked };

/// Reads what `EventWriter` wrote, octet by octet in the order of `fields`, with nothing between the stored bytes and
/// the event. Without the texts of the person every text is erased.
class EventReader {
  public:
    static constexpr bool reads = true;

    EventReader(std::string_view body, const std::optional<std::string>& texts, Texts use)
        : body_(body), has_texts_(texts.has_value()), use_(use) {
        if (!has_texts_ || texts->empty()) return;
        texts_.emplace(*texts);
        texts_->begin_array();
    }

    template <class Struct>
    void object(Struct& content) {
        body_.begin_object();
        fields(*this, content);
        body_.end_object();
    }
    /// Refuses bytes and texts that were not read.
    void finish() {
        body_.end();
        if (!texts_) return;
        foundation::ensure(!texts_->next_element(), "a stored event has a text that it does not name");
        texts_->end();
    }

    template <class Value>
    void operator()(std::string_view name, Value& value) {
        foundation::ensure(body_.take_name(name), "a stored event lacks a field");
        get(value);
    }
    template <class Value>
    void operator()(std::string_view name, std::optional<Value>& value) {
        if (!body_.take_name(name)) return;
        if constexpr (std::is_default_constructible_v<Value>)
            get(value.emplace());
        else
            get(value.emplace(Value::erased()));
    }
    template <class Value>
    void operator()(std::string_view name, std::vector<Value>& values) {
        values.clear();
        if (!body_.take_name(name)) return;
        body_.begin_array();
        while (body_.next_element()) get(values.emplace_back());
    }

  private:
    template <class Value>
    static Value checked(std::optional<Value> value) {
        foundation::ensure(value.has_value(), "a stored event has a value of no known form");
        return *std::move(value);
    }

    void get(std::string& text) { text = body_.string(); }
    void get(bool& truth) { truth = body_.boolean(); }
    void get(std::int64_t& number) { number = body_.integer(); }
    void get(int& number) {
        const std::int64_t wide = body_.integer();
        foundation::ensure(std::in_range<int>(wide), "a stored event has a number out of range");
        number = static_cast<int>(wide);
    }
    void get(foundation::Decimal& number) { number = body_.decimal(); }
    void get(foundation::Money& amount) {
        body_.begin_array();
        foundation::ensure(body_.next_element(), "a stored event has an amount without a number");
        const std::int64_t minor = body_.integer();
        foundation::ensure(body_.next_element(), "a stored event has an amount without a currency");
        amount = foundation::Money{minor, checked(foundation::Currency::parse(body_.string()))};
        foundation::ensure(!body_.next_element(), "a stored event has more than an amount where one belongs");
    }
    void get(foundation::Currency& currency) { currency = checked(foundation::Currency::parse(body_.string())); }
    void get(foundation::Day& day) { day = checked(foundation::parse_day(body_.string())); }
    void get(foundation::Instant& instant) { instant = checked(foundation::parse_instant(body_.string())); }
    void get(foundation::Zone& zone) { zone = checked(foundation::Zone::find(body_.string())); }
    /// Texts are numbered as they are met, so that the next one is the one that is named.
    void get(Sealed& sealed) {
        sealed = Sealed::erased();
        const bool is_next = body_.integer() == text_count_++;
        if (!has_texts_) return;
        foundation::ensure(is_next && texts_ && texts_->next_element(),
                           "a stored event names a text that is not there");
        const std::string_view text = texts_->string();
        if (use_ == Texts::kept) sealed = Sealed{std::string(text)};
    }
    template <class Enum>
        requires std::is_enum_v<Enum>
    void get(Enum& value) {
        value = checked(from_name(body_.string(), Enum{}));
    }
    template <class Struct>
        requires(std::is_class_v<Struct>)
    void get(Struct& content) {
        object(content);
    }

    foundation::JsonCursor body_;
    std::optional<foundation::JsonCursor> texts_;
    const bool has_texts_;
    const Texts use_;
    std::int64_t text_count_ = 0;
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
        Events event = [] {
            if constexpr (std::is_default_constructible_v<What>)
                return Events(std::in_place_index<index>);
            else
                return Events(std::in_place_index<index>, blank_event<What>());
        }();
        reader.object(std::get<index>(event));
        return event;
    }
}

/// The event of that type among `Events`, from its body and its texts; nothing for those: the person was erased.
template <class Events>
Events decode_event(std::string_view type, std::string_view body, const std::optional<std::string>& texts,
                    Texts use = Texts::kept) {
    EventReader reader(body, texts, use);
    Events event = decode_as<Events>(type, reader);
    reader.finish();
    return event;
}

}  // namespace saldo::ledger
