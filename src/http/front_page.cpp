#include "http/front_page.hpp"

#include <memory>
#include <string>

#include "foundation/json_writer.hpp"
#include "foundation/version.hpp"

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

}  // namespace

std::vector<Route> front_page_routes(std::string_view public_url) {
    foundation::JsonWriter json;
    json.begin_object().field("name", "Saldo").field("version", foundation::version);
    for (const Link& link : links) json.field(link.name, std::string(public_url).append(link.path));
    json.end_object();
    const auto page = std::make_shared<const std::string>(std::move(json).finish());

    std::vector<Route> routes;
    for (const char* method : {"GET", "POST"})
        routes.push_back({.method = method, .pattern = "/", .gives = {}, .handler = [page](Call, Respond respond) {
                              Response response{.status = 200, .body = Body(page)};
                              response.fields.add("Content-Type", "application/json");
                              respond(std::move(response));
                          }});
    return routes;
}

}  // namespace saldo::http
