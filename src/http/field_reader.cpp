#include "http/field_reader.hpp"

#include <algorithm>
#include <utility>

#include "foundation/json_writer.hpp"

namespace saldo::http {

using foundation::Currency;
using foundation::Day;
using foundation::Decimal;
using foundation::Instant;
using foundation::JsonDocument;
using foundation::JsonFault;
using foundation::JsonKind;
using foundation::JsonValue;
using foundation::JsonWriter;
using foundation::Money;
using foundation::Outcome;

namespace {

/// Names of members are the sender's own; a path made of long ones tells nothing.
constexpr std::size_t fault_path_max = 200;

Malformed invalid_json(std::string path, std::string message) {
    return {Malformed::Kind::invalid_json, {{std::move(path), std::move(message)}}};
}

/// The next character of a valid UTF-8 text, which loses it.
char32_t take_character(std::string_view& text) {
    const auto first = static_cast<unsigned char>(text[0]);
    const std::size_t size = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    char32_t character = size == 1 ? first : first & (0x7fU >> size);
    for (std::size_t i = 1; i < size && i < text.size(); ++i)
        character = (character << 6U) | (static_cast<unsigned char>(text[i]) & 0x3fU);
    text.remove_prefix(std::min(size, text.size()));
    return character;
}

bool is_white_space(char32_t c) {
    return c == ' ' || (c >= 9 && c <= 13) || c == 0xa0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200a) || c == 0x2028 ||
           c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x3000 || c == 0xfeff;
}

bool is_control(char32_t c, TextRule::Lines lines) {
    if (lines == TextRule::Lines::many && (c == '\n' || c == '\r' || c == '\t')) return false;
    return c < 0x20 || (c >= 0x7f && c < 0xa0);
}

struct TextMeasure {
    std::size_t size = 0;
    std::size_t visible = 0;
    bool has_control = false;
};

TextMeasure measure(std::string_view text, TextRule::Lines lines) {
    TextMeasure found;
    while (!text.empty()) {
        const char32_t character = take_character(text);
        ++found.size;
        found.visible += is_white_space(character) ? 0 : 1;
        found.has_control |= is_control(character, lines);
    }
    return found;
}

/// What is wrong with a text; empty if nothing.
std::string text_fault(std::string_view text, const TextRule& rule) {
    const TextMeasure found = measure(text, rule.lines);
    const bool is_bounded = rule.size_max != TextRule{}.size_max;
    if (found.size < rule.size_min || found.size > rule.size_max)
        return is_bounded ? "must have " + std::to_string(rule.size_min) + " to " + std::to_string(rule.size_max) +
                                " characters"
                          : "must have at least " + std::to_string(rule.size_min) + " characters";
    if (found.visible < rule.visible_min)
        return rule.visible_min == 1
                   ? "must not be blank"
                   : "must have at least " + std::to_string(rule.visible_min) + " characters that are not white space";
    if (found.has_control) return "must not have control characters";
    return {};
}

bool fits(Sign sign, std::int64_t value) {
    switch (sign) {
        case Sign::any:
            return true;
        case Sign::positive:
            return value > 0;
        case Sign::not_negative:
            return value >= 0;
        case Sign::not_positive:
            return value <= 0;
        case Sign::not_zero:
            return value != 0;
    }
    std::unreachable();
}

std::string_view describe(Sign sign) {
    switch (sign) {
        case Sign::any:
            return "a number";
        case Sign::positive:
            return "a number above 0";
        case Sign::not_negative:
            return "a number of 0 or more";
        case Sign::not_positive:
            return "a number of 0 or less";
        case Sign::not_zero:
            return "a number other than 0";
    }
    std::unreachable();
}

std::string decimal_fault(const DecimalRule& rule) {
    std::string message = "must be " + std::string(describe(rule.sign)) + " with at most 4 decimals";
    if (rule.sign != Sign::not_positive) message += ", at most " + std::to_string(rule.magnitude_max);
    return message;
}

void write(JsonWriter& json, JsonValue value) {
    switch (value.kind()) {
        case JsonKind::null:
            json.null();
            return;
        case JsonKind::boolean:
            json.value(value.boolean());
            return;
        case JsonKind::number:
            json.raw(value.number());
            return;
        case JsonKind::string:
            json.value(value.string());
            return;
        case JsonKind::array:
            json.begin_array();
            value.each([&](JsonValue element) { write(json, element); });
            json.end_array();
            return;
        case JsonKind::object:
            json.begin_object();
            value.each([&](JsonValue member) {
                json.key(member.name());
                write(json, member);
            });
            json.end_object();
            return;
    }
    std::unreachable();
}

}  // namespace

