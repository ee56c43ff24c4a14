#include <algorithm>
#include <array>
#include <chrono>
#include <set>
#include <utility>

#include "foundation/iban.hpp"
#include "foundation/outcome.hpp"
#include "ledger/decide.hpp"
#include "ledger/instalments.hpp"

namespace saldo::ledger {

using foundation::Day;
using foundation::Instant;
using foundation::Money;
using terms::BuyerType;
using terms::DeliveryType;

namespace {

template <class Range, class Value>
bool contains(const Range& range, const Value& value) {
    return std::ranges::find(range, value) != std::ranges::end(range);
}

std::string_view text_of(const std::optional<Sealed>& sealed) {
    return sealed ? sealed->text() : std::string_view{};
}

bool has_digit(std::string_view text) {
    return std::ranges::any_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

std::string lower(std::string_view text) {
    std::string folded(text);
    for (char& c : folded)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return folded;
}

/// Pick-up places of the carriers: nobody lives there, so nobody can be billed there.
bool is_pick_up_place(const Address& address) {
    const std::string street = lower(text_of(address.street));
    constexpr std::array words{"packstation", "postfiliale", "paketshop", "parcelshop", "postfach", "po box"};
    return std::ranges::any_of(words, [&](const char* word) { return street.find(word) != std::string::npos; });
}

bool has_house_number(const Address& address) {
    return has_digit(text_of(address.street)) || !text_of(address.street_number).empty();
}

/// Whether a zip code has its country's form: DE 5 digits, AT and CH 4, NL 4 digits and 2 letters. Other countries are
/// not judged.
bool fits_country(const Address& address) {
    const std::string_view country = text_of(address.country_code);
    std::string zip;
    for (const char c : text_of(address.zip_code))
        if (c != ' ') zip += c;
    const auto digits = [&](std::size_t count) {
        return zip.size() >= count &&
               std::ranges::all_of(zip.substr(0, count), [](char c) { return c >= '0' && c <= '9'; });
    };
    const auto letters_from = [&](std::size_t at) {
        return std::ranges::all_of(zip.substr(at),
                                   [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); });
    };
    if (country == "DE") return zip.size() == 5 && digits(5);
    if (country == "AT" || country == "CH") return zip.size() == 4 && digits(4);
    if (country == "NL") return zip.size() == 6 && digits(4) && letters_from(4);
    return true;
}

/// A person who can buy on account: born, and of age (18) today; nobody is older than 120 years.
bool is_adult(const Person& person, Day today) {
    if (!person.date_of_birth) return true;
    const auto born = foundation::parse_day(person.date_of_birth->text());
    if (!born) return false;
    const std::chrono::year_month_day date{*born};
    const auto birthday = [&](int years) {
        const auto day = date + std::chrono::years{years};
        return Day{day.ok() ? day : day.year() / day.month() / std::chrono::last};
    };
    return birthday(18) <= today && birthday(120) > today;
}

Refusal deviating_refusal(BuyerType buyer, DeliveryType delivery) {
    const bool b2c = buyer == BuyerType::b2c;
    switch (delivery) {
        case DeliveryType::regular_address:
            return b2c ? Refusal::deviating_delivery_address_b2c_regular_address_not_allowed
                       : Refusal::deviating_delivery_address_b2b_regular_address_not_allowed;
        case DeliveryType::pick_up_box:
            return b2c ? Refusal::deviating_delivery_address_b2c_pick_up_box_not_allowed
                       : Refusal::deviating_delivery_address_b2b_pick_up_box_not_allowed;
        case DeliveryType::pick_up_shop:
            return b2c ? Refusal::deviating_delivery_address_b2c_pick_up_shop_not_allowed
                       : Refusal::deviating_delivery_address_b2b_pick_up_shop_not_allowed;
        case DeliveryType::in_store_collect:
            return b2c ? Refusal::deviating_delivery_address_b2c_in_store_collect_not_allowed
                       : Refusal::deviating_delivery_address_b2b_in_store_collect_not_allowed;
    }
    std::unreachable();
}

/// What the buyer of a purchase by instalments agrees to; nothing for other purchases.
using Agreement = foundation::Outcome<std::optional<AgreedInstalments>, Refusal>;

Agreement agreement_of(const Authorise& command, const terms::Contract& contract, Day today) {
    const bool is_by_instalments = command.payment_method.option == terms::PaymentOption::instalment;
    foundation::ensure(is_by_instalments == command.instalments.has_value(), "who repays by instalments says how");
    if (!is_by_instalments) return std::nullopt;
    if (!contract.instalments) return std::unexpected(Refusal::payment_method_not_allowed);
    Money gross = Money::zero(command.currency);
    for (const RequestedBasket& basket : command.baskets) gross += basket.gross;
    const auto agreed = agree(*contract.instalments, *command.instalments, gross, today);
    if (!agreed) return std::unexpected(agreed.error());
    return *agreed;
}

/// The checks of one authorisation. Each gives its first refusal; together they keep the order of `Refusal`.
class Check {
  public:
    Check(const Authorise& command, const Counterpart& counterpart, const Context& context, const Agreement& agreed)
        : command_(command),
          agreed_(agreed),
          contract_(counterpart.contract),
          counterpart_(counterpart),
          now_(context.now),
          today_(contract_.zone.day_of(context.now)) {}

