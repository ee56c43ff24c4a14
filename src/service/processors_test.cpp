#include "service/processors.hpp"

#include <gtest/gtest.h>
#include <sched.h>

#include <thread>

namespace saldo::service {

namespace {

TEST(Processors, are_those_that_the_process_is_bound_to) {
    const int before = processors();
    ASSERT_GE(before, 1);
    // A thread of its own: the binding ends with it.
    std::thread([&] {
        cpu_set_t all;
        CPU_ZERO(&all);
        ASSERT_EQ(sched_getaffinity(0, sizeof all, &all), 0);
        EXPECT_EQ(before, CPU_COUNT(&all));
        int first = 0;
        while (!CPU_ISSET(first, &all)) ++first;
        cpu_set_t one;
        CPU_ZERO(&one);
        CPU_SET(first, &one);
        ASSERT_EQ(sched_setaffinity(0, sizeof one, &one), 0);
        EXPECT_EQ(processors(), 1);
    }).join();
    EXPECT_EQ(processors(), before);
}

}  // namespace

}  // namespace saldo::service
