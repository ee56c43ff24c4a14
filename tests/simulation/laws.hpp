#pragma once

#include <string>
#include <vector>

#include "life.hpp"

namespace saldo::simulation {

/// What is cheap to check after every step; empty: all holds.
std::vector<std::string> broken_laws(const Life& life);

/// What is checked once at the end of a life: both documents now and on a day of the past, replay from the stored
/// bytes, books.
std::vector<std::string> broken_laws_at_the_end(const Life& life, Fate& fate);

}  // namespace saldo::simulation
