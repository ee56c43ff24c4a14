#include "web/screen.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "web/wording.hpp"

namespace saldo::web {

using kainjow::mustache::data;

namespace {

std::string code_fault(const CodeView& view, const Texts& texts) {
    switch (view.fault) {
        case CodeView::Fault::none:
            return {};
        case CodeView::Fault::malformed:
            return texts["code_fault_form"];
        case CodeView::Fault::expired:
            return texts.fill("code_fault_expired", {{"time", view.valid_until}});
        case CodeView::Fault::wrong:
            return view.tries_left == 1 ? texts["code_fault_last"]
                                        : texts.fill("code_fault_tries", {{"tries", std::to_string(view.tries_left)}});
    }
    return {};
}

std::string_view reason_key(DeclinedFor reason) {
    switch (reason) {
        case DeclinedFor::identity:
            return "declined_identity";
        case DeclinedFor::name:
            return "declined_name";
        case DeclinedFor::billing_address:
            return "declined_address";
        case DeclinedFor::delivery_address:
            return "declined_delivery";
        case DeclinedFor::date_of_birth:
            return "declined_birth";
        case DeclinedFor::phone:
            return "declined_phone";
        case DeclinedFor::bank_account:
            return "declined_bank";
        case DeclinedFor::method:
            return "declined_method";
    }
    return "declined_method";
}

}  // namespace

void set_text(data& values, const std::string& name, const std::string& text) {
    values.set(name, text.empty() ? data(false) : data(text));
}

void set_faults(data& values, const FaultLines& faults) {
    if (faults.empty()) return;
    data list = data::type::list, summary;
    for (const auto& [field, text] : faults) {
        data one;
        one.set("field", field);
        one.set("text", text);
        list << one;
    }
    summary.set("list", list);
    values.set("faults", summary);
}

std::string text_key(terms::PaymentMethod method, std::string_view what) {
    return std::string(form_name_of(method)).append("_").append(what);
}

std::string due_text(const Choice& choice, const Texts& texts, std::string_view key) {
    Texts::Values filling{{"days", std::to_string(choice.due_days)},
                          {"date", date_text(choice.due_if_shipped_today, texts)}};
    if (const auto& plan = choice.plan) {
        const Language language = texts.language();
        filling.emplace_back("number", std::to_string(plan->plan.number_agreed));
        filling.emplace_back("instalment", money_text(plan->regular_rate, language));
        filling.emplace_back("total", money_text(plan->total_payable, language));
        filling.emplace_back("effective", percent_text(plan->effective_rate, language));
        filling.emplace_back("first", date_text(plan->first_due, texts));
        filling.emplace_back("last", date_text(plan->last_due, texts));
    }
    return texts.fill(key, filling);
}

namespace {

using terms::PaymentOption;
using terms::TransferType;

constexpr std::array form_names{
    std::pair{std::string_view("invoice"),
              terms::PaymentMethod{PaymentOption::open_invoice, TransferType::bank_transfer}},
    std::pair{std::string_view("debit"), terms::PaymentMethod{PaymentOption::pay_now, TransferType::sepa_direct_debit}},
    std::pair{std::string_view("instalments"),
              terms::PaymentMethod{PaymentOption::instalment, TransferType::bank_transfer}},
    std::pair{std::string_view("instalments_debit"),
              terms::PaymentMethod{PaymentOption::instalment, TransferType::sepa_direct_debit}},
    std::pair{std::string_view("prepayment"),
              terms::PaymentMethod{PaymentOption::prepayment, TransferType::bank_transfer}},
};

}  // namespace

std::string_view form_name_of(terms::PaymentMethod method) {
    for (const auto& [name, named] : form_names)
        if (named == method) return name;
    // A contract may say it otherwise; for the buyer it is what it moves by.
    return method.transfer == TransferType::sepa_direct_debit ? "debit" : "invoice";
}

std::string form_value_of(const FormChoice& choice) {
    std::string value(form_name_of(choice.method));
    return choice.instalments ? value + '-' + std::to_string(*choice.instalments) : value;
}

std::optional<FormChoice> choice_of_form(std::string_view value) {
    const auto dash = value.find('-');
    FormChoice choice{};
    const auto found = std::ranges::find(form_names, value.substr(0, dash), [](const auto& one) { return one.first; });
    if (found == form_names.end()) return std::nullopt;
    choice.method = found->second;
    if (dash == std::string_view::npos) return choice;
    int number = 0;
    const std::string_view digits = value.substr(dash + 1);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
    choice.instalments = number;
    return choice;
}

Screen screen_of(const MethodView& view, const Frame& frame, const Texts& texts) {
    data values, choices = data::type::list;
    for (const Choice& choice : view.choices) {
        const std::string value = form_value_of(choice.form_choice());
        data one;
        one.set("id", "method-" + value);
        one.set("value", value);
        one.set("name", due_text(choice, texts, text_key(choice.method, "name")));
        one.set("due", due_text(choice, texts, text_key(choice.method, "due")));
        one.set("cost", money_text(choice.cost, frame.language));
        one.set("chosen", view.chosen == choice.form_choice());
        choices << one;
    }
    values.set("choices", choices);
    if (view.none_was_chosen) {
        values.set("fault", texts["method_missing"]);
        set_faults(values, {{"method-" + form_value_of(view.choices.front().form_choice()), texts["method_missing"]}});
    }
    return {"method", texts["method_title"], std::move(values)};
}

Screen screen_of(const CodeView& view, const Frame&, const Texts& texts) {
    data values;
    values.set("code_lead", texts.fill("code_lead", {{"phone", view.masked_phone}}));
    values.set("code_valid", texts.fill("code_valid", {{"time", view.valid_until}}));
    values.set("sent", view.was_sent_again);
    if (const std::string fault = code_fault(view, texts); !fault.empty()) {
        values.set("fault", fault);
        set_faults(values, {{"code", fault}});
    }
    if (view.can_send_again) {
        data again;
        if (view.seconds_to_wait > 0) again.set("wait", std::to_string(view.seconds_to_wait));
        again.set("again_from", texts.fill("code_again_from", {{"time", view.again_from}}));
        values.set("again", again);
    }
    values.set("can_change_number", view.can_change_number);
    return {"code", texts["code_title"], std::move(values)};
}

Screen screen_of(const DeclinedView& view, const Frame&, const Texts& texts) {
    data values, reasons = data::type::list;
    for (const DeclinedFor reason : view.reasons) reasons << data(texts[reason_key(reason)]);
    values.set("reasons", reasons);
    values.set("can_correct", view.can_correct);
    values.set("can_choose", view.can_choose_another_method);
    values.set("choose_class", view.can_correct ? "second" : "main");
    return {"declined", texts["declined_title"], std::move(values)};
}

Screen screen_of(const EndingView& view, const Frame& frame, const Texts& texts) {
    const auto [title, lead] = [&]() -> std::pair<std::string_view, std::string_view> {
        switch (view.ending) {
            case Ending::declined:
                return {"ended_title", "ended_lead"};
            case Ending::code_used_up:
                return {"ended_title", "code_used_up_lead"};
            case Ending::expired:
                return {"expired_title", "expired_lead"};
            case Ending::cancelled:
                return {"cancelled_title", "cancelled_lead"};
            case Ending::passed_on:
                return {"passed_title", "passed_lead"};
            case Ending::lost:
                return {"lost_title", "lost_lead"};
            case Ending::forged:
                return {"forged_title", "forged_lead"};
            case Ending::unavailable:
                return {"busy_title", "busy_lead"};
        }
        return {"lost_title", "lost_lead"};
    }();
    data values;
    const std::string said = texts.fill(title, {{"shop", frame.shop_name}});
    values.set("heading", said);
    values.set("lead", texts.fill(lead, {{"shop", frame.shop_name}}));
    if (view.ending == Ending::forged || view.ending == Ending::unavailable) {
        values.set("back_path", frame.base);
        values.set("back", texts[view.ending == Ending::forged ? "forged_back" : "busy_back"]);
    } else if (frame.has_return) {
        values.set("back_path", frame.base + "/return");
        values.set("back", texts.fill("back_to_shop", {{"shop", frame.shop_name}}));
    }
    return {"ending", said, std::move(values)};
}

}  // namespace saldo::web
