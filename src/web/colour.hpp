#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace saldo::web {

/// A colour of the sRGB space.
struct Colour {
    std::uint8_t red = 0, green = 0, blue = 0;
    bool operator==(const Colour&) const = default;
};

/// `#1a5b4c` or `1a5b4c`, in either case; nothing else.
std::optional<Colour> parse_colour(std::string_view text);
/// Six lower-case digits without `#`.
std::string hex_of(Colour colour);

/// The contrast ratio of WCAG 2.2, from 1 to 21: (lighter luminance + 0.05) / (darker luminance + 0.05).
double contrast(Colour one, Colour other);

/// What a theme paints in the shop's colour.
struct AccentInks {
    Colour button;     ///< the background of the main button: 3 to 1 against the page (WCAG 1.4.11)
    Colour on_button;  ///< its text: 4.5 to 1 (WCAG 1.4.3)
    Colour text;       ///< links and marks: 4.5 to 1 against every background of the page
    bool operator==(const AccentInks&) const = default;
};
struct Accent {
    AccentInks light, dark;
    bool operator==(const Accent&) const = default;
};

/// The shop's colour where it can be read, ours in the places where it could not.
Accent accent_of(std::optional<Colour> wanted);

/// The stylesheet that sets the page's accent variables, for both themes.
std::string accent_css(const Accent& accent);

}  // namespace saldo::web
