#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "foundation/calendar.hpp"
#include "foundation/decimal.hpp"
#include "foundation/money.hpp"

namespace saldo::foundation {

/// Appends a JSON string literal, quotes included. Control characters are escaped; the text must be UTF-8.
void append_json_string(std::string& out, std::string_view text);

/// Writes one JSON document straight into a string: compact, in the order of the calls, with exact amounts.
///
/// Commas are put by itself; that objects and arrays are closed is the caller's care (`finish` checks it), as is that a
/// name is given within objects and never within arrays. A name without a value or a second document throws
/// BrokenInvariant.
class JsonWriter {
  public:
    JsonWriter() { out_.reserve(1024); }

    JsonWriter& begin_object() { return open('{'); }
    JsonWriter& end_object() { return close('}'); }
    JsonWriter& begin_array() { return open('['); }
    JsonWriter& end_array() { return close(']'); }
    JsonWriter& key(std::string_view name);

    JsonWriter& value(std::string_view text);
    JsonWriter& value(const char* text) { return value(std::string_view(text)); }
    JsonWriter& value(std::int64_t number);
    JsonWriter& value(int number) { return value(static_cast<std::int64_t>(number)); }
    JsonWriter& value(Decimal number) { return raw(number.text()); }
    JsonWriter& value(Money amount) { return raw(amount.text()); }
    JsonWriter& value(Day day);
    JsonWriter& value(bool truth) { return raw(truth ? "true" : "false"); }
    JsonWriter& null() { return raw("null"); }
    /// Text that is JSON already.
    JsonWriter& raw(std::string_view json);

    template <class Value>
    JsonWriter& field(std::string_view name, const Value& content) {
        key(name);
        return value(content);
    }
    JsonWriter& null_field(std::string_view name) {
        key(name);
        return null();
    }
    JsonWriter& raw_field(std::string_view name, std::string_view json) {
        key(name);
        return raw(json);
    }
    /// Writes the field only where there is a value.
    template <class Optional>
    JsonWriter& optional_field(std::string_view name, const Optional& content) {
        if (content) field(name, *content);
        return *this;
    }

    /// The document. Throws BrokenInvariant if something was left open.
    std::string finish() &&;

  private:
    JsonWriter& open(char bracket);
    JsonWriter& close(char bracket);
    void separate();

    std::string out_;
    int depth_ = 0;
    bool needs_comma_ = false;
    bool awaits_value_ = false;
};

}  // namespace saldo::foundation
