#include "shrink.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

#include "world.hpp"

namespace saldo::simulation {

namespace {

using Steps = std::vector<std::uint64_t>;

Steps all_steps_of(std::uint64_t seed) {
    Steps steps(World(seed).steps());
    std::iota(steps.begin(), steps.end(), 0);
    return steps;
}

void play(World& world, const Steps& steps) {
    for (const std::uint64_t step : steps) world.step(step);
    world.end();
}

/// The first law that a world with these steps breaks; empty: none.
std::string broken_law(std::uint64_t seed, const Steps& steps) {
    World world(seed);
    play(world, steps);
    return world.verdict().all_hold() ? std::string{} : world.verdict().broken().front();
}

/// Drops pieces of the steps, large ones first, until nothing can be spared.
Steps shortest(std::uint64_t seed, Steps steps, const std::string& law) {
    for (std::size_t piece = std::max<std::size_t>(1, steps.size() / 2); piece > 0;) {
        bool was_shortened = false;
        for (std::size_t from = 0; from < steps.size();) {
            Steps fewer = steps;
            const auto at = fewer.begin() + static_cast<std::ptrdiff_t>(from);
            fewer.erase(at, at + static_cast<std::ptrdiff_t>(std::min(piece, steps.size() - from)));
            if (broken_law(seed, fewer) == law) {
                steps = std::move(fewer);
                was_shortened = true;
            } else {
                from += piece;
            }
        }
        if (!was_shortened || piece > 1) piece /= 2;
    }
    return steps;
}

}  // namespace

Outcome live(std::uint64_t seed) {
    World world(seed);
    for (std::uint64_t step = 0; step < world.steps(); ++step) world.step(step);
    world.end();
    return {.all_hold = world.verdict().all_hold(), .lives = world.lives(), .requests = world.requests()};
}

std::string shortest_fault_of(std::uint64_t seed) {
    const Steps all = all_steps_of(seed);
    const std::string law = broken_law(seed, all);
    if (law.empty()) return {};
    const Steps steps = shortest(seed, all, law);
    World world(seed, World::Story::told);
    play(world, steps);
    std::string story = "broken: " + law + "\nreplay: SALDO_SEED=" + std::to_string(seed) +
                        " ./dev test -R simulation\n" + std::to_string(steps.size()) + " of " +
                        std::to_string(all.size()) + " steps suffice:\n";
    for (const std::string& line : world.story()) story += "  " + line + '\n';
    return story;
}

}  // namespace saldo::simulation
