#include "web/colour.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

#include "foundation/digest.hpp"

namespace saldo::web {

namespace {

/// The backgrounds of assets/page.css: a test holds both to the same.
constexpr std::array light_grounds{Colour{0xfb, 0xfa, 0xf7}, Colour{0xff, 0xff, 0xff}};
constexpr std::array dark_grounds{Colour{0x17, 0x16, 0x14}, Colour{0x21, 0x20, 0x1d}};

constexpr Colour white{0xff, 0xff, 0xff};
constexpr Colour black{0x11, 0x10, 0x0e};

constexpr AccentInks our_light{.button = {0x1c, 0x5a, 0x4a}, .on_button = white, .text = {0x1c, 0x5a, 0x4a}};
constexpr AccentInks our_dark{.button = {0x8f, 0xd6, 0xbd}, .on_button = black, .text = {0x8f, 0xd6, 0xbd}};

/// The linear light of one channel (WCAG 2.2, relative luminance).
double linear(std::uint8_t channel) {
    const double value = channel / 255.0;
    return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
}

double luminance(Colour colour) {
    return 0.2126 * linear(colour.red) + 0.7152 * linear(colour.green) + 0.0722 * linear(colour.blue);
}

double worst_contrast(Colour colour, std::span<const Colour> grounds) {
    double worst = 21;
    for (const Colour ground : grounds) worst = std::min(worst, contrast(colour, ground));
    return worst;
}

AccentInks inks_of(Colour wanted, std::span<const Colour> grounds, AccentInks ours) {
    AccentInks inks = ours;
    const double on_page = worst_contrast(wanted, grounds);
    const Colour on_button = contrast(wanted, white) >= 4.5 ? white : black;
    if (on_page >= 3 && contrast(wanted, on_button) >= 4.5) {
        inks.button = wanted;
        inks.on_button = on_button;
    }
    if (on_page >= 4.5) inks.text = wanted;
    return inks;
}

std::string variables(const AccentInks& inks) {
    return "{--accent:#" + hex_of(inks.button) + ";--on-accent:#" + hex_of(inks.on_button) + ";--accent-ink:#" +
           hex_of(inks.text) + "}";
}

}  // namespace

std::optional<Colour> parse_colour(std::string_view text) {
    if (text.starts_with('#')) text.remove_prefix(1);
    if (text.size() != 6) return std::nullopt;
    const auto bytes = foundation::from_hex(text);
    if (!bytes) return std::nullopt;
    const auto channel = [&](std::size_t i) { return static_cast<std::uint8_t>((*bytes)[i]); };
    return Colour{channel(0), channel(1), channel(2)};
}

std::string hex_of(Colour colour) {
    const std::array bytes{static_cast<char>(colour.red), static_cast<char>(colour.green),
                           static_cast<char>(colour.blue)};
    return foundation::hex({bytes.data(), bytes.size()});
}

double contrast(Colour one, Colour other) {
    const double left = luminance(one), right = luminance(other);
    return (std::max(left, right) + 0.05) / (std::min(left, right) + 0.05);
}

Accent accent_of(std::optional<Colour> wanted) {
    if (!wanted) return {our_light, our_dark};
    return {inks_of(*wanted, light_grounds, our_light), inks_of(*wanted, dark_grounds, our_dark)};
}

std::string accent_css(const Accent& accent) {
    return ":root" + variables(accent.light) + "@media(prefers-color-scheme:dark){:root" + variables(accent.dark) +
           "}\n";
}

}  // namespace saldo::web
