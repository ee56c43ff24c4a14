#pragma once

#include <vector>

#include "checkout/session.hpp"

namespace saldo::checkout {

/// What a buyer can do about a declined purchase: give one of these details anew, or choose another way to pay.
/// Neither: nothing helps.
struct Correction {
    std::vector<Detail> details;
    bool another_method = false;

    bool is_possible() const { return !details.empty() || another_method; }
};

Correction correction_of(ledger::Refusal refusal);

/// Which details these are.
std::vector<Detail> details_in(const Details& details);

}  // namespace saldo::checkout
