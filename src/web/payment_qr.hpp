#pragma once

#include <optional>
#include <string>

#include "foundation/money.hpp"

namespace saldo::web {

/// A SEPA credit transfer as a banking app reads it from a code (EPC069-12).
struct CreditTransfer {
    std::string bic = {};  ///< may be empty within the European Economic Area
    std::string name;      ///< of the account's holder, exactly as the bank has it: banks compare it with the IBAN
    std::string iban;
    foundation::Money amount;
    std::string purpose = {};             ///< a code of ISO 20022, at most 4 letters
    std::string creditor_reference = {};  ///< ISO 11649 (`RF...`); never together with `text`
    std::string text = {};                ///< what the payer's statement says, at most 140 characters
    std::string information = {};         ///< for the payer alone, at most 70 characters
};

/// The bytes to encode. Nothing for what the guideline does not allow: another currency than EUR, an amount outside
/// 0.01 to 999999999.99, an invalid IBAN, a text that is too long or has a line of its own, both kinds of reference,
/// more than 331 bytes.
std::optional<std::string> payment_qr_payload(const CreditTransfer& transfer);

/// A code as a picture: a square of `size` modules, quiet zone of four included, and the dark ones as the path of an
/// SVG in which a module is 1 by 1.
struct QrPicture {
    int size = 0;
    std::string path;
};
/// The payload at error correction M, in at most version 13. Nothing where there is no payload.
std::optional<QrPicture> payment_qr(const CreditTransfer& transfer);

}  // namespace saldo::web
