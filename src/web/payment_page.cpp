#include "web/payment_page.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "foundation/digest.hpp"
#include "http/session_api.hpp"
#include "http/url.hpp"
#include "web/answers.hpp"
#include "web/colour.hpp"
#include "web/drafts.hpp"
#include "web/flow.hpp"
#include "web/page.hpp"
#include "web/shop_look.hpp"
#include "web/texts.hpp"

namespace saldo::web {

using http::Call;
using http::Respond;
using http::Response;
using http::Route;
using service::CodeResult;
using service::SessionFault;
using service::SessionPtr;

namespace {

constexpr std::string_view base_path = "/pay/{session_id}";
constexpr std::string_view form_type = "application/x-www-form-urlencoded";

/// A form's fields by name; of a repeated name the first.
Typed typed_in(std::string_view body) {
    Typed typed;
    for (auto& [name, value] : http::parse_query(body).value_or(std::vector<http::QueryParameter>{}))
        typed.emplace(std::move(name), std::move(value));
    return typed;
}

Language spoken_in(const checkout::Session& session, const http::Request& request) {
    return language_for(session.order.buyer.language, request.header("Accept-Language"));
}

/// A request in the course of being answered.
struct Asked {
    http::RequestPtr request;
    std::string session_id;
    Typed form;
    Typed query;

    std::string base() const { return "/pay/" + session_id; }
    std::string_view field(std::string_view name) const { return in(form, name); }
    std::string_view parameter(std::string_view name) const { return in(query, name); }

  private:
    static std::string_view in(const Typed& typed, std::string_view name) {
        const auto found = typed.find(name);
        return found == typed.end() ? std::string_view{} : std::string_view(found->second);
    }
};

Response ending(Ending how, int status, Language language, std::string base = {}) {
    return page_response(
        status, render({.frame = {.language = language, .base = std::move(base)}, .content = EndingView{how}}));
}

Response ending(Ending how, int status, const Asked& asked) {
    return ending(how, status, language_for("", asked.request->header("Accept-Language")), asked.base());
}

class Desk {
  public:
    explicit Desk(PaymentPage page) : page_(std::move(page)) {}

    /// Trades the landing token for a cookie and a clean address. Opening is no action: link previews do it too.
    void open(Call call, Respond respond) {
        const http::RequestPtr request = call.request;
        page_.sessions.open(call.parameter("token"), [this, request, respond = std::move(respond)](auto found) mutable {
            if (const auto* session = std::get_if<SessionPtr>(&found)) return respond(let_in((*session)->session));
            const bool is_unknown = std::get<SessionFault>(found) == SessionFault::unknown_session;
            respond(ending(is_unknown ? Ending::lost : Ending::unavailable, is_unknown ? 404 : 503,
                           language_for("", request->header("Accept-Language")), std::string(request->path)));
        });
    }

    void show(Call call, Respond respond, Step step) {
        const Asked asked = asked_by(call);
        resume(asked, std::move(respond), [this, asked, step](const SessionPtr& session, Respond answer) {
            const Visit visit = visit_of(*session, asked, step);
            auto shown = page_of(*session, visit);
            if (const auto* elsewhere = std::get_if<GoTo>(&shown)) return answer(see_other(elsewhere->path));
            answer(page_response(200, render(std::get<PageView>(shown)), visit.look.frame_ancestors));
        });
    }

    void give_back(Call call, Respond respond) {
        const Asked asked = asked_by(call);
        resume(asked, std::move(respond), [asked](const SessionPtr& session, Respond answer) {
            const bool is_over = session->session.is_over();
            const auto url = is_over ? return_url(session->session) : std::nullopt;
            answer(see_other(url.value_or(asked.base())));
        });
    }

    void choose_method(Call call, Respond respond) {
        submit(std::move(call), std::move(respond), [this](const Asked& asked, const SessionPtr&, Respond answer) {
            const auto choice = choice_of_form(asked.field("method"));
            if (!choice) return act_and_say(asked, checkout::Act{}, "/method?said=none", std::move(answer));
            act_and_say(asked, checkout::ChoosePaymentMethod{choice->method, choice->instalments}, "",
                        std::move(answer));
        });
    }

