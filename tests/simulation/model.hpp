#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ledger/command.hpp"
#include "terms/contract.hpp"

namespace saldo::simulation {

/// A purchase as obvious arithmetic on the commands that went through: what the ledger must come to, written without
/// looking at its events. Amounts in cents.
struct Model {
    struct Shop {
        std::string id;
        std::int64_t authorised = 0, captured = 0, cancelled = 0, refunded = 0;
        std::int64_t open() const { return authorised - captured - cancelled; }
    };
    struct Fee {
        ledger::FeeType type;
        foundation::Day day;
        std::int64_t cents = 0;
    };

    std::vector<Shop> shops;
    std::vector<Fee> fees;
    std::map<foundation::Day, std::int64_t> owed;  ///< what each day added
    foundation::Instant created, expires;
    foundation::Day created_on;
    std::int64_t first = 0;    ///< what was authorised at once
    terms::Contract contract;  ///< in force when it was bought
    bool is_declined = false;
    bool is_erased = false;
    ledger::DunningLevel level = ledger::DunningLevel::no_dunning;
    std::optional<foundation::Day> blocked_until;

    void buy(const ledger::Authorise& command, const terms::Contract& agreed, foundation::Instant now);
    void decline(const ledger::Authorise& command, const terms::Contract& agreed, foundation::Instant now);
    void apply(const ledger::Command& command, foundation::Instant now);
    /// Whether the end of the authorisation cancels something by `now`.
    bool is_due(foundation::Instant now) const;
    void expire();

    foundation::Day day_of(foundation::Instant now) const { return contract.zone.day_of(now); }
    std::int64_t owed_on(foundation::Day day) const;
    std::int64_t sum_of(std::int64_t Shop::* amount) const;
    std::int64_t open() const;
    const Shop* shop(std::string_view id) const;
    const std::string& shop_of(const ledger::RequestedOperation& operation) const;
};

/// Why the ledger must refuse a command at that moment; nothing: it must go through. Said a second time, in the order
/// that docs/reference/refusals.md gives, so that a check that is forgotten or moved shows.
std::optional<ledger::Refusal> objection(const Model& model, const ledger::Command& command, foundation::Instant now);

/// Whether a command that goes through leaves everything as it is, so that nothing is recorded.
bool changes_nothing(const Model& model, const ledger::Command& command, foundation::Instant now);

}  // namespace saldo::simulation
