#include "model.hpp"

#include <algorithm>
#include <functional>
#include <stdexcept>

namespace saldo::simulation {

using foundation::Day;
using foundation::Days;
using foundation::Instant;
using ledger::Refusal;
using ledger::RequestedOperation;

// ---- Amounts

void Model::buy(const ledger::Authorise& command, const terms::Contract& agreed, Instant now) {
    contract = agreed;
    created = now;
    created_on = day_of(now);
    expires = command.expires.value_or(now + Days{contract.expiry_days});
    for (const auto& basket : command.baskets)
        shops.push_back({.id = basket.shop_id.value_or("A"), .authorised = basket.gross.minor()});
    first = sum_of(&Shop::authorised);
    if (command.payment_method.option != terms::PaymentOption::prepayment) return;
    const terms::Product* product = contract.product_of(command.payment_method);
    reserved_until = contract.zone.start_of(created_on + Days{(product ? product->due_days : 0) + 1});
}

void Model::decline(const ledger::Authorise& command, const terms::Contract& agreed, Instant now) {
    buy(command, agreed, now);
    is_declined = true;
    end();
}

void Model::ask_for_code(Instant now) {
    code = {.sent_at = now, .deadline = now + std::chrono::seconds{contract.one_time_codes.value().deadline_seconds}};
}

void Model::accept(Instant now) {
    code.reset();
    if (!is_prepayment()) return;
    owed[day_of(now)] += first;
    payments.push_back({.at = now, .owed = first});
}

void Model::give_up_code() {
    code.reset();
    is_declined = true;
    end();
}

Instant Model::code_valid_until() const {
    return code->sent_at + std::chrono::seconds{contract.one_time_codes.value().life_seconds};
}

Instant Model::new_code_from() const {
    return code->sent_at + std::chrono::seconds{contract.one_time_codes.value().pause_seconds};
}

namespace {

/// What a command that went through does to the amounts.
struct Applied {
    Model& model;
    Instant now;
    Day today;

    Model::Shop& shop(const RequestedOperation& operation) const {
        return *std::ranges::find(model.shops, model.shop_of(operation), &Model::Shop::id);
    }
    void owe(Day day, std::int64_t cents) const { model.owed[day] += cents; }

