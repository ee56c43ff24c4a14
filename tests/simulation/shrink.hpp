#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace saldo::simulation {

struct Outcome {
    bool all_hold = false;
    std::size_t lives = 0;
    std::size_t requests = 0;
};

/// A whole world from its seed.
Outcome live(std::uint64_t seed);

/// The shortest story that still breaks the law which this world breaks: steps are dropped as long as it does. With the
/// line that replays it; empty when every law holds.
std::string shortest_fault_of(std::uint64_t seed);

}  // namespace saldo::simulation
