#include "store/folded.hpp"

namespace saldo::store {

namespace {

/// The lower-case letter of one in the range of two-byte UTF-8 (U+0080 to U+07FF).
unsigned lower(unsigned letter) {
    if (letter >= 0xC0 && letter <= 0xDE && letter != 0xD7) return letter + 0x20;  // Latin-1
    if (letter == 0x178) return 0xFF;                                              // Y with diaeresis
    // Latin Extended-A goes in pairs, upper case first: even numbers in most of it, odd ones in two stretches.
    if ((letter >= 0x139 && letter <= 0x148) || (letter >= 0x179 && letter <= 0x17E)) return letter + letter % 2;
    if (letter >= 0x100 && letter <= 0x177 && letter != 0x130 && letter != 0x138 && letter != 0x149) return letter | 1U;
    if (letter >= 0x391 && letter <= 0x3A9 && letter != 0x3A2) return letter + 0x20;  // Greek
    if (letter >= 0x400 && letter <= 0x40F) return letter + 0x50;                     // Cyrillic
    if (letter >= 0x410 && letter <= 0x42F) return letter + 0x20;
    return letter;
}

}  // namespace

bool is_folded(std::string_view fold, std::string_view text) {
    if (fold.size() != text.size()) return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (static_cast<unsigned char>(c) >= 0x80) return fold.substr(i) == folded(text.substr(i));
        if (fold[i] != (c >= 'A' && c <= 'Z' ? c + 0x20 : c)) return false;
    }
    return true;
}

std::string folded(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto octet = static_cast<unsigned char>(text[i]);
        if (octet >= 'A' && octet <= 'Z') {
            out += static_cast<char>(octet + 0x20);
        } else if (octet >= 0xC2 && octet <= 0xDF && i + 1 < text.size()) {
            const auto second = static_cast<unsigned char>(text[++i]);
            const unsigned letter = lower((octet & 0x1FU) << 6 | (second & 0x3FU));
            out += static_cast<char>(0xC0U | letter >> 6);
            out += static_cast<char>(0x80U | (letter & 0x3FU));
        } else {
            out += text[i];
        }
    }
    return out;
}

}  // namespace saldo::store
