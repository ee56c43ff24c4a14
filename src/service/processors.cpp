#include "service/processors.hpp"

#include <sched.h>

#include <algorithm>
#include <thread>

namespace saldo::service {

int processors() {
    cpu_set_t bound;
    CPU_ZERO(&bound);
    if (sched_getaffinity(0, sizeof bound, &bound) == 0) return std::max(1, CPU_COUNT(&bound));
    // More than the set has room for: 1,024.
    return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

}  // namespace saldo::service
