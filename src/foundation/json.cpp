#include "foundation/json.hpp"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

namespace saldo::foundation {

namespace {

constexpr int depth_max = 32;
constexpr std::size_t values_max = 200'000;
/// Objects with more names than this are checked for duplicates by sorting, smaller ones pair by pair.
constexpr std::size_t pairwise_max = 24;

namespace ondemand = simdjson::ondemand;

/// JSON's own grammar for numbers; the tokenizer lets `01` and `1.` through.
bool is_number(std::string_view token) {
    std::size_t i = 0;
    const auto digits = [&] {
        const std::size_t from = i;
        while (i < token.size() && token[i] >= '0' && token[i] <= '9') ++i;
        return i - from;
    };
    if (i < token.size() && token[i] == '-') ++i;
    const std::size_t whole_at = i;
    const std::size_t whole = digits();
    if (whole == 0 || (whole > 1 && token[whole_at] == '0')) return false;
    if (i < token.size() && token[i] == '.') {
        ++i;
        if (digits() == 0) return false;
    }
    if (i < token.size() && (token[i] == 'e' || token[i] == 'E')) {
        ++i;
        if (i < token.size() && (token[i] == '+' || token[i] == '-')) ++i;
        if (digits() == 0) return false;
    }
    return i == token.size();
}

std::string_view trimmed(std::string_view token) {
    constexpr std::string_view white_space = " \t\r\n";
    const std::size_t first = token.find_first_not_of(white_space);
    if (first == std::string_view::npos) return {};
    return token.substr(first, token.find_last_not_of(white_space) + 1 - first);
}

/// A fault on its way up; never leaves this file.
struct Stop {
    JsonFault::Kind kind;
    std::optional<std::string> below = {};  ///< the name of what it is about, where that is not being read any more
};

std::uint32_t narrow(std::size_t size) {
    return static_cast<std::uint32_t>(size);
}

}  // namespace

struct JsonDocument::Builder {
    /// A step from a value to one of its own.
    struct Step {
        enum class Kind { name, place } kind;
        std::uint32_t at_or_place, size;
    };

    JsonDocument& document;
    std::string_view whole;
    std::array<Step, depth_max + 1> way = {};  ///< to the value that is being read; told only of a fault
    std::size_t steps = 0;
    std::uint32_t texts_size = 0;

    /// What is read never gets longer by having its escapes resolved: all texts have room where the whole had it.
    Builder(JsonDocument& to, std::string_view text) : document(to), whole(text) {
        document.nodes_.reserve(64);
        document.texts_.resize(text.size());
    }

    std::string path() const {
        std::string text = "$";
        for (std::size_t i = 0; i < steps; ++i) {
            if (way[i].kind == Step::Kind::place) {
                text += '[' + std::to_string(way[i].at_or_place) + ']';
            } else {
                text += '.';
                text += std::string_view(document.texts_).substr(way[i].at_or_place, way[i].size);
            }
        }
        return text;
    }

    template <class Value>
    static Value taken(simdjson::simdjson_result<Value> result) {
        Value value;
        if (const auto error = std::move(result).get(value); error)
            throw Stop{error == simdjson::UTF8_ERROR    ? JsonFault::Kind::invalid_utf8
                       : error == simdjson::DEPTH_ERROR ? JsonFault::Kind::too_deep
                                                        : JsonFault::Kind::malformed};
        return value;
    }

    std::size_t add(JsonKind kind) {
        if (document.nodes_.size() >= values_max) throw Stop{JsonFault::Kind::too_many_values};
        Node node{};
        node.kind = kind;
        document.nodes_.push_back(node);
        return document.nodes_.size() - 1;
    }

    std::pair<std::uint32_t, std::uint32_t> keep(std::string_view text) {
        const std::uint32_t at = texts_size;
        ensure(text.size() <= document.texts_.size() - at, "the texts of a JSON document are longer than itself");
        text.copy(document.texts_.data() + at, text.size());
        texts_size += narrow(text.size());
        return {at, narrow(text.size())};
    }

    /// `source` is a value or the document itself: both have the same reading functions.
    template <class Source>
    std::size_t read(Source& source, int depth) {
        if (depth > depth_max) throw Stop{JsonFault::Kind::too_deep};
        switch (taken(source.type())) {
            case ondemand::json_type::object:
                return read_object(source, depth);
            case ondemand::json_type::array:
                return read_array(source, depth);
            case ondemand::json_type::string: {
                const std::size_t index = add(JsonKind::string);
                const auto [at, size] = keep(taken(source.get_string()));
                document.nodes_[index].text_at = at;
                document.nodes_[index].text_size = size;
                return finish(index);
            }
            // The other scalars are judged by their text and never turned into what the parser makes of them: a number
            // may be too large for a double, and `falsey` would pass for `false`.
            case ondemand::json_type::number: {
                const std::string_view token = token_of(source);
                if (!is_number(token)) throw Stop{JsonFault::Kind::malformed};
                const std::size_t index = add(JsonKind::number);
                const auto [at, size] = keep(token);
                document.nodes_[index].text_at = at;
                document.nodes_[index].text_size = size;
                return finish(index);
            }
            case ondemand::json_type::boolean: {
                const std::string_view token = token_of(source);
                if (token != "true" && token != "false") throw Stop{JsonFault::Kind::malformed};
                const std::size_t index = add(JsonKind::boolean);
                document.nodes_[index].truth = token == "true";
                return finish(index);
            }
            case ondemand::json_type::null: {
                if (token_of(source) != "null") throw Stop{JsonFault::Kind::malformed};
                return finish(add(JsonKind::null));
            }
        }
        throw Stop{JsonFault::Kind::malformed};
    }

