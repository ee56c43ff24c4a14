#include "projection/offer_document.hpp"

#include <string>

namespace saldo::projection {

using foundation::JsonWriter;
using terms::Instalment;
using terms::InstalmentOffer;
using terms::InstalmentPlan;

namespace {

void write_instalments(JsonWriter& out, const InstalmentOffer& offer) {
    const std::vector<terms::YearFraction> shares = terms::counted_periods(offer);
    const std::vector<Instalment>& instalments = offer.plan.instalments;
    out.key("instalments").begin_array();
    for (std::size_t i = 0; i < instalments.size(); ++i) {
        const Instalment& one = instalments[i];
        out.begin_object().field("instalment_number", one.number).field("due_date", one.due);
        out.field("amount_total", one.total()).field("amount_interest", one.interest);
        out.field("amount_repayment", one.repayment).field("amount_fee", one.fee);
        if (i + 1 < instalments.size())
            out.field("residual_debt", one.residual);
        else
            out.null_field("residual_debt");
        out.field("share_of_year", std::to_string(shares[i].numerator) + '/' + std::to_string(shares[i].denominator));
        out.end_object();
    }
    out.end_array();
}

}  // namespace

void write_offer(JsonWriter& out, const terms::InstalmentTerms& terms, const InstalmentOffer& offer) {
    const InstalmentPlan& plan = offer.plan;
    out.begin_object().field("credit_regime", terms::name_of(offer.conditions.regime));
    if (const auto& creditor = offer.conditions.creditor)
        out.key("creditor")
            .begin_object()
            .field("name", creditor->name)
            .field("address", creditor->address)
            .end_object();
    if (const auto& late = offer.conditions.late_payment) {
        out.key("late_payment").begin_object().field("interest_rate", late->interest_rate);
        if (late->reminder_fee)
            out.field("currency", late->reminder_fee->currency().code()).field("reminder_fee", *late->reminder_fee);
        out.end_object();
    }
    out.field("calculation_date", plan.created).field("currency", plan.credit.currency().code());
    out.field("amount_credit", offer.cash_price).field("amount_interest", plan.interest());
    out.field("amount_service_charge", plan.service_charge()).field("amount_fees", offer.cost_of_credit);
    out.field("amount_total", offer.total_payable);
    out.field("interest_rate", offer.interest_rate).field("monthly_interest_rate", offer.monthly_rate);
    out.field("effective_interest_rate", offer.effective_rate);
    out.field("number_of_instalments", static_cast<int>(plan.instalments.size()));
    out.field("regular_instalment", offer.regular_rate).field("last_instalment", offer.last_rate);
    out.field("payment_day", plan.payment_day);
    out.field("first_due_date", offer.first_due).field("last_due_date", offer.last_due);
    out.optional_field("withdrawal_until", offer.last_withdrawal);
    out.field("convention", terms::name_of(offer.convention)).field("apr_time_rule", terms::name_of(offer.apr_time));
    write_instalments(out, offer);
    out.key("explanation").begin_array();
    for (const terms::ExplainedNumber& number : terms::explained(terms, offer))
        out.begin_object()
            .field("name", number.name)
            .field("value", number.value)
            .field("how", number.how)
            .end_object();
    out.end_array().end_object();
}

}  // namespace saldo::projection
