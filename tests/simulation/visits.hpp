#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "disk.hpp"
#include "people.hpp"
#include "service/session_fold.hpp"
#include "service/sessions.hpp"
#include "verdict.hpp"

namespace saldo::simulation {

/// A buyer's visit to the payment page, as the world knows it: what the merchant asked for, and what the log has of it.
struct Visit {
    const Merchant* merchant;
    service::RequestedSession wanted;
    std::string phone = {};
    std::string id = {};  ///< once the log has it
    std::string landing_token = {};

    /// The session as the log tells it, by version; the first is none.
    std::vector<checkout::Session> versions = {checkout::Session{}};
    std::optional<subject::Key> key = {};
    foundation::Instant acted;            ///< the buyer's last action, or the creation
    std::vector<std::string> tried = {};  ///< ids of its purchases, in their order
    std::vector<EnterCode> typed = {};    ///< that reached the house
    bool is_confirmed_elsewhere = false;  ///< the code came by the Payment API, of which the page does not know yet
    bool is_confirming = false;           ///< the order button was recorded, its outcome not yet

    std::string actor() const { return "visit-" + phone; }
    bool exists() const { return !id.empty(); }
    const checkout::Session& session() const { return versions.back(); }
};

/// What somebody does about a session.
struct EraseVisit {};
struct PressOrder {
    std::optional<ledger::RiskVerdict> verdict;
};
using VisitWish = std::variant<checkout::Command, PressOrder, EnterCode, AskForCode, EraseVisit>;

/// A session for goods of a merchant's first shop, by a buyer of whom something may not be known yet.
service::RequestedSession visit_wanted(Fate& fate, const Merchant& merchant);
/// What the buyer, who mostly wants to buy, or now and then an operator does next.
VisitWish visit_wish(Fate& fate, const Visit& visit, const std::vector<EnterCode>& codes);
std::string words_of(const VisitWish& wish);

/// Why a session must say no to it as it stands; nothing: it must go through, or nothing can be said so simply.
std::optional<checkout::Refusal> objection(const checkout::Session& session, const VisitWish& wish);

/// Follows a session's stream: one more of its events, held against the rules of the page. Gives the purchase that the
/// event says was tried.
std::optional<TriedPurchase> take(Visit& visit, const service::EventRecord& record, Disk& disk, Verdict& verdict);

/// Session and purchases say the same at the end of every commit.
void check_visit(const Visit& visit, const std::vector<Dossier>& dossiers, Verdict& verdict);
/// At the end of its life: a replay from the stored bytes.
void check_the_end(const Visit& visit, Disk& disk, foundation::Instant now, Verdict& verdict);

}  // namespace saldo::simulation
