#include "web/page.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

#include "foundation/digest.hpp"
#include "foundation/outcome.hpp"
#include "web/assets.hpp"
#include "web/embedded.hpp"
#include "web/screen.hpp"
#include "web/wording.hpp"

namespace saldo::web {

using kainjow::mustache::data;
using kainjow::mustache::mustache;
using kainjow::mustache::partial;

namespace {

std::string filled(std::string_view page, data& values) {
    mustache page_template{std::string(embedded("pages/" + std::string(page) + ".html"))};
    foundation::ensure(page_template.is_valid(), "a page's template is valid");
    return page_template.render(values);
}

data part(std::string_view page) {
    return partial([page = std::string(page)] { return std::string(embedded("pages/" + page + ".html")); });
}

data all_texts(const Texts& texts) {
    data all = data::type::object;
    for (const auto& [key, text] : texts.all()) all.set(key, text);
    return all;
}

void set_assets(data& values) {
    values.set("css_path", asset_path("page.css"));
    values.set("script_path", asset_path("page.js"));
    values.set("icon_path", asset_path("icon.svg"));
}

void set_open(data& values, const OpenUntil& open, const Texts& texts) {
    const auto left = std::chrono::duration_cast<std::chrono::seconds>(open.closes_at - open.now).count();
    const std::string time = time_text(open.closes_at, open.zone);
    values.set("closes", true);
    values.set("closes_in", std::to_string(std::max<std::int64_t>(left, 0)));
    values.set("open_until", texts.fill("open_until", {{"time", time}}));
    values.set("time_banner", texts.fill("time_banner", {{"time", time}}));
}

/// The bar speaks English: it is for who builds the shop.
void set_sandbox(data& values, const SandboxBar& bar) {
    data buttons = data::type::list;
    const auto offer = [&](bool offered, const char* value, const char* label) {
        if (!offered) return;
        data button;
        button.set("value", value);
        button.set("label", label);
        buttons << button;
    };
    offer(bar.approve, "approve", "Approve");
    offer(bar.ask_for_code, "ask-for-code", "Ask for a code");
    offer(bar.wrong_code, "wrong-code", "Wrong code");
    offer(bar.expire, "expire", "Expire now");
    offer(bar.flag_fraud, "flag-fraud", "Flag fraud");
    values.set("has_sandbox", true);
    values.set("buttons", buttons);
    set_text(values, "phone_path", bar.phone ? std::string(phone_path) : std::string());
    if (!bar.declines.empty()) {
        data declines, reasons = data::type::list;
        for (const std::string& reason : bar.declines) reasons << data(reason);
        declines.set("reasons", reasons);
        values.set("declines", declines);
    }
}

void set_notice(data& values, Notice notice, const Texts& texts) {
    switch (notice) {
        case Notice::none:
            return;
        case Notice::busy:
            return values.set("notice", texts["notice_busy"]);
        case Notice::changed_elsewhere:
            return values.set("notice", texts["notice_stale"]);
    }
}

void set_frame(data& values, const Frame& frame, const Texts& texts) {
    values.set("t", all_texts(texts));
    values.set("lang", std::string(code_of(frame.language)));
    set_text(values, "shop", frame.shop_name);
    set_text(values, "logo_path", frame.logo_path);
    set_text(values, "accent_path", frame.accent_path);
    values.set("base", frame.base);
    values.set("csrf", frame.csrf);
    if (frame.amount) values.set("amount", money_text(*frame.amount, frame.language));
    if (frame.open) set_open(values, *frame.open, texts);
    values.set("can_cancel", frame.open.has_value());
    values.set("cancel", texts.fill("cancel", {{"shop", frame.shop_name}}));
    set_notice(values, frame.notice, texts);
    if (frame.sandbox) set_sandbox(values, *frame.sandbox);
    set_assets(values);
}

}  // namespace

std::string render(const PageView& view) {
    const Texts& texts = Texts::of(view.frame.language);
    Screen screen =
        std::visit([&](const auto& content) { return screen_of(content, view.frame, texts); }, view.content);
    set_frame(screen.values, view.frame, texts);
    screen.values.set("title", screen.title);
    screen.values.set("content", part(screen.page));
    screen.values.set("field", part("field"));
    screen.values.set("sandbox", part("sandbox"));
    return filled("layout", screen.values);
}

std::string render_phone(std::string_view path, std::span<const PhoneMessage> newest_first) {
    data values, messages = data::type::list;
    for (const PhoneMessage& message : newest_first) {
        data one;
        one.set("to", message.to);
        one.set("at", message.at);
        one.set("text", message.text);
        messages << one;
    }
    values.set("messages", messages);
    values.set("path", std::string(path));
    set_assets(values);
    return filled("phone", values);
}

std::string page_hash(PageView view) {
    view.frame.csrf.clear();
    view.frame.open.reset();
    view.frame.notice = Notice::none;
    view.frame.sandbox.reset();
    if (auto* confirm = std::get_if<ConfirmView>(&view.content)) confirm->seen.clear();
    return foundation::hex(foundation::bytes_of(foundation::sha256(render(view))));
}

}  // namespace saldo::web
