#include "life.hpp"

#include <algorithm>
#include <utility>

namespace saldo::simulation {

using foundation::Currency;
using foundation::Days;
using foundation::Decimal;
using foundation::Money;
using ledger::Line;
using ledger::LineKind;
using ledger::LineStanding;
using ledger::RequestedOperation;
using subject::Sealed;

namespace {

const Currency euro = *Currency::parse("EUR");
const std::vector<std::string> shops{"A", "B", "C"};

Money eur(std::int64_t cents) {
    return {cents, euro};
}

Money sum_of(const std::vector<Line>& lines) {
    Money sum = Money::zero(euro);
    for (const Line& line : lines) sum += line.total(euro);
    return sum;
}

}  // namespace

std::int64_t Fate::number(std::int64_t low, std::int64_t high) {
    // Not std::uniform_int_distribution: its numbers differ from library to library, and a seed must mean the same life
    // everywhere.
    return low + static_cast<std::int64_t>(engine_() % static_cast<std::uint64_t>(high - low + 1));
}

void Model::apply(const ledger::Event& event) {
    if (const auto* e = std::get_if<ledger::Authorised>(&event)) authorised += e->authorisation.gross().minor();
    if (const auto* e = std::get_if<ledger::AuthorisationIncreased>(&event)) authorised += e->operation.gross.minor();
    if (const auto* e = std::get_if<ledger::Captured>(&event)) captured += e->operation.gross.minor();
    if (const auto* e = std::get_if<ledger::Cancelled>(&event)) cancelled += e->operation.gross.minor();
    if (const auto* e = std::get_if<ledger::Refunded>(&event)) refunded += e->operation.gross.minor();
    if (std::holds_alternative<ledger::Expired>(event)) cancelled = authorised - captured;
    if (const auto* e = std::get_if<ledger::FeeBooked>(&event)) fees += e->gross.minor();
    if (const auto* e = std::get_if<ledger::SettlementBooked>(&event))
        received += e->type == ledger::SettlementType::debit ? e->amount.minor() : -e->amount.minor();
}

Life::Life(std::uint64_t seed) : fate_(seed) {
    // Anywhere in twenty years: leap days, summer time and year ends come by themselves.
    now_ = *foundation::parse_instant("2015-01-01T00:00:00Z") +
           std::chrono::seconds{fate_.number(0, 20LL * 365 * 86'400)} + std::chrono::milliseconds{fate_.number(0, 999)};
    transaction_.id = "6Z54V9SXRCRSKDXDGKZW";
    ledger::Counterpart counterpart{
        .partner_id = "partner", .contract = terms::demo_contract(), .payment_reference = "KK7709094U2"};
    counterpart.contract.shop_baskets_max = 3;
    counterpart.contract.currencies = {{eur(1), eur(1'000'000'000)}};
    for (const std::string& shop : shops) counterpart.shops.emplace(shop, "");
    if (fate_.likely(3)) counterpart.risk = ledger::RiskVerdict::risk_decision;
    record(ledger::decide(purchase(), counterpart, {.now = now_, .operation_id = {}}));
}

ledger::Authorise Life::purchase() {
    ledger::Authorise command{.currency = euro};
    command.buyer.billing_address = {
        .street = Sealed{"Weg 1"}, .zip_code = Sealed{"10115"}, .city = Sealed{"Ort"}, .country_code = Sealed{"DE"}};
    command.buyer.person = ledger::Person{.last_name = Sealed{"Muster"}};
    const auto baskets = static_cast<std::size_t>(fate_.likely(70) ? 1 : fate_.number(2, 3));
    for (std::size_t i = 0; i < baskets; ++i) {
        ledger::RequestedBasket basket{.shop_id = shops[i]};
        const std::int64_t items = fate_.likely(10) ? 0 : fate_.number(1, 4);
        for (std::int64_t k = 0; k < items; ++k) {
            Line line{.kind = LineKind::item,
                      .quantity = fate_.number(1, 5),
                      .gross_unit_price = Decimal::of_units(fate_.number(1, 500'0000)),
                      .name = Sealed{"item" + std::to_string(k)}};
            if (fate_.likely(30))
                line.gross_unit_discount = Decimal::of_units(-fate_.number(0, line.gross_unit_price.units()));
            if (fate_.likely(30)) line.article_number = Sealed{"article" + std::to_string(fate_.number(0, 2))};
            basket.lines.push_back(std::move(line));
        }
        if (fate_.likely(50))
            basket.lines.push_back(
                {.kind = LineKind::special_item, .type = "SHIPPING", .gross_unit_price = Decimal::of_units(4'9500)});
        basket.gross = std::max(sum_of(basket.lines), eur(1));
        if (basket.lines.empty()) basket.gross = eur(fate_.number(1, 100'000));
        // A cent off, as shops that round each unit send it.
        if (!basket.lines.empty() && fate_.likely(10)) basket.gross += eur(1);
        command.baskets.push_back(std::move(basket));
    }
    return command;
}

/// An operation of random goods out of one pool, of an amount alone, or of nonsense.
RequestedOperation Life::operation(std::int64_t LineStanding::* pool) {
    const ledger::Standing standing = ledger::standing_of(transaction_);
    const ledger::ShopStanding& shop = fate_.one_of(standing.shops);
    RequestedOperation asked{.shop_id = shop.basket->shop_id, .gross = eur(0)};
    if (standing.shops.size() == 1 && fate_.likely(50)) asked.shop_id.reset();
    const Money left = pool == &LineStanding::shipped ? shop.captured - shop.refunded : shop.open();
    if (fate_.likely(60)) {
        for (std::size_t i = 0; i < standing.lines.size(); ++i) {
            if (*standing.lines[i].shop_id != shop.basket->shop_id || !fate_.likely(60)) continue;
            Line line = *standing.lines[i].line;
            const std::int64_t units = standing.positions[i].*pool;
            line.quantity = fate_.likely(90) && units > 0 ? fate_.number(1, units) : fate_.number(1, 6);
            asked.lines.push_back(std::move(line));
        }
        if (pool == &LineStanding::shipped && fate_.likely(20))
            asked.lines.push_back(
                {.kind = LineKind::special_item, .type = "RETURN_FEE", .gross_unit_price = Decimal::of_units(-2'9500)});
        asked.gross = sum_of(asked.lines);
    }
    if (!asked.gross.is_positive()) {
        asked.lines.clear();
        asked.gross = fate_.likely(40) && left.is_positive()
                          ? left
                          : eur(fate_.number(1, std::max<std::int64_t>(2, left.minor() * 11 / 10)));
    }
    return asked;
}

ledger::Command Life::command() {
    const foundation::Day today = transaction_.zone().day_of(now_);
    const auto some_day = [&]() -> std::optional<foundation::Day> {
        if (fate_.likely(50)) return std::nullopt;
        return today - Days{fate_.number(-1, 40)};
    };
    switch (fate_.number(0, 13)) {
        case 0:
            return ledger::IncreaseAuthorisation{
                .operation = {.shop_id = operation(&LineStanding::open).shop_id, .gross = eur(fate_.number(1, 5000))}};
        case 1:
        case 2:
        case 3:
            return ledger::Capture{.operation = operation(&LineStanding::open)};
        case 4:
            return ledger::Cancel{.operation = operation(&LineStanding::open)};
        case 5:
        case 6:
            return ledger::Refund{.operation = operation(&LineStanding::shipped)};
        case 7:
        case 8:
            return ledger::BookSettlement{
                .type = fate_.likely(70) ? ledger::SettlementType::debit : ledger::SettlementType::credit,
                .amount = eur(fate_.number(1, 20'000)),
                .value_date = some_day()};
        case 9:
            return ledger::BookFee{
                .type = fate_.likely(50) ? ledger::FeeType::dunning_fee : ledger::FeeType::return_debit_note_fee,
                .gross = eur(fate_.number(1, 900)),
                .date = some_day()};
        case 10:
            return ledger::BookFee{
                .type = ledger::FeeType::dunning_fee_return, .gross = eur(-fate_.number(1, 900)), .date = some_day()};
        case 11:
            return ledger::SetDunningLevel{.level = static_cast<ledger::DunningLevel>(fate_.number(0, 5)),
                                           .date = some_day()};
        case 12:
            if (fate_.likely(30)) return ledger::UnblockDunning{};
            return ledger::BlockDunning{
                .from = today, .until = today + Days{fate_.number(-1, 20)}, .reason = Sealed{"grace"}};
        default:
            if (fate_.likely(5)) return ledger::EraseSubject{};
            return ledger::ChangeExpiry{now_ + Days{fate_.number(1, 400)}};
    }
}

void Life::record(const ledger::Recorded& recorded) {
    ledger::evolve(transaction_, recorded);
    model_.apply(recorded.event);
    events_.push_back(recorded);
}

void Life::record(const ledger::Decision& decision) {
    for (const ledger::Decided& one : decision)
        record({.seq = transaction_.version + 1,
                .recorded_at = now_,
                .effective_at = now_,
                .value_date = one.value_date,
                .actor = "fate",
                .event = one.event});
}

std::string Life::step() {
    now_ += std::chrono::seconds{fate_.likely(70) ? fate_.number(0, 86'400) : fate_.number(0, 60LL * 86'400)};
    const ledger::Command asked = command();
    for (const ledger::Recorded& due : ledger::due_events(transaction_, now_)) record(due);
    const ledger::Transaction before = transaction_;
    const auto decision = ledger::decide(
        transaction_, asked, {.now = now_, .operation_id = "op" + std::to_string(transaction_.version + 1)});
    std::string name(ledger::operation_of(asked));
    if (!decision) {
        if (before != transaction_) fault_ = "a refused " + name + " changed the purchase";
        return name + " refused: " + std::string(ledger::name_of(decision.error()));
    }
    record(*decision);
    return name;
}

}  // namespace saldo::simulation
