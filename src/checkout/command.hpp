#pragma once

#include <optional>
#include <string>
#include <variant>

#include "checkout/event.hpp"

namespace saldo::checkout {

/// Make a session: whoever asks has looked up the contract.
struct Create {
    std::string partner_id;
    std::string shop_name;
    Order order;
    Urls urls;
    std::vector<Offer> offers;
    PinnedTerms terms;
};

/// What the ledger said of the purchase that the buyer confirmed.
struct Purchased {
    std::string transaction_id;
    std::string payment_reference;
};
struct PurchasedAfterCode {
    std::string transaction_id;
    std::string payment_reference;
};
struct NotPurchased {
    std::string transaction_id;
    ledger::Refusal refusal;
};
using LedgerAnswer = std::variant<Purchased, PurchasedAfterCode, NotPurchased>;

/// The buyer wants more time, or did what changes nothing else (a code that was wrong, a form that was).
struct Act {};
struct ChoosePaymentMethod {
    terms::PaymentMethod method;
    std::optional<int> instalments = {};  ///< how many, where the purchase is repaid by them
};
struct GiveDetails {
    Details details;
};
/// The order button: allowed by `may_confirm`, decided by the ledger.
struct Confirm {
    ConsentReceipt receipt;
    LedgerAnswer answer;
};
/// The right code was entered.
struct AcceptCode {};
/// The purchase that waited for its code was declined: the tries are used up, or the time.
struct GiveUpCode {
    ledger::Refusal refusal;
};
/// The cancel button.
struct Cancel {};
/// End it now as if the buyer had done nothing for 30 minutes. The sandbox's own.
struct Expire {};
/// An operator advises the merchant to cancel.
struct FlagFraud {
    std::optional<Sealed> comment;
};
struct EraseSubject {};

/// What can be asked of a session that is there.
using Command = std::variant<Act, ChoosePaymentMethod, GiveDetails, Confirm, AcceptCode, GiveUpCode, Cancel, Expire,
                             FlagFraud, EraseSubject>;

}  // namespace saldo::checkout
