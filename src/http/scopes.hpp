#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "partner/partner.hpp"

namespace saldo::http {

/// The names with one blank between them, as OAuth writes scopes (RFC 6749 section 3.3): `read book`.
std::string scopes_text(const std::vector<partner::Scope>& scopes);

/// The scopes that the text names, each once, in the order of the enum. Nothing for an unknown name or for anything
/// that is not names with single blanks between them.
std::optional<std::vector<partner::Scope>> parse_scopes(std::string_view text);

}  // namespace saldo::http
