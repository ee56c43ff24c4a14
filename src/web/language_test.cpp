#include "web/language.hpp"

#include <gtest/gtest.h>

namespace saldo::web {
namespace {

TEST(LanguageTag, NamesALanguageWhateverItsCaseAndRegion) {
    EXPECT_EQ(language_of("de"), Language::german);
    EXPECT_EQ(language_of("DE-AT"), Language::german);
    EXPECT_EQ(language_of("fr_CH"), Language::french);
    EXPECT_EQ(language_of("nl-Latn-NL"), Language::dutch);
    EXPECT_EQ(language_of("it"), std::nullopt);
    EXPECT_EQ(language_of(""), std::nullopt);
    EXPECT_EQ(language_of("deu"), std::nullopt);
}

TEST(LanguageForABuyer, IsTheOneTheShopSentBeforeTheBrowsers) {
    EXPECT_EQ(language_for("nl", "fr"), Language::dutch);
    EXPECT_EQ(language_for("it", "fr"), Language::french);
}

TEST(LanguageForABuyer, IsTheHeaviestThatWeSpeak) {
    EXPECT_EQ(language_for("", "it, fr;q=0.5, de;q=0.8, en;q=0.7"), Language::german);
    EXPECT_EQ(language_for("", "fr;q=0.3,nl;q=0.3"), Language::french) << "the first of equals";
    EXPECT_EQ(language_for("", "fr-CH , en;q=0.9"), Language::french);
}

TEST(LanguageForABuyer, IsEnglishWhereNothingElseIsSaid) {
    for (const char* header : {"", "*", "it;q=1", "de;q=0", "de;q=2", "de;q=x", "de;level=1", ",,;"})
        EXPECT_EQ(language_for("", header), Language::english) << header;
}

}  // namespace
}  // namespace saldo::web
