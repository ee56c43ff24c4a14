#pragma once

#include "checkout/event.hpp"
#include "ledger/event_fields.hpp"

namespace saldo::checkout {

// Each struct of an event names its fields once, as the ledger's do: the same archives write, read and erase them.

using ledger::Of;

template <class A>
void fields(A& archive, Of<A, Order>& order) {
    archive("partner_transaction_id", order.partner_transaction_id);
    archive("partner_operation_id", order.partner_operation_id);
    archive("currency", order.currency);
    archive("baskets", order.baskets);
    archive("buyer", order.buyer);
    archive("delivery", order.delivery);
    archive("device", order.device);
    archive("expires", order.expires);
}

template <class A>
void fields(A& archive, Of<A, Urls>& urls) {
    archive("success", urls.success);
    archive("cancel", urls.cancel);
    archive("failure", urls.failure);
    archive("webhook", urls.webhook);
}

template <class A>
void fields(A& archive, Of<A, Offer>& offer) {
    archive("method", offer.method);
    archive("due_days", offer.due_days);
    archive("cost", offer.cost);
}

template <class A>
void fields(A& archive, Of<A, PinnedTerms>& terms) {
    archive("contract_version", terms.contract_version);
    archive("zone", terms.zone);
    archive("tries_max", terms.tries_max);
    archive("retention_days", terms.retention_days);
    archive("deposit_account", terms.deposit_account);
    archive("instalments", terms.instalments);
    archive("credit_regime", terms.credit_regime);
    archive("creditor", terms.creditor);
    archive("late_payment", terms.late_payment);
}

template <class A>
void fields(A& archive, Of<A, SessionCreated>& event) {
    archive("partner_id", event.partner_id);
    archive("shop_name", event.shop_name);
    archive("order", event.order);
    archive("urls", event.urls);
    archive("offers", event.offers);
    archive("terms", event.terms);
}

template <class A>
void fields(A&, Of<A, BuyerActed>&) {}

template <class A>
void fields(A& archive, Of<A, PaymentMethodChosen>& event) {
    archive("method", event.method);
    archive("instalments", event.instalments);
}

template <class A>
void fields(A& archive, Of<A, Details>& details) {
    archive("billing_address", details.billing_address);
    archive("delivery_address", details.delivery_address);
    archive("first_name", details.first_name);
    archive("last_name", details.last_name);
    archive("date_of_birth", details.date_of_birth);
    archive("phone", details.phone);
    archive("debit_account", details.debit_account);
}

template <class A>
void fields(A& archive, Of<A, DetailsGiven>& event) {
    archive("details", event.details);
}

template <class A>
void fields(A& archive, Of<A, ConsentReceipt>& receipt) {
    archive("text_pack", receipt.text_pack);
    archive("language", receipt.language);
    archive("page_sha256", receipt.page_sha256);
    archive("source_ip_address", receipt.source_ip_address);
}

template <class A>
void fields(A& archive, Of<A, OrderConfirmed>& event) {
    archive("receipt", event.receipt);
}

template <class A>
void fields(A& archive, Of<A, PurchaseDeclined>& event) {
    archive("transaction_id", event.transaction_id);
    archive("refusal", event.refusal);
}

template <class A>
void fields(A& archive, Of<A, CodeRequired>& event) {
    archive("transaction_id", event.transaction_id);
    archive("payment_reference", event.payment_reference);
}

template <class A>
void fields(A& archive, Of<A, SessionCompleted>& event) {
    archive("transaction_id", event.transaction_id);
    archive("payment_reference", event.payment_reference);
}

template <class A>
void fields(A& archive, Of<A, SessionFailed>& event) {
    archive("transaction_id", event.transaction_id);
    archive("refusal", event.refusal);
}

template <class A>
void fields(A&, Of<A, SessionExpired>&) {}

template <class A>
void fields(A&, Of<A, SessionCanceled>&) {}

template <class A>
void fields(A& archive, Of<A, FraudFlagged>& event) {
    archive("comment", event.comment);
}

template <class A>
void fields(A&, Of<A, SubjectErased>&) {}

}  // namespace saldo::checkout
