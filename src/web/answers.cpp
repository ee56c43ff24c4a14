#include "web/answers.hpp"

namespace saldo::web {

namespace {

constexpr std::string_view content_security_policy =
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors";

void add_guards(http::FieldLines& fields, std::span<const std::string> frame_ancestors) {
    std::string policy(content_security_policy);
    if (frame_ancestors.empty()) policy += " 'none'";
    for (const std::string& origin : frame_ancestors) policy += ' ' + origin;
    fields.add("Content-Security-Policy", policy)
        .add("Referrer-Policy", "no-referrer")
        .add("X-Content-Type-Options", "nosniff")
        .add("Cross-Origin-Opener-Policy", "same-origin")
        .add("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()");
    // It knows no list: where somebody may frame the page, the policy above has to do.
    if (frame_ancestors.empty()) fields.add("X-Frame-Options", "DENY");
}

}  // namespace

http::Response page_response(int status, std::string html, std::span<const std::string> frame_ancestors) {
    http::Response response{.status = status, .body = std::move(html)};
    response.fields.add("Content-Type", "text/html; charset=utf-8").add("Cache-Control", "no-store");
    add_guards(response.fields, frame_ancestors);
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

std::string session_cookie(std::string_view value, std::string_view path, http::Scheme scheme, Framing framing) {
    std::string cookie(session_cookie_name);
    cookie.append("=").append(value).append("; Path=").append(path).append("; HttpOnly");
    const bool is_https = scheme == http::Scheme::https;
    cookie += is_https && framing == Framing::allowed ? "; SameSite=None; Partitioned" : "; SameSite=Lax";
    if (is_https) cookie += "; Secure";
    return cookie;
}

}  // namespace saldo::web
