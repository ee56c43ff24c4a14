#include "http/fault.hpp"

#include <utility>

namespace saldo::http {

FaultFace face_of(Fault fault) {
    switch (fault) {
        case Fault::bare_line_feed:
            return {400, "BARE_LINE_FEED", "A line of the request ends in a line feed without a carriage return."};
        case Fault::malformed_request_line:
            return {400, "MALFORMED_REQUEST_LINE", "The request line is not `METHOD target HTTP/1.1`."};
        case Fault::unsupported_version:
            return {505, "UNSUPPORTED_HTTP_VERSION", "This server speaks HTTP/1.1 and HTTP/1.0."};
        case Fault::unknown_method:
            return {501, "UNKNOWN_METHOD", "This server does not know the method. Methods are case-sensitive."};
        case Fault::target_too_long:
            return {414, "URI_TOO_LONG", "The request target is longer than this server reads."};
        case Fault::malformed_target:
            return {400, "MALFORMED_TARGET", "The request target is not a path, or an escape in it is not valid."};
        case Fault::head_too_large:
            return {431, "HEAD_TOO_LARGE", "The request's head is larger than this server reads."};
        case Fault::too_many_fields:
            return {431, "TOO_MANY_HEADERS", "The request has more header fields than this server reads."};
        case Fault::malformed_field:
            return {400, "MALFORMED_HEADER",
                    "A header field is not `Name: value` on one line without control characters."};
        case Fault::missing_host:
            return {400, "MISSING_HOST", "The request has no Host field."};
        case Fault::invalid_host:
            return {400, "INVALID_HOST", "The Host field occurs twice or is not `host` or `host:port`."};
        case Fault::host_differs_from_target:
            return {400, "HOST_DIFFERS_FROM_TARGET", "The Host field and the request target name different hosts."};
        case Fault::invalid_transfer_encoding:
            return {400, "INVALID_TRANSFER_ENCODING", "Transfer-Encoding is not exactly `chunked` and alone."};
        case Fault::unknown_transfer_coding:
            return {501, "UNKNOWN_TRANSFER_CODING", "This server knows no transfer coding but `chunked`."};
        case Fault::invalid_content_length:
            return {400, "INVALID_CONTENT_LENGTH", "Content-Length occurs twice or is not a plain decimal number."};
        case Fault::unknown_expectation:
            return {417, "UNKNOWN_EXPECTATION", "The only expectation this server meets is `100-continue`."};
        case Fault::body_too_large:
            return {413, "BODY_TOO_LARGE", "The request's body is larger than this server reads."};
        case Fault::malformed_chunk:
            return {400, "MALFORMED_CHUNK", "A chunk of the body has an invalid size, extension or end."};
        case Fault::malformed_trailer:
            return {400, "MALFORMED_TRAILER",
                    "A trailer field is malformed, or is one that may not stand in a trailer."};
        case Fault::head_too_slow:
            return {408, "HEAD_TOO_SLOW", "The request's head did not arrive in time."};
        case Fault::body_too_slow:
            return {408, "BODY_TOO_SLOW", "The request's body did not arrive in time."};
        case Fault::handler_failed:
            return {500, "INTERNAL_ERROR", "Something went wrong on our side. The request id finds it in our logs."};
    }
    std::unreachable();
}

}  // namespace saldo::http
