#include "terms/contract.hpp"

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace saldo::terms {

using foundation::Currency;
using foundation::Money;

namespace {

/// Base64 of 24 KiB: the whole page is to weigh no more than 60.
constexpr std::size_t logo_size_max = std::size_t{32} * 1024;

bool is_colour(std::string_view text) {
    return text.size() == 7 && text.front() == '#' &&
           text.find_first_not_of("0123456789abcdefABCDEF", 1) == std::string_view::npos;
}

/// In base64, by the first bytes of its format.
bool is_picture(std::string_view logo) {
    return logo.starts_with("iVBORw0KGgo") || logo.starts_with("/9j/") || logo.starts_with("UklGR");
}

bool is_web_address(std::string_view url) {
    return url.starts_with("https://") && url.size() <= 2048 &&
           url.find_first_of(" \t\r\n\"<>") == std::string_view::npos;
}

/// `https://shop.example` or `https://shop.example:8443`, as browsers spell an origin: no path, no user, no pattern. On
/// the machine itself http will do.
bool is_origin(std::string_view text) {
    const bool is_secure = text.starts_with("https://");
    if (!is_secure && !text.starts_with("http://")) return false;
    std::string_view host = text.substr(is_secure ? 8 : 7);
    if (const auto colon = host.find(':'); colon != std::string_view::npos) {
        const std::string_view port = host.substr(colon + 1);
        if (port.empty() || port.size() > 5 || port.find_first_not_of("0123456789") != std::string_view::npos)
            return false;
        host = host.substr(0, colon);
    }
    if (!is_secure && host != "localhost" && host != "127.0.0.1") return false;
    return !host.empty() && host.size() <= 253 && host.front() != '.' && host.front() != '-' &&
           host.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-.") == std::string_view::npos;
}

}  // namespace

const Product* Contract::product_of(PaymentMethod method) const {
    const auto found = std::ranges::find(products, method, &Product::method);
    return found == products.end() ? nullptr : &*found;
}

const AmountLimits* Contract::limits_of(Currency currency) const {
    const auto found =
        std::ranges::find_if(currencies, [&](const AmountLimits& one) { return one.min.currency() == currency; });
    return found == currencies.end() ? nullptr : &*found;
}

bool Contract::OneTimeCodes::are_asked_for(Money gross) const {
    return std::ranges::any_of(asked_from,
                               [&](Money from) { return from.currency() == gross.currency() && from <= gross; });
}

Contract demo_contract() {
    const Currency eur = *Currency::parse("EUR");
    const Currency chf = *Currency::parse("CHF");
    Contract contract;
    contract.zone = foundation::Zone::find("Europe/Berlin").value_or(foundation::Zone::utc());
    contract.currencies = {{Money{1, eur}, Money{1'000'000, eur}}, {Money{1, chf}, Money{1'000'000, chf}}};
    contract.products = {{{PaymentOption::open_invoice, TransferType::bank_transfer}, 14},
                         {{PaymentOption::pay_now, TransferType::sepa_direct_debit}, 3},
                         {{PaymentOption::instalment, TransferType::bank_transfer}, 14},
                         {{PaymentOption::instalment, TransferType::sepa_direct_debit}, 14},
                         {{PaymentOption::prepayment, TransferType::bank_transfer}, 14}};
    contract.buyer_types = {BuyerType::b2b, BuyerType::b2c};
    contract.billing_countries = {"AT", "CH", "DE", "NL"};
    contract.delivery_countries = {"AT", "CH", "DE", "NL"};
    contract.delivery_types.assign(all_delivery_types.begin(), all_delivery_types.end());
    for (const BuyerType buyer : contract.buyer_types)
        for (const DeliveryType delivery : all_delivery_types)
            contract.deviating_deliveries.push_back({buyer, delivery});
    InstalmentTerms& instalments = contract.instalments.emplace();
    instalments.interest_rate = instalments.interest_rate_max = *foundation::Decimal::parse("13.7");
    instalments.service_charge = {395, eur};
    instalments.instalment_min = {20'00, eur};
    instalments.payment_days = {28, 2, 15};
    contract.retention_days = 30;
    contract.one_time_codes = Contract::OneTimeCodes{};
    contract.deposit_account = Contract::DepositAccount{
        .owner = "Saldo Demo GmbH", .iban = "DE44100500001654698497", .bic = "BELADEBEXXX", .bank_name = "Demo Bank"};
    contract.direct_debit = DirectDebit{.creditor_id = "DE98ZZZ09999999999", .return_fee = Money{300, eur}};
    contract.pay_later = PayLater{.offers = {{"payl-1", 14, Money{195, eur}}, {"payl-2", 30, Money{395, eur}}}};
    return contract;
}

foundation::Day due_date(foundation::Day claim_date, int due_days) {
    return claim_date + foundation::Days{due_days};
}

std::vector<std::string> faults_of(const Contract& contract) {
    std::vector<std::string> faults;
    const auto refuse_if = [&](bool wrong, const char* what) {
        if (wrong) faults.emplace_back(what);
    };
    constexpr int days_max = 3650;
    refuse_if(contract.currencies.empty(), "currencies: at least one is needed");
    refuse_if(contract.products.empty(), "products: at least one is needed");
    refuse_if(contract.buyer_types.empty(), "buyer_types: at least one is needed");
    refuse_if(contract.billing_countries.empty(), "billing_countries: at least one is needed");
    refuse_if(contract.delivery_countries.empty(), "delivery_countries: at least one is needed");
    refuse_if(contract.delivery_types.empty(), "delivery_types: at least one is needed");
    for (const AmountLimits& limits : contract.currencies)
        refuse_if(limits.min.currency() != limits.max.currency() || limits.min.minor() < 1 || limits.max < limits.min,
                  "currencies: 0 < min <= max in one currency");
    for (const Product& product : contract.products)
        refuse_if(product.method.option == PaymentOption::prepayment &&
                      product.method.transfer != TransferType::bank_transfer,
                  "products: PREPAYMENT goes with BANK_TRANSFER");
    const bool sells_by_instalments = std::ranges::any_of(
        contract.products, [](const Product& product) { return product.method.option == PaymentOption::instalment; });
    refuse_if(sells_by_instalments && !contract.instalments, "products: INSTALMENT needs `instalments`");
    for (const Product& product : contract.products)
        refuse_if(product.due_days < 0 || product.due_days > days_max, "products: due_days is 0 to 3650");
    refuse_if(contract.shop_baskets_max < 1 || contract.shop_baskets_max > 100, "shop_baskets_max is 1 to 100");
    refuse_if(contract.expiry_days < 1 || contract.expiry_days > contract.expiry_days_max,
              "expiry_days is at least 1 and at most expiry_days_max");
    refuse_if(contract.expiry_days_max > days_max, "expiry_days_max is at most 3650");
    refuse_if(contract.increment_percent_max < 0 || contract.increment_percent_max > 1000,
              "increment_percent_max is 0 to 1000");
    refuse_if(contract.retention_days && (*contract.retention_days < 1 || *contract.retention_days > days_max),
              "retention_days is 1 to 3650");
    if (const auto& codes = contract.one_time_codes) {
        refuse_if(codes->life_seconds < 30 || codes->life_seconds > 3600, "one_time_codes: life_seconds is 30 to 3600");
        refuse_if(codes->tries_max < 1 || codes->tries_max > 10, "one_time_codes: tries_max is 1 to 10");
        refuse_if(codes->new_codes_max < 0 || codes->new_codes_max > 10, "one_time_codes: new_codes_max is 0 to 10");
        refuse_if(codes->pause_seconds < 0 || codes->pause_seconds > 3600,
                  "one_time_codes: pause_seconds is 0 to 3600");
        refuse_if(codes->deadline_seconds < codes->life_seconds || codes->deadline_seconds > 86'400,
                  "one_time_codes: deadline_seconds is life_seconds to 86400");
        refuse_if(!std::ranges::all_of(codes->asked_from, &Money::is_positive),
                  "one_time_codes: an amount of asked_from is above 0");
    }
    if (const auto& instalments = contract.instalments) {
        for (const std::string& fault : faults_of(*instalments)) faults.push_back("instalments: " + fault);
        refuse_if(!contract.limits_of(instalments->service_charge.currency()),
                  "instalments: the currency is one of `currencies`");
    }
    refuse_if(contract.credit_regime == CreditRegime::consumer_credit && !(contract.creditor && contract.late_payment),
              "credit_regime: consumer_credit needs `creditor` and `late_payment`, which buyers must be told");
    if (const auto& creditor = contract.creditor)
        refuse_if(creditor->name.empty() || creditor->name.size() > 255 || creditor->address.empty() ||
                      creditor->address.size() > 255,
                  "creditor: name and address have 1 to 255 characters");
    if (const auto& late = contract.late_payment) {
        refuse_if(late->interest_rate.is_negative(), "late_payment: interest_rate is at least 0");
        refuse_if(late->reminder_fee && !late->reminder_fee->is_positive(), "late_payment: reminder_fee is above 0");
        refuse_if(late->reminder_fee && !contract.limits_of(late->reminder_fee->currency()),
                  "late_payment: the currency is one of `currencies`");
    }
    if (const auto& debit = contract.direct_debit) {
        refuse_if(!is_creditor_identifier(debit->creditor_id),
                  "direct_debit: creditor_id is no creditor identifier of SEPA");
        refuse_if(debit->notice_days < 1 || debit->notice_days > 14, "direct_debit: notice_days is 1 to 14");
        refuse_if(debit->lead_days < 1 || debit->lead_days > 10, "direct_debit: lead_days is 1 to 10");
        refuse_if(debit->retries_max < 0 || debit->retries_max > 3, "direct_debit: retries_max is 0 to 3");
        refuse_if(debit->retry_days < 1 || debit->retry_days > 90, "direct_debit: retry_days is 1 to 90");
        refuse_if(debit->return_fee && !debit->return_fee->is_positive(), "direct_debit: return_fee is above 0");
    }
    if (const auto& later = contract.pay_later) {
        for (auto offer = later->offers.begin(); offer != later->offers.end(); ++offer) {
            refuse_if(offer->id.empty() || offer->id.size() > 64, "pay_later: offer_id has 1 to 64 characters");
            refuse_if(offer->delta_days < pay_later_days_min || offer->delta_days > pay_later_days_max,
                      "pay_later: delta_due_date is 14 to 150");
            refuse_if(!offer->fee.is_positive(), "pay_later: fee is above 0");
            refuse_if(std::find_if(later->offers.begin(), offer,
                                   [&](const PayLaterOffer& one) { return one.id == offer->id; }) != offer,
                      "pay_later: an offer_id is there twice");
        }
        refuse_if(later->offers.empty(), "pay_later: at least one offer is needed");
        refuse_if(later->withdrawal_days < 0 || later->withdrawal_days > 365, "pay_later: withdrawal_days is 0 to 365");
    }
    if (const auto& page = contract.payment_page) {
        refuse_if(!page->accent_colour.empty() && !is_colour(page->accent_colour),
                  "payment_page: accent_colour is # and six hexadecimal digits");
        refuse_if(!page->logo.empty() && (!is_picture(page->logo) || page->logo.size() > logo_size_max),
                  "payment_page: logo is a PNG, JPEG or WebP picture of at most 24 KiB in base64");
        for (const std::string* url : {&page->terms_url, &page->privacy_url})
            refuse_if(!url->empty() && !is_web_address(*url), "payment_page: links begin with https://");
        constexpr std::size_t origins_max = 20;
        refuse_if(page->frame_ancestors.size() > origins_max || !std::ranges::all_of(page->frame_ancestors, is_origin),
                  "payment_page: frame_ancestors are at most 20 origins such as https://shop.example");
    }
    return faults;
}

}  // namespace saldo::terms
