#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "foundation/outcome.hpp"
#include "http/fault.hpp"

namespace saldo::http {

using foundation::Outcome;

/// How much of a request is read at most.
struct Limits {
    std::size_t head_bytes_max = 16'384;     ///< request line and fields; above: 431
    std::size_t target_bytes_max = 8'192;    ///< above: 414
    std::size_t fields_max = 100;            ///< above: 431
    std::size_t body_bytes_max = 1'048'576;  ///< decoded body; above: 413
};

/// One header field, its value without white space around it.
struct Field {
    std::string_view name;
    std::string_view value;
};

/// Where the body of a request ends (RFC 9112 section 6).
enum class Framing : std::uint8_t { no_body, by_length, by_chunks };

/// What a request says before its body. The views point into the bytes it was parsed from.
struct Head {
    std::string_view method;
    std::string_view target;    ///< as sent
    std::string_view raw_path;  ///< begins with `/`, or is `*` (OPTIONS alone); escapes are not resolved
    std::string_view query;     ///< as sent, without `?`; every escape in it is known to decode
    std::string_view host;      ///< empty only in HTTP/1.0
    std::vector<Field> fields;  ///< those named with an underscore are left out, see parse_head
    Framing framing = Framing::no_body;
    std::uint64_t content_length = 0;  ///< by_length only
    bool keeps_alive = true;           ///< the client wants to send another request
    bool expects_continue = false;     ///< the client waits for `100 Continue` before it sends the body
    bool is_http_1_0 = false;
};

/// How far the end of a head was looked for in bytes that arrive bit by bit.
struct HeadSearch {
    std::size_t line_begin = 0;
    std::size_t looked_at = 0;
};

/// The size of the head at the beginning of `received`, its empty line included; nothing while more has to arrive.
/// Refuses early what can no longer become a good head. `search` belongs to these bytes; start a new head with a fresh
/// one.
Outcome<std::optional<std::size_t>, Fault> find_head_end(std::string_view received, HeadSearch& search,
                                                         const Limits& limits);

/// Reads a whole head as RFC 9112 wants it and more strictly where it leaves room: what two servers could read in two
/// ways is refused. Requires that `bytes` end with the empty line that `find_head_end` found.
///
/// Fields whose name has an underscore are dropped, since gateways take `Content_Length` for `Content-Length`.
Outcome<Head, Fault> parse_head(std::string_view bytes, const Limits& limits);

/// Takes a chunked body apart (RFC 9112 section 7.1). Extensions and trailers are checked and thrown away.
class ChunkDecoder {
  public:
    struct Progress {
        std::size_t consumed;  ///< bytes of the input that are done with; the rest must be offered again with more
        bool is_complete;
    };

    /// Appends what it decodes to `body`.
    Outcome<Progress, Fault> feed(std::string_view input, std::string& body, const Limits& limits);

    /// The longest line (a chunk's size with extensions, a trailer field) that is read.
    static constexpr std::size_t line_bytes_max = 1024;

  private:
    enum class Expecting : std::uint8_t { size, data, end_of_data, trailer };

    std::optional<Fault> take_line(std::string_view line, std::size_t body_size, const Limits& limits);

    Expecting expecting_ = Expecting::size;
    std::uint64_t left_in_chunk_ = 0;
    std::size_t trailer_fields_ = 0;
    bool is_complete_ = false;
};

/// Whether two field names or tokens are the same; ASCII case is ignored.
bool equal_names(std::string_view left, std::string_view right);

/// `text` without spaces and tabs around it.
std::string_view trimmed(std::string_view text);

/// Whether `text` is a token of RFC 9110 section 5.6.2 (a method, a field's name).
bool is_token(std::string_view text);

/// Whether `text` may be a field's value: no control character but the tab.
bool is_field_value(std::string_view text);

}  // namespace saldo::http
