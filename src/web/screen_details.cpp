#include "web/screen.hpp"

#include <algorithm>
#include <span>

namespace saldo::web {

using kainjow::mustache::data;

namespace {

data input_values(const Input& input, const DetailsView& view, const Texts& texts) {
    const std::string name(input.name), text(input.text);
    const bool is_wrong = std::ranges::find(view.faults, name) != view.faults.end();
    data field;
    field.set("id", name);
    field.set("label", texts[text + "_label"]);
    set_text(field, "why", input.explains ? texts[text + "_why"] : std::string());
    field.set("type", std::string(input.type));
    field.set("autocomplete", std::string(input.autocomplete));
    set_text(field, "inputmode", std::string(input.inputmode));
    set_text(field, "width", std::string(input.width));
    field.set("maxlength", std::to_string(input.length_max));
    field.set("plain", input.is_code);
    const auto typed = view.typed.find(name);
    field.set("value", typed == view.typed.end() ? "" : typed->second);
    set_text(field, "fault", is_wrong ? texts[text + "_fault"] : std::string());
    std::string described = input.explains ? name + "-why" : "";
    if (is_wrong) described += (described.empty() ? "" : " ") + name + "-fault";
    set_text(field, "described", described);
    return field;
}

/// Narrow fields share a line with the one beside them.
data group_values(std::span<const Input> inputs, const DetailsView& view, const Texts& texts) {
    data rows = data::type::list;
    for (std::size_t i = 0; i < inputs.size(); i += 2) {
        data row, fields = data::type::list;
        fields << input_values(inputs[i], view, texts);
        if (i + 1 < inputs.size()) fields << input_values(inputs[i + 1], view, texts);
        row.set("fields", fields);
        rows << row;
    }
    return rows;
}

data section(std::string_view id, const std::string& legend, const std::string& why, data rows) {
    data one;
    one.set("id", std::string(id));
    one.set("legend", legend);
    one.set("why", why);
    one.set("rows", std::move(rows));
    return one;
}

data birth_values(const DetailsView& view, const Texts& texts) {
    data birth;
    const auto typed = [&](std::string_view name) { return trimmed_text(view.typed, name); };
    birth.set("day", typed("birth_day"));
    birth.set("month", typed("birth_month"));
    birth.set("year", typed("birth_year"));
    const bool is_wrong = std::ranges::find(view.faults, "birth") != view.faults.end();
    set_text(birth, "fault", is_wrong ? texts["birth_fault"] : std::string());
    return birth;
}

data account_values(const DetailsView& view, const Texts& texts) {
    const Mandate& mandate = view.mandate;
    data account, fields = data::type::list;
    for (const Input& input : account_inputs()) fields << input_values(input, view, texts);
    account.set("fields", fields);
    account.set("mandate_text", texts.fill("mandate_text", {{"creditor", mandate.creditor}}));
    account.set("mandate_notice", mandate.notice_days == 1
                                      ? texts["mandate_notice_one"]
                                      : texts.fill("mandate_notice", {{"days", std::to_string(mandate.notice_days)}}));
    set_text(account, "creditor_id", mandate.creditor_id);
    set_text(account, "mandate_reference", mandate.reference);
    const bool is_wrong = std::ranges::find(view.faults, "mandate") != view.faults.end();
    set_text(account, "fault", is_wrong ? texts["mandate_fault"] : std::string());
    return account;
}

std::string_view text_of_input(std::string_view name) {
    for (const auto inputs : {name_inputs(), phone_inputs(), billing_inputs(), delivery_inputs(), account_inputs()})
        for (const Input& input : inputs)
            if (input.name == name) return input.text;
    return name;
}

}  // namespace

Screen screen_of(const DetailsView& view, const Frame&, const Texts& texts) {
    data values, sections = data::type::list;
    const AskedDetails& asked = view.asked;
    if (asked.name)
        sections << section("name", texts["name_label"], texts["name_why"], group_values(name_inputs(), view, texts));
    if (asked.billing_address)
        sections << section("billing", texts["address_label"], texts["address_why"],
                            group_values(billing_inputs(), view, texts));
    if (asked.delivery_address)
        sections << section("delivery", texts["delivery_label"], texts["delivery_why"],
                            group_values(delivery_inputs(), view, texts));
    values.set("sections", sections);
    if (asked.date_of_birth) values.set("birth", birth_values(view, texts));
    if (asked.phone) {
        data fields = data::type::list;
        for (const Input& input : phone_inputs()) fields << input_values(input, view, texts);
        values.set("fields", fields);
    }
    if (asked.bank_account) values.set("account", account_values(view, texts));
    FaultLines faults;
    for (const std::string& name : view.faults)
        faults.emplace_back(name == "birth" ? "birth_day" : name,
                            texts[std::string(text_of_input(name)).append("_fault")]);
    set_faults(values, faults);
    return {"details", texts["details_title"], std::move(values)};
}

}  // namespace saldo::web
