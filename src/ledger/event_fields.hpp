#pragma once

#include <type_traits>

#include "ledger/event.hpp"

namespace saldo::ledger {

// Every struct of an event is described once, by a function `fields(archive, struct)` that names its fields; one
// archive writes them, one reads them, one erases their texts. So that what is written and what is read cannot drift
// apart.

/// `T` or `const T`, as the archive reads or writes.
template <class Archive, class Struct>
using Of = std::conditional_t<Archive::reads, Struct, const Struct>;

template <class A>
void fields(A& archive, Of<A, Line>& line) {
    archive("kind", line.kind);
    if (line.kind == LineKind::special_item) archive("type", line.type);
    archive("quantity", line.quantity);
    archive("gross_unit_price", line.gross_unit_price);
    archive("gross_unit_discount", line.gross_unit_discount);
    archive("net_unit_price", line.net_unit_price);
    archive("net_unit_discount", line.net_unit_discount);
    archive("gross_total_price", line.gross_total_price);
    archive("net_total_price", line.net_total_price);
    archive("tax_rate", line.tax_rate);
    archive("discount", line.discount);
    archive("article_number", line.article_number);
    archive("name", line.name);
    archive("category", line.category);
    archive("unit", line.unit);
    archive("description", line.description);
    archive("additional_description", line.additional_description);
    archive("identification_number", line.identification_number);
    archive("unique_identification_number", line.unique_identification_number);
}

template <class A>
void fields(A& archive, Of<A, Vat>& vat) {
    archive("tax_rate", vat.tax_rate);
    archive("net_amount", vat.net_amount);
    archive("tax_amount", vat.tax_amount);
}

template <class A>
void fields(A& archive, Of<A, Basket>& basket) {
    archive("shop_id", basket.shop_id);
    archive("shop_name", basket.shop_name);
    archive("shop_transaction_id", basket.shop_transaction_id);
    archive("gross", basket.gross);
    archive("lines", basket.lines);
    archive("vats", basket.vats);
}

template <class A>
void fields(A& archive, Of<A, Address>& address) {
    archive("street", address.street);
    archive("street_addition", address.street_addition);
    archive("street_number", address.street_number);
    archive("zip_code", address.zip_code);
    archive("city", address.city);
    archive("country_code", address.country_code);
}

template <class A>
void fields(A& archive, Of<A, Person>& person) {
    archive("title", person.title);
    archive("first_name", person.first_name);
    archive("last_name", person.last_name);
    archive("date_of_birth", person.date_of_birth);
}

template <class A>
void fields(A& archive, Of<A, Company>& company) {
    archive("name", company.name);
    archive("vat_id", company.vat_id);
}

template <class A>
void fields(A& archive, Of<A, Contact>& contact) {
    archive("email", contact.email);
    archive("phone", contact.phone);
}

template <class A>
void fields(A& archive, Of<A, Buyer>& buyer) {
    archive("shop_buyer_id", buyer.shop_buyer_id);
    archive("language", buyer.language);
    archive("billing_address", buyer.billing_address);
    archive("contact", buyer.contact);
    archive("person", buyer.person);
    archive("company", buyer.company);
}

template <class A>
void fields(A& archive, Of<A, Delivery>& delivery) {
    archive("type", delivery.type);
    archive("address", delivery.address);
    archive("company", delivery.company);
    archive("first_name", delivery.first_name);
    archive("last_name", delivery.last_name);
    archive("full_name", delivery.full_name);
    archive("pick_up", delivery.pick_up);
}

template <class A>
void fields(A& archive, Of<A, Device>& device) {
    archive("source_ip_address", device.source_ip_address);
    archive("token", device.token);
}

template <class A>
void fields(A& archive, Of<A, DebitAccount>& account) {
    archive("iban", account.iban);
    archive("owner", account.owner);
}

template <class A>
void fields(A& archive, Of<A, terms::PaymentMethod>& method) {
    archive("payment_option", method.option);
    archive("transfer_type", method.transfer);
}

template <class A>
void fields(A& archive, Of<A, terms::Contract::DepositAccount>& account) {
    archive("owner", account.owner);
    archive("iban", account.iban);
    archive("bic", account.bic);
    archive("bank_name", account.bank_name);
}

template <class A>
void fields(A& archive, Of<A, terms::InstalmentTerms>& terms) {
    archive("convention", terms.convention);
    archive("apr_time_rule", terms.apr_time);
    archive("unscheduled_payments", terms.unscheduled);
    archive("interest_rate", terms.interest_rate);
    archive("interest_rate_max", terms.interest_rate_max);
    archive("effective_rate_max", terms.effective_rate_max);
    archive("interest_on_withdrawal", terms.interest_on_withdrawal);
    archive("service_charge", terms.service_charge);
    archive("instalment_min", terms.instalment_min);
    archive("months_allowed", terms.months_allowed);
    archive("payment_days", terms.payment_days);
    archive("days_to_first_due_min", terms.days_to_first_due_min);
}

template <class A>
void fields(A& archive, Of<A, terms::Creditor>& creditor) {
    archive("name", creditor.name);
    archive("address", creditor.address);
}

template <class A>
void fields(A& archive, Of<A, terms::LatePayment>& late) {
    archive("interest_rate", late.interest_rate);
    archive("reminder_fee", late.reminder_fee);
}

template <class A>
void fields(A& archive, Of<A, terms::DirectDebit>& debit) {
    archive("creditor_id", debit.creditor_id);
    archive("notice_days", debit.notice_days);
    archive("lead_days", debit.lead_days);
    archive("retries_max", debit.retries_max);
    archive("retry_days", debit.retry_days);
    archive("return_fee", debit.return_fee);
}

template <class A>
void fields(A& archive, Of<A, terms::PayLaterOffer>& offer) {
    archive("offer_id", offer.id);
    archive("delta_days", offer.delta_days);
    archive("fee", offer.fee);
}

template <class A>
void fields(A& archive, Of<A, terms::PayLater>& pay_later) {
    archive("offers", pay_later.offers);
    archive("withdrawal_days", pay_later.withdrawal_days);
}

template <class A>
void fields(A& archive, Of<A, PinnedTerms>& terms) {
    archive("contract_version", terms.contract_version);
    archive("zone", terms.zone);
    archive("due_days", terms.due_days);
    archive("expiry_days_max", terms.expiry_days_max);
    archive("return_fees", terms.return_fees);
    archive("increment_percent_max", terms.increment_percent_max);
    archive("marketplace", terms.marketplace);
    archive("deposit_account", terms.deposit_account);
    archive("part_payment", terms.part_payment);
    archive("instalments", terms.instalments);
    archive("credit_regime", terms.credit_regime);
    archive("direct_debit", terms.direct_debit);
    archive("pay_later", terms.pay_later);
}

template <class A>
void fields(A& archive, Of<A, AgreedInstalments>& agreed) {
    archive("number", agreed.number);
    archive("payment_day", agreed.payment_day);
    archive("effective_rate", agreed.effective_rate);
}

template <class A>
void fields(A& archive, Of<A, Authorisation>& authorisation) {
    archive("partner_id", authorisation.partner_id);
    archive("partner_transaction_id", authorisation.partner_transaction_id);
    archive("partner_operation_id", authorisation.partner_operation_id);
    archive("payment_method", authorisation.payment_method);
    archive("currency", authorisation.currency);
    archive("baskets", authorisation.baskets);
    archive("buyer", authorisation.buyer);
    archive("delivery", authorisation.delivery);
    archive("device", authorisation.device);
    archive("debit_account", authorisation.debit_account);
    archive("instalments", authorisation.instalments);
    archive("expires", authorisation.expires);
    archive("terms", authorisation.terms);
}

template <class A>
void fields(A& archive, Of<A, LineMove>& move) {
    archive("line", move.line);
    archive("quantity", move.quantity);
}

template <class A>
void fields(A& archive, Of<A, BasketOperation>& operation) {
    archive("id", operation.id);
    archive("shop_id", operation.shop_id);
    archive("gross", operation.gross);
    archive("lines", operation.lines);
    archive("vats", operation.vats);
    archive("moves", operation.moves);
    archive("partner_operation_id", operation.partner_operation_id);
}

template <class A>
void fields(A& archive, Of<A, Authorised>& event) {
    archive("authorisation", event.authorisation);
    archive("payment_reference", event.payment_reference);
    archive("claim", event.claim);
}

template <class A>
void fields(A& archive, Of<A, Declined>& event) {
    archive("authorisation", event.authorisation);
    archive("refusal", event.refusal);
}

template <class A>
void fields(A& archive, Of<A, AuthorisationIncreased>& event) {
    archive("operation", event.operation);
}

template <class A>
void fields(A& archive, Of<A, Captured>& event) {
    archive("operation", event.operation);
    archive("due_date", event.due_date);
    archive("partner_invoice_id", event.partner_invoice_id);
    archive("partner_transaction_id", event.partner_transaction_id);
    archive("shop_transaction_id", event.shop_transaction_id);
    archive("claim", event.claim);
    archive("collect_on", event.collect_on);
}

template <class A>
void fields(A& archive, Of<A, Cancelled>& event) {
    archive("operation", event.operation);
    archive("claim", event.claim);
}

template <class A>
void fields(A& archive, Of<A, Refunded>& event) {
    archive("operation", event.operation);
}

template <class A>
void fields(A& archive, Of<A, Expired>& event) {
    archive("claim", event.claim);
}

template <class A>
void fields(A& archive, Of<A, ReservationEnded>& event) {
    archive("claim", event.claim);
}

template <class A>
void fields(A& archive, Of<A, terms::Instalment>& instalment) {
    archive("number", instalment.number);
    archive("due", instalment.due);
    archive("interest", instalment.interest);
    archive("repayment", instalment.repayment);
    archive("fee", instalment.fee);
    archive("unscheduled", instalment.unscheduled);
    archive("residual", instalment.residual);
}

template <class A>
void fields(A& archive, Of<A, terms::PrincipalStep>& step) {
    archive("from", step.from);
    archive("principal", step.principal);
}

template <class A>
void fields(A& archive, Of<A, terms::InstalmentPlan>& plan) {
    archive("created", plan.created);
    archive("credit", plan.credit);
    archive("payment_day", plan.payment_day);
    archive("number_agreed", plan.number_agreed);
    archive("interest_rate", plan.interest_rate);
    archive("effective_rate", plan.effective_rate);
    archive("instalments", plan.instalments);
    archive("running", plan.running);
}

template <class A>
void fields(A& archive, Of<A, PlanMade>& event) {
    archive("plan", event.plan);
    archive("interest", event.interest);
    archive("service_charge", event.service_charge);
    archive("unscheduled", event.unscheduled);
    archive("collect_on", event.collect_on);
}

template <class A>
void fields(A& archive, Of<A, PlanEnded>& event) {
    archive("interest", event.interest);
    archive("service_charge", event.service_charge);
    archive("interest_kept", event.interest_kept);
}

template <class A>
void fields(A& archive, Of<A, CreditWithdrawn>& event) {
    archive("id", event.id);
    archive("due_date", event.due_date);
    archive("comment", event.comment);
}

template <class A>
void fields(A& archive, Of<A, ExpiryChanged>& event) {
    archive("expires", event.expires);
}

template <class A>
void fields(A& archive, Of<A, ShippingInformationAdded>& event) {
    archive("id", event.id);
    archive("capture_id", event.capture_id);
    archive("carrier_name", event.carrier_name);
    archive("tracking_number", event.tracking_number);
}

template <class A>
void fields(A& archive, Of<A, SettlementBooked>& event) {
    archive("id", event.id);
    archive("type", event.type);
    archive("amount", event.amount);
    archive("reference", event.reference);
    archive("comment", event.comment);
}

template <class A>
void fields(A& archive, Of<A, FeeBooked>& event) {
    archive("id", event.id);
    archive("type", event.type);
    archive("gross", event.gross);
    archive("comment", event.comment);
}

template <class A>
void fields(A& archive, Of<A, DirectDebitId>& debit) {
    archive("number", debit.number);
    archive("attempt", debit.attempt);
}

template <class A>
void fields(A& archive, Of<A, DirectDebitSubmitted>& event) {
    archive("debit", event.debit);
    archive("amount", event.amount);
    archive("due_date", event.due_date);
}

template <class A>
void fields(A& archive, Of<A, DirectDebitExecuted>& event) {
    archive("id", event.id);
    archive("debit", event.debit);
    archive("amount", event.amount);
}

template <class A>
void fields(A& archive, Of<A, DirectDebitReturned>& event) {
    archive("id", event.id);
    archive("debit", event.debit);
    archive("reason", event.reason);
    archive("amount", event.amount);
    archive("fee", event.fee);
    archive("retry_on", event.retry_on);
}

template <class A>
void fields(A& archive, Of<A, PayLaterBooked>& event) {
    archive("id", event.id);
    archive("capture_id", event.capture_id);
    archive("offer_id", event.offer_id);
    archive("delta_days", event.delta_days);
    archive("fee", event.fee);
    archive("due_date", event.due_date);
}

template <class A>
void fields(A& archive, Of<A, PayLaterWithdrawn>& event) {
    archive("id", event.id);
    archive("fee", event.fee);
    archive("comment", event.comment);
}

template <class A>
void fields(A& archive, Of<A, DunningLevelSet>& event) {
    archive("level", event.level);
    archive("comment", event.comment);
}

template <class A>
void fields(A& archive, Of<A, DunningBlocked>& event) {
    archive("from", event.from);
    archive("until", event.until);
    archive("reason", event.reason);
    archive("comment", event.comment);
}

template <class A>
void fields(A& archive, Of<A, DunningUnblocked>& event) {
    archive("comment", event.comment);
}

template <class A>
void fields(A& archive, Of<A, Refused>& event) {
    archive("operation", event.operation);
    archive("refusal", event.refusal);
}

template <class A>
void fields(A&, Of<A, SubjectErased>&) {}

template <class A>
void fields(A& archive, Of<A, CodeRequired>& event) {
    archive("tries_max", event.tries_max);
    archive("new_codes_max", event.new_codes_max);
    archive("life_seconds", event.life_seconds);
    archive("pause_seconds", event.pause_seconds);
    archive("deadline", event.deadline);
}

template <class A>
void fields(A& archive, Of<A, CodeSent>& event) {
    archive("digest", event.digest);
    archive("phone", event.phone);
}

template <class A>
void fields(A&, Of<A, CodeMissed>&) {}

template <class A>
void fields(A& archive, Of<A, CodeConfirmed>& event) {
    archive("claim", event.claim);
}

template <class A>
void fields(A&, Of<A, CodeGivenUp>&) {}

}  // namespace saldo::ledger
