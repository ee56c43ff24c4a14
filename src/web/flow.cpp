#include "web/flow.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "checkout/decide.hpp"
#include "checkout/instructions.hpp"
#include "http/url.hpp"
#include "web/page.hpp"
#include "web/texts.hpp"
#include "web/wording.hpp"

namespace saldo::web {

using checkout::Detail;
using checkout::Session;
using checkout::SessionStatus;
using ledger::RiskVerdict;
using subject::Sealed;

namespace {

constexpr std::array sandbox_declines{
    std::pair{std::string_view("BUYER_IDENTITY"), RiskVerdict::buyer_identity},
    std::pair{std::string_view("PAYMENT_ATTRIBUTE"), RiskVerdict::payment_attribute},
    std::pair{std::string_view("RISK_DECISION"), RiskVerdict::risk_decision},
    std::pair{std::string_view("TRANSACTION_RISK"), RiskVerdict::transaction_risk},
};

bool is_debit(terms::PaymentMethod method) {
    return method.transfer == terms::TransferType::sepa_direct_debit;
}

bool is_by_instalments(terms::PaymentMethod method) {
    return method.option == terms::PaymentOption::instalment;
}

Choice choice_of(const checkout::Offer& offer, foundation::Day today) {
    return {.method = offer.method,
            .due_days = offer.due_days,
            .due_if_shipped_today = terms::due_date(today, offer.due_days),
            .cost = offer.cost};
}

Choice choice_of(const checkout::Offer& offer, foundation::Day today, terms::InstalmentOffer plan) {
    Choice choice = choice_of(offer, today);
    choice.cost = plan.cost_of_credit;
    choice.due_if_shipped_today = plan.first_due;
    choice.plan = std::move(plan);
    return choice;
}

/// The offer as the buyer chose it.
Choice chosen_of(const checkout::Offer& offer, const Session& session, foundation::Day today) {
    auto plan = is_by_instalments(offer.method) ? session.chosen_plan(today) : std::nullopt;
    return plan ? choice_of(offer, today, *std::move(plan)) : choice_of(offer, today);
}

/// The way to pay that is chosen and not ruled out.
std::optional<checkout::Offer> standing_offer(const Session& session) {
    if (!session.method) return std::nullopt;
    for (const checkout::Offer& offer : session.open_offers())
        if (offer.method == *session.method) return offer;
    return std::nullopt;
}

std::string joined(const std::string& left, const std::string& right) {
    return left.empty() || right.empty() ? left + right : left + ' ' + right;
}

std::vector<std::string> bill_to(const ledger::Buyer& buyer) {
    const ledger::Address& address = buyer.billing_address;
    std::vector<std::string> lines;
    if (buyer.company) lines.push_back(text_of(buyer.company->name));
    if (buyer.person) lines.push_back(joined(text_of(buyer.person->first_name), text_of(buyer.person->last_name)));
    lines.push_back(joined(text_of(address.street), text_of(address.street_number)));
    lines.push_back(text_of(address.street_addition));
    lines.push_back(joined(text_of(address.zip_code), text_of(address.city)));
    std::erase(lines, std::string());
    return lines;
}

/// The screens of one visit, each from the same session.
class Screens {
  public:
    Screens(const service::SessionView& view, const Visit& visit)
        : view_(view), session_(view.session), visit_(visit) {}

    std::variant<PageView, GoTo> here() const {
        if (visit_.step == Step::withdrawal && session_.status != SessionStatus::completed) return GoTo{visit_.base};
        switch (session_.status) {
            case SessionStatus::created:
            case SessionStatus::in_progress:
                return under_way();
            case SessionStatus::otp_pending:
                return waiting();
            case SessionStatus::completed:
                return completed();
            case SessionStatus::error:
                return ending(failed_at_the_code() ? Ending::code_used_up : Ending::declined);
            case SessionStatus::expired:
                return ending(Ending::expired);
            case SessionStatus::canceled:
                return ending(Ending::cancelled);
            case SessionStatus::fraud_cancellation_requested:
                return ending(Ending::passed_on);
        }
        return ending(Ending::lost);
    }

