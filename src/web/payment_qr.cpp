#include "web/payment_qr.hpp"

#include <qrencode.h>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string_view>

#include "foundation/iban.hpp"

namespace saldo::web {

namespace {

constexpr std::size_t payload_size_max = 331;
constexpr std::int64_t amount_minor_max = 99'999'999'999;
constexpr int version_max = 13;
constexpr int quiet_zone = 4;

std::size_t characters_in(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

/// A line of its own would move every field behind it.
bool is_field(std::string_view text, std::size_t size_max) {
    const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20; };
    return characters_in(text) <= size_max && std::ranges::none_of(text, is_control);
}

bool is_payable(const foundation::Money& amount) {
    return amount.currency().code() == "EUR" && amount.minor() >= 1 && amount.minor() <= amount_minor_max;
}

bool is_allowed(const CreditTransfer& transfer) {
    return is_payable(transfer.amount) && foundation::is_iban(transfer.iban) && !transfer.name.empty() &&
           is_field(transfer.name, 70) && is_field(transfer.bic, 11) && is_field(transfer.purpose, 4) &&
           is_field(transfer.creditor_reference, 35) && is_field(transfer.text, 140) &&
           is_field(transfer.information, 70) && (transfer.creditor_reference.empty() || transfer.text.empty());
}

using QrPtr = std::unique_ptr<QRcode, decltype(&QRcode_free)>;

/// One run of dark modules after another, row by row.
std::string path_of(const QRcode& code) {
    std::string path;
    const auto is_dark = [&](int x, int y) { return (code.data[y * code.width + x] & 1) != 0; };
    for (int y = 0; y < code.width; ++y)
        for (int x = 0; x < code.width;) {
            if (!is_dark(x, y)) {
                ++x;
                continue;
            }
            const int begin = x;
            while (x < code.width && is_dark(x, y)) ++x;
            const std::string run = std::to_string(x - begin);
            path += 'M' + std::to_string(begin + quiet_zone) + ' ' + std::to_string(y + quiet_zone) + 'h' + run +
                    "v1h-" + run + 'z';
        }
    return path;
}

}  // namespace

std::optional<std::string> payment_qr_payload(const CreditTransfer& transfer) {
    if (!is_allowed(transfer)) return std::nullopt;
    // Version 002 is the one that may leave out the bank.
    std::string payload = transfer.bic.empty() ? "BCD\n002\n1\nSCT\n" : "BCD\n001\n1\nSCT\n";
    payload += transfer.bic + '\n' + transfer.name + '\n' + foundation::iban_electronic(transfer.iban) + '\n';
    payload += "EUR" + transfer.amount.text() + '\n' + transfer.purpose + '\n' + transfer.creditor_reference + '\n';
    payload += transfer.text + '\n' + transfer.information;
    payload.erase(payload.find_last_not_of('\n') + 1);
    if (payload.size() > payload_size_max) return std::nullopt;
    return payload;
}

std::optional<QrPicture> payment_qr(const CreditTransfer& transfer) {
    const auto payload = payment_qr_payload(transfer);
    if (!payload) return std::nullopt;
    const QrPtr code(QRcode_encodeData(static_cast<int>(payload->size()),
                                       reinterpret_cast<const unsigned char*>(payload->data()), 0, QR_ECLEVEL_M),
                     QRcode_free);
    if (!code || code->version > version_max) return std::nullopt;
    return QrPicture{.size = code->width + 2 * quiet_zone, .path = path_of(*code)};
}

}  // namespace saldo::web
