#include "service/sandbox_phone.hpp"

#include <utility>

namespace saldo::service {

void SandboxPhone::send(TextMessage message) {
    const std::lock_guard hold(guard_);
    received_.push_front({clock_.now(), std::move(message)});
    if (received_.size() > kept_max) received_.pop_back();
}

std::vector<SandboxPhone::Received> SandboxPhone::messages() {
    const std::lock_guard hold(guard_);
    return {received_.begin(), received_.end()};
}

}  // namespace saldo::service
