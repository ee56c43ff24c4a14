#include "service/one_time_codes.hpp"

#include <cstdint>

#include "foundation/digest.hpp"
#include "foundation/outcome.hpp"
#include "foundation/phone_number.hpp"

namespace saldo::service {

std::string OneTimeCodes::draw() const {
    // 4,294 times a million fit into 32 bits; what lies behind would make some codes likelier than others.
    constexpr std::uint32_t codes = 1'000'000;
    constexpr std::uint32_t fair_max = 4'294'000'000;
    for (;;) {
        std::uint32_t number = 0;
        for (const char byte : random_.bytes(4)) number = number << 8 | static_cast<std::uint8_t>(byte);
        if (number >= fair_max) continue;
        std::string digits = std::to_string(number % codes);
        digits.insert(0, 6 - digits.size(), '0');
        return digits;
    }
}

std::string OneTimeCodes::digest(std::string_view transaction_id, std::string_view code) const {
    std::string place = "code/";
    place += transaction_id;
    place += '/';
    place += code;
    return foundation::hex(foundation::bytes_of(foundation::hmac_sha256(id_secret_, place)));
}

void OneTimeCodes::send(const ledger::Transaction& transaction, const std::string& code) const {
    const auto& verification = transaction.verification;
    if (!messenger_ || !verification || !verification->newest.phone || verification->newest.phone->is_erased()) return;
    const std::string& language = transaction.authorisation.buyer.language;
    std::string text;
    if (language.starts_with("en"))
        text = "Your code is " + code + ". Do not tell it to anybody.";
    else if (language.starts_with("fr"))
        text = "Votre code est " + code + ". Ne le communiquez \u00e0 personne.";
    else if (language.starts_with("nl"))
        text = "Uw code is " + code + ". Geef hem aan niemand door.";
    else
        text = "Ihr Code ist " + code + ". Geben Sie ihn niemandem weiter.";
    const std::string number(verification->newest.phone->text());
    const auto& country = transaction.authorisation.buyer.billing_address.country_code;
    messenger_->send({.partner_id = transaction.authorisation.partner_id,
                      .to = foundation::phone_number(number, country ? country->text() : "").value_or(number),
                      .text = std::move(text)});
}

}  // namespace saldo::service
