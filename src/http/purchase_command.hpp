#pragma once

#include <functional>
#include <optional>
#include <string>

#include "foundation/json.hpp"
#include "foundation/outcome.hpp"
#include "http/field_reader.hpp"
#include "http/message.hpp"
#include "ledger/command.hpp"
#include "service/purchases.hpp"

namespace saldo::http {

/// A command as a request asks for it, or everything that is wrong with the request.
using CommandRead = foundation::Outcome<ledger::Command, Malformed>;

/// How an API says no.
struct Nay {
    Response (*malformed)(const Malformed&, const Request&);
    Response (*refused)(ledger::Refusal, const Request&);
    Response (*not_decided)(service::NotDecided, const Request&);
};

/// A request to do something to a purchase.
struct PurchaseCommand {
    RequestPtr request;
    service::Origin origin;
    std::string transaction_id;
    /// What the body asks for. Amounts are in the currency of the purchase; a null purchase is not there, and then only
    /// what is wrong in any case is told.
    std::function<CommandRead(foundation::JsonValue body, const service::Purchase* purchase)> read;
    /// The answer, once it is done.
    std::function<Response(const service::Done&)> answer;
    /// The answer if something else that the request names is not there.
    std::function<std::optional<Response>(const ledger::Transaction&)> missing = {};
    /// Read where the request has no body, if the operation needs none.
    std::string_view body_if_none = {};
};

/// Carries it out and answers once. What is wrong is told in the order of the contract: syntax and fields, existence,
/// an erased buyer, the idempotency key, the business. `purchases` must outlive the answer.
void carry_out(service::Purchases& purchases, const Nay& nay, PurchaseCommand command, Respond respond);

}  // namespace saldo::http
