// Bytes from the network: the head of a request, then its body. Whatever is taken must be a request that no other
// reader could read in another way, and must be the same request when it is printed and read again, or arrives in
// pieces.
#include <algorithm>
#include <optional>
#include <string>

#include "http/client_address.hpp"
#include "http/idempotency_key.hpp"
#include "http/message.hpp"
#include "http/negotiation.hpp"
#include "http/request_parser.hpp"
#include "http/url.hpp"
#include "target.hpp"

namespace saldo::http {
namespace {

using fuzz::must;

const Limits limits{.head_bytes_max = 2048, .target_bytes_max = 512, .fields_max = 20, .body_bytes_max = 4096};

/// Looks for the end of the head in bytes that arrive in two pieces.
Outcome<std::optional<std::size_t>, Fault> found_in_pieces(std::string_view bytes, std::size_t cut) {
    HeadSearch search;
    const auto first = find_head_end(bytes.substr(0, cut), search, limits);
    if (!first || *first) return first;
    return find_head_end(bytes, search, limits);
}

std::string printed(const Head& head) {
    std::string text = std::string(head.method) + ' ' + std::string(head.target);
    text += head.is_http_1_0 ? " HTTP/1.0\r\n" : " HTTP/1.1\r\n";
    for (const Field& field : head.fields) text.append(field.name).append(": ").append(field.value).append("\r\n");
    return text + "\r\n";
}

std::size_t count_of(const Head& head, std::string_view name) {
    return static_cast<std::size_t>(
        std::ranges::count_if(head.fields, [&](const Field& field) { return equal_names(field.name, name); }));
}

void check_taken(std::string_view bytes, const Head& head) {
    must(bytes.size() <= limits.head_bytes_max, "a head is no larger than the limit");
    must(head.target.size() <= limits.target_bytes_max, "a target is no longer than the limit");
    must(head.fields.size() <= limits.fields_max, "there are no more fields than the limit");
    must(is_token(head.method) && head.method != "CONNECT", "a method is a token and no tunnel");
    for (std::size_t at = bytes.find('\n'); at != std::string_view::npos; at = bytes.find('\n', at + 1)) {
        must(at > 0 && bytes[at - 1] == '\r', "every line feed follows a carriage return");
        must(at + 1 == bytes.size() || (bytes[at + 1] != ' ' && bytes[at + 1] != '\t'), "no line is folded");
    }
    must(static_cast<std::size_t>(std::ranges::count(bytes, '\r')) ==
             static_cast<std::size_t>(std::ranges::count(bytes, '\n')),
         "there is no carriage return without a line feed");
    must(bytes.find('\0') == std::string_view::npos, "there is no NUL");
    for (const Field& field : head.fields) {
        must(is_token(field.name) && field.name.find('_') == std::string_view::npos, "a field has a plain name");
        must(is_field_value(field.value) && trimmed(field.value) == field.value, "a field's value is trimmed text");
    }
    must(count_of(head, "host") == 1 || (head.is_http_1_0 && count_of(head, "host") == 0), "there is one host");
    const auto lengths = count_of(head, "content-length");
    const auto codings = count_of(head, "transfer-encoding");
    must(lengths + codings <= 1, "the body ends at one place");
    must((head.framing == Framing::by_chunks) == (codings == 1), "chunks are there where they are announced");
    must(head.framing != Framing::by_length || (lengths == 1 && head.content_length > 0), "a length is announced");
    must(head.content_length <= limits.body_bytes_max, "no body is announced that is over the limit");
    must(head.raw_path.starts_with('/') || (head.raw_path == "*" && head.method == "OPTIONS"), "a path is absolute");
    must(!head.expects_continue || head.framing != Framing::no_body, "only who has a body waits to send it");
}

void check_same(const Head& left, const Head& right) {
    must(left.method == right.method && left.target == right.target && left.raw_path == right.raw_path &&
             left.query == right.query && left.host == right.host,
         "a printed head reads the same: its line");
    must(left.framing == right.framing && left.content_length == right.content_length &&
             left.keeps_alive == right.keeps_alive && left.expects_continue == right.expects_continue &&
             left.is_http_1_0 == right.is_http_1_0,
         "a printed head reads the same: its framing");
    must(std::ranges::equal(left.fields, right.fields,
                            [](const Field& a, const Field& b) { return a.name == b.name && a.value == b.value; }),
         "a printed head reads the same: its fields");
}

struct Decoded {
    std::optional<Fault> fault;
    std::string body;
    std::size_t consumed = 0;
    bool is_complete = false;
    bool operator==(const Decoded&) const = default;
};

/// Feeds a chunked body in pieces that end at `cut` and at the end.
Decoded decoded(std::string_view bytes, std::size_t cut) {
    Decoded result;
    ChunkDecoder decoder;
    for (const auto end : {cut, bytes.size()}) {
        const auto progress = decoder.feed(bytes.substr(result.consumed, end - result.consumed), result.body, limits);
        if (!progress) {
            result.fault = progress.error();
            return result;
        }
        result.consumed += progress->consumed;
        result.is_complete = progress->is_complete;
        if (result.is_complete) break;
    }
    return result;
}

void check_chunks(std::string_view bytes) {
    const Decoded whole = decoded(bytes, bytes.size());
    must(whole.body.size() <= limits.body_bytes_max, "a chunked body is no larger than the limit");
    for (const std::size_t cut :
         {std::size_t{0}, bytes.size() / 3, bytes.size() / 2, bytes.size() - bytes.size() / 8}) {
        const Decoded pieces = decoded(bytes, cut);
        must(pieces.fault == whole.fault, "a body in pieces is refused for the same reason");
        if (whole.fault) continue;
        must(pieces.body == whole.body && pieces.is_complete == whole.is_complete, "a body in pieces is the same");
    }
    if (!whole.is_complete) return;
    // What was read, written as one chunk, is the same body.
    char size[32];
    std::snprintf(size, sizeof size, "%zx\r\n", whole.body.size());
    const std::string again = whole.body.empty() ? "0\r\n\r\n" : size + whole.body + "\r\n0\r\n\r\n";
    must(decoded(again, again.size()).body == whole.body, "a chunk holds any body");
}

/// What the routes read of the fields: it must bear anything, and say the same of the same.
void check_negotiation(const Request& request) {
    constexpr std::array<std::string_view, 2> types{"application/json", "text/html"};
    must(request.path == "*" || (request.path.starts_with('/') && is_utf8(request.path)), "a path is UTF-8");
    must(request.path.find('\0') == std::string_view::npos, "a path has no NUL");
    if (request.header_count("Accept") == 0) must(accepts(request, types), "who asks for nothing takes everything");
    if (has_media_type(request, types)) must(request.header_count("Content-Type") == 1, "a body is of one type");
    preferred_return(request);
    if (request.header_count("If-None-Match") == 0) must(!has_seen(request, "\"tag\""), "who names no tag has none");
    const auto key = idempotency_key_of(request);
    if (key && *key) must(!(*key)->empty() && (*key)->size() <= 64, "a key has 1 to 64 characters");
    const TrustedProxies proxies({"127.0.0.0/8"});
    const auto client = client_of(*IpAddress::parse("127.0.0.1"), Scheme::http, request, proxies);
    must(IpAddress::parse(client.address).has_value(), "a client has an address");
}

void check(std::string_view bytes) {
    HeadSearch search;
    const auto end = find_head_end(bytes, search, limits);
    const auto head = end && *end ? parse_head(bytes.substr(0, **end), limits) : std::unexpected(Fault::head_too_slow);
    for (const std::size_t cut :
         {std::size_t{1}, bytes.size() / 3, bytes.size() / 2, bytes.size() - bytes.size() / 8}) {
        const auto pieces = found_in_pieces(bytes, std::min(cut, bytes.size()));
        // What was refused early must be refused in any case; what is good must not be refused early.
        if (end && *end && head) must(pieces && *pieces == *end, "a good head in pieces ends at the same place");
        if (!pieces) must(!end || (*end && !head), "what is refused early is refused in any case");
    }
    if (!end || !*end || !head) return;
    const auto head_bytes = bytes.substr(0, **end);
    check_taken(head_bytes, *head);
    const std::string again = printed(*head);
    const auto reread = parse_head(again, limits);
    must(reread.has_value(), "a printed head is a head");
    check_same(*head, *reread);
    const auto request = Request::of_head(head_bytes, limits);
    must(request.has_value(), "a head is a request");
    check_negotiation(**request);
    if (head->framing == Framing::by_chunks) check_chunks(bytes.substr(**end));
}

}  // namespace
}  // namespace saldo::http

int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    saldo::http::check(saldo::fuzz::text_of(bytes, size));
    return 0;
}
