// Signing in. The first line says what the rest is: `token` (what stands in Authorization), `claims` (of a token that
// our key signs), or `json` and `form` (a body to the token endpoint, behind a line for Authorization).
#include <optional>
#include <string>
#include <string_view>

#include "foundation/base64.hpp"
#include "foundation/json.hpp"
#include "http/api.hpp"
#include "http/sign_in_stage.hpp"
#include "http/token_request.hpp"
#include "target.hpp"

namespace saldo::http {
namespace {

using foundation::JsonDocument;
using foundation::JsonKind;
using fuzz::must;

/// Keys made once: what is under test only reads them.
struct Fixture {
    SignInStage stage;
    SigningKeys keys{stage.secrets, stage.now};
    RsaKey key = keys.signer(stage.now);
    std::string good = sign_token(stage.claims(), key);
};
const Fixture& fixture() {
    static const Fixture made;
    return made;
}

void check_token(std::string_view token) {
    const auto& [stage, keys, key, good] = fixture();
    const auto claims = verify_token(token, keys, test_issuer, stage.now);
    if (claims) must(token == good, "no token holds but the one that was signed");
    must(verify_token(good, keys, test_issuer, stage.now).has_value(), "the one that was signed holds");
}

void check_claims(std::string_view payload) {
    const auto& [stage, keys, key, good] = fixture();
    const std::string token = key.sign("at+jwt", std::string(payload));
    const auto claims = verify_token(token, keys, test_issuer, stage.now);
    if (!claims) return;
    const auto json = JsonDocument::parse(payload);
    must(json && json->root().kind() == JsonKind::object, "claims are a JSON object, no name twice");
    const auto text = [&](std::string_view name) {
        const auto found = json->root().find(name);
        return found && found->kind() == JsonKind::string ? std::string(found->string()) : std::string();
    };
    must(text("iss") == test_issuer, "the issuer is ours");
    must(!text("sub").empty() && text("sub") == text("client_id"), "the subject is the client");
    must(claims->client_id == text("client_id") && claims->partner_id == text("partner_id") &&
             claims->audience == text("aud") && claims->token_id == text("jti"),
         "claims are read as they stand");
    must(!claims->audience.empty() && !claims->partner_id.empty() && !claims->token_id.empty(), "no claim is empty");
    must(claims->expires_at + clock_skew > stage.now, "a token that has run out does not hold");
    must(claims->issued_at <= stage.now + clock_skew, "a token of the future does not hold");
}

void check_request(std::string_view type, std::string_view authorization, std::string_view body) {
    RequestText text{.method = "POST", .target = "/oauth/token", .body = std::string(body)};
    text.fields.emplace_back("Content-Type", type);
    if (!authorization.empty()) text.fields.emplace_back("Authorization", authorization);
    RequestPtr request;
    try {
        request = request_of(std::move(text));
    } catch (const std::invalid_argument&) {
        return;  // no field's value: the server refuses such a head
    }
    const auto read = read_token_request(*request);
    if (!read) return must(!read.error().description.empty(), "a refusal says why");
    must(!read->client_id.empty() && !read->client_secret.empty() && !read->audience.empty(), "nothing is left out");
    if (const auto api = api_of_audience(read->audience))
        must(read->audience.find(audience_path(*api)) != std::string::npos, "an audience names its API by its path");
}

void check_base64(std::string_view text) {
    must(foundation::from_base64url(foundation::base64url(text)) == text, "what was encoded decodes");
    if (const auto bytes = foundation::from_base64url(text))
        must(foundation::base64url(*bytes) == text, "bytes have one encoding");
}

void check(std::string_view input) {
    check_base64(input.substr(0, 200));
    const auto what = fuzz::take_line(input);
    if (what == "claims") return check_claims(input);
    if (what == "json" || what == "form") {
        const auto authorization = fuzz::take_line(input);
        return check_request(what == "json" ? "application/json" : "application/x-www-form-urlencoded", authorization,
                             input);
    }
    check_token(input);
}

}  // namespace
}  // namespace saldo::http

int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    saldo::http::check(saldo::fuzz::text_of(bytes, size));
    return 0;
}
