#include "projection/payment_information.hpp"

#include <algorithm>
#include <utility>

#include "ledger/due_amounts.hpp"
#include "ledger/payment_reference.hpp"
#include "projection/open_claim.hpp"

namespace saldo::projection {

using foundation::Day;
using foundation::JsonWriter;
using foundation::Money;
using ledger::Captured;
using ledger::DunningBlocked;
using ledger::DunningLevel;
using ledger::FeeType;
using ledger::Standing;
using ledger::Transaction;

namespace {

/// INVOICE covers open invoice and direct debit; `settlement_type` tells them apart.
std::string_view published_method(terms::PaymentOption option) {
    switch (option) {
        case terms::PaymentOption::open_invoice:
        case terms::PaymentOption::pay_now:
            return "INVOICE";
        case terms::PaymentOption::instalment:
            return "INSTALMENT";
        case terms::PaymentOption::prepayment:
            return "PREPAYMENT";
    }
    std::unreachable();
}

std::string_view published_settlement(terms::TransferType transfer) {
    switch (transfer) {
        case terms::TransferType::bank_transfer:
            return "BANK_TRANSFER";
        case terms::TransferType::sepa_direct_debit:
            return "DIRECT_DEBIT";
    }
    std::unreachable();
}

void write_prepayment(JsonWriter& json, const Transaction& transaction, const PaymentVocabulary& words) {
    if (!transaction.is_prepayment() || transaction.is_declined()) return;
    const bool is_list = words.shape == PaymentVocabulary::Shape::lists;
    json.key("prepayment");
    if (is_list) json.begin_array();
    json.begin_object();
    json.field(words.reference, std::string_view(transaction.payment_reference));
    json.field("reservation_end_date", transaction.reservation_end_date());
    json.field("amount", transaction.authorisation.gross());
    json.field("creation_date", transaction.created_on);
    json.end_object();
    if (is_list) json.end_array();
}

void write_invoices(JsonWriter& json, const Transaction& transaction, const Standing& standing, Day as_of,
                    const PaymentVocabulary& words) {
    if (transaction.is_by_instalments()) return;
    const auto due = ledger::due_amounts(transaction, standing, as_of);
    if (due.empty()) return;
    json.key("invoices").begin_array();
    for (const ledger::DueAmount& invoice : due) {
        const auto& capture = std::get<Captured>(invoice.capture->what);
        json.begin_object();
        json.field(words.reference, std::string_view(transaction.payment_reference));
        json.field("amount", capture.operation.gross);
        json.field("original_due_date", invoice.original_due_date);
        json.field("current_due_date", invoice.due_date);
        json.field("creation_date", invoice.capture->value_date);
        json.field("clearing_reference_number",
                   std::string_view(ledger::clearing_reference(transaction.payment_reference, invoice.number)));
        if (capture.partner_invoice_id) json.field("invoice_number", std::string_view(*capture.partner_invoice_id));
        json.end_object();
    }
    json.end_array();
}

void write_instalment(JsonWriter& json, const terms::Instalment& one, bool is_last) {
    json.begin_object();
    json.field("amount_total", one.total());
    json.field("due_date", one.due);
    json.field("amount_interest", one.interest);
    json.field("amount_repayment", one.repayment);
    if (!one.fee.is_zero()) json.field("amount_fee", one.fee);
    if (!one.unscheduled.is_zero()) json.field("amount_unscheduled", one.unscheduled);
    if (is_last)
        json.null_field("residual_debt");
    else
        json.field("residual_debt", one.residual);
    json.field("instalment_number", one.number);
    json.end_object();
}

void write_instalment_plans(JsonWriter& json, const Transaction& transaction, Day as_of,
                            const PaymentVocabulary& words) {
    const auto* made = transaction.plan_on(as_of);
    if (!made) return;
    const terms::InstalmentPlan& plan = *made->what.plan;
    json.key("instalment_plans").begin_array().begin_object();
    json.field(words.reference, std::string_view(transaction.payment_reference));
    json.field("creation_date", plan.created);
    json.field("amount_total", plan.total());
    json.field("amount_credit", plan.credit);
    json.field("amount_fees", plan.fees());
    json.field("interest_rate", plan.interest_rate);
    json.field("effective_interest_rate", plan.effective_rate);
    json.field("number_of_instalments", static_cast<std::int64_t>(plan.instalments.size()));
    json.key("instalments").begin_array();
    for (const terms::Instalment& one : plan.instalments) write_instalment(json, one, &one == &plan.instalments.back());
    json.end_array();
    json.end_object().end_array();
}

void write_payment_method(JsonWriter& json, const Transaction& transaction, const Standing& standing, Day as_of,
                          const PaymentVocabulary& words) {
    json.key("payment_method").begin_object().key(words.details).begin_object();
    write_prepayment(json, transaction, words);
    write_invoices(json, transaction, standing, as_of, words);
    json.field("payment_method", published_method(transaction.authorisation.payment_method.option));
    json.field("settlement_type", published_settlement(transaction.authorisation.payment_method.transfer));
    write_instalment_plans(json, transaction, as_of, words);
    json.end_object().end_object();
}

template <class Entries, class Amount>
void write_entries(JsonWriter& json, std::string_view name, const Entries& entries, Amount write_amount) {
    json.key(name).begin_array();
    for (const auto& entry : entries) {
        json.begin_object();
        json.field("type", name_of(entry.type));
        json.field("date", entry.date);
        write_amount(entry);
        json.end_object();
    }
    json.end_array();
}

void write_gross(JsonWriter& json, Money gross) {
    json.key("amount").begin_object().field("gross", gross).end_object();
}

void write_payment_status(JsonWriter& json, const OpenClaim& open, const PaymentVocabulary& words) {
    json.key("payment_status").begin_object();
    json.field(words.state, name_of(open.state()));
    json.key("open_claim").begin_object();
    json.field("amount", open.amount());

    json.key("current_claim").begin_object();
    json.field("amount", open.current());
    json.key("shop_claims").begin_object();
    write_entries(json, "claims", open.claims, [&](const Claim& claim) { json.field("amount", claim.amount); });
    json.field("amount", open.claimed);
    json.end_object();
    json.key("ratepay_buyer_fees").begin_object();
    write_entries(json, "buyer_fees", open.fees, [&](const Fee& fee) { write_gross(json, fee.gross); });
    write_gross(json, open.fee_gross);
    json.end_object();
    json.end_object();

    json.key("settlement").begin_object();
    write_entries(json, "settlements", open.settlements,
                  [&](const Settlement& one) { json.field("amount", one.amount); });
    json.field("amount", open.received);
    json.end_object();

    json.end_object().end_object();
}

/// The block that is set on a day and not past its last day; one that begins later shows already.
const DunningBlocked* block_on(const Transaction& transaction, Day day) {
    const DunningBlocked* block = nullptr;
    for (const auto& change : transaction.dunning_blocks)
        if (change.value_date <= day) block = std::get_if<DunningBlocked>(&change.what);
    return block && day <= block->until ? block : nullptr;
}

void write_dunning(JsonWriter& json, const Transaction& transaction, const OpenClaim& open, Day day,
                   const PaymentVocabulary& words) {
    DunningLevel level = DunningLevel::no_dunning;
    Day since{};
    for (const auto& change : transaction.dunning_levels) {
        if (change.value_date > day || change.what.level == level) continue;
        level = change.what.level;
        since = change.value_date;
    }
    Money fee = Money::zero(transaction.currency());
    for (const Fee& one : open.fees)
        if (one.type == FeeType::dunning_fee || one.type == FeeType::dunning_fee_return) fee += one.gross;

    json.begin_object();
    json.field(words.dunning_level, name_of(level));
    if (level == DunningLevel::no_dunning)
        json.null_field(words.dunning_date);
    else
        json.field(words.dunning_date, since);
    json.field("current_dunning_fee", fee);
    if (const DunningBlocked* block = block_on(transaction, day)) {
        json.key("dunning_block").begin_object();
        json.field("blocked_from", block->from);
        json.field("blocked_until", block->until);
        json.field("blocking_reason", block->reason.text());
        json.end_object();
    } else {
        json.null_field("dunning_block");
    }
    json.end_object();
}

}  // namespace

void write_payment_information(JsonWriter& json, const Transaction& transaction, const Standing& standing,
                               const Reading& reading, const PaymentVocabulary& words) {
    if (!reading.include.has_payment_information()) return;
    const OpenClaim open = open_claim_of(transaction, reading.as_of);
    json.key("payment_information").begin_object();
    json.field("maximum_processing_offset_in_hours", reading.processing_offset_hours);
    if (reading.include.payment_method) write_payment_method(json, transaction, standing, reading.as_of, words);
    if (reading.include.payment_status) write_payment_status(json, open, words);
    if (reading.include.dunning_status) {
        json.key("dunning_status");
        const bool is_list = words.shape == PaymentVocabulary::Shape::lists;
        if (is_list) json.begin_array();
        const std::size_t count = is_list ? standing.shops.size() : 1;
        for (std::size_t i = 0; i < count; ++i) write_dunning(json, transaction, open, reading.as_of, words);
        if (is_list) json.end_array();
    }
    json.end_object();
}

}  // namespace saldo::projection
