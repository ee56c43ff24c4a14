#include "foundation/json_writer.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <utility>

#include "foundation/outcome.hpp"

namespace saldo::foundation {

namespace {

/// Whether a text has no character that a JSON string must escape. Eight at a time: nearly every text is plain, and
/// this is what the program does all day.
bool is_plain(std::string_view text) {
    constexpr std::uint64_t ones = 0x0101010101010101U, tops = ones << 7U;
    const auto has_zero = [](std::uint64_t word) { return (word - ones) & ~word & tops; };
    std::uint64_t found = 0;
    for (std::size_t at = 0; at < text.size(); at += sizeof(std::uint64_t)) {
        std::uint64_t word = ones * ' ';
        std::memcpy(&word, text.data() + at, std::min(sizeof word, text.size() - at));
        const std::uint64_t has_control = (word - ones * 0x20U) & ~word & tops;
        found |= has_control | has_zero(word ^ ones * '"') | has_zero(word ^ ones * '\\');
    }
    return found == 0;
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
    constexpr std::string_view digits = "0123456789abcdef";
    out += '"';
    if (is_plain(text)) {
        out.append(text) += '"';
        return;
    }
    std::size_t plain_from = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        if (c >= 0x20 && c != '"' && c != '\\') continue;
        out.append(text, plain_from, i - plain_from);
        plain_from = i + 1;
        out += '\\';
        switch (c) {
            case '"':
                out += '"';
                break;
            case '\\':
                out += '\\';
                break;
            case '\n':
                out += 'n';
                break;
            case '\r':
                out += 'r';
                break;
            case '\t':
                out += 't';
                break;
            default:
                out += "u00";
                out += digits[c >> 4];
                out += digits[c & 15];
        }
    }
    out.append(text, plain_from, text.size() - plain_from);
    out += '"';
}

void JsonWriter::separate() {
    ensure(depth_ > 0 || out_.empty(), "a JSON document gets a second value");
    awaits_value_ = false;
    if (needs_comma_) out_ += ',';
    needs_comma_ = true;
}

JsonWriter& JsonWriter::open(char bracket) {
    separate();
    out_ += bracket;
    ++depth_;
    needs_comma_ = false;
    return *this;
}

JsonWriter& JsonWriter::close(char bracket) {
    ensure(!awaits_value_, "a name in a JSON document has no value");
    out_ += bracket;
    --depth_;
    needs_comma_ = true;
    return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
    ensure(!awaits_value_, "a name in a JSON document has no value");
    separate();
    append_json_string(out_, name);
    out_ += ':';
    needs_comma_ = false;
    awaits_value_ = true;
    return *this;
}

JsonWriter& JsonWriter::value(std::string_view text) {
    separate();
    append_json_string(out_, text);
    return *this;
}

JsonWriter& JsonWriter::value(std::int64_t number) {
    char digits[24];
    const auto [end, error] = std::to_chars(digits, digits + sizeof digits, number);
    ensure(error == std::errc{}, "an integer has no text");
    return raw({digits, end});
}

JsonWriter& JsonWriter::value(Day day) {
    separate();
    out_ += '"';
    out_ += day_text(day);
    out_ += '"';
    return *this;
}

JsonWriter& JsonWriter::raw(std::string_view json) {
    separate();
    out_ += json;
    return *this;
}

std::string JsonWriter::finish() && {
    ensure(depth_ == 0 && !out_.empty(), "a JSON document was left open");
    return std::move(out_);
}

}  // namespace saldo::foundation
