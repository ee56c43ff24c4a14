#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "foundation/outcome.hpp"

namespace saldo::foundation {

enum class JsonKind : std::uint8_t { null, boolean, number, string, array, object };

/// Why a text is not a JSON document that we read. `where` is the path of the value it happened at (`$.buyer`).
struct JsonFault {
    enum class Kind { malformed, too_deep, duplicate_name, invalid_utf8, too_many_values };
    Kind kind;
    std::string where;
};
std::string_view describe(JsonFault::Kind kind);

class JsonDocument;

/// One value of a document; valid as long as its document. Cheap to copy.
class JsonValue {
  public:
    JsonKind kind() const;
    bool is_null() const { return kind() == JsonKind::null; }

    /// The text of a string, escapes resolved. Requires kind() == string.
    std::string_view string() const;
    /// The token as it was written, e.g. `-33.80`: numbers are judged from their decimal text. Requires kind() ==
    /// number.
    std::string_view number() const;
    /// Requires kind() == boolean.
    bool boolean() const;
    /// The number as a whole int64; nothing for a fraction, an exponent or a number out of range. Requires kind() ==
    /// number.
    std::optional<std::int64_t> integer() const;

    /// Elements of an array or values of an object, in order.
    std::size_t size() const;
    JsonValue first() const;        ///< requires size() > 0
    JsonValue next() const;         ///< the sibling; requires that there is one
    std::string_view name() const;  ///< the name under which this value stands in its object; empty in an array

    /// The value of that name; nothing when the object has none. Requires kind() == object.
    std::optional<JsonValue> find(std::string_view name) const;

    template <class Visit>
    void each(Visit&& visit) const {
        const std::size_t count = size();
        if (count == 0) return;
        JsonValue at = first();
        for (std::size_t i = 0; i < count; ++i) {
            visit(at);
            if (i + 1 < count) at = at.next();
        }
    }

  private:
    friend class JsonDocument;
    JsonValue(const JsonDocument* document, std::size_t index) : document_(document), index_(index) {}
    const JsonDocument* document_;
    std::size_t index_;
};

/// A whole JSON text, checked to the end: valid UTF-8, no name twice in one object, numbers of JSON's grammar, at most
/// 32 levels deep, nothing behind the last bracket.
class JsonDocument {
  public:
    static Outcome<JsonDocument, JsonFault> parse(std::string_view text);
    JsonValue root() const { return {this, 0}; }

  private:
    friend class JsonValue;
    struct Builder;
    struct Node {
        std::uint32_t name_at, name_size;
        std::uint32_t text_at, text_size;  // string content or number token
        std::uint32_t count;               // children
        std::uint32_t after;               // index of the node behind this one's subtree
        JsonKind kind;
        bool truth;
    };
    const Node& node(std::size_t index) const { return nodes_[index]; }

    std::vector<Node> nodes_;
    std::string texts_;
};

// What reading a document does all the time, in the open for the compiler.
inline JsonKind JsonValue::kind() const {
    return document_->node(index_).kind;
}
inline std::size_t JsonValue::size() const {
    return document_->node(index_).count;
}
inline JsonValue JsonValue::first() const {
    return {document_, index_ + 1};
}
inline JsonValue JsonValue::next() const {
    return {document_, document_->node(index_).after};
}
inline std::string_view JsonValue::name() const {
    const auto& node = document_->node(index_);
    return {document_->texts_.data() + node.name_at, node.name_size};
}

}  // namespace saldo::foundation
