#include "web/screen.hpp"

#include "foundation/iban.hpp"
#include "ledger/direct_debit.hpp"
#include "web/payment_qr.hpp"
#include "web/wording.hpp"

namespace saldo::web {

using kainjow::mustache::data;

namespace {

bool is_debit(const Choice& choice) {
    return choice.method.transfer == terms::TransferType::sepa_direct_debit;
}

/// What the buyer transfers at a time.
foundation::Money amount_of(const Choice& choice, const Frame& frame) {
    return choice.plan ? choice.plan->regular_rate : frame.amount.value();
}

data schedule_of(const terms::InstalmentPlan& plan, const Texts& texts) {
    const Language language = texts.language();
    data schedule, rows = data::type::list;
    for (const terms::Instalment& one : plan.instalments) {
        data row;
        row.set("date", date_text(one.due, texts));
        row.set("parts", texts.fill("schedule_parts", {{"repayment", money_text(one.repayment, language)},
                                                       {"interest", money_text(one.interest, language)},
                                                       {"fee", money_text(one.fee, language)}}));
        row.set("total", money_text(one.total(), language));
        rows << row;
    }
    schedule.set("rows", rows);
    return schedule;
}

void add_row(data& rows, const std::string& label, const std::string& value, const std::string& copy = {}) {
    data row;
    row.set("label", label);
    row.set("value", value);
    set_text(row, "copy", copy);
    rows << row;
}

void set_return(data& values, const Frame& frame, const Texts& texts) {
    if (!frame.has_return) return;
    values.set("return_path", frame.base + "/return");
    values.set("back_to_shop", texts.fill("back_to_shop", {{"shop", frame.shop_name}}));
}

std::optional<QrPicture> code_for(const ResultView& view, const foundation::Money& amount) {
    return payment_qr({.bic = view.account->bic,
                       .name = view.account->owner,
                       .iban = view.account->iban,
                       .amount = amount,
                       .text = view.reference});
}

data slip_values(const ResultView& view, const Frame& frame, const Texts& texts) {
    const foundation::Money amount = amount_of(view.choice, frame);
    const std::string amount_said = money_text(amount, frame.language);
    const std::string iban = foundation::iban_printed(view.account->iban);
    data slip, rows = data::type::list;
    add_row(rows, texts["holder_label"], view.account->owner, view.account->owner);
    add_row(rows, texts["iban_label"], iban, foundation::iban_electronic(view.account->iban));
    add_row(rows, texts["reference_label"], view.reference, view.reference);
    add_row(rows, texts["amount_label"], amount_said, amount.text());
    add_row(rows, texts["due_by_label"], due_text(view.choice, texts, text_key(view.choice.method, "pay_by")));
    slip.set("rows", rows);
    if (const auto picture = code_for(view, amount)) {
        data qr;
        qr.set("label", texts.fill("qr_label", {{"amount", amount_said},
                                                {"holder", view.account->owner},
                                                {"iban", iban},
                                                {"reference", view.reference}}));
        qr.set("size", std::to_string(picture->size));
        qr.set("path", picture->path);
        slip.set("qr", qr);
    }
    return slip;
}

data debit_values(const ResultView& view, const Frame& frame, const Texts& texts) {
    data debit, rows = data::type::list;
    add_row(rows, texts["amount_label"], money_text(amount_of(view.choice, frame), frame.language));
    if (!view.masked_account.empty()) add_row(rows, texts["account_label"], view.masked_account);
    add_row(rows, texts["due_label"], due_text(view.choice, texts, text_key(view.choice.method, "due")));
    add_row(rows, texts["reference_label"], view.reference);
    add_row(rows, texts["mandate_reference_label"], ledger::mandate_reference(view.reference));
    debit.set("rows", rows);
    return debit;
}

/// What paying late costs: the contract's figures, or in general where it has none.
std::string late_text(const std::optional<terms::LatePayment>& late, const Texts& texts, Language language) {
    if (!late) return std::string(texts["late_text"]);
    std::string text = texts.fill("late_interest", {{"rate", percent_text(late->interest_rate, language)}});
    if (late->reminder_fee)
        text += "; " + texts.fill("late_reminder", {{"fee", money_text(*late->reminder_fee, language)}});
    return text;
}

}  // namespace

Screen screen_of(const ConfirmView& view, const Frame& frame, const Texts& texts) {
    const Language language = frame.language;
    data values;
    if (!view.bill_to.empty()) {
        data bill_to, lines = data::type::list;
        for (const std::string& line : view.bill_to) lines << data(line);
        bill_to.set("lines", lines);
        values.set("bill_to", bill_to);
    }
    set_text(values, "account", view.masked_account);
    values.set("method", due_text(view.choice, texts, text_key(view.choice.method, "name")));
    values.set("due", due_text(view.choice, texts, text_key(view.choice.method, "due")));
    values.set("goods", money_text(view.goods, language));
    values.set("cost", money_text(view.choice.cost, language));
    values.set("total", money_text(view.total, language));
    values.set("seen", view.seen);
    if (view.credit) {
        data credit;
        credit.set("creditor", view.credit->creditor);
        credit.set("amount", money_text(view.goods, language));
        credit.set("duration", due_text(view.choice, texts, view.choice.plan ? "duration_months" : "duration_days"));
        credit.set("rate", percent_text(view.credit->rate, language));
        credit.set("effective_rate", percent_text(view.credit->effective_rate, language));
        credit.set("payable", money_text(view.total, language));
        credit.set("late", late_text(view.credit->late_payment, texts, language));
        credit.set("can_withdraw", view.credit->can_withdraw);
        if (view.choice.plan) credit.set("schedule", schedule_of(view.choice.plan->plan, texts));
        values.set("credit", credit);
    }
    data list = data::type::list;
    const auto add_link = [&](std::string_view key, const std::string& url) {
        if (url.empty()) return;
        data link;
        link.set("name", texts[key]);
        link.set("url", url);
        list << link;
    };
    add_link("terms_link", view.terms_url);
    add_link("privacy_link", view.privacy_url);
    if (!list.is_empty_list()) {
        data links;
        links.set("list", list);
        values.set("links", links);
    }
    return {"confirm", texts["confirm_title"], std::move(values)};
}

Screen screen_of(const ResultView& view, const Frame& frame, const Texts& texts) {
    data values;
    values.set("lead",
               texts.fill("result_" + std::string(form_name_of(view.choice.method)), {{"shop", frame.shop_name}}));
    if (!is_debit(view.choice) && view.account) values.set("slip", slip_values(view, frame, texts));
    if (is_debit(view.choice)) values.set("debit", debit_values(view, frame, texts));
    if (view.withdraw_until)
        values.set("withdraw_until", texts.fill("withdraw_until", {{"date", date_text(*view.withdraw_until, texts)}}));
    set_return(values, frame, texts);
    values.set("return_soon", texts.fill("return_soon", {{"shop", frame.shop_name}}));
    values.set("stays", view.stays);
    return {"result", texts["result_title"], std::move(values)};
}

Screen screen_of(const WithdrawView& view, const Frame& frame, const Texts& texts) {
    data values;
    values.set("lead", texts.fill("withdraw_lead", {{"shop", frame.shop_name}}));
    values.set("what", texts[view.owes_interest ? "withdraw_what_interest" : "withdraw_what"]);
    values.set("until", texts.fill("withdraw_until", {{"date", date_text(view.until, texts)}}));
    data rows = data::type::list;
    add_row(rows, texts["seller_label"], frame.shop_name);
    add_row(rows, texts["method_label"], due_text(view.choice, texts, text_key(view.choice.method, "name")));
    add_row(rows, texts["reference_label"], view.reference);
    values.set("rows", rows);
    return {"withdraw", texts["withdraw_title"], std::move(values)};
}

Screen screen_of(const WithdrawnView& view, const Frame& frame, const Texts& texts) {
    data values;
    values.set("lead", texts.fill("withdrawn_lead", {{"shop", frame.shop_name},
                                                     {"reference", view.reference},
                                                     {"date", date_text(view.on, texts)},
                                                     {"time", view.at}}));
    values.set("what", texts[view.owes_interest ? "withdrawn_what_interest" : "withdrawn_what"]);
    data rows = data::type::list;
    if (view.account && view.open.is_positive()) {
        add_row(rows, texts["holder_label"], view.account->owner, view.account->owner);
        add_row(rows, texts["iban_label"], foundation::iban_printed(view.account->iban),
                foundation::iban_electronic(view.account->iban));
        add_row(rows, texts["reference_label"], view.reference, view.reference);
    }
    const std::string copied = view.open.is_positive() ? view.open.text() : "";
    add_row(rows, texts["amount_label"], money_text(view.open, frame.language), copied);
    if (view.open.is_positive()) add_row(rows, texts["due_by_label"], date_text(view.due_date, texts));
    values.set("rows", rows);
    set_return(values, frame, texts);
    return {"withdrawn", texts["withdrawn_title"], std::move(values)};
}

}  // namespace saldo::web