std::size_t character_count(std::string_view text) {
    return measure(text, TextRule::Lines::many).size;
}

Outcome<JsonDocument, Malformed> parse_object(std::string_view body) {
    if (body.empty()) return std::unexpected(invalid_json("$", "is missing: send a JSON object as the body"));
    auto document = JsonDocument::parse(body);
    if (!document) {
        JsonFault& fault = document.error();
        const bool is_plain = fault.where.starts_with('$') && fault.where.size() <= fault_path_max;
        return std::unexpected(
            invalid_json(is_plain ? std::move(fault.where) : "$", std::string(foundation::describe(fault.kind))));
    }
    if (document->root().kind() != JsonKind::object) return std::unexpected(invalid_json("$", "must be a JSON object"));
    return *std::move(document);
}

void FieldFaults::add(std::string json_path, std::string message) {
    if (faults_.size() < told_max) faults_.emplace_back(std::move(json_path), std::move(message));
}

Malformed FieldFaults::malformed() && {
    return {Malformed::Kind::invalid_fields, std::move(faults_)};
}

void FieldReader::append_path(std::string& path) const {
    if (!parent_) {
        path += '$';
        return;
    }
    parent_->append_path(path);
    path.append(".").append(name_);
    if (index_ != no_index) path.append("[").append(std::to_string(index_)).append("]");
}

void FieldReader::blame(std::string_view name, std::string message) const {
    std::string path;
    append_path(path);
    if (!name.empty()) path.append(".").append(name);
    faults_->add(std::move(path), std::move(message));
}

bool FieldReader::is_object() const {
    const bool is_one = object_.kind() == JsonKind::object;
    if (!is_one) blame("", "must be an object");
    return is_one;
}

std::optional<JsonValue> FieldReader::find(std::string_view name) const {
    const auto found = object_.find(name);
    if (!found || found->is_null()) return std::nullopt;
    return found;
}

void FieldReader::require(std::initializer_list<std::string_view> names) const {
    for (const std::string_view name : names)
        if (!has(name)) blame(name, "is missing");
}

std::optional<JsonValue> FieldReader::typed(std::string_view name, JsonKind kind, std::string_view message) const {
    const auto found = find(name);
    if (!found) return std::nullopt;
    if (found->kind() == kind) return found;
    blame(name, std::string(message));
    return std::nullopt;
}

std::optional<std::string> FieldReader::text(std::string_view name, TextRule rule) const {
    const auto found = typed(name, JsonKind::string, "must be a text");
    if (!found) return std::nullopt;
    std::string fault = text_fault(found->string(), rule);
    if (fault.empty()) return std::string(found->string());
    blame(name, std::move(fault));
    return std::nullopt;
}

std::optional<std::string> FieldReader::filled_text(std::string_view name, TextRule rule) const {
    auto found = text(name, rule);
    if (found && found->empty()) return std::nullopt;
    return found;
}

std::optional<subject::Sealed> FieldReader::sealed(std::string_view name, TextRule rule) const {
    auto found = text(name, rule);
    if (!found) return std::nullopt;
    return subject::Sealed(*std::move(found));
}

std::optional<std::string> FieldReader::choice(std::string_view name, std::span<const std::string_view> names) const {
    const auto found = find(name);
    if (!found) return std::nullopt;
    if (found->kind() == JsonKind::string && std::ranges::find(names, found->string()) != names.end())
        return std::string(found->string());
    std::string message = "must be one of ";
    for (std::size_t i = 0; i < names.size(); ++i) message.append(i == 0 ? "" : ", ").append(names[i]);
    blame(name, std::move(message));
    return std::nullopt;
}

