#include "http/saldo_call.hpp"

#include <utility>

#include "http/idempotency_key.hpp"
#include "http/problem.hpp"

namespace saldo::http {

Response json_response(int status, std::string body) {
    Response response{.status = status, .body = std::move(body)};
    response.fields.add("Content-Type", "application/json").add("Cache-Control", "no-store");
    return response;
}

service::Origin who_asks(const Call& call) {
    const Caller& caller = *call.caller;
    return {.actor = caller.client_id,
            .partner_id = caller.sees_every_partner() ? std::nullopt : std::optional(caller.partner_id),
            .key = std::nullopt};
}

std::string_view searched_partner(const Caller& caller) {
    return caller.sees_every_partner() ? std::string_view{} : std::string_view(caller.partner_id);
}

foundation::Outcome<std::optional<std::string>, Response> key_of(const Request& request, KeyNeed need) {
    auto key = idempotency_key_of(request);
    if (!key)
        return std::unexpected(problem_response({.status = 400,
                                                 .code = "IDEMPOTENCY_KEY_INVALID",
                                                 .detail = key.error().detail,
                                                 .request_id = request.request_id}));
    if (!*key && need == KeyNeed::required)
        return std::unexpected(
            problem_response({.status = 400,
                              .code = "IDEMPOTENCY_KEY_REQUIRED",
                              .detail = "Booking money takes an Idempotency-Key.",
                              .request_id = request.request_id,
                              .hint = "Send a fresh UUID, and the same one when you send the request again."}));
    return *std::move(key);
}

}  // namespace saldo::http
