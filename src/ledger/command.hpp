#pragma once

#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "ledger/event.hpp"

namespace saldo::ledger {

/// What the risk check says of a buyer. In production nobody asks one; the sandbox answers by the buyer's e-mail.
enum class RiskVerdict {
    accepted,
    buyer_identity,
    payment_attribute,
    risk_decision,
    transaction_risk,
    one_time_code_required
};

/// One shop's basket as it was sent: the shop may be left out where the partner has one.
struct RequestedBasket {
    std::optional<std::string> shop_id;
    std::optional<std::string> shop_transaction_id;
    foundation::Money gross;
    std::vector<Line> lines;
    std::vector<Vat> vats;
    bool operator==(const RequestedBasket&) const = default;
};

/// How a buyer wants to repay: by so many instalments, or by the fewest that are not above an amount. One of the two.
struct WantedInstalments {
    std::optional<int> number;
    std::optional<foundation::Money> amount;  ///< that each instalment may have at most
    std::optional<int> payment_day;           ///< of the month; default: the first that the contract has
};

/// Accept a purchase on account.
struct Authorise {
    std::optional<std::string> partner_transaction_id;
    std::optional<std::string> partner_operation_id;
    terms::PaymentMethod payment_method;
    foundation::Currency currency;
    std::vector<RequestedBasket> baskets;
    Buyer buyer;
    std::optional<Delivery> delivery;
    std::optional<Device> device;
    std::optional<DebitAccount> debit_account;
    std::optional<WantedInstalments> instalments;  ///< where the payment option is instalment, and only there
    std::optional<foundation::Instant> expires;
};

/// What increments, captures, cancellations and refunds ask for. gross > 0.
struct RequestedOperation {
    std::optional<std::string> shop_id;
    foundation::Money gross;
    std::vector<Line> lines;
    std::vector<Vat> vats;
    std::optional<std::string> partner_operation_id;
};

struct IncreaseAuthorisation {
    RequestedOperation operation;
    RiskVerdict risk = RiskVerdict::accepted;
};
struct Capture {
    RequestedOperation operation;
    std::optional<std::string> partner_invoice_id;
    std::optional<std::string> partner_transaction_id;
    std::optional<std::string> shop_transaction_id;
};
struct Cancel {
    RequestedOperation operation;
};
struct Refund {
    RequestedOperation operation;
};
/// The capture must exist: who asks has looked it up.
struct AddShippingInformation {
    std::string capture_id;
    std::string carrier_name;
    std::optional<Sealed> tracking_number;
};
struct ChangeExpiry {
    foundation::Instant expires;
};
/// amount > 0 for both types.
struct BookSettlement {
    SettlementType type;
    foundation::Money amount;
    std::optional<foundation::Day> value_date;  ///< default: today
    std::optional<Sealed> reference;
    std::optional<Sealed> comment;
    bool unscheduled = false;  ///< of a DEBIT: paid beside the plan of instalments, which is then made anew
};
struct BookFee {
    FeeType type;
    foundation::Money gross;
    std::optional<foundation::Day> date;  ///< default: today
    std::optional<Sealed> comment;
};
/// The buyer withdraws from paying later.
struct WithdrawCredit {
    std::optional<foundation::Day> date;  ///< on which the buyer declared it; default: today
    std::optional<Sealed> comment;
};
/// Say that the bank was asked for a direct debit: exactly what `direct_debits_due` gave.
struct SubmitDirectDebit {
    DirectDebitId debit;
    foundation::Money amount;
    foundation::Day due_date;
    std::optional<foundation::Day> date;  ///< on which the bank was; default: today
};
/// The direct debit must exist: who asks has looked it up.
struct ExecuteDirectDebit {
    DirectDebitId debit;
    std::optional<foundation::Day> value_date;  ///< default: today
};
struct ReturnDirectDebit {
    DirectDebitId debit;
    std::string reason;                         ///< one that `terms::return_reason` knows
    std::optional<foundation::Day> value_date;  ///< default: today
};
/// Put off the due date by an offer of the contract the purchase was made under.
struct BookPayLater {
    std::string offer_id;
};
struct WithdrawPayLater {
    std::optional<foundation::Day> date;  ///< on which the buyer said so; default: today
    std::optional<Sealed> comment;
};
struct SetDunningLevel {
    DunningLevel level;
    std::optional<foundation::Day> date;  ///< default: today
    std::optional<Sealed> comment;
};
struct BlockDunning {
    foundation::Day from;
    foundation::Day until;
    Sealed reason;
    std::optional<Sealed> comment;
};
struct UnblockDunning {
    std::optional<Sealed> comment;
};
struct EraseSubject {};

/// What can be asked of a purchase that is there.
using Command =
    std::variant<IncreaseAuthorisation, Capture, Cancel, Refund, AddShippingInformation, ChangeExpiry, BookSettlement,
                 BookFee, WithdrawCredit, SetDunningLevel, BlockDunning, UnblockDunning, EraseSubject, BookPayLater,
                 WithdrawPayLater, SubmitDirectDebit, ExecuteDirectDebit, ReturnDirectDebit>;

/// The operation's name in refusals and fingerprints, e.g. `capture`.
std::string_view operation_of(const Command& command);

}  // namespace saldo::ledger
