#include "http/token_route.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "foundation/digest.hpp"
#include "foundation/json_writer.hpp"
#include "http/problem.hpp"
#include "http/scopes.hpp"
#include "http/tokens.hpp"

namespace saldo::http {
namespace {

using foundation::Instant;
using foundation::Outcome;
using partner::ClientKind;
using partner::Scope;

using Scopes = std::vector<Scope>;

std::unexpected<TokenRefusal> refused(TokenError error, std::string_view description) {
    return std::unexpected(TokenRefusal{error, description});
}

bool has(const Scopes& scopes, Scope scope) {
    return std::ranges::find(scopes, scope) != scopes.end();
}

/// Whether a client of that kind may ever call this API; an operator reads a purchase through both status APIs.
bool may_call(const partner::Client& client, Api api) {
    switch (api) {
        case Api::payment:
        case Api::pay_later:
        case Api::hosted_page:
            return client.kind == ClientKind::api;
        case Api::transaction_status:
        case Api::order_status:
            return client.kind == ClientKind::api || client.may(Scope::read);
        case Api::saldo:
            return client.kind == ClientKind::operations;
    }
    return false;
}

/// The scopes of the token: those asked for, or all that the client has.
Outcome<Scopes, TokenRefusal> scopes_for(const TokenRequest& request, const partner::Client& client, Api api) {
    if (!request.scope) return client.scopes;
    auto asked = parse_scopes(*request.scope);
    if (!asked || !std::ranges::all_of(*asked, [&](Scope scope) { return has(client.scopes, scope); }))
        return refused(TokenError::invalid_scope, "The client does not have this scope.");
    if (api != Api::saldo && !has(*asked, Scope::read))
        return refused(TokenError::invalid_scope, "This API takes the scope read.");
    return *std::move(asked);
}

Response uncached(Response response) {
    response.fields.add("Cache-Control", "no-store").add("Pragma", "no-cache");
    return response;
}

Response granted(std::string_view token) {
    foundation::JsonWriter json;
    json.begin_object().field("access_token", token).field("expires_in", token_life.count());
    json.field("token_type", "Bearer").end_object();
    Response response{.status = 200, .body = std::move(json).finish()};
    response.fields.add("Content-Type", "application/json");
    return uncached(std::move(response));
}

Response refusal_response(const TokenRefusal& refusal) {
    foundation::JsonWriter json;
    json.begin_object().field("error", name_of(refusal.error)).field("error_description", refusal.description);
    json.end_object();
    const bool is_unauthorized = refusal.error == TokenError::invalid_client;
    Response response{.status = is_unauthorized ? 401 : 400, .body = std::move(json).finish()};
    response.fields.add("Content-Type", "application/json");
    // Whoever named itself in the body too: no 401 goes without a challenge (RFC 9110 section 15.5.2).
    if (is_unauthorized) response.fields.add("WWW-Authenticate", R"(Basic realm="saldo")");
    return uncached(std::move(response));
}

Response too_many_tries(std::chrono::seconds wait, std::string_view request_id) {
    auto response = problem_response({.status = 429,
                                      .code = "TOO_MANY_TRIES",
                                      .detail = "Too many sign-ins of this client or from this address have failed.",
                                      .request_id = request_id,
                                      .hint = "Check the client's secret, and wait as Retry-After says."});
    response.fields.add("Retry-After", std::to_string(wait.count()));
    return response;
}

Response key_set(const SigningKeys& keys, Instant now) {
    Response response{.body = keys.key_set(now)};
    response.fields.add("Content-Type", "application/json");
    const std::chrono::seconds age_max = SigningKeys::key_set_age_max;
    response.fields.add("Cache-Control", "public, max-age=" + std::to_string(age_max.count()));
    return response;
}

}  // namespace

TokenDesk::TokenDesk(const SigningKeys& keys, Directory directory, SystemTime now, service::Random& random,
                     Settings settings)
    : keys_(keys),
      directory_(std::move(directory)),
      now_(std::move(now)),
      random_(random),
      issuer_(std::move(settings.issuer)),
      limit_(settings.limits, random) {}

Response TokenDesk::answer(const Request& request) {
    const auto read = read_token_request(request);
    if (!read) return refusal_response(read.error());
    const Instant now = now_();
    const TryLimit::Try attempt{.client_id = read->client_id, .address = request.client, .now = now};
    if (const auto wait = limit_.wait_before(attempt)) return too_many_tries(*wait, request.request_id);
    const auto token = grant(*read, now);
    if (!token) {
        if (token.error().error == TokenError::invalid_client) limit_.failed(attempt);
        return refusal_response(token.error());
    }
    return granted(*token);
}

TokenDesk::Granted TokenDesk::grant(const TokenRequest& request, Instant now) {
    const auto directory = directory_();
    // Nothing tells an unknown client from a wrong secret, not even the time it takes.
    if (!knows(request, *directory)) return refused(TokenError::invalid_client, "Unknown client or wrong secret.");
    const auto& [owner, client] = *directory->client(request.client_id);

    const auto api = api_of_audience(request.audience);
    if (!api) return refused(TokenError::invalid_target, "The audience names none of our APIs.");
    if (!may_call(*client, *api)) return refused(TokenError::unauthorized_client, "This client may not use that API.");
    auto scopes = scopes_for(request, *client, *api);
    if (!scopes) return std::unexpected(scopes.error());

    const Instant issued_at = std::chrono::floor<std::chrono::seconds>(now);
    const TokenClaims claims{.issuer = issuer_,
                             .audience = request.audience,
                             .client_id = client->id,
                             .partner_id = owner->id,
                             .scopes = *std::move(scopes),
                             .token_id = new_token_id(random_),
                             .issued_at = issued_at,
                             .expires_at = issued_at + token_life};
    return sign_token(claims, keys_.signer(now));
}

bool TokenDesk::knows(const TokenRequest& request, const service::PartnerDirectory& directory) const {
    static const foundation::Digest nobodys{};
    const auto* entry = directory.client(request.client_id);
    const auto& kept = entry != nullptr ? entry->client->secret_sha256 : nobodys;
    const auto offered = foundation::sha256(request.client_secret);
    const bool is_right = foundation::equal_in_constant_time(foundation::bytes_of(offered), foundation::bytes_of(kept));
    return is_right && entry != nullptr && !entry->client->revoked;
}

std::vector<Route> sign_in_routes(TokenDesk& desk, const SigningKeys& keys, const SystemTime& now) {
    std::vector<Route> routes;
    routes.push_back({.method = "POST",
                      .pattern = "/oauth/token",
                      .takes = {"application/json", "application/x-www-form-urlencoded"},
                      .handler = [&desk](Call call, Respond respond) { respond(desk.answer(*call.request)); }});
    routes.push_back({.method = "GET",
                      .pattern = "/.well-known/jwks.json",
                      .handler = [&keys, now](Call, Respond respond) { respond(key_set(keys, now())); }});
    return routes;
}

}  // namespace saldo::http
