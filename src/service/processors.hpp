#pragma once

namespace saldo::service {

/// How many processors this process may run on, at least 1: those it was bound to (`taskset`, the cpuset of a
/// container), not all that the machine has. More busy threads than these would wait for one another.
int processors();

}  // namespace saldo::service