    void operator()(const ledger::IncreaseAuthorisation& c) const {
        shop(c.operation).authorised += c.operation.gross.minor();
    }
    void operator()(const ledger::Capture& c) const {
        shop(c.operation).captured += c.operation.gross.minor();
        if (model.is_prepayment())
            model.payments.push_back({.at = now, .has_shipped = true});  // owed since it was ordered
        else
            owe(today, c.operation.gross.minor());
    }
    void operator()(const ledger::Cancel& c) const {
        shop(c.operation).cancelled += c.operation.gross.minor();
        if (!model.is_prepayment()) return;
        owe(today, -c.operation.gross.minor());
        model.payments.push_back({.at = now, .owed = -c.operation.gross.minor()});
    }
    void operator()(const ledger::Refund& c) const {
        shop(c.operation).refunded += c.operation.gross.minor();
        owe(today, -c.operation.gross.minor());
        model.payments.push_back({.at = now, .owed = -c.operation.gross.minor()});
    }
    void operator()(const ledger::BookSettlement& c) const {
        const bool buyer_paid = c.type == ledger::SettlementType::debit;
        const std::int64_t paid = buyer_paid ? c.amount.minor() : -c.amount.minor();
        owe(c.value_date.value_or(today), -paid);
        model.payments.push_back({.at = now, .paid = paid});
    }
    void operator()(const ledger::BookFee& c) const {
        owe(c.date.value_or(today), c.gross.minor());
        model.fees.push_back({c.type, c.date.value_or(today), c.gross.minor()});
    }
    void operator()(const ledger::ChangeExpiry& c) const { model.expires = c.expires; }
    void operator()(const ledger::SetDunningLevel& c) const { model.level = c.level; }
    void operator()(const ledger::BlockDunning& c) const { model.blocked_until = c.until; }
    void operator()(const ledger::UnblockDunning&) const { model.blocked_until.reset(); }
    void operator()(const ledger::EraseSubject&) const { model.is_erased = true; }
    void operator()(const ledger::AddShippingInformation&) const {}
    void operator()(const Unsimulated auto&) const { refuse_unsimulated(); }
};

}  // namespace

void refuse_unsimulated() {
    throw std::logic_error("nobody in the simulation asks for that");
}

void Model::apply(const ledger::Command& command, Instant now) {
    std::visit(Applied{*this, now, day_of(now)}, command);
}

void Model::end() {
    has_ended = true;
    for (Shop& shop : shops) shop.cancelled = shop.authorised - shop.captured;
}

/// A reservation outlasts its end if by then it was paid, goods had left, or part was paid and the contract waits.
bool Model::outlasts_its_reservation() const {
    std::int64_t claim = 0, paid = 0;
    for (const Payment& one : payments) {
        if (one.at >= *reserved_until) continue;
        if (one.has_shipped) return true;
        claim += one.owed;
        paid += one.paid;
    }
    return paid >= claim || (paid > 0 && contract.part_payment == terms::PartPayment::waits);
}

Model::Due Model::due(Instant now) const {
    if (code) return now >= code->deadline ? Due::end_of_code : Due::nothing;
    if (has_ended || open() <= 0) return Due::nothing;
    if (reserved_until && *reserved_until <= expires && *reserved_until <= now && !outlasts_its_reservation())
        return Due::end_of_reservation;
    return now >= expires ? Due::expiry : Due::nothing;
}

void Model::bring_about(Due what) {
    if (what == Due::end_of_code) return give_up_code();
    const Instant at = what == Due::expiry ? expires : reserved_until.value();
    if (is_prepayment()) owed[day_of(at)] -= open();
    end();
}

std::vector<Instant> Model::turns() const {
    std::vector<Instant> all{expires};
    if (reserved_until) all.push_back(*reserved_until);
    if (code) all.insert(all.end(), {code->deadline, code_valid_until(), new_code_from()});
    return all;
}

std::int64_t Model::owed_on(Day day) const {
    std::int64_t sum = 0;
    for (const auto& [when, cents] : owed)
        if (when <= day) sum += cents;
    return sum;
}

std::int64_t Model::sum_of(std::int64_t Shop::* amount) const {
    std::int64_t sum = 0;
    for (const Shop& shop : shops) sum += shop.*amount;
    return sum;
}

std::int64_t Model::open() const {
    return sum_of(&Shop::authorised) - sum_of(&Shop::captured) - sum_of(&Shop::cancelled);
}

const Model::Shop* Model::shop(std::string_view id) const {
    const auto found = std::ranges::find(shops, id, &Shop::id);
    return found == shops.end() ? nullptr : &*found;
}

const std::string& Model::shop_of(const RequestedOperation& operation) const {
    return operation.shop_id ? *operation.shop_id : shops.front().id;
}

// ---- Refusals

namespace {

/// The refusals of an operation on a shop's basket, in their order.
std::optional<Refusal> objection_to(const Model& model, const RequestedOperation& asked, std::int64_t limit,
                                    Refusal too_high) {
    if (!asked.shop_id && model.shops.size() > 1)
        return Refusal::partner_shop_id_must_be_given_for_marketplace_transactions;
    if (!model.shop(model.shop_of(asked))) return Refusal::basket_with_unknown_shop;
    for (auto one = asked.vats.begin(); one != asked.vats.end(); ++one)
        if (std::count_if(one, asked.vats.end(), [&](const auto& vat) { return vat.tax_rate == one->tax_rate; }) > 1)
            return Refusal::multiple_vat_objects_per_tax_rate_not_allowed;
    if (std::ranges::count(asked.lines, "RETURN_FEE", &ledger::Line::type) > 1)
        return Refusal::multiple_return_fees_not_allowed;
    if (asked.gross.minor() > limit) return too_high;
    std::int64_t sum = 0, tolerance = 0;
    for (const ledger::Line& line : asked.lines) {
        sum += line.total(asked.gross.currency()).minor();
        tolerance += 2 * line.quantity;
    }
    if (!asked.lines.empty() && std::abs(sum - asked.gross.minor()) > tolerance)
        return Refusal::sum_of_item_amounts_not_matching_operation_amount;
    return std::nullopt;
}

struct Objecting {
    const Model& model;
    Instant now;
    using Answer = std::optional<Refusal>;

