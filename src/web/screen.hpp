#pragma once

#include <kainjow/mustache.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "web/texts.hpp"
#include "web/view.hpp"

namespace saldo::web {

/// A screen ready for its template: the template's name, the title, and the values by name.
struct Screen {
    std::string page;
    std::string title;
    kainjow::mustache::data values;
};

Screen screen_of(const MethodView& view, const Frame& frame, const Texts& texts);
Screen screen_of(const DetailsView& view, const Frame& frame, const Texts& texts);
Screen screen_of(const ConfirmView& view, const Frame& frame, const Texts& texts);
Screen screen_of(const CodeView& view, const Frame& frame, const Texts& texts);
Screen screen_of(const ResultView& view, const Frame& frame, const Texts& texts);
Screen screen_of(const DeclinedView& view, const Frame& frame, const Texts& texts);
Screen screen_of(const EndingView& view, const Frame& frame, const Texts& texts);
Screen screen_of(const WithdrawView& view, const Frame& frame, const Texts& texts);
Screen screen_of(const WithdrawnView& view, const Frame& frame, const Texts& texts);

/// Sets a text, or says that there is none: a template asks the values around it for a name that is not there at all.
void set_text(kainjow::mustache::data& values, const std::string& name, const std::string& text);

/// What the summary on top of a form says: the field each line leads to, and its words.
using FaultLines = std::vector<std::pair<std::string, std::string>>;
void set_faults(kainjow::mustache::data& values, const FaultLines& faults);

/// `invoice_due`, `debit_name`: the key of a text about a way to pay.
std::string text_key(terms::PaymentMethod method, std::string_view what);
/// The text of that key with the choice's days and day, and the numbers of its plan.
std::string due_text(const Choice& choice, const Texts& texts, std::string_view key);

}  // namespace saldo::web
