#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "foundation/calendar.hpp"
#include "foundation/money.hpp"
#include "ledger/basket.hpp"
#include "ledger/buyer.hpp"
#include "ledger/refusal.hpp"
#include "subject/sealed.hpp"
#include "terms/contract.hpp"
#include "terms/payment_method.hpp"

namespace saldo::checkout {

using subject::Sealed;

/// What the shop wants to sell: an authorisation without a way to pay. What the buyer corrects replaces it here.
struct Order {
    std::optional<std::string> partner_transaction_id;
    std::optional<std::string> partner_operation_id;
    foundation::Currency currency;
    std::vector<ledger::Basket> baskets;  ///< shop_id empty: not given, and the partner has several shops
    ledger::Buyer buyer;
    std::optional<ledger::Delivery> delivery;
    std::optional<ledger::Device> device;
    std::optional<foundation::Instant> expires;  ///< of the authorisation, where the shop says so

    foundation::Money gross() const;
    bool operator==(const Order&) const = default;
};

/// Where the buyer is led back to, and where the shop is told. They may carry the shop's own secrets: sealed.
struct Urls {
    std::optional<Sealed> success;
    std::optional<Sealed> cancel;
    std::optional<Sealed> failure;
    std::optional<Sealed> webhook;
    bool operator==(const Urls&) const = default;
};

/// A way to pay that the buyer may choose, and what it means: `cost` on top of the goods, due so many days after the
/// goods were shipped.
struct Offer {
    terms::PaymentMethod method;
    int due_days = 14;
    foundation::Money cost;
    bool operator==(const Offer&) const = default;
};

/// What the contract said when the session was made.
struct PinnedTerms {
    int contract_version = 1;
    foundation::Zone zone = foundation::Zone::utc();
    int tries_max = 3;       ///< declined tries after which the session is over
    int retention_days = 0;  ///< how long a session is kept that bought nothing; 0: for good
    std::optional<terms::Contract::DepositAccount> deposit_account;
    std::optional<terms::InstalmentTerms> instalments;  ///< where instalments are offered
    std::optional<terms::CreditRegime> credit_regime;   ///< nothing: merchant_deferral
    std::optional<terms::Creditor> creditor;
    std::optional<terms::LatePayment> late_payment;
    terms::CreditConditions credit_conditions() const {
        return {credit_regime.value_or(terms::CreditRegime::merchant_deferral), creditor, late_payment};
    }
    bool operator==(const PinnedTerms&) const = default;
};

/// The merchant made the session. The buyer has done nothing yet.
struct SessionCreated {
    std::string partner_id;
    std::string shop_name;  ///< as the buyer reads it: the shop's, or else the partner's
    Order order;
    Urls urls;
    std::vector<Offer> offers;
    PinnedTerms terms;
    bool operator==(const SessionCreated&) const = default;
};

/// The buyer did something that changes nothing but how long the session lives: asked for more time, typed a code.
struct BuyerActed {
    bool operator==(const BuyerActed&) const = default;
};

/// The buyer chose how to pay.
struct PaymentMethodChosen {
    terms::PaymentMethod method;
    std::optional<int> instalments;  ///< how many, where the purchase is repaid by them
    bool operator==(const PaymentMethodChosen&) const = default;
};

/// What the buyer typed; what is left out stays as it was.
struct Details {
    std::optional<ledger::Address> billing_address;
    std::optional<ledger::Address> delivery_address;
    std::optional<Sealed> first_name;
    std::optional<Sealed> last_name;
    std::optional<Sealed> date_of_birth;  ///< YYYY-MM-DD
    std::optional<Sealed> phone;
    std::optional<ledger::DebitAccount> debit_account;
    bool operator==(const Details&) const = default;
};
struct DetailsGiven {
    Details details;
    bool operator==(const DetailsGiven&) const = default;
};

/// What the buyer saw when agreeing: proof of the words, of which nothing can be taken back.
struct ConsentReceipt {
    std::string text_pack;                    ///< version of the texts
    std::string language;                     ///< they were shown in
    std::string page_sha256;                  ///< of the page as it was rendered, in hexadecimal
    std::optional<Sealed> source_ip_address;  ///< where the buyer's answer came from
    bool operator==(const ConsentReceipt&) const = default;
};

/// The buyer pressed the order button. The event's instant is the time of the agreement.
struct OrderConfirmed {
    ConsentReceipt receipt;
    bool operator==(const OrderConfirmed&) const = default;
};

/// The purchase was declined for something that the buyer can put right; the session goes on.
struct PurchaseDeclined {
    std::string transaction_id;
    ledger::Refusal refusal;
    bool operator==(const PurchaseDeclined&) const = default;
};

/// The purchase waits for the code that was sent to the buyer's phone.
struct CodeRequired {
    std::string transaction_id;
    std::string payment_reference;
    bool operator==(const CodeRequired&) const = default;
};

/// The purchase was authorised.
struct SessionCompleted {
    std::string transaction_id;
    std::string payment_reference;
    bool operator==(const SessionCompleted&) const = default;
};

/// The purchase was declined for good.
struct SessionFailed {
    std::string transaction_id;
    ledger::Refusal refusal;
    bool operator==(const SessionFailed&) const = default;
};

/// Thirty minutes without an action of the buyer. Its effective instant is exactly that.
struct SessionExpired {
    bool operator==(const SessionExpired&) const = default;
};

/// The buyer pressed the cancel button.
struct SessionCanceled {
    bool operator==(const SessionCanceled&) const = default;
};

/// We advise the merchant to cancel what was bought.
struct FraudFlagged {
    std::optional<Sealed> comment;
    bool operator==(const FraudFlagged&) const = default;
};

/// The key of the buyer's data was destroyed. Ids, amounts, dates and hashes stay.
struct SubjectErased {
    bool operator==(const SubjectErased&) const = default;
};

using Event = std::variant<SessionCreated, BuyerActed, PaymentMethodChosen, DetailsGiven, OrderConfirmed,
                           PurchaseDeclined, CodeRequired, SessionCompleted, SessionFailed, SessionExpired,
                           SessionCanceled, FraudFlagged, SubjectErased>;

/// An event in its place in the session's stream.
struct Recorded {
    std::int64_t seq = 0;
    foundation::Instant recorded_at;
    foundation::Instant effective_at;
    foundation::Day value_date;
    std::string actor;
    Event event;
    bool operator==(const Recorded&) const = default;
};

/// The event's name in the log, e.g. `SessionCreated`.
std::string_view type_of(const Event& event);

}  // namespace saldo::checkout
