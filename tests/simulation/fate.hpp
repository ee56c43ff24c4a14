#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <vector>

namespace saldo::simulation {

/// Everything that happens in a world follows from its seed. SplitMix64: small, quick, and the same numbers everywhere.
class Fate {
  public:
    explicit Fate(std::uint64_t seed) : state_(seed) {}

    /// The fate of one part of the world: it depends on the seed and the part's number, on nothing else. So a step
    /// keeps its fate when others are dropped.
    Fate of(std::uint64_t part) const {
        Fate one(state_ ^ (part + 1) * 0xd1342543de82ef95ULL);
        return Fate(one.draw());
    }

    std::uint64_t draw() {
        std::uint64_t z = state_ += 0x9e3779b97f4a7c15ULL;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
        return z ^ (z >> 31);
    }

    /// A whole number from low to high, both included.
    std::int64_t number(std::int64_t low, std::int64_t high) {
        return low + static_cast<std::int64_t>(draw() % static_cast<std::uint64_t>(high - low + 1));
    }
    std::size_t below(std::size_t end) { return static_cast<std::size_t>(draw() % end); }
    /// True `percent` times out of a hundred.
    bool likely(int percent) { return number(1, 100) <= percent; }
    template <class Values>
    auto& one_of(Values& values) {
        return values[below(std::size(values))];
    }

  private:
    std::uint64_t state_;
};

}  // namespace saldo::simulation
