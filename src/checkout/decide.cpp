#include "checkout/decide.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "checkout/correction.hpp"
#include "foundation/calendar.hpp"
#include "foundation/iban.hpp"

namespace saldo::checkout {

using foundation::Outcome;

namespace {

using Answer = Outcome<Decision, Refused>;

Answer no(Refusal refusal, std::vector<Detail> details = {}) {
    return std::unexpected(Refused{refusal, std::move(details)});
}

bool is_blank(const std::optional<Sealed>& text) {
    return !text || text->text().find_first_not_of(" \t") == std::string_view::npos;
}

bool is_address(const ledger::Address& address) {
    return !is_blank(address.street) && !is_blank(address.city) && !is_blank(address.zip_code) &&
           !is_blank(address.country_code);
}

/// E.164 knows 15 digits at most; nobody is reached by fewer than 6.
bool is_phone(std::string_view text) {
    const bool is_spelt = text.find_first_not_of("+0123456789 ()/-.") == std::string_view::npos;
    const auto digits = std::ranges::count_if(text, [](char c) { return c >= '0' && c <= '9'; });
    return is_spelt && digits >= 6 && digits <= 17;
}

/// What every command of the buyer's needs.
std::optional<Refusal> closed(const Session& session) {
    if (session.is_over() || session.erased) return Refusal::session_over;
    return std::nullopt;
}

struct Decide {
    const Session& session;

    bool waits() const { return session.status == SessionStatus::otp_pending; }
    /// Whether there is a plan of that number; of another way to pay, whether there is no number.
    bool is_number_offered(const ChoosePaymentMethod& command) const {
        if (command.method.option != terms::PaymentOption::instalment) return !command.instalments;
        const auto plans = session.plans(session.terms.zone.day_of(session.created));
        return std::ranges::any_of(
            plans, [&](const terms::InstalmentOffer& plan) { return command.instalments == plan.plan.number_agreed; });
    }

