#include "ledger/decide.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "ledger/direct_debit.hpp"
#include "ledger/instalments.hpp"
#include "ledger/pay_later.hpp"
#include "ledger/standing.hpp"

namespace saldo::ledger {

using foundation::Day;
using foundation::Days;
using foundation::Money;
using foundation::Outcome;

std::string_view operation_of(const Command& command) {
    struct Name {
        std::string_view operator()(const IncreaseAuthorisation&) const { return "authorization"; }
        std::string_view operator()(const Capture&) const { return "capture"; }
        std::string_view operator()(const Cancel&) const { return "cancellation"; }
        std::string_view operator()(const Refund&) const { return "refund"; }
        std::string_view operator()(const AddShippingInformation&) const { return "shipping_information"; }
        std::string_view operator()(const ChangeExpiry&) const { return "expiry"; }
        std::string_view operator()(const BookSettlement&) const { return "payment"; }
        std::string_view operator()(const BookFee&) const { return "fee"; }
        std::string_view operator()(const WithdrawCredit&) const { return "withdrawal"; }
        std::string_view operator()(const SetDunningLevel&) const { return "dunning_level"; }
        std::string_view operator()(const BlockDunning&) const { return "dunning_block"; }
        std::string_view operator()(const UnblockDunning&) const { return "dunning_unblock"; }
        std::string_view operator()(const EraseSubject&) const { return "erasure"; }
        std::string_view operator()(const SubmitDirectDebit&) const { return "direct_debit"; }
        std::string_view operator()(const ExecuteDirectDebit&) const { return "direct_debit_execution"; }
        std::string_view operator()(const ReturnDirectDebit&) const { return "direct_debit_return"; }
        std::string_view operator()(const BookPayLater&) const { return "pay_later"; }
        std::string_view operator()(const WithdrawPayLater&) const { return "pay_later_withdrawal"; }
    };
    return std::visit(Name{}, command);
}

namespace {

using Answer = Outcome<Decision, Refusal>;

/// One command on one purchase.
class Deciding {
  public:
    Deciding(const Transaction& transaction, const Context& context)
        : transaction_(transaction), context_(context), today_(transaction.zone().day_of(context.now)) {}

    Answer operator()(const IncreaseAuthorisation& command) const {
        if (const auto refusal = while_open()) return std::unexpected(*refusal);
        // A prepayment is one reservation of one amount, which the documents show for good.
        if (transaction_.is_prepayment()) return std::unexpected(Refusal::payment_method_not_allowed);
        const Standing standing = standing_of(transaction_);
        const auto operation = accepted(command.operation, standing, nullptr, Refusal::basket_amount_too_high,
                                        [&](const ShopStanding&) { return increment_limit(standing); });
        if (!operation) return std::unexpected(operation.error());
        if (const auto refusal = refusal_of_risk(command.risk)) return std::unexpected(*refusal);
        return on_today(AuthorisationIncreased{*operation});
    }

    Answer operator()(const Capture& command) const {
        if (const auto refusal = while_open()) return std::unexpected(*refusal);
        const auto operation = accepted(command.operation, standing_of(transaction_), &LineStanding::open,
                                        Refusal::capture_amount_too_high, &ShopStanding::open);
        if (!operation) return std::unexpected(operation.error());
        Decision planned;
        if (transaction_.is_by_instalments() && !transaction_.withdrawal) {
            auto made = replan(transaction_, today_, terms::FurtherCredit{operation->gross});
            if (!made) return std::unexpected(Refusal::capture_amount_too_high);
            planned = *std::move(made);
        }
        const Day due = due_date(planned);
        return on_today(Captured{.operation = *operation,
                                 .due_date = due,
                                 .partner_invoice_id = command.partner_invoice_id,
                                 .partner_transaction_id = command.partner_transaction_id,
                                 .shop_transaction_id = command.shop_transaction_id,
                                 .claim = of_prepayment(Money::zero(transaction_.currency())),
                                 .collect_on = planned_collection()},
                        std::move(planned));
    }

