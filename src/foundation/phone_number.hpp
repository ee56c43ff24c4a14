#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace saldo::foundation {

/// The number in international form: `0171 1234567` and `0049 171 ...` of a German buyer are `+491711234567`. Nothing
/// for what no phone number can be (E.164: 7 to 15 digits). `country` is ISO 3166-1 alpha-2.
std::optional<std::string> phone_number(std::string_view typed, std::string_view country);

}  // namespace saldo::foundation
