#pragma once

#include <string>
#include <string_view>

#include "foundation/calendar.hpp"

namespace saldo::service {

/// The value of `X-Signature`: `t=<seconds since 1970>,v1=<base64 of HMAC-SHA256(secret, t + "." + body)>`. The key is
/// the secret's text as it was told, whatever alphabet it is written in.
std::string webhook_signature(std::string_view secret, foundation::Instant at, std::string_view body);

}  // namespace saldo::service