    Answer operator()(const Cancel& command) const {
        if (const auto refusal = while_open()) return std::unexpected(*refusal);
        const auto operation = accepted(command.operation, standing_of(transaction_), &LineStanding::open,
                                        Refusal::cancellation_amount_too_high, &ShopStanding::open);
        if (!operation) return std::unexpected(operation.error());
        return on_today(Cancelled{*operation, of_prepayment(-operation->gross)});
    }

    /// Goods come back long after an authorisation has expired: what was captured can always be refunded.
    Answer operator()(const Refund& command) const {
        if (const auto refusal = while_alive()) return std::unexpected(*refusal);
        const auto fees = std::ranges::count_if(command.operation.lines, &Line::is_return_fee);
        if (fees > 0 && !transaction_.authorisation.terms.return_fees)
            return std::unexpected(Refusal::return_fee_not_allowed);
        const auto operation = accepted(command.operation, standing_of(transaction_), &LineStanding::shipped,
                                        Refusal::refund_amount_too_high,
                                        [](const ShopStanding& shop) { return shop.captured - shop.refunded; });
        if (!operation) return std::unexpected(operation.error());
        Decision planned;
        if (transaction_.newest_plan()) {
            auto made = replan(transaction_, today_, terms::ReturnedCredit{operation->gross});
            foundation::ensure(made.has_value(), "what was captured and not returned is the plan's credit");
            planned = *std::move(made);
        } else if (transaction_.withdrawal) {
            planned = interest_given_back(transaction_, today_, operation->gross);
        }
        return on_today(Refunded{*operation}, std::move(planned));
    }

    Answer operator()(const AddShippingInformation& command) const {
        if (const auto refusal = while_alive()) return std::unexpected(*refusal);
        return on_today(ShippingInformationAdded{.id = context_.operation_id,
                                                 .capture_id = command.capture_id,
                                                 .carrier_name = command.carrier_name,
                                                 .tracking_number = command.tracking_number});
    }

    Answer operator()(const ChangeExpiry& command) const {
        if (const auto refusal = while_open()) return std::unexpected(*refusal);
        if (command.expires > transaction_.created + Days{transaction_.authorisation.terms.expiry_days_max})
            return std::unexpected(Refusal::maximum_expiry_exceeded);
        if (command.expires == transaction_.expires) return Decision{};
        return on_today(ExpiryChanged{command.expires});
    }

    Answer operator()(const BookSettlement& command) const {
        const Day date = command.value_date.value_or(today_);
        if (const auto refusal = while_alive_on(date)) return std::unexpected(*refusal);
        Decision decision{{SettlementBooked{.id = context_.operation_id,
                                            .type = command.type,
                                            .amount = command.amount,
                                            .reference = command.reference,
                                            .comment = command.comment},
                           date}};
        if (command.unscheduled) {
            if (!transaction_.newest_plan()) return std::unexpected(Refusal::no_instalment_plan);
            auto made = replan(transaction_, date, terms::UnscheduledPayment{command.amount});
            if (!made) return std::unexpected(Refusal::unscheduled_payment_too_high);
            std::ranges::move(*made, std::back_inserter(decision));
        }
        return decision;
    }

    Answer operator()(const BookFee& command) const {
        const Day date = command.date.value_or(today_);
        if (const auto refusal = while_alive_on(date)) return std::unexpected(*refusal);
        const auto given_back = fee_given_back_by(command.type);
        if (command.gross.is_zero() || command.gross.is_negative() != given_back.has_value())
            return std::unexpected(Refusal::fee_sign_wrong);
        if (given_back && -command.gross > returnable(*given_back, command.type, date))
            return std::unexpected(Refusal::fee_return_exceeds_charged);
        return Decision{
            {FeeBooked{
                 .id = context_.operation_id, .type = command.type, .gross = command.gross, .comment = command.comment},
             date}};
    }

