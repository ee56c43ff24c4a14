#include "web/wording.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>

#include "foundation/iban.hpp"

namespace saldo::web {

namespace {

constexpr std::string_view no_break = "\u00a0";
constexpr std::string_view narrow_no_break = "\u202f";
constexpr std::string_view minus = "\u2212";

struct Punctuation {
    std::string_view thousands, decimal;
};
Punctuation punctuation_of(Language language) {
    switch (language) {
        case Language::german:
        case Language::dutch:
            return {".", ","};
        case Language::french:
            return {narrow_no_break, ","};
        case Language::english:
            return {",", "."};
    }
    return {",", "."};
}

std::string sign_of(foundation::Currency currency) {
    return currency.code() == "EUR" ? "€" : std::string(currency.code());
}

std::string digits_of(foundation::Money amount, Punctuation marks) {
    std::string minor = std::to_string(std::abs(amount.minor()));
    const auto decimals = static_cast<std::size_t>(amount.currency().decimals());
    if (minor.size() <= decimals) minor.insert(0, decimals + 1 - minor.size(), '0');
    std::string whole = minor.substr(0, minor.size() - decimals);
    for (std::size_t at = whole.size(); at > 3;) whole.insert(at -= 3, marks.thousands);
    return decimals == 0 ? whole : whole.append(marks.decimal).append(minor, minor.size() - decimals);
}

}  // namespace

std::string money_text(foundation::Money amount, Language language) {
    const std::string sign = sign_of(amount.currency());
    std::string digits = digits_of(amount, punctuation_of(language));
    if (amount.is_negative()) digits.insert(0, minus);
    switch (language) {
        case Language::german:
        case Language::french:
            return digits.append(no_break).append(sign);
        case Language::dutch:
            return std::string(sign).append(no_break).append(digits);
        case Language::english:
            return sign.size() > 1 && sign != "€" ? std::string(sign).append(no_break).append(digits) : sign + digits;
    }
    return digits;
}

std::string percent_text(foundation::Decimal rate, Language language) {
    std::string digits = rate.text();
    if (language == Language::english) return digits + '%';
    std::ranges::replace(digits, '.', ',');
    return digits.append(no_break).append("%");
}

std::string date_text(foundation::Day day, const Texts& texts) {
    const std::chrono::year_month_day date{day};
    const auto number = static_cast<unsigned>(date.day());
    const std::string spaced =
        texts.fill(number == 1 ? "date_first" : "date",
                   {{"day", std::to_string(number)},
                    {"month", texts["month_" + std::to_string(static_cast<unsigned>(date.month()))]},
                    {"year", std::to_string(static_cast<int>(date.year()))}});
    std::string day_in_one;
    for (const char c : spaced) c == ' ' ? day_in_one.append(no_break) : day_in_one.append(1, c);
    return day_in_one;
}

std::string time_text(foundation::Instant instant, const foundation::Zone& zone) {
    return zone.text(instant).substr(11, 5);
}

std::string time_with_seconds(foundation::Instant instant, const foundation::Zone& zone) {
    return zone.text(instant).substr(11, 8);
}

std::string masked_iban(std::string_view iban) {
    const std::string electronic = foundation::iban_electronic(iban);
    if (electronic.size() < 8) return "••••";
    return electronic.substr(0, 2) + std::string(no_break) + "••••" + std::string(no_break) +
           electronic.substr(electronic.size() - 4);
}

}  // namespace saldo::web