    void give_details(Call call, Respond respond) {
        submit(std::move(call), std::move(respond),
               [this](const Asked& asked, const SessionPtr& session, Respond answer) {
                   const checkout::Session& known = session->session;
                   const AskedDetails wanted = asked_of(known, Step::details);
                   auto faults = faults_of(wanted, asked.form, known.terms.zone.day_of(page_.clock.now()));
                   if (!faults.empty()) {
                       drafts_.keep(asked.session_id, {asked.form, std::move(faults)});
                       return act_and_say(asked, checkout::Act{}, "/details?said=check", std::move(answer));
                   }
                   take_details(asked, session, details_of(known, wanted, asked.form), std::move(answer));
               });
    }

    void order(Call call, Respond respond) {
        submit(std::move(call), std::move(respond),
               [this](const Asked& asked, const SessionPtr& session, Respond answer) {
                   order_as_shown(asked, session, asked.field("seen"), std::nullopt, std::move(answer));
               });
    }

    void enter_code(Call call, Respond respond) {
        submit(std::move(call), std::move(respond), [this](const Asked& asked, const SessionPtr&, Respond answer) {
            std::string code = std::string(asked.field("code"));
            std::erase_if(code, [](char c) { return c == ' ' || c == '-' || c == '\t'; });
            const bool is_code =
                code.size() == 6 && std::ranges::all_of(code, [](char c) { return c >= '0' && c <= '9'; });
            if (!is_code) return act_and_say(asked, checkout::Act{}, "?said=malformed", std::move(answer));
            page_.sessions.enter_code(asked.session_id, code, code_answer(asked, std::move(answer)));
        });
    }

    void send_new_code(Call call, Respond respond) {
        submit(std::move(call), std::move(respond), [this](const Asked& asked, const SessionPtr&, Respond answer) {
            page_.sessions.send_new_code(asked.session_id, code_answer(asked, std::move(answer)));
        });
    }

    /// Withdraws from paying later. What cannot be any more is shown by the page it leads to.
    void withdraw(Call call, Respond respond) {
        submit(
            std::move(call), std::move(respond), [this](const Asked& asked, const SessionPtr& session, Respond answer) {
                const auto& id = session->session.transaction_id;
                if (!id || !session->withdrawal) return answer(see_other(asked.base()));
                const service::Origin buyer{
                    .actor = "buyer", .partner_id = session->session.partner_id, .key = std::nullopt};
                page_.purchases.find(buyer, *id, [this, asked, buyer, answer = std::move(answer)](auto found) mutable {
                    const auto* purchase = std::get_if<service::PurchasePtr>(&found);
                    if (!purchase) return answer(fault_answer(asked, SessionFault::busy));
                    page_.purchases.operate(
                        buyer, *purchase, ledger::WithdrawCredit{},
                        [asked, answer = std::move(answer)](const service::Result& result) mutable {
                            const auto* undone = std::get_if<service::NotDecided>(&result);
                            if (!undone) return answer(see_other(asked.base()));
                            answer(fault_answer(asked, *undone == service::NotDecided::outcome_unknown
                                                           ? SessionFault::outcome_unknown
                                                           : SessionFault::busy));
                        });
                });
            });
    }

    void cancel(Call call, Respond respond) {
        submit(std::move(call), std::move(respond), [this](const Asked& asked, const SessionPtr&, Respond answer) {
            drafts_.forget(asked.session_id);
            act_and_say(asked, checkout::Cancel{}, "", std::move(answer));
        });
    }

    void take_more_time(Call call, Respond respond) {
        submit(std::move(call), std::move(respond), [this](const Asked& asked, const SessionPtr&, Respond answer) {
            act_and_say(asked, checkout::Act{}, "", std::move(answer));
        });
    }

