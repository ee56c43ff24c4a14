#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "foundation/calendar.hpp"
#include "foundation/decimal.hpp"
#include "foundation/money.hpp"
#include "ledger/basket.hpp"
#include "ledger/buyer.hpp"
#include "ledger/refusal.hpp"
#include "subject/sealed.hpp"
#include "terms/contract.hpp"
#include "terms/payment_method.hpp"

namespace saldo::ledger {

/// What the contract said when the purchase was authorised: a later contract changes no purchase that is already there.
struct PinnedTerms {
    int contract_version = 1;
    foundation::Zone zone = foundation::Zone::utc();
    int due_days = 14;
    int expiry_days_max = 365;
    bool return_fees = true;
    int increment_percent_max = 100;
    bool marketplace = false;
    std::optional<terms::Contract::DepositAccount> deposit_account;
    std::optional<terms::PartPayment> part_payment;     ///< of a prepayment alone
    std::optional<terms::InstalmentTerms> instalments;  ///< of a purchase by instalments alone
    std::optional<terms::CreditRegime> credit_regime;   ///< nothing: merchant_deferral
    std::optional<terms::DirectDebit> direct_debit;     ///< of a direct debit alone
    std::optional<terms::PayLater> pay_later;           ///< of an open invoice alone, offers in the purchase's currency
    bool operator==(const PinnedTerms&) const = default;
};

/// How a purchase by instalments is repaid, as its buyer agreed to when it was authorised.
struct AgreedInstalments {
    int number = 0;                        ///< of instalments
    int payment_day = 28;                  ///< of the month
    foundation::Decimal effective_rate{};  ///< percent a year, of the plan for the whole purchase
    bool operator==(const AgreedInstalments&) const = default;
};

/// A purchase as it was asked for, with all that its later life needs.
struct Authorisation {
    std::string partner_id;
    std::optional<std::string> partner_transaction_id;
    std::optional<std::string> partner_operation_id;
    terms::PaymentMethod payment_method;
    foundation::Currency currency;
    std::vector<Basket> baskets;
    Buyer buyer;
    std::optional<Delivery> delivery;
    std::optional<Device> device;
    std::optional<DebitAccount> debit_account;
    std::optional<AgreedInstalments> instalments;
    foundation::Instant expires;
    PinnedTerms terms;

