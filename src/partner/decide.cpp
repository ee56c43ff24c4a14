#include "partner/decide.hpp"

#include <algorithm>
#include <utility>

namespace saldo::partner {

namespace {

constexpr std::size_t name_size_max = 200;
/// What the published interfaces take as partner_shop_id.
constexpr std::size_t shop_id_size_max = 255;

bool is_continuation(unsigned char octet) {
    return (octet & 0xC0) == 0x80;
}

/// The size of the UTF-8 sequence at `at`; 0 if there is none (overlong forms and surrogates are none).
std::size_t utf8_sequence(std::string_view text, std::size_t at) {
    const auto octet = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
    const unsigned first = octet(at);
    const unsigned second = octet(at + 1);
    if (first < 0x80) return 1;
    std::size_t size = 0;
    if (first >= 0xC2 && first <= 0xDF) size = 2;
    if (first == 0xE0 && second >= 0xA0) size = 3;
    if (first == 0xED && second <= 0x9F) size = 3;
    if (first >= 0xE1 && first <= 0xEF && first != 0xED) size = 3;
    if (first == 0xF0 && second >= 0x90) size = 4;
    if (first == 0xF4 && second <= 0x8F) size = 4;
    if (first >= 0xF1 && first <= 0xF3) size = 4;
    for (std::size_t i = 1; i < size; ++i)
        if (!is_continuation(static_cast<unsigned char>(octet(at + i)))) return 0;
    return size;
}

/// Printed to buyers and on one line of a terminal: UTF-8 without control characters, not only blanks.
bool is_printable(std::string_view text, std::size_t size_max) {
    if (text.size() > size_max || text.find_first_not_of(' ') == std::string_view::npos) return false;
    for (std::size_t at = 0; at < text.size();) {
        const auto first = static_cast<unsigned char>(text[at]);
        const std::size_t size = utf8_sequence(text, at);
        const bool is_c1 = first == 0xC2 && size == 2 && static_cast<unsigned char>(text[at + 1]) < 0xA0;
        if (size == 0 || first < 0x20 || first == 0x7F || is_c1) return false;
        at += size;
    }
    return true;
}

bool is_name(std::string_view text) {
    return is_printable(text, name_size_max);
}

ContractAgreed agreed(terms::Contract contract, int version) {
    contract.version = version;
    return {std::move(contract)};
}

/// Each scope once, in the order of the enum, so that one set of scopes has one form.
std::vector<Scope> in_order(std::vector<Scope> scopes) {
    std::ranges::sort(scopes);
    const auto repeated = std::ranges::unique(scopes);
    scopes.erase(repeated.begin(), repeated.end());
    return scopes;
}

std::optional<Refusal> refusal_to_change_what_partners_have(const Partner& partner) {
    if (!partner.exists()) return Refusal::partner_unknown;
    if (partner.is_operator()) return Refusal::not_for_operator;
    return std::nullopt;
}

}  // namespace

Decision decide(const Partner& partner, const AddPartner& command) {
    if (partner.exists()) return std::unexpected(Refusal::partner_exists);
    if (!is_name(command.name)) return std::unexpected(Refusal::partner_name_invalid);
    if (!terms::faults_of(command.contract).empty()) return std::unexpected(Refusal::contract_unusable);
    return std::vector<Event>{PartnerAdded{command.name}, agreed(command.contract, 1)};
}

Decision decide(const Partner& partner, const AddShop& command) {
    if (const auto refusal = refusal_to_change_what_partners_have(partner)) return std::unexpected(*refusal);
    if (!is_printable(command.partner_shop_id, shop_id_size_max)) return std::unexpected(Refusal::shop_id_invalid);
    if (partner.shop(command.partner_shop_id)) return std::unexpected(Refusal::shop_exists);
    if (command.name && !is_name(*command.name)) return std::unexpected(Refusal::shop_name_invalid);
    return std::vector<Event>{ShopAdded{command.partner_shop_id, command.name}};
}

Decision decide(const Partner& partner, const RenameShop& command) {
    if (const auto refusal = refusal_to_change_what_partners_have(partner)) return std::unexpected(*refusal);
    if (!partner.shop(command.partner_shop_id)) return std::unexpected(Refusal::shop_unknown);
    if (!is_name(command.name)) return std::unexpected(Refusal::shop_name_invalid);
    return std::vector<Event>{ShopRenamed{command.partner_shop_id, command.name}};
}

Decision decide(const Partner& partner, const AgreeContract& command) {
    if (const auto refusal = refusal_to_change_what_partners_have(partner)) return std::unexpected(*refusal);
    const int version = partner.contract ? partner.contract->version : 0;
    if (command.contract.version != 0 && command.contract.version != version)
        return std::unexpected(Refusal::contract_changed_meanwhile);
    if (!terms::faults_of(command.contract).empty()) return std::unexpected(Refusal::contract_unusable);
    return std::vector<Event>{agreed(command.contract, version + 1)};
}

Decision decide(const Partner& partner, const AddClient& command) {
    if (!partner.exists()) return std::unexpected(Refusal::partner_unknown);
    if (partner.client(command.client_id)) return std::unexpected(Refusal::client_exists);
    const bool is_api = command.kind == ClientKind::api;
    if (is_api && partner.is_operator()) return std::unexpected(Refusal::api_client_without_partner);
    if (is_api && !command.scopes.empty()) return std::unexpected(Refusal::api_client_with_scopes);
    if (!is_api && command.scopes.empty()) return std::unexpected(Refusal::operator_client_without_scope);
    return std::vector<Event>{ClientAdded{.client_id = command.client_id,
                                          .kind = command.kind,
                                          .scopes = in_order(command.scopes),
                                          .secret_sha256 = command.secret_sha256}};
}

Decision decide(const Partner& partner, const RevokeClient& command) {
    if (!partner.exists()) return std::unexpected(Refusal::partner_unknown);
    const Client* client = partner.client(command.client_id);
    if (!client) return std::unexpected(Refusal::client_unknown);
    if (client->revoked) return std::unexpected(Refusal::client_already_revoked);
    return std::vector<Event>{ClientRevoked{command.client_id}};
}

Decision decide(const Partner& partner, const SetWebhookReach& command) {
    if (const auto refusal = refusal_to_change_what_partners_have(partner)) return std::unexpected(*refusal);
    return std::vector<Event>{WebhookReachSet{command.reach}};
}

std::string_view name_of(Refusal refusal) {
    switch (refusal) {
        case Refusal::partner_exists:
            return "PARTNER_EXISTS";
        case Refusal::partner_unknown:
            return "PARTNER_UNKNOWN";
        case Refusal::not_for_operator:
            return "NOT_FOR_OPERATOR";
        case Refusal::partner_name_invalid:
            return "PARTNER_NAME_INVALID";
        case Refusal::shop_id_invalid:
            return "SHOP_ID_INVALID";
        case Refusal::shop_exists:
            return "SHOP_EXISTS";
        case Refusal::shop_unknown:
            return "SHOP_UNKNOWN";
        case Refusal::shop_name_invalid:
            return "SHOP_NAME_INVALID";
        case Refusal::contract_changed_meanwhile:
            return "CONTRACT_CHANGED_MEANWHILE";
        case Refusal::contract_unusable:
            return "CONTRACT_UNUSABLE";
        case Refusal::client_exists:
            return "CLIENT_EXISTS";
        case Refusal::api_client_without_partner:
            return "API_CLIENT_WITHOUT_PARTNER";
        case Refusal::api_client_with_scopes:
            return "API_CLIENT_WITH_SCOPES";
        case Refusal::operator_client_without_scope:
            return "OPERATOR_CLIENT_WITHOUT_SCOPE";
        case Refusal::client_unknown:
            return "CLIENT_UNKNOWN";
        case Refusal::client_already_revoked:
            return "CLIENT_ALREADY_REVOKED";
    }
    std::unreachable();
}

std::string_view explain(Refusal refusal) {
    switch (refusal) {
        case Refusal::partner_exists:
            return "This partner is there already.";
        case Refusal::partner_unknown:
            return "There is no partner of this id; `saldo partner list` shows them all.";
        case Refusal::not_for_operator:
            return "The operator has no shops, no contract and no webhooks, only clients.";
        case Refusal::partner_name_invalid:
            return "A partner's name is 1 to 200 bytes of UTF-8 without control characters.";
        case Refusal::shop_id_invalid:
            return "A partner_shop_id is 1 to 255 bytes of UTF-8 without control characters.";
        case Refusal::shop_exists:
            return "The partner has a shop of this partner_shop_id already.";
        case Refusal::shop_unknown:
            return "The partner has no shop of this partner_shop_id; `saldo shop list` shows them all.";
        case Refusal::shop_name_invalid:
            return "A shop's name is 1 to 200 bytes of UTF-8 without control characters.";
        case Refusal::contract_changed_meanwhile:
            return "The contract's `version` is not the one in force: somebody changed it meanwhile. Start from the "
                   "contract in force, or leave `version` out to replace whatever is there.";
        case Refusal::contract_unusable:
            return "The contract contradicts itself.";
        case Refusal::client_exists:
            return "A client of this id is there already.";
        case Refusal::api_client_without_partner:
            return "An API client belongs to one partner; only operator clients may see all of them.";
        case Refusal::api_client_with_scopes:
            return "Scopes are for operator clients; an API client may do what its partner may.";
        case Refusal::operator_client_without_scope:
            return "An operator client needs at least one scope out of read, book, dun, admin.";
        case Refusal::client_unknown:
            return "There is no client of this id; `saldo client list` shows them all.";
        case Refusal::client_already_revoked:
            return "This client is revoked already.";
    }
    std::unreachable();
}

}  // namespace saldo::partner