  private:
    PageView page(Content content) const {
        Frame frame{.language = visit_.language,
                    .shop_name = session_.shop_name,
                    .logo_path = visit_.look.logo_path,
                    .accent_path = visit_.look.accent_path,
                    .base = visit_.base,
                    .csrf = visit_.csrf,
                    .amount = session_.order.gross(),
                    .has_return = return_url(session_).has_value()};
        if (!session_.is_over()) frame.open = OpenUntil{session_.expires_at(), visit_.now, session_.terms.zone};
        if (visit_.said == "busy") frame.notice = Notice::busy;
        if (visit_.said == "changed") frame.notice = Notice::changed_elsewhere;
        if (visit_.is_sandbox) frame.sandbox = bar();
        PageView made{std::move(frame), std::move(content)};
        if (std::holds_alternative<ConfirmView>(made.content))
            std::get<ConfirmView>(made.content).seen = page_hash(made);
        return made;
    }

    SandboxBar bar() const {
        const bool can_order = checkout::may_confirm(session_).has_value();
        SandboxBar bar{.approve = can_order,
                       .ask_for_code = can_order && visit_.has_phone,
                       .wrong_code = session_.status == SessionStatus::otp_pending,
                       .expire = !session_.is_over(),
                       .flag_fraud = session_.status == SessionStatus::completed,
                       .phone = visit_.has_phone};
        if (can_order)
            for (const auto& [name, verdict] : sandbox_declines) bar.declines.emplace_back(name);
        return bar;
    }

    bool failed_at_the_code() const { return session_.transaction_id.has_value(); }

    PageView ending(Ending how) const {
        PageView made = page(EndingView{how});
        made.frame.amount.reset();  // there is nothing to pay
        return made;
    }

    std::variant<PageView, GoTo> under_way() const {
        if (visit_.step == Step::method) return method();
        if (visit_.step == Step::details) {
            if (!asked_of(session_, Step::details).any()) return GoTo{visit_.base};
            return details(Step::details);
        }
        if (!session_.to_correct.empty()) return declined();
        if (!standing_offer(session_)) return session_.correctable_decline() ? declined() : method();
        if (asked_of(session_, Step::current).any()) return details(Step::current);
        return confirm();
    }

    PageView method() const {
        MethodView view{.choices = {}, .chosen = {}, .none_was_chosen = visit_.said == "none"};
        if (session_.method) view.chosen = FormChoice{*session_.method, session_.instalments};
        const auto plans = session_.plans(today());
        for (const checkout::Offer& offer : session_.open_offers()) {
            if (!is_by_instalments(offer.method))
                view.choices.push_back(choice_of(offer, today()));
            else
                for (const terms::InstalmentOffer& plan : plans)
                    view.choices.push_back(choice_of(offer, today(), plan));
        }
        if (view.choices.empty()) return ending(Ending::declined);
        if (view.choices.size() == 1) view.chosen = view.choices.front().form_choice();
        return page(std::move(view));
    }

    PageView details(Step step) const {
        DetailsView view{.asked = asked_of(session_, step), .typed = visit_.draft.typed, .faults = visit_.draft.faults};
        view.typed.merge(known_details(session_));
        const auto& account = session_.terms.deposit_account;
        view.mandate.creditor = account && !account->owner.empty() ? account->owner : session_.shop_name;
        view.mandate.creditor_id = visit_.look.creditor_id;
        if (visit_.look.notice_days)
            view.mandate.notice_days = *visit_.look.notice_days;
        else if (const auto offer = standing_offer(session_))
            view.mandate.notice_days = std::max(1, offer->due_days - 1);
        return page(std::move(view));
    }

