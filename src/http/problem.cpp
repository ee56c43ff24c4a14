#include "http/problem.hpp"

#include "foundation/json_writer.hpp"

namespace saldo::http {

std::string problem_text(const Problem& problem) {
    foundation::JsonWriter json;
    json.begin_object();
    json.field("type", problem.type);
    json.field("title", problem.title.empty() ? reason_phrase(problem.status) : problem.title);
    json.field("status", problem.status);
    json.field("detail", problem.detail);
    json.field("code", problem.code);
    json.field("request_id", problem.request_id);
    if (!problem.hint.empty()) json.field("hint", problem.hint);
    if (!problem.invalid_fields.empty()) write_field_faults(json, problem.invalid_fields);
    json.end_object();
    return std::move(json).finish();
}

Response problem_response(const Problem& problem) {
    Response response{.status = problem.status, .body = problem_text(problem)};
    response.fields.add("Content-Type", "application/problem+json").add("Cache-Control", "no-store");
    return response;
}

Response precondition_failed(std::string_view request_id) {
    return problem_response({.status = 412,
                             .code = "PRECONDITION_FAILED",
                             .detail = "If-Match names another state of the document than the one that is there.",
                             .request_id = request_id,
                             .hint = "Read it again, or leave If-Match out."});
}

}  // namespace saldo::http