    void give_logo(const Call& call, Respond respond) const {
        const auto directory = page_.directory();
        const partner::Partner* partner = directory->partner(call.parameter("partner_id"));
        const auto logo = partner ? logo_of(*partner) : std::nullopt;
        respond(logo ? asset_response({logo->bytes, logo->media_type}) : page_response(404, ""));
    }

    void show_phone(Respond respond) const { respond(page_response(200, render_phone(phone_path, page_.phone()))); }

    void use_sandbox(Call call, Respond respond) {
        submit(std::move(call), std::move(respond),
               [this](const Asked& asked, const SessionPtr& session, Respond answer) {
                   const std::string_view what = asked.field("do");
                   if (const auto verdict = sandbox_verdict(what, asked.field("reason")))
                       return order_as_shown(asked, session, shown_hash(asked, *session), verdict, std::move(answer));
                   if (what == "wrong-code") return enter_wrong_code(asked, std::move(answer));
                   if (what == "expire") return act_and_say(asked, checkout::Expire{}, "", std::move(answer));
                   if (what == "flag-fraud")
                       return page_.sessions.flag_fraud({.actor = "sandbox"}, asked.session_id, {},
                                                        plain_answer(asked, "", std::move(answer)));
                   answer(see_other(asked.base()));
               });
    }

  private:
    Response let_in(const checkout::Session& session) const {
        const std::string base = "/pay/" + session.id;
        const bool is_framed = !look_of_shop(session.partner_id).frame_ancestors.empty();
        Response response = see_other(base);
        response.fields.add("Set-Cookie", session_cookie(page_.sessions.cookie_of(session.id), base, page_.scheme,
                                                         is_framed ? Framing::allowed : Framing::never));
        return response;
    }

    static Asked asked_by(const Call& call) {
        return {.request = call.request,
                .session_id = call.parameter("session_id"),
                .form = typed_in(call.request->body),
                .query = typed_in(call.request->query)};
    }

    /// Goes on with the session of the browser's cookie, which must be the one that the path names.
    template <class Next>
    void resume(const Asked& asked, Respond respond, Next next) {
        const std::string cookie = cookie_value(*asked.request, session_cookie_name);
        if (cookie.empty()) return respond(ending(Ending::lost, 404, asked));
        page_.sessions.resume(cookie, [asked, next, respond = std::move(respond)](auto found) mutable {
            if (const auto* fault = std::get_if<SessionFault>(&found); fault && *fault != SessionFault::unknown_session)
                return respond(ending(Ending::unavailable, 503, asked));
            const auto* session = std::get_if<SessionPtr>(&found);
            if (!session || (*session)->session.id != asked.session_id)
                return respond(ending(Ending::lost, 404, asked));
            next(*session, std::move(respond));
        });
    }

    /// The same for a form, which must carry the session's token.
    template <class Next>
    void submit(Call call, Respond respond, Next next) {
        const Asked asked = asked_by(call);
        resume(asked, std::move(respond), [this, asked, next](const SessionPtr& session, Respond answer) {
            const std::string token = page_.sessions.form_token_of(asked.session_id);
            if (!foundation::equal_in_constant_time(asked.field("csrf"), token))
                return answer(ending(Ending::forged, 403, asked));
            next(asked, session, std::move(answer));
        });
    }

    Visit visit_of(const service::SessionView& session, const Asked& asked, Step step) const {
        Visit visit{.step = step,
                    .language = spoken_in(session.session, *asked.request),
                    .now = page_.clock.now(),
                    .base = asked.base(),
                    .csrf = page_.sessions.form_token_of(asked.session_id),
                    .said = asked.parameter("said"),
                    .stays = asked.parameter("stay") == "yes",
                    .has_phone = static_cast<bool>(page_.phone),
                    .is_sandbox = page_.kind == PaymentPage::Kind::sandbox,
                    .look = look_of_shop(session.session.partner_id)};
        if (visit.said == "check") visit.draft = drafts_.of(asked.session_id);
        return visit;
    }

    Look look_of_shop(const std::string& partner_id) const {
        const auto directory = page_.directory();
        const partner::Partner* partner = directory->partner(partner_id);
        return partner ? look_of(*partner) : Look{};
    }

