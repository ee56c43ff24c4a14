#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "foundation/calendar.hpp"
#include "ledger/command.hpp"
#include "service/sessions.hpp"
#include "terms/instalment_offer.hpp"
#include "web/session_details.hpp"
#include "web/view.hpp"

namespace saldo::web {

/// What the page shows of the shop beside its name, and under which law it sells.
struct Look {
    std::string logo_path = {};
    std::string accent_path = {};
    std::string terms_url = {}, privacy_url = {};
    terms::CreditRegime regime = terms::CreditRegime::merchant_deferral;
    std::string creditor_id = {};                   ///< of SEPA direct debits
    std::optional<int> notice_days = {};            ///< between telling of a direct debit and collecting it, if agreed
    std::vector<std::string> frame_ancestors = {};  ///< who may show the page in a frame
};

/// What a form had in it that was to be put right. Kept in memory alone, for the next showing of the form.
struct Draft {
    Typed typed;
    std::vector<std::string> faults;
};

/// One look at the page.
struct Visit {
    Step step = Step::current;
    Language language = Language::english;
    foundation::Instant now;
    std::string base, csrf;
    std::string_view said = {};  ///< what became of the form before: a word of ours in the query
    bool stays = false;
    bool has_phone = false;  ///< of the sandbox
    bool is_sandbox = false;
    Look look = {};
    Draft draft = {};
};

/// Where the browser is to go instead.
struct GoTo {
    std::string path;
};

/// The screen of a session at its place. A step that makes no sense there leads to the one that does.
std::variant<PageView, GoTo> page_of(const service::SessionView& session, const Visit& visit);

/// The address the shop wants the buyer back at, as the session has ended or stands, with `session_id` added. Nothing
/// where the shop gave none or the buyer was erased.
std::optional<std::string> return_url(const checkout::Session& session);

/// The verdict of the sandbox's bar: `approve`, `ask-for-code`, or a reason of its list; nothing for anything else.
std::optional<ledger::RiskVerdict> sandbox_verdict(std::string_view what, std::string_view reason);

}  // namespace saldo::web
