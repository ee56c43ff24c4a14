#pragma once

#include <concepts>
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

    /// A code that the buyer is asked for.
    struct Code {
        foundation::Instant sent_at, deadline;
        std::string digest = {};  ///< of the newest
        int sent = 1, missed = 0;
    };
    /// What may have kept a reservation from ending, by when it was recorded.
    struct Payment {
        foundation::Instant at;
        std::int64_t owed = 0, paid = 0;
        bool has_shipped = false;
    };
    enum class Due { nothing, end_of_code, end_of_reservation, expiry };

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
    std::optional<Code> code;                           ///< while it is awaited
    std::optional<foundation::Instant> reserved_until;  ///< of a prepayment
    std::vector<Payment> payments;                      ///< of a prepayment
    bool has_ended = false;

    void buy(const ledger::Authorise& command, const terms::Contract& agreed, foundation::Instant now);
    void decline(const ledger::Authorise& command, const terms::Contract& agreed, foundation::Instant now);
    void apply(const ledger::Command& command, foundation::Instant now);
    /// The buyer is to prove by a code who is buying; until then nothing is owed.
    void ask_for_code(foundation::Instant now);
    /// Nothing stands in the way of the purchase any more: a prepayment is owed.
    void accept(foundation::Instant now);
    void give_up_code();
    /// What time has brought about by `now`.
    Due due(foundation::Instant now) const;
    void bring_about(Due what);
    /// When time will do something: ends, and what a code waits for.
    std::vector<foundation::Instant> turns() const;

    foundation::Day day_of(foundation::Instant now) const { return contract.zone.day_of(now); }
    std::int64_t owed_on(foundation::Day day) const;
    std::int64_t sum_of(std::int64_t Shop::* amount) const;
    std::int64_t open() const;
    const Shop* shop(std::string_view id) const;
    const std::string& shop_of(const ledger::RequestedOperation& operation) const;
    bool is_prepayment() const { return reserved_until.has_value(); }
    foundation::Instant code_valid_until() const;
    foundation::Instant new_code_from() const;

  private:
    bool outlasts_its_reservation() const;
    void end();
};

/// What nobody in the simulation asks for: putting due dates off and collecting by direct debit hang on single
/// invoices, which the model does not follow. Their laws stand in the ledger's own tests.
template <class Command>
concept Unsimulated =
    std::same_as<Command, ledger::BookPayLater> || std::same_as<Command, ledger::WithdrawPayLater> ||
    std::same_as<Command, ledger::SubmitDirectDebit> || std::same_as<Command, ledger::ExecuteDirectDebit> ||
    std::same_as<Command, ledger::ReturnDirectDebit> || std::same_as<Command, ledger::WithdrawCredit>;
[[noreturn]] void refuse_unsimulated();

/// Why the ledger must refuse a command at that moment; nothing: it must go through. Said a second time, in the order
/// that docs/reference/refusals.md gives, so that a check that is forgotten or moved shows.
std::optional<ledger::Refusal> objection(const Model& model, const ledger::Command& command, foundation::Instant now);

/// Whether a command that goes through leaves everything as it is, so that nothing is recorded.
bool changes_nothing(const Model& model, const ledger::Command& command, foundation::Instant now);

}  // namespace saldo::simulation
