#pragma once

#include <string>
#include <type_traits>
#include <utility>

#include "foundation/json_writer.hpp"
#include "foundation/outcome.hpp"
#include "ledger/event_codec.hpp"
#include "ledger/event_fields.hpp"

namespace saldo::ledger {

inline std::string_view name_of(LineKind kind) {
    return kind == LineKind::item ? "item" : "special_item";
}

/// Writes what `fields` names: everything into the body but the texts of a person, which go aside and leave their
/// number.
class EventWriter {
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
    void put(foundation::Decimal number) { json_.value(number); }
    void put(foundation::Money amount) {
        json_.begin_array().value(amount.minor()).value(amount.currency().code()).end_array();
    }
    void put(foundation::Currency currency) { json_.value(currency.code()); }
    void put(foundation::Day day) { json_.value(day); }
    void put(foundation::Instant instant) { json_.value(std::string_view(foundation::utc_text(instant))); }
    void put(const foundation::Zone& zone) { json_.value(std::string_view(zone.name())); }
    void put(const Sealed& sealed) {
        foundation::ensure(!sealed.is_erased(), "an erased text cannot be stored");
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

    foundation::JsonWriter json_;
    foundation::JsonWriter texts_;
    bool has_texts_ = false;
    int text_count_ = 0;
};

}  // namespace saldo::ledger
