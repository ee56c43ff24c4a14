#include "people.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "foundation/digest.hpp"
#include "ledger/standing.hpp"

namespace saldo::simulation {

using foundation::Currency;
using foundation::Day;
using foundation::Days;
using foundation::Decimal;
using foundation::Instant;
using foundation::Money;
using ledger::FeeType;
using ledger::Line;
using ledger::LineKind;
using ledger::LineStanding;
using ledger::Refusal;
using ledger::RequestedOperation;
using subject::Sealed;

namespace {

Money eur(std::int64_t cents) {
    static const Currency euro = *Currency::parse("EUR");
    return {cents, euro};
}

Money sum_of(const std::vector<Line>& lines) {
    Money sum = eur(0);
    for (const Line& line : lines) sum += line.total(eur(0).currency());
    return sum;
}

Line special(const char* type, std::int64_t cents) {
    return {.kind = LineKind::special_item, .type = type, .gross_unit_price = Decimal::of_units(cents * 100)};
}

// ---- Orders

std::vector<Line> goods(Fate& fate) {
    std::vector<Line> lines;
    for (std::int64_t k = fate.number(1, 3); k > 0; --k) {
        Line line{.kind = LineKind::item,
                  .quantity = fate.number(1, 5),
                  .gross_unit_price = Decimal::of_units(fate.number(1, 300'0000)),
                  .name = Sealed{"item " + std::to_string(k)}};
        if (fate.likely(30))
            line.gross_unit_discount = Decimal::of_units(-fate.number(0, line.gross_unit_price.units()));
        if (fate.likely(30)) line.article_number = Sealed{"article " + std::to_string(fate.number(0, 2))};
        lines.push_back(std::move(line));
    }
    if (fate.likely(40)) lines.push_back(special("SHIPPING", 495));
    return lines;
}

ledger::RequestedBasket basket(Fate& fate, const Merchant& merchant, const std::string& shop, bool is_alone) {
    ledger::RequestedBasket basket{.shop_id = shop};
    if (is_alone && merchant.shops.size() == 1 && fate.likely(50)) basket.shop_id.reset();
    if (fate.likely(85)) basket.lines = goods(fate);
    const std::int64_t least = merchant.contract.currencies.front().min.minor();
    constexpr std::int64_t most = 299'000;  // the strict contract takes little more
    if (sum_of(basket.lines) < eur(least) || sum_of(basket.lines) > eur(most)) basket.lines.clear();
    basket.gross = basket.lines.empty() ? eur(fate.number(least, 100'000)) : sum_of(basket.lines);
    // A cent off, as shops that round each unit send it.
    if (!basket.lines.empty() && fate.likely(10)) basket.gross += eur(1);
    return basket;
}

/// One thing wrong with the buyer.
Refusal spoil_buyer(Fate& fate, ledger::Authorise& command, Instant now) {
    switch (fate.number(0, 6)) {
        case 0:
            command.buyer.billing_address.street = Sealed{"Packstation 17"};
            return Refusal::invalid_billing_address;
        case 1:
            command.buyer.billing_address.zip_code = Sealed{"1011"};
            return Refusal::invalid_billing_address_zip_code;
        case 2:
            command.buyer.person->date_of_birth =
                Sealed{foundation::day_text(std::chrono::floor<Days>(now) - Days{10 * 365})};
            return Refusal::invalid_person_data;
        case 3:
            command.buyer.billing_address.country_code = Sealed{"FR"};
            return Refusal::billing_country_not_allowed;
        default:
            break;
    }
    static constexpr std::array verdicts{
        std::pair{"buyer_identity@ratepay.com", Refusal::buyer_identity},
        std::pair{"payment_attribute@ratepay.com", Refusal::payment_attribute},
        std::pair{"risk_decision@ratepay.com", Refusal::risk_decision},
        std::pair{"transaction_risk@ratepay.com", Refusal::transaction_risk},
        std::pair{"otp_required@ratepay.com", Refusal::otp_verification_required_but_feature_not_enabled}};
    const auto& [email, refusal] = fate.one_of(verdicts);
    command.buyer.contact = ledger::Contact{.email = Sealed{email}};
    return refusal;
}

/// One thing wrong with what is bought.
Refusal spoil_goods(Fate& fate, ledger::Authorise& command, const Merchant& merchant, Instant now) {
    ledger::RequestedBasket& first = command.baskets.front();
    switch (fate.number(0, 8)) {
        case 0:
            first.lines.clear();
            first.gross = merchant.contract.currencies.front().max + eur(1);
            return Refusal::basket_amount_too_high;
        case 1:
            command.expires = now + Days{merchant.contract.expiry_days_max + 3};
            return Refusal::maximum_expiry_exceeded;
        case 2:
            command.payment_method = {terms::PaymentOption::pay_now, terms::TransferType::bank_transfer};
            return Refusal::payment_method_not_allowed;
        case 3:
            first.lines.push_back(special("RETURN_FEE", -1));
            first.gross = std::max(sum_of(first.lines), eur(1000));
            return Refusal::return_fee_not_allowed;
        case 4:
            // Adding moves the baskets, and with them the one that `first` names.
            command.baskets.resize(static_cast<std::size_t>(merchant.contract.shop_baskets_max) + 1,
                                   ledger::RequestedBasket(first));
            for (auto& one : command.baskets) {
                one.lines.clear();
                one.gross = eur(1000);
            }
            return Refusal::wrong_number_of_shop_baskets;
        case 5:
            first.shop_id = "nobody's";
            return Refusal::basket_with_unknown_shop;
        case 6:
            first.vats = {{.tax_rate = Decimal::of_units(19'0000)}, {.tax_rate = Decimal::of_units(19'0000)}};
            return Refusal::multiple_vat_objects_per_tax_rate_not_allowed;
        case 7:
            if (merchant.shops.size() > 1) {
                command.baskets.resize(2, first);
                for (auto& one : command.baskets) one = {.shop_id = "B", .gross = eur(1000)};
                return Refusal::multiple_shop_baskets_with_same_shop_not_allowed;
            }
            [[fallthrough]];
        default:
            first.lines = {special("SHIPPING", 1000)};
            first.gross = eur(1003);
            return Refusal::sum_of_item_amounts_not_matching_transaction_amount;
    }
}

// ---- Wishes

/// An operation of random goods out of one pool, or of an amount alone.
RequestedOperation operation(Fate& fate, const Dossier& dossier, std::int64_t LineStanding::* pool) {
    const ledger::Standing standing = ledger::standing_of(dossier.transaction);
    const ledger::ShopStanding& shop = fate.one_of(standing.shops);
    RequestedOperation asked{.shop_id = shop.basket->shop_id, .gross = eur(0)};
    if (standing.shops.size() == 1 && fate.likely(50)) asked.shop_id.reset();
    const bool is_refund = pool == &LineStanding::shipped;
    const std::int64_t left = is_refund ? shop.captured.minor() - shop.refunded.minor() : shop.open().minor();
    if (fate.likely(55)) {
        for (std::size_t i = 0; i < standing.lines.size(); ++i) {
            if (*standing.lines[i].shop_id != shop.basket->shop_id || !fate.likely(60)) continue;
            Line line = *standing.lines[i].line;
            if (line.name && line.name->is_erased()) line.name = Sealed{"something of somebody"};
            line.article_number =
                line.article_number && line.article_number->is_erased() ? std::nullopt : line.article_number;
            const std::int64_t units = standing.positions[i].*pool;
            line.quantity = fate.likely(90) && units > 0 ? fate.number(1, units) : fate.number(1, 6);
            asked.lines.push_back(std::move(line));
        }
        if (is_refund && fate.likely(20)) asked.lines.push_back(special("RETURN_FEE", -295));
        asked.gross = sum_of(asked.lines);
    }
    if (!asked.gross.is_positive()) {
        asked.lines.clear();
        asked.gross = fate.likely(50) && left > 0 ? eur(left) : eur(fate.number(1, std::max<std::int64_t>(2, left)));
        if (fate.likely(8)) asked.gross = eur(std::max<std::int64_t>(0, left) + fate.number(1, 2));
    }
    return asked;
}

/// Now and then somebody gets it wrong.
RequestedOperation muddled(Fate& fate, RequestedOperation asked) {
    if (!fate.likely(8)) return asked;
    switch (fate.number(0, 4)) {
        case 0:
            asked.shop_id = "nobody's";
            break;
        case 1:
            asked.shop_id.reset();
            break;
        case 2:
            asked.vats.assign(2, {.tax_rate = Decimal::of_units(7'0000)});
            break;
        case 3:
            asked.lines.assign(2, special("RETURN_FEE", -1));
            break;
        default:
            asked.gross += eur(fate.number(1, 40));
    }
    return asked;
}

std::optional<Sealed> remark(Fate& fate) {
    return fate.likely(30) ? std::optional(Sealed{"a word about it"}) : std::nullopt;
}

ledger::Command merchants_wish(Fate& fate, const Dossier& dossier, Instant now) {
    const Model& model = dossier.model;
    const bool has_shipped = model.sum_of(&Model::Shop::captured) > 0;
    const std::int64_t turn = fate.number(1, 100);
    if (turn <= (model.open() > 0 ? 45 : 10))
        return ledger::Capture{.operation = muddled(fate, operation(fate, dossier, &LineStanding::open))};
    if (turn <= 55) return ledger::Cancel{.operation = muddled(fate, operation(fate, dossier, &LineStanding::open))};
    if (turn <= 65) {
        RequestedOperation more{.gross = eur(fate.number(1, 5000))};
        if (!dossier.transaction.authorisation.baskets.empty())
            more.shop_id = fate.one_of(dossier.transaction.authorisation.baskets).shop_id;
        if (fate.likely(40)) more = {.shop_id = more.shop_id, .gross = eur(0), .lines = goods(fate)};
        if (!more.lines.empty()) more.gross = std::max(sum_of(more.lines), eur(1));
        return ledger::IncreaseAuthorisation{.operation = muddled(fate, std::move(more))};
    }
    if (turn <= 72)
        return ledger::ChangeExpiry{now + Days{fate.number(1, fate.likely(90) ? 25 : 400)} +
                                    std::chrono::seconds{fate.number(0, 86'400)}};
    std::vector<std::string> captures;
    for (const ledger::BasketChange& change : dossier.transaction.changes)
        if (change.kind == ledger::BasketChange::Kind::capture) captures.push_back(change.operation().id);
    if (turn <= 80 && !captures.empty())
        return ledger::AddShippingInformation{
            .capture_id = fate.one_of(captures), .carrier_name = "DHL", .tracking_number = remark(fate)};
    if (!has_shipped && fate.likely(80))
        return ledger::Capture{.operation = muddled(fate, operation(fate, dossier, &LineStanding::open))};
    return ledger::Refund{.operation = muddled(fate, operation(fate, dossier, &LineStanding::shipped))};
}

/// The buyer pays what is due, in part, twice, too much, or late; the bank sends back a debit; too much is paid out.
ledger::Command banks_wish(Fate& fate, const Dossier& dossier, Instant now) {
    const std::int64_t owed = dossier.model.owed_on(Day::max());
    ledger::BookSettlement booking{.type = ledger::SettlementType::debit,
                                   .amount = eur(fate.number(1, 20'000)),
                                   .value_date = some_day(fate, dossier, now),
                                   .reference = remark(fate),
                                   .comment = std::nullopt};
    if (owed < 0) {
        booking.type = ledger::SettlementType::credit;
        booking.amount = eur(fate.likely(70) ? -owed : fate.number(1, -owed));
    } else if (fate.likely(10)) {  // the debit comes back
        booking.type = ledger::SettlementType::credit;
    } else if (owed > 0 && fate.likely(80)) {
        booking.amount = eur(fate.likely(60) ? owed : fate.number(1, owed + 10));
    }
    return booking;
}

ledger::Command collectors_wish(Fate& fate, const Dossier& dossier, Instant now) {
    const Day today = dossier.model.day_of(now);
    switch (fate.number(0, 5)) {
        case 0:
        case 1:
            return ledger::SetDunningLevel{
                .level = static_cast<ledger::DunningLevel>(fate.number(0, fate.likely(75) ? 3 : 5)),
                .date = some_day(fate, dossier, now),
                .comment = remark(fate)};
        case 2: {
            constexpr std::array charged{FeeType::dunning_fee, FeeType::return_debit_note_fee, FeeType::interest,
                                         FeeType::service_charge, FeeType::pay_later_fee};
            return ledger::BookFee{.type = fate.one_of(charged),
                                   .gross = eur(fate.number(fate.likely(3) ? -5 : 1, 900)),
                                   .date = some_day(fate, dossier, now),
                                   .comment = remark(fate)};
        }
        case 3: {
            constexpr std::array given_back{FeeType::dunning_fee_return, FeeType::return_debit_note_fee_return,
                                            FeeType::service_charge_return, FeeType::pay_later_withdrawn};
            FeeType type = fate.one_of(given_back);
            std::int64_t cents = fate.number(1, 900);
            for (const Model::Fee& fee : dossier.model.fees)
                for (const FeeType back : given_back)
                    if (ledger::fee_given_back_by(back) == fee.type && fate.likely(60)) {
                        type = back;
                        cents = fate.likely(80) ? fee.cents : fee.cents + 1;
                    }
            return ledger::BookFee{
                .type = type, .gross = eur(-cents), .date = some_day(fate, dossier, now), .comment = std::nullopt};
        }
        case 4:
            return ledger::UnblockDunning{remark(fate)};
        default:
            return ledger::BlockDunning{.from = today,
                                        .until = today + Days{fate.number(-1, 20)},
                                        .reason = Sealed{"asked for time"},
                                        .comment = remark(fate)};
    }
}

/// The buyer types what the phone showed last, or before, or something else; or wants another one.
Wish buyers_wish(Fate& fate, const Dossier& dossier) {
    if (fate.likely(25)) return {AskForCode{}, false};
    if (dossier.codes.empty() || fate.likely(25)) return {EnterCode{"------"}, false};
    return {fate.likely(70) ? dossier.codes.back() : fate.one_of(dossier.codes), false};
}

constexpr const char* asks_for_code = "otp_required@ratepay.com";

}  // namespace

std::optional<Day> some_day(Fate& fate, const Dossier& dossier, Instant now) {
    if (fate.likely(50)) return std::nullopt;
    const Day today = dossier.model.day_of(now);
    if (fate.likely(5)) return today + Days{fate.number(-400, 2)};
    // The system's clock may have been set back behind the purchase.
    const std::int64_t age = std::max<std::int64_t>(0, (today - dossier.model.created_on).count());
    return today - Days{fate.number(0, std::min<std::int64_t>(20, age))};
}

std::string digest_of(std::string_view transaction_id, std::string_view code) {
    std::string place = "code/";
    place.append(transaction_id).append("/").append(code);
    return foundation::hex(foundation::bytes_of(foundation::hmac_sha256(House::id_secret, place)));
}

bool needs_code(const ledger::Authorise& order) {
    const auto& contact = order.buyer.contact;
    return contact && contact->email && contact->email->text() == asks_for_code;
}

ledger::Authorise order(Fate& fate, const Dossier& dossier, Instant now, std::set<Refusal>& flaws) {
    const Merchant& merchant = *dossier.merchant;
    ledger::Authorise command{.currency = eur(0).currency()};
    command.buyer.billing_address = {
        .street = Sealed{"Weg 1"}, .zip_code = Sealed{"10115"}, .city = Sealed{"Ort"}, .country_code = Sealed{"DE"}};
    command.buyer.person = ledger::Person{.last_name = Sealed{"Muster"}};
    const std::size_t baskets = merchant.shops.size() > 1 ? fate.below(merchant.shops.size()) + 1 : 1;
    for (std::size_t i = 0; i < baskets; ++i)
        command.baskets.push_back(basket(fate, merchant, merchant.shops[i], baskets == 1));
    if (fate.likely(30)) command.expires = now + Days{fate.number(1, 29)} + std::chrono::microseconds{1};
    choose_method(fate, dossier, command, flaws);
    const bool is_doubted = fate.likely(12);
    if (is_doubted)
        command.buyer.contact = ledger::Contact{.email = Sealed{asks_for_code}, .phone = Sealed{dossier.phone}};
    if (is_doubted && !merchant.contract.one_time_codes)
        flaws.insert(Refusal::otp_verification_required_but_feature_not_enabled);
    if (!is_doubted && fate.likely(6)) flaws.insert(spoil_buyer(fate, command, now));
    if (fate.likely(8)) flaws.insert(spoil_goods(fate, command, merchant, now));
    if (command.payment_method.option == terms::PaymentOption::instalment)
        choose_instalments(fate, merchant, command, flaws);
    return command;
}

Wish wish(Fate& fate, const Dossier& dossier, Instant now) {
    if (fate.likely(dossier.model.code ? 75 : dossier.codes.empty() ? 0 : 5)) return buyers_wish(fate, dossier);
    const std::int64_t turn = fate.number(1, 100);
    if (turn <= 2) return {ledger::EraseSubject{}, true};
    if (turn <= 22) return {collectors_wish(fate, dossier, now), true};
    const bool has_shipped = dossier.model.sum_of(&Model::Shop::captured) > 0;
    if (fate.likely(has_shipped ? 45 : 4))
        if (auto wanted = credit_wish(fate, dossier, now)) return *std::move(wanted);
    const std::int64_t owed = dossier.model.owed_on(Day::max());
    const bool money_is_due = owed < 0 || (owed > 0 && !dossier.model.is_collected);
    if (turn <= (money_is_due ? 55 : 27)) return {banks_wish(fate, dossier, now), fate.likely(50)};
    return {merchants_wish(fate, dossier, now), false};
}

}  // namespace saldo::simulation