    /// The hash of the confirmation as it would be shown now; empty where none would.
    std::string shown_hash(const Asked& asked, const service::SessionView& session) const {
        const auto shown = page_of(session, visit_of(session, asked, Step::current));
        const auto* page = std::get_if<PageView>(&shown);
        const auto* confirm = page ? std::get_if<ConfirmView>(&page->content) : nullptr;
        return confirm ? confirm->seen : std::string();
    }

    /// Orders only what was on the buyer's screen: where another window has changed it, the new screen comes first.
    void order_as_shown(const Asked& asked, const SessionPtr& session, std::string_view seen,
                        std::optional<ledger::RiskVerdict> verdict, Respond respond) {
        const std::string shown = shown_hash(asked, *session);
        if (shown.empty()) return respond(see_other(asked.base()));
        if (seen != shown) return respond(see_other(asked.base() + "?said=changed"));
        const Texts& texts = Texts::of(spoken_in(session->session, *asked.request));
        checkout::ConsentReceipt receipt{.text_pack = texts.version(),
                                         .language = std::string(code_of(texts.language())),
                                         .page_sha256 = shown,
                                         .source_ip_address = subject::Sealed(asked.request->client)};
        page_.sessions.confirm(asked.session_id, std::move(receipt), verdict,
                               plain_answer(asked, "", std::move(respond)));
    }

    void take_details(const Asked& asked, const SessionPtr& session, checkout::Details details, Respond respond) {
        const bool awaits_code = session->session.status == checkout::SessionStatus::otp_pending;
        page_.sessions.act(asked.session_id, checkout::GiveDetails{std::move(details)},
                           [this, asked, awaits_code, respond = std::move(respond)](auto result) mutable {
                               if (const auto* no = std::get_if<service::SessionSaidNo>(&result);
                                   no && no->refused.refusal == checkout::Refusal::details_invalid) {
                                   drafts_.keep(asked.session_id, {asked.form, web::faults_of(no->refused.details)});
                                   return respond(see_other(asked.base() + "/details?said=check"));
                               }
                               if (const auto* fault = std::get_if<SessionFault>(&result))
                                   return respond(fault_answer(asked, *fault));
                               drafts_.forget(asked.session_id);
                               // A number is changed because nothing arrived at the old one.
                               if (awaits_code && std::holds_alternative<service::SessionDone>(result))
                                   return page_.sessions.send_new_code(asked.session_id,
                                                                       code_answer(asked, std::move(respond)));
                               respond(see_other(asked.base()));
                           });
    }

    /// No code is made of letters, so this one is wrong whatever the right one is.
    void enter_wrong_code(const Asked& asked, Respond respond) {
        page_.sessions.enter_code(asked.session_id, "sandbox", code_answer(asked, std::move(respond)));
    }

    void act_and_say(const Asked& asked, checkout::Command command, std::string_view place, Respond respond) {
        page_.sessions.act(asked.session_id, std::move(command),
                           plain_answer(asked, std::string(place), std::move(respond)));
    }

    /// What the store has not said it does not show either way: the page at its place does, once it can be read.
    static Response fault_answer(const Asked& asked, SessionFault fault) {
        return see_other(asked.base() + (fault == SessionFault::outcome_unknown ? "" : "?said=busy"));
    }

    /// Whatever the session says, the page at its place shows it.
    static service::Sessions::OnResult plain_answer(const Asked& asked, std::string place, Respond respond) {
        return [asked, place = std::move(place), respond = std::move(respond)](auto result) mutable {
            if (const auto* fault = std::get_if<SessionFault>(&result)) return respond(fault_answer(asked, *fault));
            const bool is_done = std::holds_alternative<service::SessionDone>(result);
            respond(see_other(asked.base() + (is_done ? place : std::string())));
        };
    }

