#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace saldo::foundation {

using Digest = std::array<std::uint8_t, 32>;

/// SHA-256 of the bytes.
Digest sha256(std::string_view bytes);
/// HMAC-SHA-256 of the bytes under the key.
Digest hmac_sha256(std::string_view key, std::string_view bytes);
/// True when both are equal; takes the same time wherever they differ.
bool equal_in_constant_time(std::string_view left, std::string_view right);

std::string_view bytes_of(const Digest& digest);
/// The 32 bytes as a digest; nothing for another length.
std::optional<Digest> digest_of(std::string_view bytes);
/// Lower-case hexadecimal.
std::string hex(std::string_view bytes);
/// Nothing for an odd length or another character; upper case is accepted.
std::optional<std::string> from_hex(std::string_view text);

}  // namespace saldo::foundation
