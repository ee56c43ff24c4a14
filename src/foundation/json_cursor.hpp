#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "foundation/decimal.hpp"

namespace saldo::foundation {

/// Reads what `JsonWriter` wrote, from the first octet to the last: the caller says what must come next, and gets it
/// straight from the text. No tree is built, and a name is compared with the very octets that should be there.
///
/// For texts that this program wrote itself and reads a hundred thousand times a second. So it knows no white space and
/// no order of names but the written one. Whatever is not as asked for, not valid UTF-8 or not closed throws
/// BrokenInvariant.
class JsonCursor {
  public:
    /// The text stays where it is while it is read.
    explicit JsonCursor(std::string_view text);

    void begin_object() { open('{'); }
    /// Whether the next field has this name; if so, its value is next. Names are those that need no escapes.
    bool take_name(std::string_view name) {
        const char* at = at_;
        if (!is_first_) {
            if (at == end_ || *at != ',') return false;
            ++at;
        }
        constexpr std::size_t marks = 3;  // ":
        if (static_cast<std::size_t>(end_ - at) < name.size() + marks || *at != '"') return false;
        if (std::memcmp(at + 1, name.data(), name.size()) != 0) return false;
        at += 1 + name.size();
        if (*at != '"' || at[1] != ':') return false;
        at_ = at + 2;
        return true;
    }
    /// Refuses an object that has more fields than were taken.
    void end_object() { close('}', "has a field that is not known, there twice or not in its place"); }

    void begin_array() { open('['); }
    /// Whether there is one more element, which is next; if not, the array is behind.
    bool next_element() {
        if (is_first_ && at_ != end_ && *at_ != ']') return true;
        if (!is_first_ && at_ != end_ && *at_ == ',') {
            ++at_;
            return true;
        }
        close(']', "has an array that is not closed");
        return false;
    }
    /// Refuses anything behind the document.
    void end() const {
        if (at_ != end_) refuse("goes on behind its end");
    }

    /// The text with its escapes resolved; valid until the next call.
    std::string_view string();
    std::int64_t integer();
    Decimal decimal();
    bool boolean();

  private:
    void open(char bracket) {
        if (at_ == end_ || *at_ != bracket) refuse("lacks an object or array where one belongs");
        ++at_;
        is_first_ = true;
    }
    void close(char bracket, const char* otherwise) {
        if (at_ == end_ || *at_ != bracket) refuse(otherwise);
        ++at_;
        is_first_ = false;
    }
    std::string_view unescaped(const char* from);
    char32_t four_hex_digits();
    char32_t code_point();
    bool take(std::string_view token);
    [[noreturn]] static void refuse(std::string_view what);

    const char* at_;
    const char* end_;
    bool is_first_ = false;  ///< nothing stands before it in its object or array
    std::string resolved_;
};

}  // namespace saldo::foundation