    PageView confirm() const {
        const checkout::Offer offer = standing_offer(session_).value();
        const foundation::Money goods = session_.order.gross();
        const Choice choice = chosen_of(offer, session_, today());
        ConfirmView view{.choice = choice,
                         .goods = goods,
                         .total = goods + choice.cost,
                         .bill_to = bill_to(session_.order.buyer),
                         .terms_url = visit_.look.terms_url,
                         .privacy_url = visit_.look.privacy_url};
        if (is_debit(offer.method) && session_.debit_account)
            view.masked_account = masked_iban(text_of(session_.debit_account->iban));
        const bool is_credit = offer.method.option != terms::PaymentOption::prepayment;
        const bool is_consumer_credit = visit_.look.regime == terms::CreditRegime::consumer_credit;
        if (is_credit && (is_consumer_credit || choice.plan)) {
            const auto& creditor = session_.terms.creditor;
            view.credit =
                CreditFacts{.creditor = creditor ? creditor->name + ", " + creditor->address : session_.shop_name,
                            .late_payment = session_.terms.late_payment,
                            .can_withdraw = is_consumer_credit};
            if (choice.plan) view.credit->rate = choice.plan->interest_rate;
            if (choice.plan) view.credit->effective_rate = choice.plan->effective_rate;
        }
        return page(std::move(view));
    }

    foundation::Day today() const { return session_.terms.zone.day_of(visit_.now); }

    PageView declined() const {
        DeclinedView view;
        const std::vector<Detail>& wrong = session_.to_correct;
        if (wrong.empty()) view.reasons.push_back(DeclinedFor::method);
        if (wrong.size() == 1) view.reasons.push_back(reason_of(wrong.front()));
        if (wrong.size() > 1) view.reasons.push_back(DeclinedFor::identity);
        view.can_correct = !wrong.empty();
        // Another way to pay makes no wrong address right.
        const bool would_help = wrong.empty() || wrong == std::vector{Detail::bank_account};
        view.can_choose_another_method =
            would_help && std::ranges::any_of(session_.open_offers(), [&](const checkout::Offer& offer) {
                return offer.method != session_.method;
            });
        return page(std::move(view));
    }

    static DeclinedFor reason_of(Detail detail) {
        switch (detail) {
            case Detail::name:
                return DeclinedFor::name;
            case Detail::billing_address:
                return DeclinedFor::billing_address;
            case Detail::delivery_address:
                return DeclinedFor::delivery_address;
            case Detail::date_of_birth:
                return DeclinedFor::date_of_birth;
            case Detail::phone:
                return DeclinedFor::phone;
            case Detail::bank_account:
                return DeclinedFor::bank_account;
        }
        return DeclinedFor::method;
    }

    std::variant<PageView, GoTo> waiting() const {
        if (visit_.step == Step::details) return details(Step::details);
        if (visit_.step == Step::method) return GoTo{visit_.base};
        const service::CodeStanding standing = view_.code.value_or(service::CodeStanding{});
        const auto& zone = session_.terms.zone;
        CodeView view{.masked_phone = standing.sent_to,
                      .valid_until = time_text(standing.valid_until, zone),
                      .fault = fault_said(),
                      .tries_left = standing.tries_left,
                      .was_sent_again = visit_.said == "sent",
                      .can_send_again = standing.new_codes_left > 0,
                      .can_change_number = standing.new_codes_left > 0};
        if (visit_.now < standing.new_code_from) {
            const auto left = std::chrono::ceil<std::chrono::seconds>(standing.new_code_from - visit_.now);
            view.seconds_to_wait = static_cast<int>(left.count());
            view.again_from = time_with_seconds(standing.new_code_from, zone);
        }
        return page(std::move(view));
    }

    CodeView::Fault fault_said() const {
        if (visit_.said == "wrong") return CodeView::Fault::wrong;
        if (visit_.said == "expired") return CodeView::Fault::expired;
        if (visit_.said == "malformed") return CodeView::Fault::malformed;
        return CodeView::Fault::none;
    }

