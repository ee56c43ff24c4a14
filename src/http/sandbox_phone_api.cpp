#include "http/sandbox_phone_api.hpp"

#include <utility>

#include "foundation/calendar.hpp"
#include "foundation/json_writer.hpp"

namespace saldo::http {

std::vector<Route> sandbox_phone_routes(service::SandboxPhone& phone) {
    const auto show = [&phone](const Call& call, Respond respond) {
        foundation::JsonWriter json;
        json.begin_object().key("messages").begin_array();
        for (const service::SandboxPhone::Received& one : phone.messages()) {
            if (!call.caller->sees(one.message.partner_id)) continue;
            json.begin_object().field("at", foundation::utc_text(one.at)).field("to", one.message.to);
            json.field("text", one.message.text).end_object();
        }
        json.end_array().end_object();
        Response response{.status = 200, .body = std::move(json).finish()};
        response.fields.add("Content-Type", "application/json").add("Cache-Control", "no-store");
        respond(std::move(response));
    };
    std::vector<Route> routes;
    routes.push_back({.method = "GET",
                      .pattern = "/saldo/v1/sandbox/messages",
                      .api = Api::saldo,
                      .scope = partner::Scope::read,
                      .handler = show});
    return routes;
}

}  // namespace saldo::http