    Answer operator()(const WithdrawCredit& command) const {
        const Day date = command.date.value_or(today_);
        if (const auto refusal = while_alive_on(date)) return std::unexpected(*refusal);
        const auto& pinned = transaction_.authorisation.terms;
        const auto last = pinned.credit_regime && !transaction_.is_prepayment()
                              ? terms::last_withdrawal_day(*pinned.credit_regime, transaction_.created_on)
                              : std::nullopt;
        if (!last) return std::unexpected(Refusal::no_right_of_withdrawal);
        if (transaction_.withdrawal) return Decision{};
        if (date > *last) return std::unexpected(Refusal::withdrawal_too_late);
        return on_today(CreditWithdrawn{.id = context_.operation_id,
                                        .due_date = date + terms::time_to_pay_after_withdrawal,
                                        .comment = command.comment},
                        withdrawal_of_plan(transaction_, date, today_));
    }

    Answer operator()(const SubmitDirectDebit& command) const {
        const Day date = command.date.value_or(today_);
        if (const auto refusal = while_alive_on(date)) return std::unexpected(*refusal);
        const auto due = direct_debits_due(transaction_, date);
        const auto found = std::ranges::find(due, command.debit, &DirectDebitDue::id);
        if (found == due.end() || found->amount != command.amount || found->due_date != command.due_date)
            return std::unexpected(Refusal::direct_debit_not_due);
        return on_day(date, DirectDebitSubmitted{command.debit, found->amount, found->due_date});
    }

    Answer operator()(const ExecuteDirectDebit& command) const {
        const Day date = command.value_date.value_or(today_);
        if (const auto refusal = while_alive_on(date)) return std::unexpected(*refusal);
        const DirectDebitLife& life = submitted(command.debit);
        if (!life.is_pending()) return std::unexpected(Refusal::direct_debit_over);
        return on_day(date, DirectDebitExecuted{context_.operation_id, command.debit, life.submitted.what.amount});
    }

    Answer operator()(const ReturnDirectDebit& command) const {
        const Day date = command.value_date.value_or(today_);
        if (const auto refusal = while_alive_on(date)) return std::unexpected(*refusal);
        const DirectDebitLife& life = submitted(command.debit);
        if (life.returned) return std::unexpected(Refusal::direct_debit_over);
        return on_day(date, returned_direct_debit(transaction_, life, context_.operation_id, command.reason, date));
    }

    Answer operator()(const BookPayLater& command) const {
        if (const auto refusal = while_alive()) return std::unexpected(*refusal);
        if (transaction_.pay_later_withdrawal) return std::unexpected(Refusal::pay_later_already_withdrawn);
        if (transaction_.pay_later) return std::unexpected(Refusal::pay_later_already_booked);
        const PayLaterOffers offers = pay_later_offers(transaction_, today_);
        const auto chosen = std::ranges::find(offers.offers, command.offer_id,
                                              [](const OfferedPayLater& one) { return one.offer->id; });
        if (chosen == offers.offers.end() || !chosen->is_available)
            return std::unexpected(Refusal::pay_later_not_available);
        return on_today(PayLaterBooked{.id = context_.operation_id,
                                       .capture_id = offers.capture->operation.id,
                                       .offer_id = command.offer_id,
                                       .delta_days = chosen->offer->delta_days,
                                       .fee = chosen->offer->fee,
                                       .due_date = chosen->new_due_date});
    }

    Answer operator()(const WithdrawPayLater& command) const {
        const Day date = command.date.value_or(today_);
        if (const auto refusal = while_alive_on(date)) return std::unexpected(*refusal);
        const auto& booked = transaction_.pay_later;
        if (transaction_.pay_later_withdrawal) return std::unexpected(Refusal::pay_later_already_withdrawn);
        if (!booked || date < booked->value_date) return std::unexpected(Refusal::pay_later_not_booked);
        if (date > pay_later_withdrawal_end(transaction_))
            return std::unexpected(Refusal::pay_later_withdrawal_too_late);
        return Decision{
            {PayLaterWithdrawn{.id = context_.operation_id, .fee = -booked->what.fee, .comment = command.comment},
             date}};
    }