    static service::Sessions::OnResult code_answer(const Asked& asked, Respond respond) {
        return [asked, respond = std::move(respond)](auto result) mutable {
            if (const auto* fault = std::get_if<SessionFault>(&result)) return respond(fault_answer(asked, *fault));
            const auto* done = std::get_if<service::SessionDone>(&result);
            respond(see_other(asked.base() + (done && done->code ? said_of(*done->code) : "")));
        };
    }

    static std::string said_of(CodeResult result) {
        switch (result) {
            case CodeResult::wrong:
                return "?said=wrong";
            case CodeResult::no_longer_valid:
                return "?said=expired";
            case CodeResult::sent:
                return "?said=sent";
            case CodeResult::verified:
            case CodeResult::no_tries_left:
            case CodeResult::too_early:
            case CodeResult::no_new_codes_left:
                return "";
        }
        return "";
    }

    PaymentPage page_;
    Drafts drafts_;
};

void give_asset(const Call& call, Respond respond) {
    const auto found = asset(call.parameter("name"));
    respond(found ? asset_response(*found) : page_response(404, ""));
}

/// The colour is in the address, so the answer is the same for good.
void give_accent(const Call& call, Respond respond) {
    std::string_view name = call.parameter("colour");
    if (!name.ends_with(".css")) return respond(page_response(404, ""));
    name.remove_suffix(4);
    const auto colour = parse_colour(name);
    if (!colour) return respond(page_response(404, ""));
    const std::string css = accent_css(accent_of(colour));
    respond(asset_response({.bytes = css, .media_type = "text/css; charset=utf-8"}));
}

}  // namespace

std::vector<Route> payment_page_routes(PaymentPage page) {
    const bool has_phone = static_cast<bool>(page.phone);
    const bool is_sandbox = page.kind == PaymentPage::Kind::sandbox;
    const auto desk = std::make_shared<Desk>(std::move(page));
    std::vector<Route> routes;
    const auto get = [&](std::string_view pattern, auto handler) {
        routes.push_back(
            {.method = "GET", .pattern = std::string(pattern), .gives = {}, .handler = std::move(handler)});
    };
    const std::string base(base_path);
    get(std::string(http::landing_path) + "{token}",
        [desk](Call call, Respond respond) { desk->open(std::move(call), std::move(respond)); });
    get("/pay/assets/{name}", [](Call call, Respond respond) { give_asset(call, std::move(respond)); });
    get("/pay/accents/{colour}", [](Call call, Respond respond) { give_accent(call, std::move(respond)); });
    get("/pay/logos/{partner_id}", [desk](Call call, Respond respond) { desk->give_logo(call, std::move(respond)); });
    const std::pair<std::string, Step> screens[] = {{base, Step::current},
                                                    {base + "/method", Step::method},
                                                    {base + "/details", Step::details},
                                                    {base + "/withdrawal", Step::withdrawal}};
    for (const auto& [pattern, step] : screens)
        get(pattern,
            [desk, step = step](Call call, Respond respond) { desk->show(std::move(call), std::move(respond), step); });
    get(base + "/return", [desk](Call call, Respond respond) { desk->give_back(std::move(call), std::move(respond)); });

    if (has_phone) get(phone_path, [desk](const Call&, Respond respond) { desk->show_phone(std::move(respond)); });

    const auto post = [&](const char* form, void (Desk::*answer)(Call, Respond)) {
        routes.push_back({.method = "POST",
                          .pattern = base + form,
                          .takes = {form_type},
                          .gives = {},
                          .handler = [desk, answer](Call call, Respond respond) {
                              (*desk.*answer)(std::move(call), std::move(respond));
                          }});
    };
    post("/method", &Desk::choose_method);
    post("/details", &Desk::give_details);
    post("/order", &Desk::order);
    post("/code", &Desk::enter_code);
    post("/code/new", &Desk::send_new_code);
    post("/withdrawal", &Desk::withdraw);
    post("/cancel", &Desk::cancel);
    post("/more-time", &Desk::take_more_time);
    if (is_sandbox) post("/sandbox", &Desk::use_sandbox);
    return routes;
}

}  // namespace saldo::web
