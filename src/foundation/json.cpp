#include "foundation/json.hpp"

#include <simdjson.h>

#include <algorithm>
#include <charconv>
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
};

std::uint32_t narrow(std::size_t size) {
    return static_cast<std::uint32_t>(size);
}

}  // namespace

struct JsonDocument::Builder {
    JsonDocument& document;
    std::string_view whole;
    std::string path = "$";

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
        const std::uint32_t at = narrow(document.texts_.size());
        document.texts_ += text;
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
            const std::string_view name = taken(field.unescaped_key());
            const auto [at, size] = keep(name);
            const std::size_t path_size = path.size();
            path += '.';
            path += std::string_view(document.texts_).substr(at, size);
            ondemand::value value = field.value();
            const std::size_t child = read(value, depth + 1);
            document.nodes_[child].name_at = at;
            document.nodes_[child].name_size = size;
            path.resize(path_size);
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
            const std::size_t path_size = path.size();
            path += '[' + std::to_string(count) + ']';
            read(value, depth + 1);
            path.resize(path_size);
            ++count;
        }
        document.nodes_[index].count = count;
        return finish(index);
    }

    void refuse_duplicates(std::size_t index) {
        std::vector<std::string_view> names;
        JsonValue(&document, index).each([&](JsonValue child) { names.push_back(child.name()); });
        if (names.size() > pairwise_max) {
            std::ranges::sort(names);
            const auto twice = std::ranges::adjacent_find(names);
            if (twice != names.end()) refuse_duplicate(*twice);
            return;
        }
        for (std::size_t i = 1; i < names.size(); ++i)
            for (std::size_t j = 0; j < i; ++j)
                if (names[i] == names[j]) refuse_duplicate(names[i]);
    }

    [[noreturn]] void refuse_duplicate(std::string_view name) {
        path += '.';
        path += name;
        throw Stop{JsonFault::Kind::duplicate_name};
    }
};

Outcome<JsonDocument, JsonFault> JsonDocument::parse(std::string_view text) {
    // One parser a thread: its buffers are reused, its state is not.
    thread_local ondemand::parser parser;
    JsonDocument document;
    document.nodes_.reserve(64);
    document.texts_.reserve(text.size());
    Builder builder{document, text};
    try {
        const simdjson::padded_string padded(text);
        ondemand::document source = Builder::taken(parser.iterate(padded));
        const JsonKind kind = document.nodes_[builder.read(source, 1)].kind;
        const bool ends_at_its_end = kind == JsonKind::object || kind == JsonKind::array || kind == JsonKind::string;
        if (ends_at_its_end && source.current_location().error() != simdjson::OUT_OF_BOUNDS)
            throw Stop{JsonFault::Kind::malformed};
    } catch (const Stop& stop) {
        return std::unexpected(JsonFault{stop.kind, std::move(builder.path)});
    }
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

JsonKind JsonValue::kind() const {
    return document_->nodes_[index_].kind;
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

std::size_t JsonValue::size() const {
    return document_->nodes_[index_].count;
}

JsonValue JsonValue::first() const {
    return {document_, index_ + 1};
}

JsonValue JsonValue::next() const {
    return {document_, document_->nodes_[index_].after};
}

std::string_view JsonValue::name() const {
    const auto& node = document_->nodes_[index_];
    return std::string_view(document_->texts_).substr(node.name_at, node.name_size);
}

std::optional<JsonValue> JsonValue::find(std::string_view name) const {
    ensure(kind() == JsonKind::object, "a JSON value is read as an object but is none");
    std::optional<JsonValue> found;
    each([&](JsonValue child) {
        if (!found && child.name() == name) found = child;
    });
    return found;
}

}  // namespace saldo::foundation
