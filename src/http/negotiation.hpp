#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "http/message.hpp"

namespace saldo::http {

/// Whether the client takes one of these media types: `Accept` is missing, or the range that fits one of them best
/// has a weight above 0 (RFC 9110 section 12.5.1). Parameters of ranges do not count; what cannot be read is skipped.
bool accepts(const Request& request, std::span<const std::string_view> types);

/// Whether a `Content-Type` names this media type, with whatever parameters, but no charset other than UTF-8.
bool is_media_type(std::string_view content_type, std::string_view type);

/// Whether the request's `Content-Type` is given, once, and names one of these.
bool has_media_type(const Request& request, std::span<const std::string_view> types);

/// What a client wants back from a write (RFC 7240): the whole resource, or as little as possible.
enum class Return : std::uint8_t { representation, minimal };

/// The client's preference; nothing if it has none that we know. The first counts.
std::optional<Return> preferred_return(const Request& request);

/// Whether `If-Match` lets the request be carried out: it is not there, is `*`, or names this entity tag, compared
/// strongly (RFC 9110 section 13.1.1). A list that cannot be read names nothing. `etag` with its quotes.
bool wants_this(const Request& request, std::string_view etag);

/// Whether `If-None-Match` holds this entity tag, so that 304 says enough: compared weakly (RFC 9110 section 13.1.2). A
/// list that cannot be read holds nothing. `etag` with its quotes.
bool has_seen(const Request& request, std::string_view etag);

}  // namespace saldo::http