    /// The text of a scalar that is not a string. The document's own is all there is: nothing may stand beside it.
    std::string_view token_of(ondemand::value& source) const { return trimmed(source.raw_json_token()); }
    std::string_view token_of(ondemand::document&) const { return trimmed(whole); }

    std::size_t finish(std::size_t index) {
        document.nodes_[index].after = narrow(document.nodes_.size());
        return index;
    }

    template <class Source>
    std::size_t read_object(Source& source, int depth) {
        const std::size_t index = add(JsonKind::object);
        std::uint32_t count = 0;
        ondemand::object object = taken(source.get_object());
        for (auto entry : object) {
            ondemand::field field = taken(std::move(entry));
            const auto [at, size] = keep(taken(field.unescaped_key()));
            way[steps++] = {Step::Kind::name, at, size};
            ondemand::value value = field.value();
            const std::size_t child = read(value, depth + 1);
            document.nodes_[child].name_at = at;
            document.nodes_[child].name_size = size;
            --steps;
            ++count;
        }
        document.nodes_[index].count = count;
        finish(index);
        refuse_duplicates(index);
        return index;
    }

    template <class Source>
    std::size_t read_array(Source& source, int depth) {
        const std::size_t index = add(JsonKind::array);
        std::uint32_t count = 0;
        ondemand::array array = taken(source.get_array());
        for (auto entry : array) {
            ondemand::value value = taken(std::move(entry));
            way[steps++] = {Step::Kind::place, count, 0};
            read(value, depth + 1);
            --steps;
            ++count;
        }
        document.nodes_[index].count = count;
        return finish(index);
    }

    void refuse_duplicates(std::size_t index) {
        const JsonValue object(&document, index);
        if (object.size() > pairwise_max) {
            std::vector<std::string_view> names;
            object.each([&](JsonValue child) { names.push_back(child.name()); });
            std::ranges::sort(names);
            const auto twice = std::ranges::adjacent_find(names);
            if (twice != names.end()) throw Stop{JsonFault::Kind::duplicate_name, std::string(*twice)};
            return;
        }
        std::array<std::string_view, pairwise_max> names;
        std::size_t count = 0;
        object.each([&](JsonValue child) {
            const auto before = names.begin() + static_cast<std::ptrdiff_t>(count);
            if (std::find(names.begin(), before, child.name()) != before)
                throw Stop{JsonFault::Kind::duplicate_name, std::string(child.name())};
            names[count++] = child.name();
        });
    }
};

Outcome<JsonDocument, JsonFault> JsonDocument::parse(std::string_view text) {
    // One parser a thread: its buffers are reused, its state is not.
    thread_local ondemand::parser parser;
    thread_local std::string padded;
    JsonDocument document;
    Builder builder(document, text);
    try {
        padded.assign(text);
        padded.append(simdjson::SIMDJSON_PADDING, ' ');
        ondemand::document source =
            Builder::taken(parser.iterate(simdjson::padded_string_view(padded.data(), text.size(), padded.size())));
        const JsonKind kind = document.nodes_[builder.read(source, 1)].kind;
        const bool ends_at_its_end = kind == JsonKind::object || kind == JsonKind::array || kind == JsonKind::string;
        if (ends_at_its_end && source.current_location().error() != simdjson::OUT_OF_BOUNDS)
            throw Stop{JsonFault::Kind::malformed};
    } catch (const Stop& stop) {
        return std::unexpected(JsonFault{stop.kind, builder.path() + (stop.below ? '.' + *stop.below : "")});
    }
    document.texts_.resize(builder.texts_size);
    return document;
}

std::string_view describe(JsonFault::Kind kind) {
    switch (kind) {
        case JsonFault::Kind::malformed:
            return "is not valid JSON";
        case JsonFault::Kind::too_deep:
            return "is nested more than 32 levels deep";
        case JsonFault::Kind::duplicate_name:
            return "is there twice; a name may stand once in an object";
        case JsonFault::Kind::invalid_utf8:
            return "is not valid UTF-8";
        case JsonFault::Kind::too_many_values:
            return "has too many values";
    }
    std::unreachable();
}

std::string_view JsonValue::string() const {
    const auto& node = document_->nodes_[index_];
    ensure(node.kind == JsonKind::string, "a JSON value is read as a string but is none");
    return std::string_view(document_->texts_).substr(node.text_at, node.text_size);
}

std::string_view JsonValue::number() const {
    const auto& node = document_->nodes_[index_];
    ensure(node.kind == JsonKind::number, "a JSON value is read as a number but is none");
    return std::string_view(document_->texts_).substr(node.text_at, node.text_size);
}

bool JsonValue::boolean() const {
    const auto& node = document_->nodes_[index_];
    ensure(node.kind == JsonKind::boolean, "a JSON value is read as a boolean but is none");
    return node.truth;
}

std::optional<std::int64_t> JsonValue::integer() const {
    const std::string_view token = number();
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), value);
    if (error != std::errc{} || end != token.data() + token.size()) return std::nullopt;
    return value;
}

std::optional<JsonValue> JsonValue::find(std::string_view name) const {
    ensure(kind() == JsonKind::object, "a JSON value is read as an object but is none");
    std::size_t left = size();
    for (JsonValue child = first(); left > 0; child = child.next(), --left)
        if (child.name() == name) return child;
    return std::nullopt;
}

}  // namespace saldo::foundation
