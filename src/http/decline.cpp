#include "http/decline.hpp"

#include <array>
#include <utility>

#include "foundation/json_writer.hpp"
#include "foundation/outcome.hpp"
#include "http/problem.hpp"

namespace saldo::http {

using foundation::JsonWriter;
using service::NotDecided;

namespace {

constexpr std::string_view syntax = "SYNTAX";
constexpr std::string_view resource_not_found = "RESOURCE_NOT_FOUND";
constexpr std::string_view conflict = "CONFLICT";

struct CategoryStatus {
    std::string_view category;
    int status;
};

/// The whole of what anybody knows of HTTP's numbers for a no.
constexpr std::array statuses{
    CategoryStatus{syntax, 400},
    CategoryStatus{resource_not_found, 404},
    CategoryStatus{conflict, 409},
    CategoryStatus{"BUYER_DATA", 422},
    CategoryStatus{"BUYER_IDENTITY", 422},
    CategoryStatus{"CONTRACT", 422},
    CategoryStatus{"PAYMENT_ATTRIBUTE", 422},
    CategoryStatus{"RISK_DECISION", 422},
    CategoryStatus{"TRANSACTION_RISK", 422},
    CategoryStatus{"UNPROCESSABLE_OPERATION", 422},
    CategoryStatus{"LEGAL", 451},
};

std::string_view reason_of(Malformed::Kind kind) {
    switch (kind) {
        case Malformed::Kind::invalid_json:
            return "INVALID_JSON";
        case Malformed::Kind::invalid_fields:
            return "INVALID_FIELDS";
    }
    std::unreachable();
}

Response decline_of(std::string_view category, std::string_view reason, const std::vector<FieldFault>& fields = {}) {
    JsonWriter json;
    json.begin_object().field("category", category).key("reasons").begin_array();
    if (!reason.empty()) json.value(reason);
    json.end_array();
    if (!fields.empty()) write_field_faults(json, fields);
    json.end_object();
    return hal_response(status_of_category(category), std::move(json).finish());
}

}  // namespace

int status_of_category(std::string_view category) {
    for (const CategoryStatus& one : statuses)
        if (one.category == category) return one.status;
    foundation::ensure(false, "a category has no status");
    std::unreachable();
}

int status_of(ledger::Refusal refusal) {
    return status_of_category(ledger::category_of(refusal));
}

Response hal_response(int status, std::string body) {
    Response response{.status = status, .body = std::move(body)};
    response.fields.add("Content-Type", "application/hal+json").add("Cache-Control", "no-store");
    return response;
}

Response decline(ledger::Refusal refusal) {
    return decline_of(ledger::category_of(refusal), ledger::reason_of(refusal));
}

Response decline(const Malformed& malformed) {
    return decline_of(syntax, reason_of(malformed.kind), malformed.fields);
}

Response not_found_decline(std::string_view reason) {
    return decline_of(resource_not_found, reason);
}

Response conflict_decline() {
    return decline_of(conflict, "IDEMPOTENCY_KEY_REUSED");
}

Response failure_response(NotDecided why, std::string_view request_id) {
    const auto later = [](const Problem& problem) {
        auto response = problem_response(problem);
        response.fields.add("Retry-After", "1");
        return response;
    };
    if (why == NotDecided::busy || why == NotDecided::failed)
        return later(
            {.status = 503,
             .code = "UNAVAILABLE",
             .detail = why == NotDecided::busy ? "Too many requests are waiting." : "The store does not answer.",
             .request_id = request_id,
             .hint = "Send it again, with the same Idempotency-Key."});
    if (why == NotDecided::outcome_unknown)
        return later({.status = 503,
                      .code = "OUTCOME_UNKNOWN",
                      .detail = "The store broke off before it said whether this was done.",
                      .request_id = request_id,
                      .hint =
                          "Send it again with the same Idempotency-Key: done or not, it is done once. Without a key, "
                          "read first what is there."});
    return problem_response({.status = 500,
                             .code = "INTERNAL_ERROR",
                             .detail = "Something went wrong on our side. The request id finds it in our logs.",
                             .request_id = request_id});
}

}  // namespace saldo::http
