#pragma once

#include <deque>
#include <mutex>
#include <vector>

#include "service/clock.hpp"
#include "service/messenger.hpp"

namespace saldo::service {

/// The sandbox's phone: it shows every message that would have been sent, and forgets the oldest.
class SandboxPhone final : public Messenger {
  public:
    struct Received {
        foundation::Instant at;
        TextMessage message;
    };
    explicit SandboxPhone(Clock& clock) : clock_(clock) {}

    void send(TextMessage message) override;
    /// The newest first.
    std::vector<Received> messages();

  private:
    static constexpr std::size_t kept_max = 100;
    Clock& clock_;
    std::mutex guard_;
    std::deque<Received> received_;
};

}  // namespace saldo::service