    std::optional<Refusal> first_refusal() const {
        using Step = std::optional<Refusal> (Check::*)() const;
        constexpr std::array<Step, 7> steps{&Check::buyer_data, &Check::buyer_limits, &Check::amounts, &Check::delivery,
                                            &Check::contract,   &Check::risk,         &Check::baskets};
        for (const Step step : steps)
            if (const auto refusal = (this->*step)()) return refusal;
        return std::nullopt;
    }

  private:
    using Answer = std::optional<Refusal>;

    const Address* delivery_address() const {
        return command_.delivery && command_.delivery->address ? &*command_.delivery->address : nullptr;
    }
    DeliveryType delivery_type() const {
        return command_.delivery ? command_.delivery->type : DeliveryType::regular_address;
    }
    bool can_send_code() const {
        const auto& contact = command_.buyer.contact;
        return contract_.one_time_codes && contact && contact->phone && has_digit(contact->phone->text());
    }
    BuyerType buyer_type() const { return command_.buyer.type(); }

    Answer buyer_data() const {
        const Address& billing = command_.buyer.billing_address;
        if (!has_house_number(billing) || is_pick_up_place(billing)) return Refusal::invalid_billing_address;
        if (!fits_country(billing)) return Refusal::invalid_billing_address_zip_code;
        if (const Address* address = delivery_address()) {
            if (delivery_type() == DeliveryType::regular_address && !has_house_number(*address))
                return Refusal::invalid_delivery_address;
            if (!fits_country(*address)) return Refusal::invalid_delivery_address_zip_code;
        }
        if (command_.buyer.person && !is_adult(*command_.buyer.person, today_)) return Refusal::invalid_person_data;
        if (command_.debit_account && !foundation::is_iban(command_.debit_account->iban.text()))
            return Refusal::invalid_iban;
        if (counterpart_.risk == RiskVerdict::buyer_identity) return Refusal::buyer_identity;
        return std::nullopt;
    }

    Answer buyer_limits() const {
        if (contains(contract_.buyer_types, buyer_type())) return std::nullopt;
        return buyer_type() == BuyerType::b2b ? Refusal::b2b_buyer_not_allowed : Refusal::b2c_buyer_not_allowed;
    }

    Answer amounts() const {
        const terms::AmountLimits* limits = contract_.limits_of(command_.currency);
        if (limits) {
            Money gross = Money::zero(command_.currency);
            for (const RequestedBasket& basket : command_.baskets) gross += basket.gross;
            if (gross < limits->min) return Refusal::basket_amount_too_low;
            if (gross > limits->max) return Refusal::basket_amount_too_high;
        }
        if (!contains(contract_.billing_countries, text_of(command_.buyer.billing_address.country_code)))
            return Refusal::billing_country_not_allowed;
        // SEPA moves euros alone.
        const bool is_debit = command_.payment_method.transfer == terms::TransferType::sepa_direct_debit;
        if (!limits || (is_debit && command_.currency.code() != "EUR")) return Refusal::currency_not_allowed;
        return std::nullopt;
    }

