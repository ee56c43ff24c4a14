#include "web/language.hpp"

#include <algorithm>
#include <charconv>
#include <string>

namespace saldo::web {

namespace {

std::string_view trimmed(std::string_view text) {
    const auto begin = text.find_first_not_of(" \t");
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

/// `q` of one range in thousandths; 0 where it is not wanted or not well formed.
int weight_of(std::string_view parameters) {
    const std::string_view q = trimmed(parameters);
    if (q.empty()) return 1000;
    if (!q.starts_with("q=") && !q.starts_with("Q=")) return 0;
    double weight = 0;
    const std::string_view digits = q.substr(2);
    const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), weight);
    if (fault != std::errc{} || end != digits.data() + digits.size() || weight < 0 || weight > 1) return 0;
    return static_cast<int>(weight * 1000);
}

}  // namespace

std::string_view code_of(Language language) {
    switch (language) {
        case Language::german:
            return "de";
        case Language::english:
            return "en";
        case Language::french:
            return "fr";
        case Language::dutch:
            return "nl";
    }
    return "en";
}

std::optional<Language> language_of(std::string_view tag) {
    std::string code(tag.substr(0, tag.find_first_of("-_")));
    std::ranges::transform(code, code.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    for (const Language language : all_languages)
        if (code_of(language) == code) return language;
    return std::nullopt;
}

Language language_for(std::string_view buyer_language, std::string_view accept_language) {
    if (const auto language = language_of(buyer_language)) return *language;
    std::optional<Language> best;
    int best_weight = 0;
    while (!accept_language.empty()) {
        const auto comma = accept_language.find(',');
        const std::string_view range = trimmed(accept_language.substr(0, comma));
        accept_language = comma == std::string_view::npos ? "" : accept_language.substr(comma + 1);
        const auto semicolon = range.find(';');
        const auto language = language_of(trimmed(range.substr(0, semicolon)));
        const int weight = weight_of(semicolon == std::string_view::npos ? "" : range.substr(semicolon + 1));
        if (language && weight > best_weight) {
            best = language;
            best_weight = weight;
        }
    }
    return best.value_or(Language::english);
}

}  // namespace saldo::web
