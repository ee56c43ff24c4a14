#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ledger/command.hpp"
#include "projection/status.hpp"

namespace saldo::scenarios {

/// Somewhere a story can be played: one purchase of one partner, under the contract of the story.
class World {
  public:
    virtual ~World() = default;
    /// The reason of a refusal; empty when it went through.
    virtual std::string authorise(foundation::Instant now, const ledger::Authorise& command) = 0;
    virtual std::string operate(foundation::Instant now, const ledger::Command& command) = 0;
    /// The purchase as a reader sees it now.
    virtual ledger::Transaction read(foundation::Instant now) = 0;
};

/// The shops of the partner in whose name a story is played; more than one: a marketplace.
using Shops = std::vector<std::string>;

/// The ledger's functions alone.
std::unique_ptr<World> pure_world(const Shops& shops, const terms::Contract& contract);
/// The use cases on a log in memory.
std::unique_ptr<World> memory_world(const Shops& shops, const terms::Contract& contract);
/// The use cases on a log of SQLite in a temporary directory.
std::unique_ptr<World> sqlite_world(const Shops& shops, const terms::Contract& contract);

}  // namespace saldo::scenarios
