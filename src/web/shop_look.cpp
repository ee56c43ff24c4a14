#include "web/shop_look.hpp"

#include "foundation/base64.hpp"
#include "foundation/digest.hpp"
#include "web/colour.hpp"

namespace saldo::web {

namespace {

std::string_view media_type_of(std::string_view picture) {
    if (picture.starts_with("\x89PNG\r\n\x1a\n")) return "image/png";
    if (picture.starts_with("\xff\xd8\xff")) return "image/jpeg";
    if (picture.starts_with("RIFF") && picture.size() > 12 && picture.substr(8, 4) == "WEBP") return "image/webp";
    return {};
}

}  // namespace

Look look_of(const partner::Partner& partner) {
    if (!partner.contract) return {};
    Look look{.regime = partner.contract->credit_regime};
    if (const auto& debit = partner.contract->direct_debit) {
        look.creditor_id = debit->creditor_id;
        look.notice_days = debit->notice_days;
    }
    if (!partner.contract->payment_page) return look;
    const terms::Contract::PaymentPage& page = *partner.contract->payment_page;
    look.terms_url = page.terms_url;
    look.privacy_url = page.privacy_url;
    if (look.creditor_id.empty()) look.creditor_id = page.creditor_id;
    look.frame_ancestors = page.frame_ancestors;
    if (const auto colour = parse_colour(page.accent_colour))
        look.accent_path = "/pay/accents/" + hex_of(*colour) + ".css";
    if (const auto logo = logo_of(partner)) {
        const std::string hash = foundation::hex(foundation::bytes_of(foundation::sha256(logo->bytes)));
        look.logo_path = "/pay/logos/" + partner.id + "?v=" + hash.substr(0, 12);
    }
    return look;
}

std::optional<Logo> logo_of(const partner::Partner& partner) {
    if (!partner.contract || !partner.contract->payment_page) return std::nullopt;
    const auto bytes = foundation::from_base64(partner.contract->payment_page->logo);
    if (!bytes) return std::nullopt;
    const std::string_view media_type = media_type_of(*bytes);
    if (media_type.empty()) return std::nullopt;
    return Logo{.bytes = *bytes, .media_type = media_type};
}

}  // namespace saldo::web
