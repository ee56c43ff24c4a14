#pragma once

#include <string>
#include <string_view>

namespace saldo::foundation {

/// True for an IBAN (ISO 13616): a country that uses them, its length and structure, check digits 02 to 98 and the
/// remainder 1 of 97. People type and paste it as it is printed, so blanks, dots, hyphens and lower case are allowed.
bool is_iban(std::string_view text);

/// The electronic form: separators removed, upper case. It says nothing about validity.
std::string iban_electronic(std::string_view text);

/// The printed form: groups of four, one blank between them.
std::string iban_printed(std::string_view text);

}  // namespace saldo::foundation
