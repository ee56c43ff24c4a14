#pragma once

#include <functional>
#include <string>
#include <variant>

#include "ledger/verification.hpp"
#include "service/purchases.hpp"

namespace saldo::service {

/// What became of a code, and the purchase after it.
struct CodeSaid {
    ledger::CodeAnswer answer;
    PurchasePtr purchase;
};

/// The one-time codes of purchases made through the Payment API. Every answer comes on another thread, after the
/// commit, exactly once.
class CodeDesk {
  public:
    using OnCode = std::move_only_function<void(std::variant<CodeSaid, NotDecided>)>;
    virtual ~CodeDesk() = default;
    /// `unknown_transaction` for an id that the origin may not see.
    virtual void enter_code(Origin origin, std::string transaction_id, std::string code, OnCode answer) = 0;
    virtual void send_new_code(Origin origin, std::string transaction_id, OnCode answer) = 0;
};

}  // namespace saldo::service