std::optional<bool> FieldReader::flag(std::string_view name) const {
    const auto found = typed(name, JsonKind::boolean, "must be true or false");
    if (!found) return std::nullopt;
    return found->boolean();
}

std::optional<std::int64_t> FieldReader::whole(std::string_view name, WholeRule rule) const {
    const auto found = find(name);
    if (!found) return std::nullopt;
    const auto number = found->kind() == JsonKind::number ? found->integer() : std::nullopt;
    if (number && *number >= rule.min && *number <= rule.max) return number;
    blame(name, "must be a whole number from " + std::to_string(rule.min) + " to " + std::to_string(rule.max));
    return std::nullopt;
}

std::optional<Decimal> FieldReader::decimal(std::string_view name, DecimalRule rule) const {
    const auto found = find(name);
    if (!found) return std::nullopt;
    const auto number = found->kind() == JsonKind::number ? Decimal::parse(found->number()) : std::nullopt;
    const std::int64_t limit = rule.magnitude_max * Decimal::scale;
    if (number && fits(rule.sign, number->units()) && number->units() <= limit && number->units() >= -limit)
        return number;
    blame(name, decimal_fault(rule));
    return std::nullopt;
}

std::optional<Money> FieldReader::money(std::string_view name, std::optional<Currency> currency, Sign sign) const {
    if (!currency) {
        const auto number = decimal(name, {.sign = sign, .magnitude_max = Money::minor_max});
        return number ? std::optional(Money{}) : std::nullopt;
    }
    const auto found = find(name);
    if (!found) return std::nullopt;
    const auto amount = found->kind() == JsonKind::number ? Money::parse(found->number(), *currency) : std::nullopt;
    if (amount && fits(sign, amount->minor())) return amount;
    const int decimals = currency->decimals();
    blame(name, "must be " + std::string(describe(sign)) +
                    (decimals == 0 ? " without decimals" : " with at most " + std::to_string(decimals) + " decimals") +
                    ", at most " + foundation::decimal_text(Money::minor_max, decimals));
    return std::nullopt;
}

std::optional<Currency> FieldReader::currency(std::string_view name) const {
    const auto found = find(name);
    if (!found) return std::nullopt;
    const auto parsed = found->kind() == JsonKind::string ? Currency::parse(found->string()) : std::nullopt;
    if (!parsed) blame(name, "must be a currency of ISO 4217, three capital letters");
    return parsed;
}

std::optional<Day> FieldReader::day(std::string_view name) const {
    const auto found = find(name);
    if (!found) return std::nullopt;
    const auto parsed = found->kind() == JsonKind::string ? foundation::parse_day(found->string()) : std::nullopt;
    if (!parsed) blame(name, "must be a date, YYYY-MM-DD");
    return parsed;
}

std::optional<Instant> FieldReader::instant(std::string_view name) const {
    const auto found = find(name);
    if (!found) return std::nullopt;
    const auto parsed = found->kind() == JsonKind::string ? foundation::parse_instant(found->string()) : std::nullopt;
    if (!parsed) blame(name, "must be date and time with an offset, such as 2020-08-02T16:15:18.823+02:00");
    return parsed;
}

std::optional<FieldReader> FieldReader::object(std::string_view name) const {
    const auto found = find(name);
    if (!found) return std::nullopt;
    const FieldReader reader(*found, *this, name, no_index);
    if (!reader.is_object()) return std::nullopt;
    return reader;
}

std::optional<JsonValue> FieldReader::list(std::string_view name, ListRule rule) const {
    const auto found = typed(name, JsonKind::array, "must be a list");
    if (!found) return std::nullopt;
    if (found->size() >= rule.size_min && found->size() <= rule.size_max) return found;
    blame(name, "must have " + std::to_string(rule.size_min) + " to " + std::to_string(rule.size_max) + " elements");
    return std::nullopt;
}

std::string json_text(JsonValue value) {
    JsonWriter json;
    write(json, value);
    return std::move(json).finish();
}

void write_field_faults(JsonWriter& json, std::span<const FieldFault> faults) {
    json.key("invalid_fields").begin_array();
    for (const FieldFault& fault : faults)
        json.begin_object().field("json_path", fault.json_path).field("message", fault.message).end_object();
    json.end_array();
}

}  // namespace saldo::http