    Answer delivery() const {
        if (const Address* address = delivery_address();
            address && !contains(contract_.delivery_countries, text_of(address->country_code)))
            return Refusal::delivery_country_not_allowed;
        if (!contains(contract_.delivery_types, delivery_type())) return Refusal::delivery_type_not_allowed;
        const bool deviates = delivery_type() != DeliveryType::regular_address ||
                              (delivery_address() && *delivery_address() != command_.buyer.billing_address);
        if (deviates &&
            !contains(contract_.deviating_deliveries, terms::DeviatingDelivery{buyer_type(), delivery_type()}))
            return deviating_refusal(buyer_type(), delivery_type());
        return std::nullopt;
    }

    Answer contract() const {
        if (command_.expires && *command_.expires > now_ + foundation::Days{contract_.expiry_days_max})
            return Refusal::maximum_expiry_exceeded;
        if (!contract_.product_of(command_.payment_method)) return Refusal::payment_method_not_allowed;
        if (!agreed_) return agreed_.error();
        for (const RequestedBasket& basket : command_.baskets)
            if (std::ranges::any_of(basket.lines, &Line::is_return_fee)) return Refusal::return_fee_not_allowed;
        if (command_.baskets.empty() || std::cmp_greater(command_.baskets.size(), contract_.shop_baskets_max))
            return Refusal::wrong_number_of_shop_baskets;
        return std::nullopt;
    }

    Answer risk() const {
        switch (counterpart_.risk) {
            case RiskVerdict::payment_attribute:
                return Refusal::payment_attribute;
            case RiskVerdict::risk_decision:
                return Refusal::risk_decision;
            case RiskVerdict::transaction_risk:
                return Refusal::transaction_risk;
            case RiskVerdict::accepted:
            case RiskVerdict::buyer_identity:
            case RiskVerdict::one_time_code_required:
                return std::nullopt;
        }
        std::unreachable();
    }

    Answer baskets() const {
        if (counterpart_.shops.size() != 1 &&
            std::ranges::any_of(command_.baskets, [](const RequestedBasket& basket) { return !basket.shop_id; }))
            return Refusal::partner_shop_id_must_be_given_for_marketplace_transactions;
        std::set<std::string_view> seen;
        bool repeated = false;
        for (const RequestedBasket& basket : command_.baskets) {
            if (basket.shop_id && !counterpart_.shops.contains(*basket.shop_id))
                return Refusal::basket_with_unknown_shop;
            repeated =
                !seen.insert(basket.shop_id ? std::string_view(*basket.shop_id) : counterpart_.shops.begin()->first)
                     .second ||
                repeated;
        }
        if (repeated) return Refusal::multiple_shop_baskets_with_same_shop_not_allowed;
        for (const RequestedBasket& basket : command_.baskets)
            if (has_repeated_rate(basket.vats)) return Refusal::multiple_vat_objects_per_tax_rate_not_allowed;
        if (counterpart_.risk == RiskVerdict::one_time_code_required && !can_send_code())
            return Refusal::otp_verification_required_but_feature_not_enabled;
        for (const RequestedBasket& basket : command_.baskets)
            if (!adds_up(basket.lines, basket.gross))
                return Refusal::sum_of_item_amounts_not_matching_transaction_amount;
        return std::nullopt;
    }

