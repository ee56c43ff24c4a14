#pragma once

#include <cstddef>
#include <string>

namespace saldo::service {

/// Chance: keys, client secrets, ids made without an idempotency key.
class Random {
  public:
    virtual ~Random() = default;
    /// That many bytes nobody can guess. May be called from any thread.
    virtual std::string bytes(std::size_t count) = 0;
};

}  // namespace saldo::service
