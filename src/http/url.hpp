#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace saldo::http {

/// One `name=value` of a query or a form, decoded.
struct QueryParameter {
    std::string name;
    std::string value;
    bool operator==(const QueryParameter&) const = default;
};

/// Whether `text` is well-formed UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF.
bool is_utf8(std::string_view text);

/// Whether every character may stand in the path of a URI as it is or begins a `%XX` (RFC 3986 section 3.3).
bool is_path_text(std::string_view raw);

/// The same of a query. Browsers send `[ ] { } | ^ `` ` `` unescaped there, so these may stand too.
bool is_query_text(std::string_view raw);

/// The path with its escapes resolved once. An escaped slash stays `%2F`: it is part of a segment and never divides
/// two. Nothing when an escape is broken, there is a NUL, escaped or not, or the result is not UTF-8.
std::optional<std::string> decode_path(std::string_view raw);

/// A query's or a form's value with escapes resolved and `+` read as a space. Nothing in the cases of `decode_path`.
std::optional<std::string> decode_query_text(std::string_view raw);

/// The parameters of a query (without `?`) or of an `application/x-www-form-urlencoded` body, in order, repeated names
/// included. Nothing when one of them does not decode.
std::optional<std::vector<QueryParameter>> parse_query(std::string_view raw);

/// `text` as one value in a query or one segment in a path: everything but RFC 3986's unreserved characters is escaped.
std::string percent_encode(std::string_view text);

}  // namespace saldo::http
