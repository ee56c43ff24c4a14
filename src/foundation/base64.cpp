#include "foundation/base64.hpp"

#include <array>
#include <cstdint>

namespace saldo::foundation {
namespace {

constexpr std::string_view url_alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view common_alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t foreign = 64;

using Values = std::array<std::uint8_t, 256>;

constexpr Values values_of(std::string_view alphabet) {
    Values values{};
    values.fill(foreign);
    for (std::size_t i = 0; i < alphabet.size(); ++i)
        values[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
    return values;
}

constexpr Values url_values = values_of(url_alphabet);
constexpr Values common_values = values_of(common_alphabet);

/// Requires text without padding.
std::optional<std::string> decode(std::string_view text, const Values& values) {
    if (text.size() % 4 == 1) return std::nullopt;
    std::string bytes;
    bytes.reserve(text.size() * 3 / 4);
    std::uint32_t window = 0;
    int bits = 0;
    for (const char c : text) {
        const std::uint8_t value = values[static_cast<unsigned char>(c)];
        if (value == foreign) return std::nullopt;
        window = window << 6U | value;
        bits += 6;
        if (bits < 8) continue;
        bits -= 8;
        bytes.push_back(static_cast<char>(window >> bits & 0xFFU));
    }
    const std::uint32_t unused = window & ((1U << bits) - 1U);
    if (unused != 0) return std::nullopt;
    return bytes;
}

/// Without padding.
std::string encode(std::string_view bytes, std::string_view alphabet) {
    std::string text;
    text.reserve((bytes.size() * 4 + 2) / 3 + 2);
    std::uint32_t window = 0;
    int bits = 0;
    for (const char c : bytes) {
        window = window << 8U | static_cast<unsigned char>(c);
        bits += 8;
        while (bits >= 6) {
            bits -= 6;
            text.push_back(alphabet[window >> bits & 63U]);
        }
    }
    if (bits > 0) text.push_back(alphabet[window << (6 - bits) & 63U]);
    return text;
}

}  // namespace

std::string base64url(std::string_view bytes) {
    return encode(bytes, url_alphabet);
}

std::string base64(std::string_view bytes) {
    std::string text = encode(bytes, common_alphabet);
    while (text.size() % 4 != 0) text += '=';
    return text;
}

std::optional<std::string> from_base64url(std::string_view text) {
    return decode(text, url_values);
}

std::optional<std::string> from_base64(std::string_view text) {
    if (text.size() % 4 != 0) return std::nullopt;
    for (int padding = 0; padding < 2 && text.ends_with('='); ++padding) text.remove_suffix(1);
    return decode(text, common_values);
}

}  // namespace saldo::foundation
