#include "foundation/iban.hpp"

#include <algorithm>
#include <iterator>

namespace saldo::foundation {

namespace {

/// Country, then the structure behind the check digits as runs of digits (n), letters (a) or either (c). First the
/// SWIFT registry (release 101), then countries whose banks use IBANs without being in it; two of them in two forms.
constexpr std::string_view structures[] = {
    "AD8n12c",    "AE19n",      "AL8n16c",    "AT16n",      "AZ4a20c",    "BA16n",      "BE12n",      "BG4a6n8c",
    "BH4a14c",    "BI23n",      "BR23n1a1c",  "BY4c4n16c",  "CH5n12c",    "CR18n",      "CY8n16c",    "CZ20n",
    "DE18n",      "DJ23n",      "DK14n",      "DO4c20n",    "EE16n",      "EG25n",      "ES20n",      "FI14n",
    "FK2a12n",    "FO14n",      "FR10n11c2n", "GB4a14n",    "GE2a16n",    "GI4a15c",    "GL14n",      "GR7n16c",
    "GT24c",      "HN4a20n",    "HR17n",      "HU24n",      "IE4a14n",    "IL19n",      "IQ4a15n",    "IS22n",
    "IT1a10n12c", "JO4a4n18c",  "KW4a22c",    "KZ3n13c",    "LB4n20c",    "LC4a24c",    "LI5n12c",    "LT16n",
    "LU3n13c",    "LV4a13c",    "LY21n",      "MC10n11c2n", "MD20c",      "ME18n",      "MK3n10c2n",  "MN16n",
    "MR23n",      "MT4a5n18c",  "MU4a19n3a",  "NI4a20n",    "NL4a10n",    "NO11n",      "OM3n16c",    "PK4a16c",
    "PL24n",      "PS4a21c",    "PT21n",      "QA4a21c",    "RO4a16c",    "RS18n",      "RU14n15c",   "SA2n18c",
    "SC4a20n3a",  "SD14n",      "SE20n",      "SI15n",      "SK20n",      "SM1a10n12c", "SO19n",      "ST21n",
    "SV4a20n",    "TL19n",      "TN20n",      "TR6n16c",    "UA6n19c",    "VA18n",      "VG4a16n",    "XK16n",
    "YE4a4n18c",  //
    "AO21n",      "BF23n",      "BF2c22n",    "BJ2c22n",    "BL10n11c2n", "CF23n",      "CG23n",      "CI2a22n",
    "CM23n",      "CV21n",      "DZ20n",      "DZ22n",      "GA23n",      "GF10n11c2n", "GP10n11c2n", "GQ23n",
    "GW2c19n",    "IR22n",      "KM23n",      "MA24n",      "MF10n11c2n", "MG23n",      "ML2c22n",    "MQ10n11c2n",
    "MZ21n",      "NC10n11c2n", "NE2a22n",    "PF10n11c2n", "PM10n11c2n", "RE10n11c2n", "SN2a22n",    "TD23n",
    "TF10n11c2n", "TG2a22n",    "WF10n11c2n", "YT10n11c2n",
};

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_letter(char c) {
    return c >= 'A' && c <= 'Z';
}

bool fits(std::string_view account, std::string_view structure) {
    while (!structure.empty()) {
        std::size_t size = 0;
        for (; is_digit(structure.front()); structure.remove_prefix(1))
            size = size * 10 + static_cast<std::size_t>(structure.front() - '0');
        const char kind = structure.front();
        structure.remove_prefix(1);
        if (account.size() < size) return false;
        for (const char c : account.substr(0, size))
            if (!(kind != 'a' && is_digit(c)) && !(kind != 'n' && is_letter(c))) return false;
        account.remove_prefix(size);
    }
    return account.empty();
}

/// The remainder of 97 of ISO 7064: letters count as 10 to 35, the first four characters last.
int remainder(std::string_view iban) {
    int rest = 0;
    for (std::size_t i = 0; i < iban.size(); ++i) {
        const char c = iban[(i + 4) % iban.size()];
        rest = is_digit(c) ? (rest * 10 + (c - '0')) % 97 : (rest * 100 + (c - 'A' + 10)) % 97;
    }
    return rest;
}

}  // namespace

std::string iban_electronic(std::string_view text) {
    std::string electronic;
    while (!text.empty()) {
        // The blank that pages put between the groups so that no line breaks there: U+00A0 in UTF-8.
        if (text.starts_with("\u00A0")) {
            text.remove_prefix(std::string_view{"\u00A0"}.size());
            continue;
        }
        const char c = text.front();
        text.remove_prefix(1);
        if (c == ' ' || c == '.' || c == '-') continue;
        electronic += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
    return electronic;
}

std::string iban_printed(std::string_view text) {
    const std::string electronic = iban_electronic(text);
    std::string printed;
    for (std::size_t i = 0; i < electronic.size(); ++i) {
        if (i > 0 && i % 4 == 0) printed += ' ';
        printed += electronic[i];
    }
    return printed;
}

bool is_iban(std::string_view text) {
    const std::string iban = iban_electronic(text);
    if (iban.size() < 5 || !is_digit(iban[2]) || !is_digit(iban[3])) return false;
    const std::string_view country = std::string_view{iban}.substr(0, 2);
    const std::string_view account = std::string_view{iban}.substr(4);
    const bool known = std::any_of(std::begin(structures), std::end(structures), [&](std::string_view structure) {
        return structure.starts_with(country) && fits(account, structure.substr(2));
    });
    // The sum makes 00, 01 and 99 equal to 97, 98 and 02: only the check digits as they are made, 98 minus a
    // remainder, are one number's one form.
    const int check = (iban[2] - '0') * 10 + (iban[3] - '0');
    return known && check >= 2 && check <= 98 && remainder(iban) == 1;
}

}  // namespace saldo::foundation
