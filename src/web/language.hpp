#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace saldo::web {

/// A language that the page speaks: there is a text catalogue of each.
enum class Language : std::uint8_t { german, english, french, dutch };
inline constexpr std::array all_languages{Language::german, Language::english, Language::french, Language::dutch};

/// The code of ISO 639-1, as `<html lang>` and the catalogue's file name have it.
std::string_view code_of(Language language);

/// The language of a tag such as `de`, `DE-at`, `fr_CH`; nothing for one that the page does not speak.
std::optional<Language> language_of(std::string_view tag);

/// The language to speak: the buyer's as the shop sent it, else the best of `Accept-Language` (RFC 9110
/// section 12.5.4), else English.
Language language_for(std::string_view buyer_language, std::string_view accept_language);

}  // namespace saldo::web
