#pragma once

#include "service/random.hpp"

namespace saldo::app {

/// The system's own chance (getrandom).
class OsRandom final : public service::Random {
  public:
    std::string bytes(std::size_t count) override;
};

}  // namespace saldo::app
