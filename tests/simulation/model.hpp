#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ledger/command.hpp"
#include "terms/contract.hpp"
#include "terms/instalment_plan.hpp"

namespace saldo::simulation {

/// A purchase as obvious arithmetic on the commands that went through: what the ledger must come to, written without
/// looking at its events; but what a return takes off which invoice, and the numbers of a plan, are told by them, and
/// held against laws. Amounts in cents.
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
    /// What may have kept a reservation from ending, and has paid instalments, by when it was recorded.
    struct Payment {
        foundation::Instant at;
        std::int64_t owed = 0, paid = 0;
        bool has_shipped = false;
        bool is_beside_the_plan = false;
    };
    /// Goods of one capture, billed.
    struct Invoice {
        std::string shop;
        std::int64_t left = 0;  ///< by returns
        foundation::Day due;
        std::optional<foundation::Day> collect_on = {};
    };
    /// The buyer has put an invoice off, once in the purchase's life.
    struct PutOff {
        std::size_t invoice = 0;
        foundation::Day from, due;
        std::int64_t fee = 0;
        std::optional<foundation::Day> until = {};  ///< withdrawn
    };
    /// A direct debit that the bank was asked for.
    struct Debit {
        ledger::DirectDebitId id;
        std::int64_t cents = 0;
        foundation::Day due;
        bool is_executed = false, is_returned = false;
        std::optional<foundation::Day> retry_on = {};
        bool voids_mandate = false;
        bool is_on_its_way() const { return !is_executed && !is_returned; }
    };
    /// A plan of instalments; or that there is none any more.
    struct Planned {
        foundation::Day day;
        std::optional<terms::InstalmentPlan> plan = {};
        std::size_t kept = 0;  ///< of its instalments: those that no later making changes
        std::vector<foundation::Day> collect_on = {};
    };
    /// Why another plan has to follow in the same commit.
    enum class Replanning { further_credit, returned_credit, payment_beside_the_plan, withdrawal };
    struct AwaitedPlan {
        Replanning why;
        foundation::Day day;
        std::int64_t cents = 0;  ///< paid beside the plan; or by which the interest changes that was kept
    };
    /// What of a plan's interest stays owed after a withdrawal; goods that come back then take their share along.
    struct InterestKept {
        std::int64_t at_first = 0, credit = 0, returned = 0;
        std::int64_t left() const {
            const std::int64_t rest = std::max<std::int64_t>(0, credit - returned);
            return (2 * at_first * rest + credit) / (2 * credit);  // half up
        }
    };
    /// An amount that is to be paid by a day: what is left of an invoice, or an instalment.
    struct Amount {
        int number = 0;
        foundation::Day due;
        std::int64_t cents = 0;
        std::optional<foundation::Day> collect_on = {};
    };
    /// What may be collected next, and when.
    struct Collectable {
        ledger::DirectDebitId id;
        std::int64_t cents = 0;
        foundation::Day due;
        bool operator==(const Collectable&) const = default;
    };
    enum class Due { nothing, end_of_code, end_of_reservation, expiry };

    std::vector<Shop> shops;
    std::vector<Fee> fees;
    std::map<foundation::Day, std::int64_t> owed;  ///< what each day added
    foundation::Instant created, expires;
    foundation::Day created_on;
    std::int64_t first = 0;    ///< what was authorised at once
    terms::Contract contract;  ///< in force when it was bought
    terms::PaymentMethod method;
    bool is_declined = false;
    bool is_erased = false;
    ledger::DunningLevel level = ledger::DunningLevel::no_dunning;
    std::optional<foundation::Day> blocked_until;
    std::optional<Code> code;                           ///< while it is awaited
    std::optional<foundation::Instant> reserved_until;  ///< of a prepayment
    std::vector<Payment> payments;
    bool has_ended = false;

    std::vector<Invoice> invoices;  ///< by capture
    std::optional<PutOff> put_off;
    bool is_collected = false;  ///< by direct debit, through us
    std::vector<Debit> debits;
    std::vector<Planned> plans;  ///< every one there was
    std::optional<AwaitedPlan> awaited_plan;
    std::optional<InterestKept> interest_kept;
    std::optional<foundation::Day> withdrawal_due;  ///< the buyer withdrew from the credit, and pays by then

    void buy(const ledger::Authorise& command, const terms::Contract& agreed, foundation::Instant now);
    void decline(const ledger::Authorise& command, const terms::Contract& agreed, foundation::Instant now);
    void apply(const ledger::Command& command, foundation::Instant now);
    /// The buyer is to prove by a code who is buying; until then nothing is owed.
    void ask_for_code(foundation::Instant now);
    /// Nothing stands in the way of the purchase any more: a prepayment is owed.
    void accept(foundation::Instant now);
    void give_up_code();
    /// The plan that was awaited.
    void take(const ledger::PlanMade& made, foundation::Day day);
    void end_plan(const ledger::PlanEnded& ended, foundation::Day day);
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

    // Credit and collecting (model_credit.cpp).
    bool is_by_instalments() const { return method.option == terms::PaymentOption::instalment; }
    bool may_withdraw() const {
        return contract.credit_regime == terms::CreditRegime::consumer_credit && !is_prepayment();
    }
    foundation::Day last_withdrawal_day() const { return created_on + foundation::Days{14}; }
    /// What the buyer keeps for good: captured and not returned.
    std::int64_t kept_goods() const { return sum_of(&Shop::captured) - sum_of(&Shop::refunded); }
    /// What fees of a kind stand: charged less given back.
    std::int64_t standing_fees(ledger::FeeType charged, ledger::FeeType given_back) const;
    const terms::InstalmentPlan* plan() const;
    /// How many instalments a plan made on a day must leave as they are: they have passed, are paid, or were kept
    /// before.
    std::size_t instalments_that_stay(foundation::Day day) const;
    /// What the other instalments repay.
    std::int64_t principal_to_come(foundation::Day day) const;
    /// Whether the law of the contract's country lets interest stay owed that has run up to a withdrawal.
    bool interest_runs_until_withdrawal() const { return contract.country == "DE"; }
    foundation::Days days_to_pay() const;
    /// When an invoice that is captured today falls due; of instalments as far as their plan does not say it.
    foundation::Day due_of_today(foundation::Day today) const;
    /// What is to be paid by when, as it stood on a day.
    std::vector<Amount> amounts_due(foundation::Day day) const;
    /// What may be given to the bank on a day.
    std::vector<Collectable> collectables(foundation::Day day) const;
    /// What the bank is collecting.
    std::int64_t on_its_way() const;
    Debit* debit(ledger::DirectDebitId id);
    const Debit* debit(ledger::DirectDebitId id) const;
    /// The day on which a first debit of what falls due is planned, if it is.
    std::optional<foundation::Day> planned_collection(foundation::Day due, foundation::Day today) const;
    /// The day on which a debit reaches the account that is wanted for one day and given to the bank on another.
    foundation::Day collection_day(foundation::Day wanted, foundation::Day today) const;
    foundation::Day mandate_void_from() const;

  private:
    bool outlasts_its_reservation() const;
    void end();
};

/// Why the ledger must refuse a command at that moment; nothing: it must go through. Said a second time, in the order
/// that docs/reference/refusals.md gives, so that a check that is forgotten or moved shows.
std::optional<ledger::Refusal> objection(const Model& model, const ledger::Command& command, foundation::Instant now);

/// Whether a command that goes through leaves everything as it is, so that nothing is recorded.
bool changes_nothing(const Model& model, const ledger::Command& command, foundation::Instant now);

}  // namespace saldo::simulation
