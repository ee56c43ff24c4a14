#include "web/colour.hpp"

#include <gtest/gtest.h>

#include <map>
#include <regex>
#include <string>

#include "web/embedded.hpp"

namespace saldo::web {
namespace {

Colour colour(std::string_view text) {
    return parse_colour(text).value();
}

TEST(AColour, IsSixHexadecimalDigits) {
    EXPECT_EQ(parse_colour("#1A5b4c"), (Colour{0x1a, 0x5b, 0x4c}));
    EXPECT_EQ(hex_of(colour("1A5B4C")), "1a5b4c");
    for (const char* text : {"", "#", "#fff", "1a5b4", "1a5b4cc", "#1a5b4g", "red", "1a5b4c;}"})
        EXPECT_EQ(parse_colour(text), std::nullopt) << text;
}

// Known ratios: WCAG's own end points, and the grey that just misses 4.5 on white.
TEST(Contrast, IsTheRatioOfWcag) {
    EXPECT_NEAR(contrast(colour("000000"), colour("ffffff")), 21.0, 1e-9);
    EXPECT_NEAR(contrast(colour("ffffff"), colour("ffffff")), 1.0, 1e-9);
    EXPECT_NEAR(contrast(colour("777777"), colour("ffffff")), 4.48, 0.005);
    EXPECT_NEAR(contrast(colour("ffffff"), colour("767676")), 4.54, 0.005);
}

TEST(AShopsColour, IsUsedWhereItCanBeRead) {
    const Accent accent = accent_of(colour("b00020"));
    EXPECT_EQ(accent.light.button, colour("b00020"));
    EXPECT_EQ(accent.light.text, colour("b00020"));
    EXPECT_EQ(accent.light.on_button, colour("ffffff"));
    EXPECT_EQ(accent.dark, accent_of(std::nullopt).dark) << "too dark for the dark theme";
}

TEST(AShopsColour, GivesWayToOursWhereItCouldNotBeRead) {
    const Accent yellow = accent_of(colour("ffee00"));
    EXPECT_EQ(yellow.light, accent_of(std::nullopt).light) << "yellow on white";
    EXPECT_EQ(yellow.dark.button, colour("ffee00"));
    EXPECT_EQ(yellow.dark.on_button, colour("11100e")) << "dark words on a bright button";
}

TEST(EveryShopsColour, LeavesAPageThatCanBeRead) {
    for (int red = 0; red < 256; red += 17)
        for (int green = 0; green < 256; green += 17)
            for (int blue = 0; blue < 256; blue += 17) {
                const Accent accent = accent_of(Colour{static_cast<std::uint8_t>(red), static_cast<std::uint8_t>(green),
                                                       static_cast<std::uint8_t>(blue)});
                for (const auto& [inks, grounds] : {std::pair{accent.light, std::pair{"fbfaf7", "ffffff"}},
                                                    std::pair{accent.dark, std::pair{"171614", "21201d"}}}) {
                    ASSERT_GE(contrast(inks.on_button, inks.button), 4.5) << hex_of(inks.button);
                    for (const char* ground : {grounds.first, grounds.second}) {
                        ASSERT_GE(contrast(inks.button, colour(ground)), 3.0) << hex_of(inks.button);
                        ASSERT_GE(contrast(inks.text, colour(ground)), 4.5) << hex_of(inks.text);
                    }
                }
            }
}

/// The variables of the stylesheet's first `:root` (light) or of that of the dark theme.
std::map<std::string, Colour> theme(bool dark) {
    const std::string css(embedded("assets/page.css"));
    const auto begin = dark ? css.find(":root", css.find("prefers-color-scheme: dark")) : css.find(":root");
    const std::string block = css.substr(begin, css.find('}', begin) - begin);
    static const std::regex variable("--([a-z-]+): (#[0-9a-f]{6});");
    std::map<std::string, Colour> found;
    for (std::sregex_iterator at(block.begin(), block.end(), variable), end; at != end; ++at)
        found.emplace((*at)[1], colour((*at)[2].str()));
    return found;
}

TEST(TheStylesheet, CanBeReadInBothThemes) {
    for (const bool dark : {false, true}) {
        const auto inks = theme(dark);
        for (const char* ground : {"page", "sheet", "wash"})
            for (const char* ink : {"ink", "soft", "bad", "good", "accent-ink"})
                EXPECT_GE(contrast(inks.at(ink), inks.at(ground)), 4.5) << dark << ' ' << ink << " on " << ground;
        EXPECT_GE(contrast(inks.at("ink"), inks.at("bad-wash")), 4.5);
        EXPECT_GE(contrast(inks.at("on-accent"), inks.at("accent")), 4.5);
        for (const char* ground : {"page", "sheet"}) EXPECT_GE(contrast(inks.at("edge"), inks.at(ground)), 3.0);
    }
}

TEST(TheStylesheet, HasTheSameColoursAsOurAccent) {
    const Accent ours = accent_of(std::nullopt);
    for (const auto& [dark, inks] : {std::pair{false, ours.light}, std::pair{true, ours.dark}}) {
        EXPECT_EQ(theme(dark).at("accent"), inks.button);
        EXPECT_EQ(theme(dark).at("on-accent"), inks.on_button);
        EXPECT_EQ(theme(dark).at("accent-ink"), inks.text);
    }
}

TEST(AnAccentsStylesheet, HasBothThemes) {
    EXPECT_EQ(accent_css(accent_of(std::nullopt)),
              ":root{--accent:#1c5a4a;--on-accent:#ffffff;--accent-ink:#1c5a4a}"
              "@media(prefers-color-scheme:dark){:root{--accent:#8fd6bd;--on-accent:#11100e;--accent-ink:#8fd6bd}}\n");
}

}  // namespace
}  // namespace saldo::web
