#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <random>
#include <sstream>

#include "laws.hpp"
#include "life.hpp"

namespace saldo::simulation {
namespace {

/// Plays one life; empty if every law held, else the story up to the first broken law.
std::string fault_of(std::uint64_t seed, std::int64_t steps_max) {
    Life life(seed);
    Fate fate(seed ^ 0x5a1d0);
    std::ostringstream story;
    const std::int64_t steps = std::min(fate.number(1, 25), steps_max);
    const auto tell = [&](const std::vector<std::string>& broken) {
        for (const std::string& law : broken) story << "  broken: " << law << '\n';
        return !broken.empty();
    };
    if (tell(broken_laws(life))) return story.str();
    for (std::int64_t step = 0; step < steps; ++step) {
        story << "  " << foundation::utc_text(life.now()) << ' ' << life.step() << '\n';
        if (tell(broken_laws(life))) return story.str();
    }
    return tell(broken_laws_at_the_end(life, fate)) ? story.str() : std::string{};
}

/// The shortest beginning of a life that still breaks a law.
std::string shortest_fault_of(std::uint64_t seed) {
    for (std::int64_t steps = 0; steps <= 25; ++steps)
        if (std::string fault = fault_of(seed, steps); !fault.empty()) return fault;
    return fault_of(seed, 25);
}

std::uint64_t setting(const char* name, std::uint64_t otherwise) {
    const char* text = std::getenv(name);
    return text ? std::strtoull(text, nullptr, 10) : otherwise;
}

/// SALDO_SEED replays one life; SALDO_SIMULATION_SECONDS says how long new ones are tried.
TEST(simulation, every_law_holds_in_every_life) {
    if (const std::uint64_t seed = setting("SALDO_SEED", 0); seed != 0) {
        EXPECT_EQ(shortest_fault_of(seed), "") << "seed " << seed;
        return;
    }
    const std::uint64_t first = std::random_device{}();
    const auto began = std::chrono::steady_clock::now();
    const auto end = began + std::chrono::seconds{setting("SALDO_SIMULATION_SECONDS", 60)};
    std::uint64_t lives = 0;
    while (std::chrono::steady_clock::now() < end) {
        const std::uint64_t seed = first * 1'000'003 + lives;
        if (!fault_of(seed, 25).empty())
            FAIL() << "SALDO_SEED=" << seed << " breaks a law:\n" << shortest_fault_of(seed);
        ++lives;
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    std::cout << lives << " lives, " << static_cast<double>(lives) / took.count() << " a second\n";
    EXPECT_GT(lives, 0U);
}

}  // namespace
}  // namespace saldo::simulation
