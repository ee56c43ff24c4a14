#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "foundation/digest.hpp"
#include "foundation/json_writer.hpp"
#include "http/bearer.hpp"
#include "http/caller.hpp"
#include "http/message.hpp"
#include "http/signing_keys.hpp"
#include "http/test_key.hpp"
#include "http/token_route.hpp"
#include "http/tokens.hpp"
#include "service/fake_secrets.hpp"
#include "service/master_key.hpp"
#include "service/partners.hpp"

// What the tests of signing in share: a store's secrets, a few clients, and a system clock that stands still.

namespace saldo::http {

using service::DrawnBytes;
using service::SecretsAlone;

inline subject::Key test_master_key(char filler = 'm') {
    return *subject::Key::of(std::string(subject::Key::size, filler));
}

/// Keeps the test key as a running store would have it.
inline void keep_test_key(service::StoreSecrets& secrets, std::string_view signs_from = "2026-01-01T00:00:00Z") {
    foundation::JsonWriter json;
    json.begin_object().field("signs_from", signs_from).field("jwk", test_key_jwk).end_object();
    secrets.put("signing_key/" + std::string(test_key_kid), std::move(json).finish());
}

inline constexpr std::string_view test_secret = "the secret of every client here";
inline constexpr std::string_view test_issuer = "https://pay.example";
inline constexpr std::string_view saldo_audience = "https://pay.example/saldo/v1";
inline constexpr std::string_view payment_audience = "https://api.ratepay.com/transaction/management";
inline constexpr std::string_view transaction_status_audience =
    "https://api.ratepay.com/transaction/status/v2/transactions";
inline constexpr std::string_view order_status_audience = "https://api.ratepay.com/order/status/v2/transactions";
inline constexpr std::string_view hosted_page_audience = "https://payment.ratepay.com";

/// One partner with the client `shop`; operators `reader` and `booker` of that partner and `house` of them all; `gone`,
/// who was revoked.
inline std::vector<partner::Partner> test_partners() {
    using partner::ClientKind;
    using partner::Scope;
    const auto secret = foundation::sha256(test_secret);
    partner::Partner fruits{.id = "FRUITS", .name = "Fruits and more"};
    fruits.clients = {
        {.id = "shop", .kind = ClientKind::api, .secret_sha256 = secret},
        {.id = "reader", .kind = ClientKind::operations, .scopes = {Scope::read}, .secret_sha256 = secret},
        {.id = "booker", .kind = ClientKind::operations, .scopes = {Scope::book}, .secret_sha256 = secret},
        {.id = "gone", .kind = ClientKind::api, .secret_sha256 = secret, .revoked = true}};
    partner::Partner house{.id = std::string(partner::every_partner)};
    house.clients = {{.id = "house",
                      .kind = ClientKind::operations,
                      .scopes = {Scope::read, Scope::book, Scope::dun, Scope::admin},
                      .secret_sha256 = secret}};
    return {fruits, house};
}

/// Everything that signing in needs, at the noon of a day.
struct SignInStage {
    SignInStage() { keep_test_key(secrets); }

    SecretsAlone store;
    service::StoreSecrets secrets{store, test_master_key()};
    DrawnBytes random;
    foundation::Instant now = *foundation::parse_instant("2026-05-05T12:00:00Z");
    std::shared_ptr<const service::PartnerDirectory> everybody =
        std::make_shared<const service::PartnerDirectory>(test_partners());

    Directory directory() {
        return [this] { return everybody; };
    }
    SystemTime time() {
        return [this] { return now; };
    }

    /// What a token of the client `shop` for Payment says, just issued.
    TokenClaims claims() const {
        return {.issuer = std::string(test_issuer),
                .audience = std::string(payment_audience),
                .client_id = "shop",
                .partner_id = "FRUITS",
                .scopes = {},
                .token_id = "one",
                .issued_at = now,
                .expires_at = now + token_life};
    }
};

}  // namespace saldo::http
