#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "foundation/outcome.hpp"
#include "ledger/command.hpp"
#include "ledger/transaction.hpp"
#include "terms/contract.hpp"

namespace saldo::ledger {

/// What a decision may know besides the purchase and the command.
struct Context {
    foundation::Instant now;
    std::string operation_id;  ///< the id of what this command makes
};

/// An event and the day it counts for.
struct Decided {
    Event event;
    foundation::Day value_date;
};
using Decision = std::vector<Decided>;

/// The partner's side of an authorisation.
struct Counterpart {
    std::string partner_id;
    terms::Contract contract;
    std::map<std::string, std::string, std::less<>>
        shops;  ///< name by partner_shop_id; an empty name: the shop has none
    RiskVerdict risk = RiskVerdict::accepted;
    std::string payment_reference;  ///< for the purchase, should it be accepted
    std::string code_digest = {};   ///< of the code that is sent, should one be needed
};

/// Accepts or declines a purchase: one event, Authorised or Declined; with Authorised come CodeRequired and CodeSent if
/// the risk check wants a code. A decline gives the first reason in the order of `Refusal`.
Decision decide(const Authorise& command, const Counterpart& counterpart, const Context& context);

/// The events that a command on a purchase brings about, or why it may not happen. An empty decision is a command that
/// has nothing to do (the same level of dunning, no block to lift). What time alone brings about by `context.now` must
/// have been applied.
foundation::Outcome<Decision, Refusal> decide(const Transaction& transaction, const Command& command,
                                              const Context& context);

}  // namespace saldo::ledger
