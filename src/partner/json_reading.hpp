#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "foundation/json.hpp"
#include "partner/contract_json.hpp"

namespace saldo::partner {

/// Reads the fields of one JSON object and collects what is wrong with them; on its end it refuses what nobody asked
/// for.
class ObjectReading {
  public:
    ObjectReading(foundation::JsonValue json, std::string path, std::vector<Malformed>& faults);
    ~ObjectReading();
    ObjectReading(const ObjectReading&) = delete;
    ObjectReading& operator=(const ObjectReading&) = delete;

    /// Whether a value other than null stands under that name.
    bool has(std::string_view name);
    std::optional<std::string> text(std::string_view name);
    std::optional<std::string> optional_text(std::string_view name);
    std::optional<std::string_view> number(std::string_view name);
    std::optional<int> integer(std::string_view name, std::optional<int> without = std::nullopt);
    bool boolean(std::string_view name, bool without);
    std::optional<foundation::JsonValue> object(std::string_view name);
    void refuse(std::string_view name, std::string what);

    /// A text that `parse` turns into a value; `otherwise` says what it is not.
    template <class Parse>
    auto word(std::string_view name, Parse parse, std::string_view otherwise) -> decltype(parse(std::string_view())) {
        const auto found = find(name, foundation::JsonKind::string);
        if (!found) return std::nullopt;
        auto value = parse(found->string());
        if (!value) refuse(name, quoted(otherwise, found->string()));
        return value;
    }

    /// An array of such texts, none of them twice.
    template <class Parse>
    auto words(std::string_view name, Parse parse, std::string_view otherwise)
        -> std::vector<typename decltype(parse(std::string_view()))::value_type> {
        std::vector<typename decltype(parse(std::string_view()))::value_type> values;
        each_element(name, foundation::JsonKind::string, [&](foundation::JsonValue element, const std::string& path) {
            auto value = parse(element.string());
            if (!value)
                faults_->push_back({path, quoted(otherwise, element.string())});
            else if (std::ranges::find(values, *value) != values.end())
                faults_->push_back({path, quoted("is there twice", element.string())});
            else
                values.push_back(std::move(*value));
        });
        return values;
    }

    /// An array of whole numbers.
    std::vector<int> integers(std::string_view name);

    /// An array of objects, each read by `read(ObjectReading&)`.
    template <class Read>
    auto objects(std::string_view name, Read read) {
        std::vector<decltype(read(std::declval<ObjectReading&>()))> values;
        each_element(name, foundation::JsonKind::object, [&](foundation::JsonValue element, const std::string& path) {
            ObjectReading object(element, path, *faults_);
            values.push_back(read(object));
        });
        return values;
    }

    template <class Read>
    auto optional_object(std::string_view name, Read read)
        -> std::optional<decltype(read(std::declval<ObjectReading&>()))> {
        if (!has(name)) return std::nullopt;
        const auto found = object(name);
        if (!found) return std::nullopt;
        ObjectReading inner(*found, path_of(name), *faults_);
        return read(inner);
    }

  private:
    static std::string quoted(std::string_view what, std::string_view text);
    std::string path_of(std::string_view name) const;
    std::optional<foundation::JsonValue> find(std::string_view name, foundation::JsonKind kind);
    void each_element(std::string_view name, foundation::JsonKind kind,
                      const std::function<void(foundation::JsonValue, const std::string& path)>& visit);

    foundation::JsonValue json_;
    bool is_object_;
    std::string path_;
    std::vector<std::string> asked_;
    std::vector<Malformed>* faults_;
};

}  // namespace saldo::partner
