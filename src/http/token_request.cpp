#include "http/token_request.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "foundation/base64.hpp"
#include "foundation/json.hpp"
#include "http/negotiation.hpp"
#include "http/url.hpp"

namespace saldo::http {
namespace {

using foundation::from_base64;
using foundation::JsonDocument;
using foundation::JsonFault;
using foundation::JsonKind;
using foundation::JsonValue;
using foundation::Outcome;

using Parameters = std::vector<QueryParameter>;

std::unexpected<TokenRefusal> invalid(std::string_view description) {
    return std::unexpected(TokenRefusal{TokenError::invalid_request, description});
}

constexpr std::string_view given_twice = "A parameter is given twice.";
constexpr std::string_view two_clients = "The client names itself in two ways; one is enough.";

Outcome<Parameters, TokenRefusal> read_json(std::string_view body) {
    const auto json = JsonDocument::parse(body);
    if (!json && json.error().kind == JsonFault::Kind::duplicate_name) return invalid(given_twice);
    if (!json || json->root().kind() != JsonKind::object) return invalid("The body is not a JSON object.");
    Parameters parameters;
    json->root().each([&](JsonValue value) {
        // Of no use as a parameter of ours, all of which are texts; `is_text` complains where one is asked for.
        if (value.kind() == JsonKind::string)
            parameters.push_back({std::string(value.name()), std::string(value.string())});
    });
    constexpr std::string_view ours[] = {"grant_type", "client_id", "client_secret", "audience", "resource", "scope"};
    for (const auto name : ours) {
        const auto found = json->root().find(name);
        if (found && !found->is_null() && found->kind() != JsonKind::string)
            return invalid("A parameter is not a text.");
    }
    return parameters;
}

Outcome<Parameters, TokenRefusal> read_form(std::string_view body) {
    auto parameters = parse_query(body);
    if (!parameters) return invalid("The form does not decode.");
    std::vector<std::string_view> names;
    for (const auto& parameter : *parameters) names.push_back(parameter.name);
    std::ranges::sort(names);
    if (std::ranges::adjacent_find(names) != names.end()) return invalid(given_twice);
    return *std::move(parameters);
}

/// The value; empty if the parameter is left out or has none (RFC 6749 section 3.2).
std::string take(const Parameters& parameters, std::string_view name) {
    const auto found = std::ranges::find(parameters, name, &QueryParameter::name);
    return found == parameters.end() ? std::string() : found->value;
}

struct Credentials {
    std::string id;
    std::string secret;
};

/// Id and secret of HTTP Basic, each form-urlencoded first (RFC 6749 section 2.3.1).
Outcome<Credentials, TokenRefusal> read_basic(const Request& request) {
    const auto value = request.header("Authorization");
    const auto scheme = value.substr(0, value.find(' '));
    if (!equal_names(scheme, "Basic"))
        return std::unexpected(
            TokenRefusal{TokenError::invalid_client, "A client signs in by HTTP Basic or in the body."});
    const auto pair = from_base64(trimmed(value.substr(scheme.size())));
    const auto colon = pair ? pair->find(':') : std::string::npos;
    if (colon == std::string::npos) return invalid("The credentials of HTTP Basic do not decode.");
    auto id = decode_query_text(std::string_view(*pair).substr(0, colon));
    auto secret = decode_query_text(std::string_view(*pair).substr(colon + 1));
    if (!id || !secret) return invalid("The credentials of HTTP Basic do not decode.");
    return Credentials{*std::move(id), *std::move(secret)};
}

Outcome<Credentials, TokenRefusal> read_credentials(const Request& request, const Parameters& parameters) {
    Credentials in_body{take(parameters, "client_id"), take(parameters, "client_secret")};
    const std::size_t headers = request.header_count("Authorization");
    if (headers == 0) return in_body;
    if (headers > 1 || !in_body.id.empty() || !in_body.secret.empty()) return invalid(two_clients);
    return read_basic(request);
}

}  // namespace

std::string_view name_of(TokenError error) {
    switch (error) {
        case TokenError::invalid_request:
            return "invalid_request";
        case TokenError::invalid_client:
            return "invalid_client";
        case TokenError::unauthorized_client:
            return "unauthorized_client";
        case TokenError::unsupported_grant_type:
            return "unsupported_grant_type";
        case TokenError::invalid_scope:
            return "invalid_scope";
        case TokenError::invalid_target:
            return "invalid_target";
    }
    return "";
}

Outcome<TokenRequest, TokenRefusal> read_token_request(const Request& request) {
    const bool is_json = is_media_type(request.header("Content-Type"), "application/json");
    const auto parameters = is_json ? read_json(request.body) : read_form(request.body);
    if (!parameters) return std::unexpected(parameters.error());

    const std::string grant_type = take(*parameters, "grant_type");
    if (grant_type.empty()) return invalid("grant_type is missing.");
    if (grant_type != "client_credentials")
        return std::unexpected(TokenRefusal{TokenError::unsupported_grant_type, "Only client_credentials is granted."});

    auto credentials = read_credentials(request, *parameters);
    if (!credentials) return std::unexpected(credentials.error());
    if (credentials->id.empty() || credentials->secret.empty()) return invalid("The client's id or secret is missing.");

    std::string audience = take(*parameters, "audience");
    std::string resource = take(*parameters, "resource");
    if (!audience.empty() && !resource.empty() && audience != resource) return invalid("audience and resource differ.");
    if (audience.empty()) audience = std::move(resource);
    if (audience.empty()) return invalid("audience is missing.");

    TokenRequest read{std::move(credentials->id), std::move(credentials->secret), std::move(audience), std::nullopt};
    if (std::string scope = take(*parameters, "scope"); !scope.empty()) read.scope = std::move(scope);
    return read;
}

}  // namespace saldo::http
