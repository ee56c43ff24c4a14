#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/engine.hpp"
#include "foundation/calendar.hpp"
#include "service/clocks.hpp"

namespace saldo::app {

/// A purchase of the demonstration, and what it shows.
struct DemoPurchase {
    std::string transaction_id;
    std::string shows;
};

/// How long before the demonstration's end its first purchase is made.
constexpr foundation::Days demo_length{45};

/// Lives a few purchases through the same use cases that the APIs call, from `demo_length` before `end` up to it: the
/// clock must stand at the beginning and is moved to the end.
std::vector<DemoPurchase> live_demo(Engine& engine, service::SandboxClock& clock, std::string_view partner_id,
                                    std::string_view partner_shop_id, foundation::Instant end);

}  // namespace saldo::app