    const Authorise& command_;
    const Agreement& agreed_;
    const terms::Contract& contract_;
    const Counterpart& counterpart_;
    Instant now_;
    Day today_;
};

/// How the purchase is collected; nothing where it is not, or not through us.
std::optional<terms::DirectDebit> direct_debit_of(const terms::Contract& contract, const Authorise& command) {
    const bool is_debit = command.payment_method.transfer == terms::TransferType::sepa_direct_debit;
    return is_debit && command.debit_account ? contract.direct_debit : std::nullopt;
}

/// The price list as the purchase keeps it; nothing where it cannot be put off.
std::optional<terms::PayLater> pay_later_of(const terms::Contract& contract, const Authorise& command) {
    if (!contract.pay_later || command.payment_method != terms::open_invoice_by_transfer) return std::nullopt;
    terms::PayLater pay_later = *contract.pay_later;
    std::erase_if(pay_later.offers,
                  [&](const terms::PayLaterOffer& one) { return one.fee.currency() != command.currency; });
    return pay_later.offers.empty() ? std::nullopt : std::optional(std::move(pay_later));
}

Authorisation authorisation_of(const Authorise& command, const Counterpart& counterpart, const Context& context,
                               const Agreement& agreed) {
    const terms::Contract& contract = counterpart.contract;
    const terms::Product* product = contract.product_of(command.payment_method);
    const terms::PaymentOption option = command.payment_method.option;
    const bool is_prepayment = option == terms::PaymentOption::prepayment;
    const bool is_credit = contract.credit_regime == terms::CreditRegime::consumer_credit;
    Authorisation authorisation{
        .partner_id = counterpart.partner_id,
        .partner_transaction_id = command.partner_transaction_id,
        .partner_operation_id = command.partner_operation_id,
        .payment_method = command.payment_method,
        .currency = command.currency,
        .baskets = {},
        .buyer = command.buyer,
        .delivery = command.delivery,
        .device = command.device,
        .debit_account = command.debit_account,
        .instalments = agreed.value_or(std::nullopt),
        .expires = command.expires.value_or(context.now + foundation::Days{contract.expiry_days}),
        .terms = {.contract_version = contract.version,
                  .zone = contract.zone,
                  .due_days = product ? product->due_days : 0,
                  .expiry_days_max = contract.expiry_days_max,
                  .return_fees = contract.return_fees,
                  .increment_percent_max = contract.increment_percent_max,
                  .marketplace = contract.is_marketplace(),
                  .deposit_account = contract.deposit_account,
                  .part_payment = is_prepayment ? std::optional(contract.part_payment) : std::nullopt,
                  .instalments = option == terms::PaymentOption::instalment ? contract.instalments : std::nullopt,
                  .credit_regime = is_credit ? std::optional(contract.credit_regime) : std::nullopt,
                  .direct_debit = direct_debit_of(contract, command),
                  .pay_later = pay_later_of(contract, command)},
    };
    for (const RequestedBasket& basket : command.baskets) {
        std::optional<std::string> shop_id = basket.shop_id;
        if (!shop_id && counterpart.shops.size() == 1) shop_id = counterpart.shops.begin()->first;
        const auto shop = shop_id ? counterpart.shops.find(*shop_id) : counterpart.shops.end();
        const bool is_named = shop != counterpart.shops.end() && !shop->second.empty();
        authorisation.baskets.push_back({.shop_id = shop_id.value_or(""),
                                         .shop_name = is_named ? std::optional(shop->second) : std::nullopt,
                                         .shop_transaction_id = basket.shop_transaction_id,
                                         .gross = basket.gross,
                                         .lines = basket.lines,
                                         .vats = basket.vats});
    }
    return authorisation;
}

}  // namespace

Decision decide(const Authorise& command, const Counterpart& counterpart, const Context& context) {
    foundation::ensure(!command.baskets.empty(), "an authorisation has at least one basket");
    const Day today = counterpart.contract.zone.day_of(context.now);
    const Agreement agreed = agreement_of(command, counterpart.contract, today);
    Authorisation authorisation = authorisation_of(command, counterpart, context, agreed);
    if (const auto refusal = Check(command, counterpart, context, agreed).first_refusal())
        return {{Declined{std::move(authorisation), *refusal}, today}};
    const bool needs_code = counterpart.risk == RiskVerdict::one_time_code_required;
    // Nothing is owed before the buyer's code is right.
    const auto claim = needs_code ? std::nullopt : authorisation.claim_on_acceptance();
    Decision decision{{Authorised{std::move(authorisation), counterpart.payment_reference, claim}, today}};
    if (needs_code) {
        const terms::Contract::OneTimeCodes& codes = *counterpart.contract.one_time_codes;
        decision.push_back({CodeRequired{.tries_max = codes.tries_max,
                                         .new_codes_max = codes.new_codes_max,
                                         .life_seconds = codes.life_seconds,
                                         .pause_seconds = codes.pause_seconds,
                                         .deadline = context.now + std::chrono::seconds{codes.deadline_seconds}},
                            today});
        decision.push_back({CodeSent{counterpart.code_digest, command.buyer.contact->phone}, today});
    }
    return decision;
}

}  // namespace saldo::ledger
