#include "http/front_page.hpp"

#include <memory>
#include <string>

#include "foundation/digest.hpp"
#include "foundation/json_writer.hpp"
#include "foundation/version.hpp"
#include "http/negotiation.hpp"
#include "http/problem.hpp"

namespace saldo::http {

namespace {

struct Link {
    std::string_view name;
    std::string_view path;
};
constexpr Link links[] = {
    {"token_endpoint", "/oauth/token"},
    {"jwks_uri", "/.well-known/jwks.json"},
    {"payment_api", "/transaction/management/v2"},
    {"transaction_status", "/transaction/status/v2/transactions"},
    {"order_status", "/order/status/v2/transactions"},
    {"saldo_api", "/saldo/v1"},
};

Response page_for(const Request& request, const std::shared_ptr<const std::string>& page, std::string_view etag) {
    // Only what is read can be known already (RFC 9110 section 13.1.2).
    const bool is_read = request.method != "POST";
    if (is_read && !wants_this(request, etag)) return precondition_failed(request.request_id);
    Response response{.status = is_read && has_seen(request, etag) ? 304 : 200};
    response.fields.add("ETag", etag).add("Cache-Control", "no-cache");
    if (response.status == 304) return response;
    response.body = Body(page);
    response.fields.add("Content-Type", "application/json");
    return response;
}

}  // namespace

std::vector<Route> front_page_routes(std::string_view public_url) {
    foundation::JsonWriter json;
    json.begin_object().field("name", "Saldo").field("version", foundation::version);
    for (const Link& link : links) json.field(link.name, std::string(public_url).append(link.path));
    json.end_object();
    const auto page = std::make_shared<const std::string>(std::move(json).finish());
    const std::string etag = '"' + foundation::hex(foundation::bytes_of(foundation::sha256(*page))) + '"';

    std::vector<Route> routes;
    for (const char* method : {"GET", "POST"})
        routes.push_back(
            {.method = method, .pattern = "/", .gives = {}, .handler = [page, etag](Call call, Respond respond) {
                 respond(page_for(*call.request, page, etag));
             }});
    return routes;
}

}  // namespace saldo::http
