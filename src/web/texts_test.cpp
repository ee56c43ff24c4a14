#include "web/texts.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "web/details_form.hpp"
#include "web/view.hpp"

namespace saldo::web {
namespace {

namespace fs = std::filesystem;

std::string whole(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

std::set<std::string> keys_of(Language language) {
    std::set<std::string> keys;
    for (const auto& [key, text] : Texts::of(language).all()) keys.insert(key);
    return keys;
}

std::set<std::string> places_in(const std::string& text) {
    static const std::regex place("\\{([a-z]+)\\}");
    std::set<std::string> names;
    for (std::sregex_iterator at(text.begin(), text.end(), place), end; at != end; ++at) names.insert((*at)[1]);
    return names;
}

/// The templates and the code of this room, without its tests.
std::string everything_that_uses_texts() {
    std::string all;
    for (const auto& file : fs::recursive_directory_iterator(fs::path(SALDO_SOURCE_DIR) / "src" / "web")) {
        const std::string name = file.path().filename().string();
        const bool is_code = name.ends_with(".cpp") && !name.ends_with("_test.cpp");
        if (is_code || name.ends_with(".html")) all += whole(file.path());
    }
    return all;
}

/// Keys whose names are put together.
std::set<std::string> composed_keys() {
    std::set<std::string> keys;
    for (int month = 1; month <= 12; ++month) keys.insert("month_" + std::to_string(month));
    for (const auto inputs : {name_inputs(), phone_inputs(), billing_inputs(), delivery_inputs(), account_inputs()})
        for (const Input& input : inputs)
            for (const char* what : {"_label", "_fault", "_why"}) keys.insert(std::string(input.text) + what);
    keys.insert("mandate_fault");
    for (const char* form : {"invoice", "debit", "prepayment", "instalments", "instalments_debit"}) {
        const std::string name(form_name_of(choice_of_form(form).value().method));
        for (const char* what : {"_name", "_due"}) keys.insert(name + what);
        if (!name.ends_with("debit")) keys.insert(name + "_pay_by");
        keys.insert("result_" + name);
    }
    return keys;
}

TEST(TextCatalogues, HaveTheSameKeysInEveryLanguage) {
    const auto keys = keys_of(Language::english);
    EXPECT_GT(keys.size(), 100u);
    for (const Language language : all_languages) EXPECT_EQ(keys_of(language), keys) << code_of(language);
}

TEST(TextCatalogues, NameTheSameValuesInEveryLanguage) {
    for (const auto& [key, text] : Texts::of(Language::english).all())
        for (const Language language : all_languages)
            EXPECT_EQ(places_in(Texts::of(language)[key]), places_in(text)) << code_of(language) << ' ' << key;
}

TEST(TextCatalogues, HaveNoEmptyTextAndNoneThatNobodyShows) {
    const std::string uses = everything_that_uses_texts();
    const auto composed = composed_keys();
    for (const auto& [key, text] : Texts::of(Language::german).all()) {
        EXPECT_FALSE(text.empty()) << key;
        const bool is_shown = uses.find("{{t." + key + "}}") != std::string::npos ||
                              uses.find('"' + key + '"') != std::string::npos || composed.contains(key);
        EXPECT_TRUE(is_shown) << key;
    }
}

TEST(TextCatalogues, EveryTextATemplateNamesIsThere) {
    static const std::regex named("\\{\\{t\\.([a-z_0-9]+)\\}\\}");
    const std::string uses = everything_that_uses_texts();
    for (std::sregex_iterator at(uses.begin(), uses.end(), named), end; at != end; ++at)
        EXPECT_TRUE(Texts::of(Language::english).all().contains((*at)[1].str())) << (*at)[1];
}

// The words of Directive 2011/83/EU, article 8(2), as national law has them: the wrong ones can void the contract.
TEST(TheOrderButton, SaysWhatTheLawWants) {
    EXPECT_EQ(Texts::of(Language::german)["order_button"], "Zahlungspflichtig bestellen");
    EXPECT_EQ(Texts::of(Language::dutch)["order_button"], "Bestelling met betalingsverplichting");
    EXPECT_EQ(Texts::of(Language::french)["order_button"], "Commande avec obligation de paiement");
    EXPECT_EQ(Texts::of(Language::english)["order_button"], "Order with obligation to pay");
}

TEST(TextCatalogues, NeverSpeakOfAnErrorWhenAPurchaseIsDeclined) {
    static const std::regex error("error|fehler|erreur|fout", std::regex::icase);
    for (const Language language : all_languages)
        for (const auto& [key, text] : Texts::of(language).all())
            if (key.starts_with("declined") || key.starts_with("ended")) {
                EXPECT_FALSE(std::regex_search(text, error)) << code_of(language) << ' ' << key;
            }
}

TEST(TextPack, HasAVersionOfItsOwnForEachLanguageThatFollowsItsBytes) {
    std::set<std::string> versions;
    for (const Language language : all_languages) versions.insert(Texts::of(language).version());
    EXPECT_EQ(versions.size(), all_languages.size());
    EXPECT_TRUE(std::regex_match(Texts::of(Language::german).version(), std::regex("de-[0-9a-f]{12}")));
}

TEST(FillingAText, PutsEachValueInItsPlace) {
    const Texts& texts = Texts::of(Language::english);
    EXPECT_EQ(texts.fill("duration_days", {{"days", "14"}}), "14 days from shipment");
    EXPECT_EQ(texts.fill("cancel", {{"shop", "{shop} & Co"}}), "Cancel and return to {shop} & Co")
        << "a value is no text of ours: nothing is filled into it";
}

}  // namespace
}  // namespace saldo::web