    Answer gone() const {
        if (model.is_erased) return Refusal::anonymized_by_buyer;
        if (model.is_declined) return Refusal::not_allowed_for_declined_transaction;
        if (model.code) return Refusal::otp_verification_pending;
        return std::nullopt;
    }
    Answer over() const {
        if (const auto why = gone()) return why;
        return now >= model.expires ? Answer(Refusal::not_allowed_for_expired_transaction) : std::nullopt;
    }
    Answer on(std::optional<Day> day) const {
        if (const auto why = gone()) return why;
        if (day && *day > model.day_of(now)) return Refusal::value_date_in_future;
        if (day && *day < model.created_on) return Refusal::value_date_before_purchase;
        return std::nullopt;
    }
    /// The limit of one shop; an unknown one is refused before it counts.
    template <class Limit>
    Answer within(const RequestedOperation& asked, Refusal too_high, Limit limit) const {
        const Model::Shop* shop = model.shop(model.shop_of(asked));
        return objection_to(model, asked, shop ? std::invoke(limit, *shop) : 0, too_high);
    }
    static Answer fee_among(const RequestedOperation& asked) {
        return std::ranges::any_of(asked.lines, &ledger::Line::is_return_fee) ? Answer(Refusal::return_fee_not_allowed)
                                                                              : std::nullopt;
    }

    Answer operator()(const ledger::IncreaseAuthorisation& c) const {
        if (const auto why = over()) return why;
        if (model.is_prepayment()) return Refusal::payment_method_not_allowed;
        if (const auto why = fee_among(c.operation)) return why;
        return within(c.operation, Refusal::basket_amount_too_high, [&](const Model::Shop&) {
            const std::int64_t more = model.sum_of(&Model::Shop::authorised) - model.first;
            return model.first * model.contract.increment_percent_max / 100 - more;
        });
    }
    Answer operator()(const ledger::Capture& c) const {
        if (const auto why = over()) return why;
        if (const auto why = fee_among(c.operation)) return why;
        return within(c.operation, Refusal::capture_amount_too_high, &Model::Shop::open);
    }
    Answer operator()(const ledger::Cancel& c) const {
        if (const auto why = over()) return why;
        if (const auto why = fee_among(c.operation)) return why;
        return within(c.operation, Refusal::cancellation_amount_too_high, &Model::Shop::open);
    }
    Answer operator()(const ledger::Refund& c) const {
        if (const auto why = gone()) return why;
        if (!model.contract.return_fees)
            if (const auto why = fee_among(c.operation)) return why;
        return within(c.operation, Refusal::refund_amount_too_high,
                      [](const Model::Shop& shop) { return shop.captured - shop.refunded; });
    }
    Answer operator()(const ledger::AddShippingInformation&) const { return gone(); }
    Answer operator()(const ledger::ChangeExpiry& c) const {
        if (const auto why = over()) return why;
        const bool too_late = c.expires > model.created + Days{model.contract.expiry_days_max};
        return too_late ? Answer(Refusal::maximum_expiry_exceeded) : std::nullopt;
    }
    Answer operator()(const ledger::BookSettlement& c) const { return on(c.value_date); }
    Answer operator()(const ledger::BookFee& c) const {
        if (const auto why = on(c.date)) return why;
        const auto charged = ledger::fee_given_back_by(c.type);
        if (c.gross.is_zero() || c.gross.is_negative() != charged.has_value()) return Refusal::fee_sign_wrong;
        std::int64_t left = 0;
        for (const Model::Fee& fee : model.fees)
            if (fee.type == c.type || (fee.type == charged && fee.day <= c.date.value_or(model.day_of(now))))
                left += fee.cents;
        return charged && -c.gross.minor() > left ? Answer(Refusal::fee_return_exceeds_charged) : std::nullopt;
    }
    Answer operator()(const ledger::SetDunningLevel& c) const { return on(c.date); }
    Answer operator()(const ledger::BlockDunning& c) const {
        if (const auto why = gone()) return why;
        return c.until < c.from ? Answer(Refusal::dunning_block_ends_before_it_starts) : std::nullopt;
    }
    Answer operator()(const ledger::UnblockDunning&) const { return gone(); }
    Answer operator()(const ledger::EraseSubject&) const { return std::nullopt; }
    Answer operator()(const Unsimulated auto&) const { refuse_unsimulated(); }
};

}  // namespace

std::optional<Refusal> objection(const Model& model, const ledger::Command& command, Instant now) {
    return std::visit(Objecting{.model = model, .now = now}, command);
}

bool changes_nothing(const Model& model, const ledger::Command& command, Instant now) {
    if (const auto* c = std::get_if<ledger::SetDunningLevel>(&command)) return c->level == model.level;
    if (const auto* c = std::get_if<ledger::ChangeExpiry>(&command)) return c->expires == model.expires;
    if (std::holds_alternative<ledger::UnblockDunning>(command))
        return !model.blocked_until || *model.blocked_until < model.day_of(now);
    return std::holds_alternative<ledger::EraseSubject>(command) && model.is_erased;
}

}  // namespace saldo::simulation
