// The target of a request: a path on the first line, a query on the second. Escapes are resolved once and into UTF-8,
// and what is read out of a query is the same when it is written into one.
#include <algorithm>
#include <string>
#include <string_view>

#include "http/message.hpp"
#include "http/status_query.hpp"
#include "http/url.hpp"
#include "target.hpp"

namespace saldo::http {
namespace {

using fuzz::must;

void check_path(std::string_view raw) {
    if (!is_path_text(raw)) return;  // nobody decodes what may not stand in a target
    const auto decoded = decode_path(raw);
    if (!decoded) return;
    must(is_utf8(*decoded) && decoded->find('\0') == std::string::npos, "a path is UTF-8 without NUL");
    must(decoded->size() <= raw.size(), "resolving escapes makes nothing longer");
    const auto slashes = [](std::string_view text) { return std::ranges::count(text, '/'); };
    must(slashes(*decoded) == slashes(raw), "an escaped slash divides nothing");
    const auto encoded = percent_encode(*decoded);
    must(is_path_text(encoded) && is_query_text(encoded), "what is escaped may stand anywhere");
    must(decode_query_text(encoded) == *decoded, "what was escaped is resolved again");
}

void check_query(std::string_view raw) {
    // A form has the same grammar, and comes as it is.
    const auto parameters = parse_query(raw);
    if (!parameters) return;
    std::string again;
    for (const auto& [name, value] : *parameters) {
        must(is_utf8(name) && is_utf8(value), "a parameter is UTF-8");
        if (!again.empty()) again += '&';
        again += percent_encode(name) + "=" + percent_encode(value);
    }
    must(parse_query(again) == parameters, "a query that is written again says the same");
}

void check_request(std::string_view path, std::string_view query) {
    const std::string target = std::string(path) + "?" + std::string(query);
    Limits limits;
    const std::string head = "GET " + target + " HTTP/1.1\r\nHost: x\r\n\r\n";
    HeadSearch search;
    const auto end = find_head_end(head, search, limits);
    if (!end || *end != head.size()) return;
    const auto request = Request::of_head(head, limits);
    if (!request) return;
    const auto as_of = as_of_of(**request);
    const auto given = parameters_of(**request, "as_of");
    if (as_of && *as_of)
        must(given.size() == 1 && foundation::day_text(**as_of) == given[0], "a day is read as it stands");
    if (as_of && !*as_of) must(given.empty(), "a day that is given is read or refused");
    const auto include = include_of(**request);
    if (include && !*include) must(parameters_of(**request, "include").empty(), "blocks that are given are read");
}

void check(std::string_view input) {
    const auto path = fuzz::take_line(input);
    check_path(path);
    check_query(input);
    check_request(path, input);
}

}  // namespace
}  // namespace saldo::http

int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    saldo::http::check(saldo::fuzz::text_of(bytes, size));
    return 0;
}