    foundation::Money gross() const;
    /// What is owed as soon as the purchase is accepted: all of a prepayment; else nothing before goods leave.
    std::optional<foundation::Money> claim_on_acceptance() const;
    bool operator==(const Authorisation&) const = default;
};

/// The purchase was accepted. Nothing is owed yet, since a claim arises at shipment; but a prepayment is owed at once.
struct Authorised {
    Authorisation authorisation;
    std::string payment_reference;           ///< what the buyer writes on a transfer; one per transaction
    std::optional<foundation::Money> claim;  ///< of a prepayment: what is owed from now on
    bool operator==(const Authorised&) const = default;
};

/// The purchase was refused. It keeps its id, and nothing can follow.
struct Declined {
    Authorisation authorisation;
    Refusal refusal;
    bool operator==(const Declined&) const = default;
};

/// So many units of a line of the transaction (counted over all baskets, then increments) take part in an operation.
struct LineMove {
    int line = 0;
    std::int64_t quantity = 0;
    bool operator==(const LineMove&) const = default;
};

/// What increments, captures, cancellations and refunds share. gross > 0.
struct BasketOperation {
    std::string id;
    std::string shop_id;
    foundation::Money gross;
    std::vector<Line> lines;  ///< as sent
    std::vector<Vat> vats;    ///< as sent
    std::vector<LineMove>
        moves;  ///< which of the authorised lines these are; decided once, so that replay needs no text
    std::optional<std::string> partner_operation_id;
    bool operator==(const BasketOperation&) const = default;
};

/// The shop added to the purchase before shipment; `lines` are new lines of the transaction.
struct AuthorisationIncreased {
    BasketOperation operation;
    bool operator==(const AuthorisationIncreased&) const = default;
};

/// Goods left the shop. From this moment the buyer owes `operation.gross`, due on `due_date`.
struct Captured {
    BasketOperation operation;
    foundation::Day due_date;
    std::optional<std::string> partner_invoice_id;
    std::optional<std::string> partner_transaction_id;
    std::optional<std::string> shop_transaction_id;
    std::optional<foundation::Money> claim;     ///< what is owed by it, if not `operation.gross`: 0 of what was prepaid
    std::optional<foundation::Day> collect_on;  ///< of a direct debit: when it is planned to be collected
    bool operator==(const Captured&) const = default;
};

/// Goods will not be shipped.
struct Cancelled {
    BasketOperation operation;
    std::optional<foundation::Money> claim;  ///< of a prepayment: what is not owed any more, negative
    bool operator==(const Cancelled&) const = default;
};

/// Goods came back, or part of their price was given up.
struct Refunded {
    BasketOperation operation;
    bool operator==(const Refunded&) const = default;
};

/// The authorisation ran out; what was still open is cancelled. Its effective instant is the end of the authorisation.
struct Expired {
    std::optional<foundation::Money> claim;  ///< of a prepayment: what is not owed any more, negative
    bool operator==(const Expired&) const = default;
};

/// A prepayment was not paid in time: nothing of it will be shipped. Its effective instant is the start of the day
/// after the last day for paying it.
struct ReservationEnded {
    foundation::Money claim;  ///< what is not owed any more, negative
    bool operator==(const ReservationEnded&) const = default;
};

/// The shop moved the end of the authorisation.
struct ExpiryChanged {
    foundation::Instant expires;
    bool operator==(const ExpiryChanged&) const = default;
};

/// Who carries the goods of a capture.
struct ShippingInformationAdded {
    std::string id;
    std::string capture_id;
    std::string carrier_name;
    std::optional<Sealed> tracking_number;
    bool operator==(const ShippingInformationAdded&) const = default;
};

/// DEBIT: the buyer paid. CREDIT: money went to the buyer.
enum class SettlementType { debit, credit };

/// Money moved between the buyer and us; the event's value date is the day it did so at the bank. amount > 0.
struct SettlementBooked {
    std::string id;
    SettlementType type;
    foundation::Money amount;
    std::optional<Sealed> reference;
    std::optional<Sealed> comment;
    bool operator==(const SettlementBooked&) const = default;
};

/// The fees of the seed. Those that give a fee back are negative.
enum class FeeType {
    pay_later_fee,
    service_charge,
    dunning_fee,
    return_debit_note_fee,
    interest,
    pay_later_withdrawn,
    service_charge_return,
    dunning_fee_return,
    return_debit_note_fee_return,
};

/// A fee was charged (positive) or given back (negative) on the event's value date.
struct FeeBooked {
    std::string id;
    FeeType type;
    foundation::Money gross;
    std::optional<Sealed> comment;
    bool operator==(const FeeBooked&) const = default;
};

/// The instalments by which the buyer repays were made, or made anew: goods were shipped or came back, or the buyer
/// paid beside the plan. The newest plan is the one that holds. Belongs to the event before it in the stream.
struct PlanMade {
    terms::InstalmentPlan plan;
    foundation::Money interest;        ///< charged by it, less that of the plan before; negative where less is charged
    foundation::Money service_charge;  ///< charged by it, less that of the plan before
    std::optional<foundation::Money> unscheduled;  ///< what was paid beside the plan, where that was the reason
    std::vector<foundation::Day> collect_on;  ///< of direct debits: when each instalment is planned to be collected
    bool operator==(const PlanMade&) const = default;
};

/// Nothing is repaid by instalments any more: all goods came back, or the buyer withdrew from the credit. Belongs to
/// the event before it in the stream.
struct PlanEnded {
    foundation::Money interest;                      ///< not charged any more: negative or 0
    foundation::Money service_charge;                ///< given back: negative or 0
    std::optional<foundation::Money> interest_kept;  ///< what stays owed of it, after a withdrawal
    bool operator==(const PlanEnded&) const = default;
};

/// The buyer withdrew from paying later, in the time that the law gives: what it cost is given back as far as the law
/// says (`PlanEnded`), and the goods are to be paid by `due_date`.
struct CreditWithdrawn {
    std::string id;
    foundation::Day due_date;
    std::optional<Sealed> comment;
    bool operator==(const CreditWithdrawn&) const = default;
};

/// A direct debit within its purchase: which of the amounts that fall due it collects, and the how manieth try it is.
struct DirectDebitId {
    int number = 0;   ///< of the due amount, from 1
    int attempt = 0;  ///< from 1
    auto operator<=>(const DirectDebitId&) const = default;
};

/// The bank was asked to collect an amount on a day.
struct DirectDebitSubmitted {
    DirectDebitId debit;
    foundation::Money amount;
    foundation::Day due_date;  ///< of TARGET
    bool operator==(const DirectDebitSubmitted&) const = default;
};

/// The bank collected it on the event's value date.
struct DirectDebitExecuted {
    std::string id;
    DirectDebitId debit;
    foundation::Money amount;
    bool operator==(const DirectDebitExecuted&) const = default;
};

/// It came back, or never went through, on the event's value date.
struct DirectDebitReturned {
    std::string id;
    DirectDebitId debit;
    std::string reason;                       ///< the bank's code, `AM04`
    std::optional<foundation::Money> amount;  ///< went back to the buyer; nothing if it had not been collected
    std::optional<foundation::Money> fee;     ///< charged for it
    std::optional<foundation::Day> retry_on;  ///< when it is planned to be tried again
    bool operator==(const DirectDebitReturned&) const = default;
};

/// The buyer put off the due date of one invoice for a fee.
struct PayLaterBooked {
    std::string id;
    std::string capture_id;  ///< whose invoice it is
    std::string offer_id;
    int delta_days = 0;
    foundation::Money fee;     ///< > 0
    foundation::Day due_date;  ///< from now on
    bool operator==(const PayLaterBooked&) const = default;
};

/// The buyer took that back: the invoice is due when it was at first, and the fee is given back.
struct PayLaterWithdrawn {
    std::string id;
    foundation::Money fee;  ///< negative: all of what was charged
    std::optional<Sealed> comment;
    bool operator==(const PayLaterWithdrawn&) const = default;
};

enum class DunningLevel { no_dunning, payment_reminder, first_dunning, last_dunning, collection, collection_finished };

/// The purchase was put on a level of dunning on the event's value date.
struct DunningLevelSet {
    DunningLevel level;
    std::optional<Sealed> comment;
    bool operator==(const DunningLevelSet&) const = default;
};

/// Dunning rests from the first to the last day, both included. Replaces a block that was there.
struct DunningBlocked {
    foundation::Day from;
    foundation::Day until;
    Sealed reason;
    std::optional<Sealed> comment;
    bool operator==(const DunningBlocked&) const = default;
};

struct DunningUnblocked {
    std::optional<Sealed> comment;
    bool operator==(const DunningUnblocked&) const = default;
};

/// The purchase was accepted on condition that its buyer enters the code that is sent to the phone, until `deadline`.
/// Until then nothing can be done with it.
struct CodeRequired {
    int tries_max = 3;
    int new_codes_max = 3;
    int life_seconds = 300;
    int pause_seconds = 30;
    foundation::Instant deadline;
    bool operator==(const CodeRequired&) const = default;
};

/// A code is on its way; it replaces the one before. Of the code itself only an HMAC under a key of the store's is
/// kept.
struct CodeSent {
    std::string digest;  ///< hexadecimal
    std::optional<Sealed> phone;
    bool operator==(const CodeSent&) const = default;
};

/// A code was entered that was not the one that was sent.
struct CodeMissed {
    bool operator==(const CodeMissed&) const = default;
};

/// The right code was entered: the purchase is accepted without a condition.
struct CodeConfirmed {
    std::optional<foundation::Money> claim;  ///< of a prepayment: owed from now on
    bool operator==(const CodeConfirmed&) const = default;
};

/// No right code came: the tries were used up, or the deadline passed. The purchase is declined.
struct CodeGivenUp {
    bool operator==(const CodeGivenUp&) const = default;
};

/// A command with a key was refused; it stays refused. Moves no document.
struct Refused {
    std::string operation;  ///< what was asked for, e.g. `capture`
    Refusal refusal;
    bool operator==(const Refused&) const = default;
};

/// The key of the buyer's data was destroyed. Amounts, dates and hashes stay.
struct SubjectErased {
    bool operator==(const SubjectErased&) const = default;
};

using Event =
    std::variant<Authorised, Declined, AuthorisationIncreased, Captured, Cancelled, Refunded, Expired, ExpiryChanged,
                 ShippingInformationAdded, SettlementBooked, FeeBooked, DunningLevelSet, DunningBlocked,
                 DunningUnblocked, Refused, SubjectErased, CodeRequired, CodeSent, CodeMissed, CodeConfirmed,
                 CodeGivenUp, ReservationEnded, PlanMade, PlanEnded, CreditWithdrawn, PayLaterBooked, PayLaterWithdrawn,
                 DirectDebitSubmitted, DirectDebitExecuted, DirectDebitReturned>;

/// Those that change what is in the baskets after the authorisation.
using BasketEvent = std::variant<AuthorisationIncreased, Captured, Cancelled, Refunded, Expired, ReservationEnded>;

/// An event in its place in the stream.
struct Recorded {
    std::int64_t seq = 0;
    foundation::Instant recorded_at;
    foundation::Instant effective_at;
    foundation::Day value_date;
    std::string actor;
    Event event;
    bool operator==(const Recorded&) const = default;
};

/// The seed's names (`DEBIT`, `DUNNING_FEE_RETURN`, `FIRST_DUNNING`), both ways.
std::string_view name_of(SettlementType type);
std::string_view name_of(FeeType type);
std::string_view name_of(DunningLevel level);
std::optional<SettlementType> settlement_type(std::string_view name);
std::optional<FeeType> fee_type(std::string_view name);
std::optional<DunningLevel> dunning_level(std::string_view name);

/// The fee that this one gives back; nothing for a fee that charges.
std::optional<FeeType> fee_given_back_by(FeeType type);

/// What the event adds to the claims: positive for goods shipped or to be prepaid, negative for goods that came back or
/// will not come; nothing where no claim changes.
std::optional<foundation::Money> claim_of(const Event& event);
std::optional<foundation::Money> claim_of(const BasketEvent& event);

/// What a plan's making or end changes in what the credit costs the buyer; nothing where it changes nothing.
std::optional<foundation::Money> cost_change_of(const Event& event);

/// Whether an event of that type is a consequence of the one before it in the stream, decided along with it.
bool belongs_to_the_event_before(std::string_view type);
/// The money that the event moves between the buyer and us, as an entry of its own; nothing where it moves none.
std::optional<SettlementBooked> settlement_of(const Event& event);

/// The fee that the event charges or gives back, as an entry of its own; nothing where it does neither.
std::optional<FeeBooked> fee_of(const Event& event);

/// The event's name in the log, e.g. `Captured`.
std::string_view type_of(const Event& event);

}  // namespace saldo::ledger
