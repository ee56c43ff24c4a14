#pragma once

#include <string>
#include <string_view>

#include "ledger/transaction.hpp"
#include "service/messenger.hpp"
#include "service/random.hpp"

namespace saldo::service {

/// Draws codes, knows them again, and sends them. A code itself is nowhere kept.
class OneTimeCodes {
  public:
    /// Without a messenger none is ever sent. What is handed in outlives the codes.
    OneTimeCodes(Random& random, std::string id_secret, Messenger* messenger)
        : random_(random), id_secret_(std::move(id_secret)), messenger_(messenger) {}

    bool can_send() const { return messenger_ != nullptr; }
    /// Six digits, each as likely as any other.
    std::string draw() const;
    /// What is kept of a code: nothing can be guessed from it without the store's secret.
    std::string digest(std::string_view transaction_id, std::string_view code) const;
    /// Sends the code to the number that the purchase's newest CodeSent names, in the buyer's language.
    void send(const ledger::Transaction& transaction, const std::string& code) const;

  private:
    Random& random_;
    std::string id_secret_;
    Messenger* messenger_;
};

}  // namespace saldo::service