    Answer operator()(const Act&) const {
        if (const auto refusal = closed(session)) return no(*refusal);
        return Decision{BuyerActed{}};
    }
    Answer operator()(const ChoosePaymentMethod& command) const {
        if (const auto refusal = closed(session)) return no(*refusal);
        if (waits()) return no(Refusal::waits_for_code);
        const std::vector<Offer> open = session.open_offers();
        if (std::ranges::find(open, command.method, &Offer::method) == open.end())
            return no(Refusal::method_not_offered);
        if (!is_number_offered(command)) return no(Refusal::method_not_offered);
        return Decision{PaymentMethodChosen{command.method, command.instalments}};
    }
    Answer operator()(const GiveDetails& command) const {
        if (const auto refusal = closed(session)) return no(*refusal);
        const std::vector<Detail> given = details_in(command.details);
        // While the code is awaited the buyer may still say where to send the next one.
        if (waits() && given != std::vector{Detail::phone}) return no(Refusal::waits_for_code);
        if (auto wrong = invalid_details(command.details); !wrong.empty())
            return no(Refusal::details_invalid, std::move(wrong));
        if (given.empty()) return Decision{BuyerActed{}};
        return Decision{DetailsGiven{command.details}};
    }
    Answer operator()(const Confirm& command) const {
        if (const auto allowed = may_confirm(session); !allowed) return std::unexpected(allowed.error());
        Decision decision{OrderConfirmed{command.receipt}};
        struct End {
            const Session& session;
            Event operator()(const Purchased& answer) const {
                return SessionCompleted{answer.transaction_id, answer.payment_reference};
            }
            Event operator()(const PurchasedAfterCode& answer) const {
                return CodeRequired{answer.transaction_id, answer.payment_reference};
            }
            Event operator()(const NotPurchased& answer) const {
                if (goes_on_after(answer.refusal)) return PurchaseDeclined{answer.transaction_id, answer.refusal};
                return SessionFailed{answer.transaction_id, answer.refusal};
            }
            bool goes_on_after(ledger::Refusal refusal) const {
                if (session.tries_left() <= 1) return false;
                const Correction correction = correction_of(refusal);
                if (!correction.another_method) return correction.is_possible();
                return std::ranges::any_of(session.open_offers(),
                                           [&](const Offer& offer) { return offer.method != *session.method; });
            }
        };
        decision.push_back(std::visit(End{session}, command.answer));
        return decision;
    }
    Answer operator()(const AcceptCode&) const {
        if (const auto refusal = closed(session)) return no(*refusal);
        if (!waits()) return no(Refusal::waits_for_no_code);
        return Decision{BuyerActed{}, SessionCompleted{*session.transaction_id, session.payment_reference}};
    }
    Answer operator()(const GiveUpCode& command) const {
        if (const auto refusal = closed(session)) return no(*refusal);
        if (!waits()) return no(Refusal::waits_for_no_code);
        return Decision{BuyerActed{}, SessionFailed{*session.transaction_id, command.refusal}};
    }
    Answer operator()(const Cancel&) const {
        if (const auto refusal = closed(session)) return no(*refusal);
        return Decision{SessionCanceled{}};
    }
    Answer operator()(const Expire&) const {
        if (const auto refusal = closed(session)) return no(*refusal);
        return Decision{SessionExpired{}};
    }
    Answer operator()(const FlagFraud& command) const {
        if (session.status == SessionStatus::fraud_cancellation_requested) return Decision{};
        if (session.status != SessionStatus::completed) return no(Refusal::session_not_completed);
        return Decision{FraudFlagged{session.erased ? std::nullopt : command.comment}};
    }
    Answer operator()(const EraseSubject&) const {
        if (session.erased) return Decision{};
        Decision decision;
        // Whose data is gone cannot go on buying.
        if (!session.is_over()) decision.emplace_back(SessionCanceled{});
        decision.emplace_back(SubjectErased{});
        return decision;
    }
};

}  // namespace

std::string_view name_of(Refusal refusal) {
    switch (refusal) {
        case Refusal::session_over:
            return "SESSION_OVER";
        case Refusal::session_not_completed:
            return "SESSION_NOT_COMPLETED";
        case Refusal::waits_for_code:
            return "WAITS_FOR_CODE";
        case Refusal::waits_for_no_code:
            return "WAITS_FOR_NO_CODE";
        case Refusal::method_not_offered:
            return "METHOD_NOT_OFFERED";
        case Refusal::details_invalid:
            return "DETAILS_INVALID";
        case Refusal::method_not_chosen:
            return "METHOD_NOT_CHOSEN";
        case Refusal::details_missing:
            return "DETAILS_MISSING";
    }
    std::unreachable();
}

Event decide(const Create& command) {
    return SessionCreated{.partner_id = command.partner_id,
                          .shop_name = command.shop_name,
                          .order = command.order,
                          .urls = command.urls,
                          .offers = command.offers,
                          .terms = command.terms};
}

Outcome<Decision, Refused> decide(const Session& session, const Command& command) {
    return std::visit(Decide{session}, command);
}

Outcome<void, Refused> may_confirm(const Session& session) {
    if (const auto refusal = closed(session)) return std::unexpected(Refused{*refusal});
    if (session.status == SessionStatus::otp_pending) return std::unexpected(Refused{Refusal::waits_for_code});
    if (!session.method) return std::unexpected(Refused{Refusal::method_not_chosen});
    std::vector<Detail> wanted = session.missing_details();
    std::ranges::copy(session.to_correct, std::back_inserter(wanted));
    if (!wanted.empty()) return std::unexpected(Refused{Refusal::details_missing, std::move(wanted)});
    return {};
}

ledger::Authorise authorise_of(const Session& session, const ConsentReceipt& receipt) {
    foundation::ensure(session.method.has_value(), "a purchase is to be paid somehow");
    const Order& order = session.order;
    ledger::Authorise command{.partner_transaction_id = order.partner_transaction_id,
                              .partner_operation_id = order.partner_operation_id,
                              .payment_method = *session.method,
                              .currency = order.currency,
                              .baskets = {},
                              .buyer = order.buyer,
                              .delivery = order.delivery,
                              .device = order.device,
                              .debit_account = std::nullopt,
                              .instalments = std::nullopt,
                              .expires = order.expires};
    if (!command.device && receipt.source_ip_address)
        command.device = ledger::Device{.source_ip_address = receipt.source_ip_address, .token = {}};
    if (session.method->transfer == terms::TransferType::sepa_direct_debit)
        command.debit_account = session.debit_account;
    if (session.instalments) command.instalments = ledger::WantedInstalments{.number = *session.instalments};
    for (const ledger::Basket& basket : order.baskets)
        command.baskets.push_back({.shop_id = basket.shop_id.empty() ? std::nullopt : std::optional(basket.shop_id),
                                   .shop_transaction_id = basket.shop_transaction_id,
                                   .gross = basket.gross,
                                   .lines = basket.lines,
                                   .vats = basket.vats});
    return command;
}

std::vector<Detail> invalid_details(const Details& details) {
    std::vector<Detail> wrong;
    const auto blame = [&](Detail detail, bool is_wrong) {
        if (is_wrong) wrong.push_back(detail);
    };
    blame(Detail::name,
          (details.first_name && is_blank(details.first_name)) || (details.last_name && is_blank(details.last_name)));
    blame(Detail::billing_address, details.billing_address && !is_address(*details.billing_address));
    blame(Detail::delivery_address, details.delivery_address && !is_address(*details.delivery_address));
    blame(Detail::date_of_birth, details.date_of_birth && !foundation::parse_day(details.date_of_birth->text()));
    blame(Detail::phone, details.phone && !is_phone(details.phone->text()));
    blame(Detail::bank_account, details.debit_account && (!foundation::is_iban(details.debit_account->iban.text()) ||
                                                          is_blank(details.debit_account->owner)));
    return wrong;
}

}  // namespace saldo::checkout
