#include "http/saldo_problem.hpp"

#include <string_view>
#include <utility>

#include "http/decline.hpp"
#include "http/problem.hpp"

namespace saldo::http {

using ledger::Refusal;
using service::NotDecided;

Response malformed_problem(const Malformed& malformed, const Request& request) {
    const bool is_json = malformed.kind == Malformed::Kind::invalid_fields;
    return problem_response({.status = 400,
                             .code = is_json ? "INVALID_FIELDS" : "INVALID_JSON",
                             .detail = is_json ? "Some fields are missing or wrong." : "The body is not a JSON object.",
                             .request_id = request.request_id,
                             .invalid_fields = malformed.fields});
}

std::string_view code_of(Refusal refusal) {
    return refusal == Refusal::not_allowed_for_declined_transaction ? "TRANSACTION_DECLINED" : ledger::name_of(refusal);
}

Response refused_problem(Refusal refusal, const Request& request) {
    return problem_response({.status = status_of(refusal),
                             .code = code_of(refusal),
                             .detail = ledger::explanation_of(refusal),
                             .request_id = request.request_id});
}

Response not_decided_problem(NotDecided why, const Request& request) {
    switch (why) {
        case NotDecided::unknown_transaction:
            return transaction_not_found(request);
        case NotDecided::key_reused:
            return problem_response({.status = status_of_category("CONFLICT"),
                                     .code = "IDEMPOTENCY_KEY_REUSED",
                                     .detail = "This Idempotency-Key came with another request before.",
                                     .request_id = request.request_id,
                                     .hint = "Give every request a key of its own, and a repeated one its first."});
        case NotDecided::expires_in_past:  // nothing is authorised under /saldo/v1
        case NotDecided::busy:
        case NotDecided::failed:
        case NotDecided::outcome_unknown:
        case NotDecided::broken:
            return failure_response(why, request.request_id);
    }
    std::unreachable();
}

Response transaction_not_found(const Request& request) {
    return problem_response({.status = 404,
                             .code = "TRANSACTION_NOT_FOUND",
                             .detail = "There is no purchase of that id.",
                             .request_id = request.request_id});
}

}  // namespace saldo::http
