#include "foundation/id.hpp"

#include <algorithm>

#include "foundation/outcome.hpp"

namespace saldo::foundation {

namespace {

constexpr std::string_view alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t id_size = 20;

bool is_digits(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

bool is_imported_id(std::string_view text) {
    const std::size_t dash = text.find('-');
    if (dash == std::string_view::npos || dash < 1 || dash > 3) return false;
    const std::string_view tail = text.substr(dash + 1);
    return tail.size() >= 10 && tail.size() <= 20 && is_digits(text.substr(0, dash)) && is_digits(tail);
}

Bucket first_bits(const Digest& digest) {
    return static_cast<Bucket>(digest[0] << 4 | digest[1] >> 4);
}

}  // namespace

std::string id_text(const Digest& digest) {
    std::string text;
    text.reserve(id_size);
    unsigned window = 0;
    int bits = 0;
    for (std::size_t at = 0; text.size() < id_size;) {
        if (bits < 5) {
            window = (window << 8 | digest[at++]) & 0xFFFF;
            bits += 8;
        }
        bits -= 5;
        text += alphabet[window >> bits & 31];
    }
    return text;
}

std::string id_text_in(Bucket bucket, const Digest& digest) {
    Digest placed = digest;
    placed[0] = static_cast<std::uint8_t>(bucket >> 4);
    placed[1] = static_cast<std::uint8_t>((bucket & 15) << 4 | (digest[1] & 15));
    return id_text(placed);
}

bool is_id(std::string_view text) {
    return text.size() == id_size && text.find_first_not_of(alphabet) == std::string_view::npos;
}

bool is_transaction_id(std::string_view text) {
    return is_id(text) || is_imported_id(text);
}

Bucket bucket_of(std::string_view transaction_id) {
    if (!is_id(transaction_id)) return first_bits(sha256(transaction_id));
    unsigned bits = 0;
    for (std::size_t i = 0; i < 3; ++i) bits = bits << 5 | static_cast<unsigned>(alphabet.find(transaction_id[i]));
    return static_cast<Bucket>(bits >> 3);
}

std::string uuid_text(const Digest& digest) {
    Digest marked = digest;
    marked[6] = static_cast<std::uint8_t>((digest[6] & 0x0F) | 0x40);  // RFC 9562: version 4 ...
    marked[8] = static_cast<std::uint8_t>((digest[8] & 0x3F) | 0x80);  // ... and its variant
    std::string text = hex(bytes_of(marked).substr(0, 16));
    for (const std::size_t at : {std::size_t{8}, std::size_t{13}, std::size_t{18}, std::size_t{23}})
        text.insert(at, 1, '-');
    return text;
}

bool is_uuid(std::string_view text) {
    if (text.size() != 36) return false;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const bool is_dash = at == 8 || at == 13 || at == 18 || at == 23;
        const bool is_digit = (text[at] >= '0' && text[at] <= '9') || (text[at] >= 'a' && text[at] <= 'f');
        if (is_dash ? text[at] != '-' : !is_digit) return false;
    }
    return true;
}

Bucket bucket_of_uuid(std::string_view text) {
    const auto digit = [](char c) { return static_cast<unsigned>(c <= '9' ? c - '0' : c - 'a' + 10); };
    return static_cast<Bucket>(digit(text[0]) << 8 | digit(text[1]) << 4 | digit(text[2]));
}

}  // namespace saldo::foundation
