#include "service/clocks.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace saldo::service {

namespace {

using foundation::Instant;
using namespace std::chrono_literals;

const Instant noon = *foundation::parse_instant("2020-03-10T12:00:00Z");

class Clocks : public ::testing::Test {
  protected:
    Instant system = noon;
    std::function<Instant()> read = [this] { return system; };
};

TEST_F(Clocks, of_production_follow_the_system_but_never_go_back) {
    SystemClock clock(noon - 1h, read);
    EXPECT_EQ(clock.now(), noon);
    system -= 10min;
    EXPECT_EQ(clock.now(), noon);
    system += 11min;
    EXPECT_EQ(clock.now(), noon + 1min);
}

TEST_F(Clocks, of_production_start_no_earlier_than_the_newest_event) {
    SystemClock clock(noon + 1h, read);
    EXPECT_EQ(clock.now(), noon + 1h);
}

TEST_F(Clocks, of_a_sandbox_start_where_they_are_told_and_tick_on) {
    SandboxClock clock(noon - 24h * 365, read);
    EXPECT_EQ(clock.now(), noon - 24h * 365);
    system += 5s;
    EXPECT_EQ(clock.now(), noon - 24h * 365 + 5s);
}

TEST_F(Clocks, of_a_sandbox_can_be_moved_forward_alone) {
    SandboxClock clock(noon, read);
    EXPECT_TRUE(clock.move_to(noon + 24h));
    system += 1s;
    EXPECT_EQ(clock.now(), noon + 24h + 1s);
    EXPECT_FALSE(clock.move_to(noon + 24h));
    EXPECT_EQ(clock.now(), noon + 24h + 1s);
    EXPECT_TRUE(clock.move_to(noon + 24h + 1s));
}

TEST_F(Clocks, of_a_sandbox_do_not_go_back_with_the_system) {
    SandboxClock clock(noon, read);
    system -= 1h;
    EXPECT_EQ(clock.now(), noon);
}

TEST_F(Clocks, of_a_sandbox_that_are_frozen_stand_still_and_tick_on_from_there) {
    SandboxClock clock(noon, read);
    system += 1s;
    clock.freeze();
    EXPECT_TRUE(clock.is_frozen());
    system += 1h;
    EXPECT_EQ(clock.now(), noon + 1s);
    clock.freeze();
    EXPECT_EQ(clock.now(), noon + 1s);
    clock.go_on();
    EXPECT_FALSE(clock.is_frozen());
    EXPECT_EQ(clock.now(), noon + 1s);
    system += 5s;
    EXPECT_EQ(clock.now(), noon + 6s);
    clock.go_on();
    EXPECT_EQ(clock.now(), noon + 6s);
}

TEST_F(Clocks, of_a_sandbox_that_are_frozen_can_be_moved_and_stand_still_there) {
    SandboxClock clock(noon, read);
    clock.freeze();
    system += 1h;
    EXPECT_FALSE(clock.move_to(noon - 1s));
    EXPECT_TRUE(clock.move_to(noon + 24h));
    system += 1h;
    EXPECT_EQ(clock.now(), noon + 24h);
}

}  // namespace

}  // namespace saldo::service
