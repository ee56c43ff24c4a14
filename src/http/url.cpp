#include "http/url.hpp"

#include <array>
#include <cstdint>

namespace saldo::http {
namespace {

constexpr std::string_view letters_and_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

using CharacterSet = std::array<bool, 256>;

constexpr CharacterSet set_of(std::string_view some, std::string_view more) {
    CharacterSet set{};
    for (const char c : letters_and_digits) set[static_cast<unsigned char>(c)] = true;
    for (const char c : some) set[static_cast<unsigned char>(c)] = true;
    for (const char c : more) set[static_cast<unsigned char>(c)] = true;
    return set;
}

constexpr std::string_view unreserved_marks = "-._~";
constexpr CharacterSet unreserved = set_of(unreserved_marks, "");
constexpr CharacterSet path_characters = set_of(unreserved_marks, "!$&'()*+,;=:@/%");
constexpr CharacterSet query_characters = set_of(unreserved_marks, "!$&'()*+,;=:@/%?[]{}|^`");

bool all_in(const CharacterSet& set, std::string_view text) {
    for (const char c : text) {
        if (!set[static_cast<unsigned char>(c)]) return false;
    }
    return true;
}

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
}

enum class Escapes { of_path, of_query };

std::optional<std::string> decode(std::string_view raw, Escapes escapes) {
    std::string out;
    out.reserve(raw.size());
    for (std::size_t i = 0; i < raw.size(); ++i) {
        if (raw[i] == '+' && escapes == Escapes::of_query) {
            out.push_back(' ');
            continue;
        }
        if (raw[i] == '\0') return std::nullopt;  // a form's body comes as it is
        if (raw[i] != '%') {
            out.push_back(raw[i]);
            continue;
        }
        if (raw.size() - i < 3) return std::nullopt;
        const int high = hex_digit(raw[i + 1]);
        const int low = hex_digit(raw[i + 2]);
        if (high < 0 || low < 0) return std::nullopt;
        const int byte = high * 16 + low;
        if (byte == 0) return std::nullopt;
        i += 2;
        if (byte == '/' && escapes == Escapes::of_path) {
            out += "%2F";
        } else {
            out.push_back(static_cast<char>(byte));
        }
    }
    if (!is_utf8(out)) return std::nullopt;
    return out;
}

struct Utf8Lead {
    std::uint8_t continuation_bytes;
    std::uint8_t second_min, second_max;  // what rules out overlong forms, surrogates and code points too high
};

std::optional<Utf8Lead> utf8_lead(unsigned char byte) {
    if (byte >= 0xC2 && byte <= 0xDF) return Utf8Lead{1, 0x80, 0xBF};
    if (byte == 0xE0) return Utf8Lead{2, 0xA0, 0xBF};
    if (byte == 0xED) return Utf8Lead{2, 0x80, 0x9F};
    if (byte >= 0xE1 && byte <= 0xEF) return Utf8Lead{2, 0x80, 0xBF};
    if (byte == 0xF0) return Utf8Lead{3, 0x90, 0xBF};
    if (byte >= 0xF1 && byte <= 0xF3) return Utf8Lead{3, 0x80, 0xBF};
    if (byte == 0xF4) return Utf8Lead{3, 0x80, 0x8F};
    return std::nullopt;
}

}  // namespace

bool is_utf8(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if (byte < 0x80) continue;
        const auto lead = utf8_lead(byte);
        if (!lead || text.size() - i <= lead->continuation_bytes) return false;
        const auto second = static_cast<unsigned char>(text[i + 1]);
        if (second < lead->second_min || second > lead->second_max) return false;
        for (std::size_t k = 2; k <= lead->continuation_bytes; ++k) {
            if ((static_cast<unsigned char>(text[i + k]) & 0xC0U) != 0x80U) return false;
        }
        i += lead->continuation_bytes;
    }
    return true;
}

bool is_path_text(std::string_view raw) {
    return all_in(path_characters, raw);
}

bool is_query_text(std::string_view raw) {
    return all_in(query_characters, raw);
}

std::optional<std::string> decode_path(std::string_view raw) {
    return decode(raw, Escapes::of_path);
}

std::optional<std::string> decode_query_text(std::string_view raw) {
    return decode(raw, Escapes::of_query);
}

std::optional<std::vector<QueryParameter>> parse_query(std::string_view raw) {
    std::vector<QueryParameter> parameters;
    while (!raw.empty()) {
        const auto end = raw.find('&');
        const auto pair = raw.substr(0, end);
        raw = end == std::string_view::npos ? std::string_view{} : raw.substr(end + 1);
        if (pair.empty()) continue;
        const auto equals = pair.find('=');
        auto name = decode_query_text(pair.substr(0, equals));
        auto value = decode_query_text(equals == std::string_view::npos ? std::string_view{} : pair.substr(equals + 1));
        if (!name || !value) return std::nullopt;
        parameters.push_back({std::move(*name), std::move(*value)});
    }
    return parameters;
}

std::string percent_encode(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (unreserved[byte]) {
            out.push_back(c);
        } else {
            out += {'%', digits[byte >> 4U], digits[byte & 15U]};
        }
    }
    return out;
}

}  // namespace saldo::http
