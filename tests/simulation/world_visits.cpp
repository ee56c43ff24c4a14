// Buyers on the payment page: what they do, what they see, and what they are told.

#include <algorithm>

#include "world.hpp"

namespace saldo::simulation {

using service::SessionDone;
using service::SessionFault;
using service::SessionMade;
using service::SessionPtr;
using service::SessionRuledOut;
using service::SessionSaidNo;

void World::make_session(std::size_t place) {
    const Visit& wanted = visits_[place];
    tell([&] { return wanted.merchant->name + " makes a session"; });
    house_->sessions().create(
        {.actor = wanted.actor(), .partner_id = wanted.merchant->partner_id, .key = "session " + std::to_string(place)},
        wanted.wanted, [this, place](std::variant<SessionMade, SessionRuledOut, SessionFault> answer) {
            if (!disk_.has_power()) return;
            audit_.follow();
            if (const auto* fault = std::get_if<SessionFault>(&answer)) return hear_fault(*fault);
            Visit& visit = visits_[place];
            const auto* made = std::get_if<SessionMade>(&answer);
            // Whose buyer is gone is not made once more.
            if (!made) return verdict_.check(visit.exists() && !visit.key, "a good session was ruled out");
            verdict_.check(visit.exists() && made->session->session.id == visit.id,
                           "a session that was made is not stored");
            verdict_.check(visit.landing_token.empty() || visit.landing_token == made->landing_token,
                           "a repeated session leads to another page");
            visit.landing_token = made->landing_token;
        });
}

void World::visitor_does(Fate& fate) {
    const std::size_t place = fate.below(visits_.size());
    const Visit& visit = visits_[place];
    if (!visit.exists() || fate.likely(3)) return make_session(place);
    std::vector<EnterCode> codes;
    for (const Dossier& dossier : dossiers_)
        if (dossier.visit == place && dossier.model.code) codes = dossier.codes;
    const VisitWish wish = visit_wish(fate, visit, codes);
    tell([&] { return "the visitor " + words_of(wish); });
    ask_sessions(fate, place, wish);
    // Forms are sent twice by people who press twice.
    if (fate.likely(10)) ask_sessions(fate, place, wish);
}

void World::ask_sessions(Fate& fate, std::size_t place, const VisitWish& wish) {
    Visit& visit = visits_[place];
    auto answer = visit_answer_to(place, wish, fate.likely(7));
    service::CheckoutSessions& sessions = house_->sessions();
    const service::Origin merchant{.actor = visit.actor(), .partner_id = visit.merchant->partner_id, .key = {}};
    if (const auto* order = std::get_if<PressOrder>(&wish)) {
        const checkout::ConsentReceipt receipt{.text_pack = "2026-11",
                                               .language = "de",
                                               .page_sha256 = std::string(64, 'a'),
                                               .source_ip_address = subject::Sealed{"192.0.2.7"}};
        return sessions.confirm(visit.id, receipt, order->verdict, std::move(answer));
    }
    if (const auto* typed = std::get_if<EnterCode>(&wish)) {
        visit.typed.push_back(*typed);
        return sessions.enter_code(visit.id, typed->code, std::move(answer));
    }
    if (std::holds_alternative<AskForCode>(wish)) return sessions.send_new_code(visit.id, std::move(answer));
    if (std::holds_alternative<EraseVisit>(wish)) return sessions.erase(merchant, visit.id, std::move(answer));
    const auto& command = std::get<checkout::Command>(wish);
    if (const auto* flag = std::get_if<checkout::FlagFraud>(&command))
        return sessions.flag_fraud(merchant, visit.id, *flag, std::move(answer));
    sessions.act(visit.id, command, std::move(answer));
}

service::Sessions::OnResult World::visit_answer_to(std::size_t place, VisitWish wish, bool gets_lost) {
    return [this, place, wish = std::move(wish),
            gets_lost](const std::variant<SessionDone, SessionSaidNo, SessionFault>& answer) {
        if (!disk_.has_power() || gets_lost) return;
        audit_.follow();
        if (!verdict_.all_hold()) return;
        const Visit& visit = visits_[place];
        const auto* done = std::get_if<SessionDone>(&answer);
        const auto* no = std::get_if<SessionSaidNo>(&answer);
        tell([&] {
            return "  the page: " + (done ? "done, event " + std::to_string(done->session->session.version)
                                     : no ? std::string(checkout::name_of(no->refused.refusal))
                                          : std::string("it did not come to be decided"));
        });
        if (const auto* fault = std::get_if<SessionFault>(&answer)) return hear_fault(*fault);
        if (done) {
            const checkout::Session& shown = done->session->session;
            verdict_.check(shown.id == visit.id && shown.version < std::ssize(visit.versions),
                           "what a page acknowledged is not stored");
            if (!verdict_.all_hold() || !visit.key) return;
            return verdict_.check(visit.versions[static_cast<std::size_t>(shown.version)] == shown,
                                  "a page acknowledged something else than what is stored");
        }
        const auto expected = objection(no->session->session, wish);
        using checkout::Refusal;
        const Refusal told = no->refused.refusal;
        if (expected) return verdict_.check(told == *expected, "a visitor was told another no");
        verdict_.check(told == Refusal::method_not_offered || told == Refusal::details_invalid ||
                           told == Refusal::details_missing || told == Refusal::waits_for_code,
                       "a visitor was told no who should go on");
    };
}

void World::somebody_looks_at_session(Fate& fate, std::size_t place) {
    const Visit& visit = visits_[place];
    if (!visit.exists()) return;
    const Merchant& asking = fate.likely(70) ? *visit.merchant : fate.one_of(merchants());
    service::CheckoutSessions& sessions = house_->sessions();
    switch (fate.number(0, 2)) {
        case 0:
            return sessions.find({.actor = "reader", .partner_id = asking.partner_id, .key = {}}, visit.id,
                                 visit_look_of(place, asking.partner_id == visit.merchant->partner_id));
        case 1:
            return sessions.resume(sessions.cookie_of(visit.id), visit_look_of(place, true));
        default:
            if (!visit.landing_token.empty()) sessions.open(visit.landing_token, visit_look_of(place, true));
    }
}

service::Sessions::OnSession World::visit_look_of(std::size_t place, bool may_see) {
    return [this, place, may_see](std::variant<SessionPtr, SessionFault> answer) {
        audit_.follow();
        if (const auto* fault = std::get_if<SessionFault>(&answer)) {
            verdict_.check(*fault != SessionFault::unknown_session || !may_see, "a session was not found");
            verdict_.check(*fault != SessionFault::broken, "a look at a session broke");
            return;
        }
        verdict_.check(may_see, "a merchant sees another one's session");
        checkout::Session expected = visits_[place].session();
        const std::int64_t version = expected.version;
        for (const checkout::Recorded& due : checkout::due_events(expected, house_->now()))
            checkout::evolve(expected, due);
        expected.version = version;
        verdict_.check(std::get<SessionPtr>(answer)->session == expected,
                       "a page shows something else than what was committed");
    };
}

void World::hear_fault(SessionFault fault) {
    switch (fault) {
        case SessionFault::failed:
        case SessionFault::outcome_unknown:
            return verdict_.check(disk_.mishaps() > 0, "the store failed although the disk did not");
        case SessionFault::busy:
            return;
        case SessionFault::unknown_session:
            return verdict_.check(false, "a session was not found");
        case SessionFault::key_reused:
            return verdict_.check(false, "a session's key was called reused that was not");
        case SessionFault::broken:
            return verdict_.check(false, "a command on a session broke");
    }
}

}  // namespace saldo::simulation