    Answer operator()(const SetDunningLevel& command) const {
        const Day date = command.date.value_or(today_);
        if (const auto refusal = while_alive_on(date)) return std::unexpected(*refusal);
        const auto& levels = transaction_.dunning_levels;
        const DunningLevel current = levels.empty() ? DunningLevel::no_dunning : levels.back().what.level;
        if (current == command.level) return Decision{};
        return Decision{{DunningLevelSet{command.level, command.comment}, date}};
    }

    Answer operator()(const BlockDunning& command) const {
        if (const auto refusal = while_alive()) return std::unexpected(*refusal);
        if (command.until < command.from) return std::unexpected(Refusal::dunning_block_ends_before_it_starts);
        return on_today(DunningBlocked{
            .from = command.from, .until = command.until, .reason = command.reason, .comment = command.comment});
    }

    Answer operator()(const UnblockDunning& command) const {
        if (const auto refusal = while_alive()) return std::unexpected(*refusal);
        const auto& blocks = transaction_.dunning_blocks;
        if (blocks.empty()) return Decision{};
        const auto* block = std::get_if<DunningBlocked>(&blocks.back().what);
        if (!block || block->until < today_) return Decision{};
        return on_today(DunningUnblocked{command.comment});
    }

    Answer operator()(const EraseSubject&) const {
        if (transaction_.erased) return Decision{};
        return on_today(SubjectErased{});
    }

  private:
    /// What an operation changes in the claim of a prepayment; for other methods its kind says it.
    std::optional<Money> of_prepayment(Money claim) const {
        return transaction_.is_prepayment() ? std::optional(claim) : std::nullopt;
    }

    /// When what is captured now falls due. `planned`: what it makes of a plan of instalments.
    Day due_date(const Decision& planned) const {
        if (transaction_.is_prepayment()) return transaction_.reservation_end_date();
        if (transaction_.withdrawal) return std::max(transaction_.withdrawal->what.due_date, today_);
        const auto* made = planned.empty() ? nullptr : std::get_if<PlanMade>(&planned.front().event);
        if (!made) return terms::due_date(today_, transaction_.authorisation.terms.due_days);
        const auto& instalments = made->plan.instalments;
        const auto next = std::ranges::find_if(instalments, [&](const auto& one) { return one.due >= today_; });
        return next == instalments.end() ? instalments.back().due : next->due;
    }

    Answer on_today(Event event, Decision consequences = {}) const {
        Decision decision{{std::move(event), today_}};
        std::ranges::move(consequences, std::back_inserter(decision));
        return decision;
    }

    /// When what is captured today is to be collected; nothing where nothing is, or a plan says when.
    std::optional<Day> planned_collection() const {
        const PinnedTerms& terms = transaction_.authorisation.terms;
        if (!terms.direct_debit || transaction_.is_by_instalments()) return std::nullopt;
        return first_try_on(*terms.direct_debit, terms::due_date(today_, terms.due_days), today_);
    }

    const DirectDebitLife& submitted(DirectDebitId id) const {
        const DirectDebitLife* life = transaction_.direct_debit(id);
        foundation::ensure(life != nullptr, "a direct debit is looked up before anything is done to it");
        return *life;
    }

    static Answer on_day(Day date, Event event) { return Decision{{std::move(event), date}}; }

    std::optional<Refusal> while_alive() const {
        if (transaction_.erased) return Refusal::anonymized_by_buyer;
        if (transaction_.is_declined()) return Refusal::not_allowed_for_declined_transaction;
        if (transaction_.awaits_code()) return Refusal::otp_verification_pending;
        return std::nullopt;
    }

    std::optional<Refusal> while_open() const {
        if (const auto refusal = while_alive()) return refusal;
        if (transaction_.is_expired(context_.now)) return Refusal::not_allowed_for_expired_transaction;
        return std::nullopt;
    }

    std::optional<Refusal> while_alive_on(Day date) const {
        if (const auto refusal = while_alive()) return refusal;
        if (date > today_) return Refusal::value_date_in_future;
        if (date < transaction_.created_on) return Refusal::value_date_before_purchase;
        return std::nullopt;
    }

