#include "web/screen.hpp"

#include "foundation/iban.hpp"
#include "ledger/direct_debit.hpp"
#include "web/payment_qr.hpp"
#include "web/wording.hpp"

namespace saldo::web {

using kainjow::mustache::data;

namespace {

bool is_invoice(const Choice& choice) {
    return form_name_of(choice.method) == "invoice";
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
    const foundation::Money amount = frame.amount.value();
    const std::string amount_said = money_text(amount, frame.language);
    const std::string iban = foundation::iban_printed(view.account->iban);
    data slip, rows = data::type::list;
    add_row(rows, texts["holder_label"], view.account->owner, view.account->owner);
    add_row(rows, texts["iban_label"], iban, foundation::iban_electronic(view.account->iban));
    add_row(rows, texts["reference_label"], view.reference, view.reference);
    add_row(rows, texts["amount_label"], amount_said, amount.text());
    add_row(rows, texts["due_by_label"], due_text(view.choice, texts, "due_after"));
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
    add_row(rows, texts["amount_label"], money_text(frame.amount.value(), frame.language));
    if (!view.masked_account.empty()) add_row(rows, texts["account_label"], view.masked_account);
    add_row(rows, texts["due_label"], due_text(view.choice, texts, "debit_due"));
    add_row(rows, texts["reference_label"], view.reference);
    add_row(rows, texts["mandate_reference_label"], ledger::mandate_reference(view.reference));
    debit.set("rows", rows);
    return debit;
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
    values.set("method", texts[text_key(view.choice.method, "name")]);
    values.set("due", due_text(view.choice, texts, text_key(view.choice.method, "due")));
    values.set("goods", money_text(view.goods, language));
    values.set("cost", money_text(view.choice.cost, language));
    values.set("total", money_text(view.total, language));
    values.set("seen", view.seen);
    if (view.credit) {
        data credit;
        credit.set("creditor", view.credit->creditor);
        credit.set("amount", money_text(view.goods, language));
        credit.set("duration", due_text(view.choice, texts, "duration_days"));
        credit.set("rate", percent_text(view.credit->rate, language));
        credit.set("effective_rate", percent_text(view.credit->effective_rate, language));
        credit.set("payable", money_text(view.total, language));
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
               texts.fill(is_invoice(view.choice) ? "result_invoice" : "result_debit", {{"shop", frame.shop_name}}));
    if (is_invoice(view.choice) && view.account) values.set("slip", slip_values(view, frame, texts));
    if (!is_invoice(view.choice)) values.set("debit", debit_values(view, frame, texts));
    set_return(values, frame, texts);
    values.set("return_soon", texts.fill("return_soon", {{"shop", frame.shop_name}}));
    values.set("stays", view.stays);
    return {"result", texts["result_title"], std::move(values)};
}

}  // namespace saldo::web
