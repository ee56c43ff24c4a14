#include "http/field_text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace saldo::http {
namespace {

constexpr std::array<bool, 256> token_characters = [] {
    std::array<bool, 256> set{};
    for (unsigned char c = '0'; c <= '9'; ++c) set[c] = true;
    for (unsigned char c = 'a'; c <= 'z'; ++c) set[c] = true;
    for (unsigned char c = 'A'; c <= 'Z'; ++c) set[c] = true;
    for (const char c : std::string_view("!#$%&'*+-.^_`|~")) set[static_cast<unsigned char>(c)] = true;
    return set;
}();

}  // namespace

std::size_t token_length(std::string_view text) {
    std::size_t length = 0;
    while (length < text.size() && token_characters[static_cast<unsigned char>(text[length])]) ++length;
    return length;
}

std::optional<Field> read_field(std::string_view line) {
    const auto name = line.substr(0, token_length(line));
    if (name.empty() || name.size() == line.size() || line[name.size()] != ':') return std::nullopt;
    const auto value = trimmed(line.substr(name.size() + 1));
    if (!is_field_value(value)) return std::nullopt;
    return Field{name, value};
}

bool equal_names(std::string_view left, std::string_view right) {
    if (left.size() != right.size()) return false;
    for (std::size_t i = 0; i < left.size(); ++i) {
        if (lower(left[i]) != lower(right[i])) return false;
    }
    return true;
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

bool is_token(std::string_view text) {
    return !text.empty() && token_length(text) == text.size();
}

bool is_field_value(std::string_view text) {
    const auto is_bad = [](unsigned char c) { return (c < 0x20 && c != '\t') || c == 0x7F; };
    // Eight bytes at a time: a bearer token alone is a thousand of them. A word with a suspect is looked at closely.
    constexpr std::uint64_t ones = 0x0101010101010101U;
    constexpr std::uint64_t tops = 0x8080808080808080U;
    while (text.size() >= sizeof(std::uint64_t)) {
        std::uint64_t word = 0;
        std::memcpy(&word, text.data(), sizeof word);
        const std::uint64_t deleted = word ^ (ones * 0x7FU);
        const std::uint64_t below_space = (word - ones * 0x20U) & ~word & tops;
        const std::uint64_t is_delete = (deleted - ones) & ~deleted & tops;
        if ((below_space | is_delete) != 0 && std::ranges::any_of(text.substr(0, sizeof word), is_bad)) return false;
        text.remove_prefix(sizeof word);
    }
    return std::ranges::none_of(text, is_bad);
}

}  // namespace saldo::http
