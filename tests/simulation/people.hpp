#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "fate.hpp"
#include "house.hpp"
#include "ledger/verification.hpp"
#include "model.hpp"
#include "service/purchases.hpp"

namespace saldo::simulation {

/// The buyer types a code: the one that was sent as the `sent`th, or a wrong one.
struct EnterCode {
    std::string code;
    int sent = 0;  ///< 0: never
};
/// The buyer asks for a new code.
struct AskForCode {};

/// What somebody asked of the house, and what came of it.
struct Request {
    std::size_t number = 0;
    std::size_t purchase = 0;               ///< which of the world's purchases it is about
    std::optional<std::string> partner_id;  ///< nothing: an operator asks
    std::optional<std::string> key;
    std::variant<ledger::Authorise, ledger::Command, EnterCode, AskForCode> command;
    std::set<ledger::Refusal> flaws = {};  ///< of an order: why it must be declined; the first in their order counts

    int arrivals = 0;  ///< copies of it that reached the house
    int events = 0;    ///< that the log has of it; what follows from one of them is not counted
    std::optional<service::Result> answer = {};   ///< what its sender heard
    service::PurchasePtr acknowledged = nullptr;  ///< of an answer: the purchase right after it
    std::optional<ledger::CodeAnswer> code_answer = {};

    /// Each request has a client of its own, so that every event in the log tells which request caused it.
    std::string actor() const { return "client-" + std::to_string(number); }
};

/// A purchase that a buyer tried on the payment page, and what the session says came of it.
struct TriedPurchase {
    std::string id;
    ledger::Authorise command;
    std::optional<ledger::Refusal> refusal;
    bool waits_for_code = false;
};

/// What the world itself knows of one purchase.
struct Dossier {
    const Merchant* merchant;
    std::string id = {};  ///< once the log has it
    Model model = {};
    ledger::Transaction transaction = {};  ///< as the log tells it
    std::optional<subject::Key> key = {};
    std::set<std::string> keys_used = {};
    std::vector<foundation::Digest> hashes = {};  ///< of its events, by seq - 1
    std::string phone = {};                       ///< the buyer's
    std::vector<EnterCode> codes = {};            ///< that the phone got
    std::optional<std::size_t> visit = {};        ///< on which it was tried
    std::optional<TriedPurchase> tried = {};

    bool exists() const { return !id.empty(); }
};

/// An order for a merchant's shop: mostly a good one, else with one or two flaws, which are noted.
ledger::Authorise order(Fate& fate, const Dossier& dossier, foundation::Instant now, std::set<ledger::Refusal>& flaws);

/// How an order is to be paid, and what is wrong about that.
void choose_method(Fate& fate, const Dossier& dossier, ledger::Authorise& command, std::set<ledger::Refusal>& flaws);
void choose_instalments(Fate& fate, const Merchant& merchant, ledger::Authorise& command,
                        std::set<ledger::Refusal>& flaws);

/// What the house keeps of a code instead of it.
std::string digest_of(std::string_view transaction_id, std::string_view code);

/// Whether the risk check wants to know by a code who is buying.
bool needs_code(const ledger::Authorise& order);

/// What somebody wants of a purchase that is there: the merchant, its buyer through the bank, who collects, or who
/// protects data. They mostly want what makes sense.
struct Wish {
    std::variant<ledger::Authorise, ledger::Command, EnterCode, AskForCode> command;
    bool by_operator = false;
};
Wish wish(Fate& fate, const Dossier& dossier, foundation::Instant now);
/// A wish that hangs on how the purchase is paid: put off or taken back, repaid beside the plan, withdrawn from,
/// collected. Mostly one that makes sense for it; nothing where none does.
std::optional<Wish> credit_wish(Fate& fate, const Dossier& dossier, foundation::Instant now);
/// The day that somebody names for a booking, if any: mostly one between the purchase and today.
std::optional<foundation::Day> some_day(Fate& fate, const Dossier& dossier, foundation::Instant now);

}  // namespace saldo::simulation
