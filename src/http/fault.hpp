#pragma once

#include <cstdint>
#include <string_view>

namespace saldo::http {

/// Why the server itself answers a request, before or without the handler. The order is the order of precedence: where
/// several hold, the first is given. docs/reference/http.md lists them.
enum class Fault : std::uint8_t {
    bare_line_feed,
    malformed_request_line,
    unsupported_version,
    unknown_method,
    target_too_long,
    malformed_target,
    head_too_large,
    too_many_fields,
    malformed_field,
    missing_host,
    invalid_host,
    host_differs_from_target,
    invalid_transfer_encoding,
    unknown_transfer_coding,
    invalid_content_length,
    unknown_expectation,
    body_too_large,
    malformed_chunk,
    malformed_trailer,
    head_too_slow,
    body_too_slow,
    handler_failed,
};

/// What a fault looks like outside.
struct FaultFace {
    int status;
    std::string_view code;    ///< published name, e.g. `INVALID_HOST`
    std::string_view detail;  ///< one sentence for people
};
FaultFace face_of(Fault fault);

}  // namespace saldo::http
