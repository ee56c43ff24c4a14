#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace saldo::http {

/// The published interfaces. A token is good for exactly one of them.
enum class Api : std::uint8_t { payment, transaction_status, order_status, pay_later, hosted_page, saldo };

/// The path by which an audience names the API; empty for the hosted payment page, whose audience is a bare origin.
std::string_view audience_path(Api api);

/// The API that an audience names: an absolute http or https URL whose path is `audience_path`, on whatever host, so
/// that a client configured for another installation needs no other audience. `/` after a bare origin says the same as
/// nothing; elsewhere a trailing slash is another path. Nothing for user names, queries, fragments and anything else.
std::optional<Api> api_of_audience(std::string_view url);

}  // namespace saldo::http
