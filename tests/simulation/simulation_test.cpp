#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <ctime>
#include <iostream>
#include <random>
#include <string>

#include "shrink.hpp"
#include "world.hpp"

namespace saldo::simulation {
namespace {

std::uint64_t setting(const char* name, std::uint64_t otherwise) {
    const char* text = std::getenv(name);
    return text ? std::strtoull(text, nullptr, 10) : otherwise;
}

/// How a world ended, the same whenever it is lived again.
std::string bytes_of(std::uint64_t seed) {
    World world(seed, World::Story::told);
    for (std::uint64_t step = 0; step < world.steps(); ++step) world.step(step);
    world.end();
    std::string all = world.log_bytes();
    for (const std::string& line : world.story()) all += line + '\n';
    return all;
}

TEST(simulation, the_same_seed_gives_the_same_world_byte_for_byte) {
    for (std::uint64_t seed = 1; seed <= 50; ++seed) ASSERT_EQ(bytes_of(seed), bytes_of(seed)) << "seed " << seed;
}

/// SALDO_SEED replays one world; SALDO_SIMULATION_SECONDS says how long new ones are tried.
TEST(simulation, every_law_holds_in_every_life) {
    if (const std::uint64_t seed = setting("SALDO_SEED", 0); seed != 0) {
        EXPECT_EQ(shortest_fault_of(seed), "");
        return;
    }
    const std::uint64_t first = std::uint64_t{std::random_device{}()} << 24;
    const std::clock_t began = std::clock();
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{setting("SALDO_SIMULATION_SECONDS", 60)};
    std::size_t worlds = 0, lives = 0, requests = 0;
    for (; std::chrono::steady_clock::now() < end; ++worlds) {
        const std::uint64_t seed = first + worlds + 1;
        const Outcome outcome = live(seed);
        lives += outcome.lives;
        if (!outcome.all_hold) FAIL() << "after " << lives << " lives\n" << shortest_fault_of(seed);
        requests += outcome.requests;
    }
    const double core_seconds = static_cast<double>(std::clock() - began) / CLOCKS_PER_SEC;
    std::cout << worlds << " worlds, " << lives << " lives, " << requests
              << " requests; of the lives a second and core: " << static_cast<double>(lives) / core_seconds << '\n';
    EXPECT_GT(lives, 0U);
}

}  // namespace
}  // namespace saldo::simulation
