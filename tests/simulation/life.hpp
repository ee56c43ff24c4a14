#pragma once

#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "ledger/decide.hpp"
#include "ledger/standing.hpp"
#include "ledger/transaction.hpp"

namespace saldo::simulation {

/// Everything that happens in a life follows from its seed.
class Fate {
  public:
    explicit Fate(std::uint64_t seed) : engine_(seed) {}

    /// A whole number from low to high, both included.
    std::int64_t number(std::int64_t low, std::int64_t high);
    /// True `percent` times out of a hundred.
    bool likely(int percent) { return number(1, 100) <= percent; }
    template <class Value>
    const Value& one_of(const std::vector<Value>& values) {
        return values[static_cast<std::size_t>(number(0, std::ssize(values) - 1))];
    }

  private:
    std::mt19937_64 engine_;
};

/// Twenty lines of obvious arithmetic that say what the ledger must come to, written without looking at it.
struct Model {
    std::int64_t authorised = 0;
    std::int64_t captured = 0;
    std::int64_t cancelled = 0;
    std::int64_t refunded = 0;
    std::int64_t fees = 0;
    std::int64_t received = 0;

    void apply(const ledger::Event& event);
    std::int64_t owed() const { return captured - refunded + fees - received; }
};

/// One purchase from its authorisation to wherever fate leads it.
class Life {
  public:
    explicit Life(std::uint64_t seed);

    /// One more random command, some time later. What it was, for people to read.
    std::string step();

    const ledger::Transaction& transaction() const { return transaction_; }
    const Model& model() const { return model_; }
    const std::vector<ledger::Recorded>& events() const { return events_; }
    foundation::Instant now() const { return now_; }
    /// Set when a step broke a rule of its own: a refusal that changed something.
    const std::string& fault() const { return fault_; }

  private:
    ledger::Authorise purchase();
    ledger::Command command();
    ledger::RequestedOperation operation(std::int64_t ledger::LineStanding::* pool);
    void record(const ledger::Decision& decision);
    void record(const ledger::Recorded& recorded);

    Fate fate_;
    ledger::Transaction transaction_;
    Model model_;
    std::vector<ledger::Recorded> events_;
    foundation::Instant now_;
    std::string fault_;
};

}  // namespace saldo::simulation