    static std::optional<Refusal> refusal_of_risk(RiskVerdict verdict) {
        switch (verdict) {
            case RiskVerdict::accepted:
            case RiskVerdict::one_time_code_required:
                return std::nullopt;
            case RiskVerdict::buyer_identity:
                return Refusal::buyer_identity;
            case RiskVerdict::payment_attribute:
                return Refusal::payment_attribute;
            case RiskVerdict::risk_decision:
                return Refusal::risk_decision;
            case RiskVerdict::transaction_risk:
                return Refusal::transaction_risk;
        }
        std::unreachable();
    }

    /// How much more may be authorised: the contract's percentage of the first amount, over all increments.
    Money increment_limit(const Standing& standing) const {
        const Money first = transaction_.authorisation.gross();
        const Money limit{first.minor() * transaction_.authorisation.terms.increment_percent_max / 100,
                          first.currency()};
        return limit - (standing.authorised() - first);
    }

    /// What of a fee can still be given back on a day: charged by then, less what was given back at any time. The fee
    /// of a Pay Later booking is given back by its withdrawal alone.
    Money returnable(FeeType charged, FeeType given_back, Day date) const {
        Money total = Money::zero(transaction_.currency());
        const auto is_of_pay_later = [&](std::int64_t seq) {
            return (transaction_.pay_later && transaction_.pay_later->seq == seq) ||
                   (transaction_.pay_later_withdrawal && transaction_.pay_later_withdrawal->seq == seq);
        };
        for (const auto& fee : transaction_.fees) {
            if (is_of_pay_later(fee.seq)) continue;
            if ((fee.what.type == charged && fee.value_date <= date) || fee.what.type == given_back)
                total += fee.what.gross;
        }
        return total;
    }

    /// The operation with its shop and lines found, or why it does not fit the purchase. `limit` gives the most of a
    /// shop.
    template <class Limit>
    Outcome<BasketOperation, Refusal> accepted(const RequestedOperation& asked, const Standing& standing,
                                               std::int64_t LineStanding::* pool, Refusal too_high, Limit limit) const {
        const bool is_refund = pool == &LineStanding::shipped;
        const auto return_fees = std::ranges::count_if(asked.lines, &Line::is_return_fee);
        if (return_fees > 0 && !is_refund) return std::unexpected(Refusal::return_fee_not_allowed);
        const auto& baskets = transaction_.authorisation.baskets;
        if (!asked.shop_id && baskets.size() > 1)
            return std::unexpected(Refusal::partner_shop_id_must_be_given_for_marketplace_transactions);
        const std::string& shop_id = asked.shop_id ? *asked.shop_id : baskets.front().shop_id;
        if (!transaction_.basket_of(shop_id)) return std::unexpected(Refusal::basket_with_unknown_shop);
        if (has_repeated_rate(asked.vats))
            return std::unexpected(Refusal::multiple_vat_objects_per_tax_rate_not_allowed);
        if (return_fees > 1) return std::unexpected(Refusal::multiple_return_fees_not_allowed);
        if (asked.gross > std::invoke(limit, standing.shop(shop_id))) return std::unexpected(too_high);
        if (!adds_up(asked.lines, asked.gross))
            return std::unexpected(Refusal::sum_of_item_amounts_not_matching_operation_amount);
        return BasketOperation{.id = context_.operation_id,
                               .shop_id = shop_id,
                               .gross = asked.gross,
                               .lines = asked.lines,
                               .vats = asked.vats,
                               .moves = pool ? moves_of(standing, shop_id, asked.lines, pool) : std::vector<LineMove>{},
                               .partner_operation_id = asked.partner_operation_id};
    }

    const Transaction& transaction_;
    const Context& context_;
    Day today_;
};

}  // namespace

Outcome<Decision, Refusal> decide(const Transaction& transaction, const Command& command, const Context& context) {
    return std::visit(Deciding{transaction, context}, command);
}

}  // namespace saldo::ledger
