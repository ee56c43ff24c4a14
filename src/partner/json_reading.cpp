#include "partner/json_reading.hpp"

#include <algorithm>

namespace saldo::partner {

using foundation::JsonKind;
using foundation::JsonValue;

namespace {

std::string_view is_none(JsonKind kind) {
    switch (kind) {
        case JsonKind::null:
            return "must be null";
        case JsonKind::boolean:
            return "must be true or false";
        case JsonKind::number:
            return "must be a number";
        case JsonKind::string:
            return "must be a text";
        case JsonKind::array:
            return "must be an array";
        case JsonKind::object:
            return "must be an object";
    }
    std::unreachable();
}

}  // namespace

ObjectReading::ObjectReading(JsonValue json, std::string path, std::vector<Malformed>& faults)
    : json_(json), is_object_(json.kind() == JsonKind::object), path_(std::move(path)), faults_(&faults) {
    if (!is_object_) faults_->push_back({path_, std::string(is_none(JsonKind::object))});
}

ObjectReading::~ObjectReading() {
    if (!is_object_) return;
    json_.each([&](JsonValue value) {
        if (std::ranges::find(asked_, value.name()) != asked_.end()) return;
        std::string what = "is not known here; there are";
        for (std::size_t i = 0; i < asked_.size(); ++i) what += (i == 0 ? " " : ", ") + asked_[i];
        faults_->push_back({path_of(value.name()), std::move(what)});
    });
}

bool ObjectReading::has(std::string_view name) {
    if (!is_object_) return false;
    if (std::ranges::find(asked_, name) == asked_.end()) asked_.emplace_back(name);
    const auto found = json_.find(name);
    return found && !found->is_null();
}

std::optional<JsonValue> ObjectReading::find(std::string_view name, JsonKind kind) {
    if (!has(name)) {
        if (is_object_) refuse(name, "is missing");
        return std::nullopt;
    }
    const auto found = json_.find(name);
    if (found->kind() == kind) return found;
    refuse(name, std::string(is_none(kind)));
    return std::nullopt;
}

std::optional<std::string> ObjectReading::text(std::string_view name) {
    const auto found = find(name, JsonKind::string);
    return found ? std::optional<std::string>(found->string()) : std::nullopt;
}

std::optional<std::string> ObjectReading::optional_text(std::string_view name) {
    return has(name) ? text(name) : std::nullopt;
}

std::optional<std::string_view> ObjectReading::number(std::string_view name) {
    const auto found = find(name, JsonKind::number);
    return found ? std::optional(found->number()) : std::nullopt;
}

std::optional<int> ObjectReading::integer(std::string_view name, std::optional<int> without) {
    if (without && !has(name)) return without;
    const auto found = find(name, JsonKind::number);
    if (!found) return std::nullopt;
    const auto value = found->integer();
    if (value && *value >= std::numeric_limits<int>::min() && *value <= std::numeric_limits<int>::max())
        return static_cast<int>(*value);
    refuse(name, "must be a whole number: " + std::string(found->number()));
    return std::nullopt;
}

std::vector<int> ObjectReading::integers(std::string_view name) {
    std::vector<int> values;
    each_element(name, JsonKind::number, [&](JsonValue element, const std::string& path) {
        const auto value = element.integer();
        if (value && std::in_range<int>(*value))
            values.push_back(static_cast<int>(*value));
        else
            faults_->push_back({path, "must be a whole number: " + std::string(element.number())});
    });
    return values;
}

bool ObjectReading::boolean(std::string_view name, bool without) {
    if (!has(name)) return without;
    const auto found = find(name, JsonKind::boolean);
    return found ? found->boolean() : without;
}

std::optional<JsonValue> ObjectReading::object(std::string_view name) {
    return find(name, JsonKind::object);
}

void ObjectReading::each_element(std::string_view name, JsonKind kind,
                                 const std::function<void(JsonValue, const std::string&)>& visit) {
    const auto array = find(name, JsonKind::array);
    if (!array) return;
    std::size_t index = 0;
    array->each([&](JsonValue element) {
        const std::string path = path_of(name) + '[' + std::to_string(index++) + ']';
        if (element.kind() == kind)
            visit(element, path);
        else
            faults_->push_back({path, std::string(is_none(kind))});
    });
}

void ObjectReading::refuse(std::string_view name, std::string what) {
    faults_->push_back({path_of(name), std::move(what)});
}

std::string ObjectReading::path_of(std::string_view name) const {
    return path_ + '.' + std::string(name);
}

std::string ObjectReading::quoted(std::string_view what, std::string_view text) {
    std::string sentence(what);
    sentence += ": ";
    foundation::append_json_string(sentence, text);
    return sentence;
}

}  // namespace saldo::partner
