#include "http/partner_origin.hpp"

#include <string>
#include <string_view>
#include <utility>

#include "http/decline.hpp"
#include "http/idempotency_key.hpp"
#include "http/problem.hpp"
#include "partner/partner.hpp"

namespace saldo::http {

using foundation::Outcome;
using service::Origin;

namespace {

Response partner_not_allowed(const Request& request) {
    return problem_response({.status = 403,
                             .code = "PARTNER_NOT_ALLOWED",
                             .detail = "This client does not act for the partner of X-Partner.",
                             .request_id = request.request_id,
                             .hint = "Leave X-Partner out, or name the partner that the client belongs to."});
}

}  // namespace

Outcome<Origin, Response> origin_of(const Call& call) {
    const std::string_view asked = call.request->header("X-Partner");
    const std::string_view partner = asked.empty() ? std::string_view(call.caller->partner_id) : asked;
    if (!call.caller->sees(partner) || partner == partner::every_partner)
        return std::unexpected(partner_not_allowed(*call.request));
    return Origin{.actor = call.caller->client_id, .partner_id = std::string(partner), .key = std::nullopt};
}

Outcome<Origin, Response> origin_of_write(const Call& call) {
    auto origin = origin_of(call);
    if (!origin) return origin;
    auto key = idempotency_key_of(*call.request);
    if (!key)
        return std::unexpected(
            decline(Malformed{Malformed::Kind::invalid_fields, {{"$", std::string(key.error().detail)}}}));
    origin->key = *std::move(key);
    return origin;
}

}  // namespace saldo::http