    std::variant<PageView, GoTo> completed() const {
        const checkout::Offer* offer = session_.chosen_offer();
        if (!offer) return ending(Ending::passed_on);
        // What was agreed is shown as it was then, however late the page is looked at again.
        const foundation::Instant agreed = session_.consents.empty() ? visit_.now : session_.consents.back().at;
        const Choice choice = chosen_of(*offer, session_, session_.terms.zone.day_of(agreed));
        const auto& withdrawal = view_.withdrawal;
        if (withdrawal && withdrawal->at) return withdrawn(choice);
        const bool can_withdraw = withdrawal && today() <= withdrawal->last_day;
        if (visit_.step == Step::withdrawal) {
            if (!can_withdraw) return GoTo{visit_.base};
            return page(WithdrawView{.choice = choice,
                                     .owes_interest = owes_interest(choice),
                                     .reference = session_.payment_reference,
                                     .until = withdrawal->last_day});
        }
        ResultView view{
            .choice = choice, .account = {}, .reference = session_.payment_reference, .stays = visit_.stays};
        view.account = account();
        if (can_withdraw) view.withdraw_until = withdrawal->last_day;
        if (session_.debit_account) view.masked_account = masked_iban(text_of(session_.debit_account->iban));
        return page(std::move(view));
    }

    std::optional<ResultView::Account> account() const {
        const auto pay = checkout::instructions_of(session_);
        if (!pay) return std::nullopt;
        return ResultView::Account{pay->owner, pay->iban, pay->bic, pay->bank_name};
    }

    /// Whether a buyer who withdraws owes interest up to that day.
    bool owes_interest(const Choice& choice) const {
        const auto& instalments = session_.terms.instalments;
        return choice.plan && !choice.plan->plan.interest().is_zero() && instalments &&
               instalments->interest_on_withdrawal == terms::InterestOnWithdrawal::until_withdrawal;
    }

    PageView withdrawn(const Choice& choice) const {
        const service::WithdrawalStanding& done = *view_.withdrawal;
        const auto& zone = session_.terms.zone;
        PageView made = page(WithdrawnView{.choice = choice,
                                           .owes_interest = owes_interest(choice),
                                           .reference = session_.payment_reference,
                                           .on = zone.day_of(*done.at),
                                           .at = time_text(*done.at, zone),
                                           .due_date = *done.due_date,
                                           .open = done.open,
                                           .account = account()});
        made.frame.amount = done.open;
        return made;
    }

    const service::SessionView& view_;
    const Session& session_;
    const Visit& visit_;
};

}  // namespace

std::variant<PageView, GoTo> page_of(const service::SessionView& session, const Visit& visit) {
    return Screens(session, visit).here();
}

std::optional<std::string> return_url(const Session& session) {
    const auto& wanted =
        session.status == SessionStatus::completed || session.status == SessionStatus::fraud_cancellation_requested
            ? session.urls.success
        : session.status == SessionStatus::canceled ? session.urls.cancel
                                                    : session.urls.failure;
    if (!wanted || wanted->is_erased()) return std::nullopt;
    const std::string_view url = wanted->text();
    const auto fragment = std::min(url.find('#'), url.size());
    std::string back(url.substr(0, fragment));
    back += back.find('?') == std::string::npos ? '?' : '&';
    return back + "session_id=" + http::percent_encode(session.id) + std::string(url.substr(fragment));
}

std::optional<RiskVerdict> sandbox_verdict(std::string_view what, std::string_view reason) {
    if (what == "approve") return RiskVerdict::accepted;
    if (what == "ask-for-code") return RiskVerdict::one_time_code_required;
    if (what != "decline") return std::nullopt;
    for (const auto& [name, verdict] : sandbox_declines)
        if (name == reason) return verdict;
    return std::nullopt;
}

}  // namespace saldo::web
