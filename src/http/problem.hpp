#pragma once

#include <span>
#include <string>
#include <string_view>

#include "http/field_fault.hpp"
#include "http/message.hpp"

namespace saldo::http {

/// Why a request failed, as RFC 9457 tells it.
struct Problem {
    int status = 500;
    std::string_view code;    ///< the published name that programs compare, e.g. `INVALID_HOST`
    std::string_view detail;  ///< one sentence for people
    std::string_view request_id;
    std::string_view hint = {};                       ///< what to do about it; left out when empty
    std::span<const FieldFault> invalid_fields = {};  ///< all that are wrong; left out when empty
    std::string_view type = "about:blank";
    std::string_view title = {};  ///< the status code's phrase when empty
};

/// The JSON document of a problem.
std::string problem_text(const Problem& problem);

/// The answer that carries it, as `application/problem+json`.
Response problem_response(const Problem& problem);

/// 412: `If-Match` names none of the entity tags of what is there.
Response precondition_failed(std::string_view request_id);

}  // namespace saldo::http
