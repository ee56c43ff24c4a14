#include "service/webhook_signature.hpp"

#include <chrono>

#include "foundation/base64.hpp"
#include "foundation/digest.hpp"

namespace saldo::service {

std::string webhook_signature(std::string_view secret, foundation::Instant at, std::string_view body) {
    const std::string seconds = std::to_string(std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count());
    const auto mac = foundation::hmac_sha256(secret, seconds + '.' + std::string(body));
    return "t=" + seconds + ",v1=" + foundation::base64(foundation::bytes_of(mac));
}

}  // namespace saldo::service
