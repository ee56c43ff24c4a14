#include "web/answers.hpp"

namespace saldo::web {

namespace {

constexpr std::string_view content_security_policy =
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'";

void add_guards(http::FieldLines& fields) {
    fields.add("Content-Security-Policy", content_security_policy)
        .add("Referrer-Policy", "no-referrer")
        .add("X-Content-Type-Options", "nosniff")
        .add("X-Frame-Options", "DENY")
        .add("Cross-Origin-Opener-Policy", "same-origin")
        .add("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()");
}

}  // namespace

http::Response page_response(int status, std::string html) {
    http::Response response{.status = status, .body = std::move(html)};
    response.fields.add("Content-Type", "text/html; charset=utf-8").add("Cache-Control", "no-store");
    add_guards(response.fields);
    return response;
}

http::Response see_other(std::string_view place) {
    http::Response response{.status = 303};
    response.fields.add("Location", place).add("Cache-Control", "no-store").add("Referrer-Policy", "no-referrer");
    return response;
}

http::Response asset_response(const Asset& asset) {
    http::Response response{.status = 200, .body = std::string(asset.bytes)};
    response.fields.add("Content-Type", asset.media_type)
        .add("Cache-Control", "public, max-age=31536000, immutable")
        .add("X-Content-Type-Options", "nosniff")
        .add("Content-Security-Policy", "default-src 'none'");
    return response;
}

std::string cookie_value(const http::Request& request, std::string_view name) {
    std::string_view rest = request.header("Cookie");
    while (!rest.empty()) {
        const auto semicolon = rest.find(';');
        std::string_view pair = rest.substr(0, semicolon);
        rest = semicolon == std::string_view::npos ? "" : rest.substr(semicolon + 1);
        pair.remove_prefix(std::min(pair.find_first_not_of(' '), pair.size()));
        if (pair.starts_with(name) && pair.substr(name.size()).starts_with('='))
            return std::string(pair.substr(name.size() + 1));
    }
    return {};
}

std::string session_cookie(std::string_view value, std::string_view path, http::Scheme scheme) {
    std::string cookie(session_cookie_name);
    cookie.append("=").append(value).append("; Path=").append(path).append("; HttpOnly; SameSite=Lax");
    if (scheme == http::Scheme::https) cookie += "; Secure";
    return cookie;
}

}  // namespace saldo::web
