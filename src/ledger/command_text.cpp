#include "ledger/command_text.hpp"

#include "ledger/event_writer.hpp"

namespace saldo::ledger {

// What a verdict of the risk check was is no part of what was asked for.

template <class A>
void fields(A& archive, const RequestedBasket& basket) {
    archive("shop_id", basket.shop_id);
    archive("shop_transaction_id", basket.shop_transaction_id);
    archive("gross", basket.gross);
    archive("lines", basket.lines);
    archive("vats", basket.vats);
}

template <class A>
void fields(A& archive, const RequestedOperation& operation) {
    archive("shop_id", operation.shop_id);
    archive("gross", operation.gross);
    archive("lines", operation.lines);
    archive("vats", operation.vats);
    archive("partner_operation_id", operation.partner_operation_id);
}

template <class A>
void fields(A& archive, const WantedInstalments& wanted) {
    archive("number", wanted.number);
    archive("amount", wanted.amount);
    archive("payment_day", wanted.payment_day);
}

template <class A>
void fields(A& archive, const Authorise& command) {
    archive("partner_transaction_id", command.partner_transaction_id);
    archive("partner_operation_id", command.partner_operation_id);
    archive("payment_method", command.payment_method);
    archive("currency", command.currency);
    archive("baskets", command.baskets);
    archive("buyer", command.buyer);
    archive("delivery", command.delivery);
    archive("device", command.device);
    archive("debit_account", command.debit_account);
    archive("instalments", command.instalments);
    archive("expires", command.expires);
}

template <class A>
void fields(A& archive, const IncreaseAuthorisation& command) {
    archive("operation", command.operation);
}

template <class A>
void fields(A& archive, const Capture& command) {
    archive("operation", command.operation);
    archive("partner_invoice_id", command.partner_invoice_id);
    archive("partner_transaction_id", command.partner_transaction_id);
    archive("shop_transaction_id", command.shop_transaction_id);
}

template <class A>
void fields(A& archive, const Cancel& command) {
    archive("operation", command.operation);
}

template <class A>
void fields(A& archive, const Refund& command) {
    archive("operation", command.operation);
}

template <class A>
void fields(A& archive, const AddShippingInformation& command) {
    archive("capture_id", command.capture_id);
    archive("carrier_name", command.carrier_name);
    archive("tracking_number", command.tracking_number);
}

template <class A>
void fields(A& archive, const ChangeExpiry& command) {
    archive("expires", command.expires);
}

template <class A>
void fields(A& archive, const BookSettlement& command) {
    archive("type", command.type);
    archive("amount", command.amount);
    archive("value_date", command.value_date);
    archive("reference", command.reference);
    archive("comment", command.comment);
    if (command.unscheduled) archive("unscheduled", true);
}

template <class A>
void fields(A& archive, const WithdrawCredit& command) {
    archive("date", command.date);
    archive("comment", command.comment);
}

template <class A>
void fields(A& archive, const BookFee& command) {
    archive("type", command.type);
    archive("gross", command.gross);
    archive("date", command.date);
    archive("comment", command.comment);
}

template <class A>
void fields(A& archive, const SubmitDirectDebit& command) {
    archive("debit", command.debit);
    archive("amount", command.amount);
    archive("due_date", command.due_date);
    archive("date", command.date);
}

template <class A>
void fields(A& archive, const ExecuteDirectDebit& command) {
    archive("debit", command.debit);
    archive("value_date", command.value_date);
}

template <class A>
void fields(A& archive, const ReturnDirectDebit& command) {
    archive("debit", command.debit);
    archive("reason", command.reason);
    archive("value_date", command.value_date);
}

template <class A>
void fields(A& archive, const BookPayLater& command) {
    archive("offer_id", command.offer_id);
}

template <class A>
void fields(A& archive, const WithdrawPayLater& command) {
    archive("date", command.date);
    archive("comment", command.comment);
}

template <class A>
void fields(A& archive, const SetDunningLevel& command) {
    archive("level", command.level);
    archive("date", command.date);
    archive("comment", command.comment);
}

template <class A>
void fields(A& archive, const BlockDunning& command) {
    archive("from", command.from);
    archive("until", command.until);
    archive("reason", command.reason);
    archive("comment", command.comment);
}

template <class A>
void fields(A& archive, const UnblockDunning& command) {
    archive("comment", command.comment);
}

template <class A>
void fields(A&, const EraseSubject&) {}

namespace {

std::string joined(std::string_view operation, EncodedEvent encoded) {
    std::string text(operation);
    text += '\n';
    text += encoded.body;
    text += '\n';
    text += encoded.texts;
    return text;
}

}  // namespace

std::string command_text(const Authorise& command) {
    EventWriter writer;
    writer.object(command);
    return joined("authorisation", std::move(writer).finish());
}

std::string command_text(const Command& command) {
    EventWriter writer;
    std::visit([&](const auto& what) { writer.object(what); }, command);
    return joined(operation_of(command), std::move(writer).finish());
}

}  // namespace saldo::ledger
