#pragma once

#include "people.hpp"
#include "verdict.hpp"

namespace saldo::simulation {

/// What is checked once, at the end of a purchase's life: both documents now and on a day of the past, what was
/// acknowledged, a replay from the stored bytes, the books.
void check_the_end(const Dossier& dossier, const std::vector<Request>& requests, Disk& disk, foundation::Instant now,
                   Fate& fate, Verdict& verdict);

/// The whole store, as `saldo verify` does it, with an index that is built from it.
void check_the_store(Disk& disk, Verdict& verdict);

}  // namespace saldo::simulation
