#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace saldo::foundation {

/// The bytes in the alphabet of URLs, without padding (RFC 4648 section 5).
std::string base64url(std::string_view bytes);

/// The bytes in the common alphabet with its padding (RFC 4648 section 4).
std::string base64(std::string_view bytes);

/// The bytes; nothing for padding, white space, another alphabet, an impossible length or bits that encode nothing:
/// each byte string has exactly one text.
std::optional<std::string> from_base64url(std::string_view text);

/// The bytes of the common alphabet with its padding (RFC 4648 section 4), as HTTP Basic wants it; as strict as
/// `from_base64url`.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace saldo::foundation
