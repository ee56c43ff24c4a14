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

std::string_view partner_of(const Request& request, const Caller& caller) {
    const std::string_view asked = request.header("X-Partner");
    return asked.empty() ? std::string_view(caller.partner_id) : asked;
}

}  // namespace

std::optional<Response> partner_turned_away(const Request& request, const Caller& caller) {
    const auto partner = partner_of(request, caller);
    if (request.header_count("X-Partner") <= 1 && caller.sees(partner) && partner != partner::every_partner)
        return std::nullopt;
    return partner_not_allowed(request);
}

Origin origin_of(const Call& call) {
    return {.actor = call.caller->client_id,
            .partner_id = std::string(partner_of(*call.request, *call.caller)),
            .key = std::nullopt};
}

Outcome<Origin, Response> origin_of_write(const Call& call) {
    Origin origin = origin_of(call);
    auto key = idempotency_key_of(*call.request);
    if (!key)
        return std::unexpected(
            decline(Malformed{Malformed::Kind::invalid_fields, {{"$", std::string(key.error().detail)}}}));
    origin.key = *std::move(key);
    return origin;
}

}  // namespace saldo::http
