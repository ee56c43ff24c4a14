#include "partner/contract_json.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "partner/json_reading.hpp"

namespace saldo::partner {

using foundation::Currency;
using foundation::Decimal;
using foundation::JsonValue;
using foundation::JsonWriter;
using foundation::Money;
using foundation::Zone;
using terms::Contract;

namespace {

std::optional<std::string> country(std::string_view text) {
    const auto is_upper = [](char c) { return c >= 'A' && c <= 'Z'; };
    if (text.size() != 2 || !std::ranges::all_of(text, is_upper)) return std::nullopt;
    return std::string(text);
}

Money amount(ObjectReading& object, std::string_view name, Currency currency) {
    const auto token = object.number(name);
    if (!token) return Money::zero(currency);
    const auto amount = Money::parse(*token, currency);
    if (!amount) object.refuse(name, "is no amount of " + std::string(currency.code()) + ": " + std::string(*token));
    return amount.value_or(Money::zero(currency));
}

terms::AmountLimits limits(ObjectReading& object) {
    const Currency currency =
        object.word("currency", Currency::parse, "is no currency of ISO 4217").value_or(Currency{});
    return {.min = amount(object, "min", currency), .max = amount(object, "max", currency)};
}

terms::Product product(ObjectReading& object) {
    terms::Product product{};
    product.method.option =
        object.word("payment_option", terms::payment_option, "is no payment option").value_or(product.method.option);
    product.method.transfer =
        object.word("transfer_type", terms::transfer_type, "is no transfer type").value_or(product.method.transfer);
    product.due_days = object.integer("due_days").value_or(0);
    return product;
}

terms::DeviatingDelivery deviating_delivery(ObjectReading& object) {
    return {.buyer = object.word("buyer_type", terms::buyer_type, "is no type of buyer").value_or(terms::BuyerType{}),
            .delivery = object.word("delivery_type", terms::delivery_type, "is no type of delivery")
                            .value_or(terms::DeliveryType{})};
}

/// Refuses an element whose key (a currency, a payment method) an element before it has too.
template <class Element, class KeyOf, class TextOf>
void refuse_repeats(ObjectReading& object, std::string_view name, const std::vector<Element>& elements, KeyOf key_of,
                    TextOf text_of_key) {
    for (auto later = elements.begin(); later != elements.end(); ++later)
        if (std::find_if(elements.begin(), later, [&](const Element& one) { return key_of(one) == key_of(*later); }) !=
            later)
            object.refuse(std::string(name) + '[' + std::to_string(later - elements.begin()) + ']',
                          "is there twice: \"" + text_of_key(*later) + '"');
}

Money amount_with_currency(ObjectReading& object) {
    const auto currency = object.word("currency", Currency::parse, "is no currency of ISO 4217");
    return amount(object, "amount", currency.value_or(Currency{}));
}

Contract::OneTimeCodes one_time_codes(ObjectReading& object) {
    const Contract::OneTimeCodes usual;
    Contract::OneTimeCodes codes{
        .life_seconds = object.integer("life_seconds", usual.life_seconds).value_or(0),
        .tries_max = object.integer("tries_max", usual.tries_max).value_or(0),
        .new_codes_max = object.integer("new_codes_max", usual.new_codes_max).value_or(0),
        .pause_seconds = object.integer("pause_seconds", usual.pause_seconds).value_or(0),
        .deadline_seconds = object.integer("deadline_seconds", usual.deadline_seconds).value_or(0)};
    if (object.has("asked_from")) codes.asked_from = object.objects("asked_from", amount_with_currency);
    refuse_repeats(
        object, "asked_from", codes.asked_from, [](Money one) { return one.currency(); },
        [](Money one) { return std::string(one.currency().code()); });
    return codes;
}

Contract::DepositAccount deposit_account(ObjectReading& object) {
    return {.owner = object.text("owner").value_or(""),
            .iban = object.text("iban").value_or(""),
            .bic = object.text("bic").value_or(""),
            .bank_name = object.text("bank_name").value_or("")};
}

/// The money of SEPA.
Currency euro() {
    return Currency::parse("EUR").value_or(Currency{});
}

terms::DirectDebit direct_debit(ObjectReading& object) {
    const terms::DirectDebit usual;
    terms::DirectDebit debit{.creditor_id = object.text("creditor_id").value_or(""),
                             .notice_days = object.integer("notice_days", usual.notice_days).value_or(0),
                             .lead_days = object.integer("lead_days", usual.lead_days).value_or(0),
                             .retries_max = object.integer("retries_max", usual.retries_max).value_or(0),
                             .retry_days = object.integer("retry_days", usual.retry_days).value_or(0)};
    if (object.has("return_fee")) debit.return_fee = amount(object, "return_fee", euro());
    return debit;
}

void write_direct_debit(JsonWriter& out, const terms::DirectDebit& debit) {
    out.key("direct_debit").begin_object().field("creditor_id", debit.creditor_id);
    out.field("notice_days", debit.notice_days).field("lead_days", debit.lead_days);
    out.field("retries_max", debit.retries_max).field("retry_days", debit.retry_days);
    out.optional_field("return_fee", debit.return_fee).end_object();
}

terms::PayLaterOffer pay_later_offer(ObjectReading& object) {
    const auto currency = object.word("currency", Currency::parse, "is no currency of ISO 4217").value_or(Currency{});
    return {.id = object.text("offer_id").value_or(""),
            .delta_days = object.integer("delta_due_date").value_or(0),
            .fee = amount(object, "fee", currency)};
}

terms::PayLater pay_later(ObjectReading& object) {
    const terms::PayLater usual;
    return {.offers = object.objects("offers", pay_later_offer),
            .withdrawal_days = object.integer("withdrawal_days", usual.withdrawal_days).value_or(0)};
}

void write_pay_later(JsonWriter& out, const terms::PayLater& pay_later) {
    out.key("pay_later").begin_object().key("offers").begin_array();
    for (const terms::PayLaterOffer& one : pay_later.offers) {
        out.begin_object().field("offer_id", one.id).field("currency", one.fee.currency().code());
        out.field("delta_due_date", one.delta_days).field("fee", one.fee).end_object();
    }
    out.end_array().field("withdrawal_days", pay_later.withdrawal_days).end_object();
}

Contract::PaymentPage payment_page(ObjectReading& object) {
    const auto text = [&](std::string_view name) { return object.optional_text(name).value_or(""); };
    Contract::PaymentPage page{.accent_colour = text("accent_colour"),
                               .logo = text("logo"),
                               .terms_url = text("terms_url"),
                               .privacy_url = text("privacy_url"),
                               .creditor_id = text("creditor_id")};
    const auto any_text = [](std::string_view origin) { return std::optional(std::string(origin)); };
    if (object.has("frame_ancestors")) page.frame_ancestors = object.words("frame_ancestors", any_text, "is no origin");
    return page;
}

terms::Creditor creditor(ObjectReading& object) {
    return {.name = object.text("name").value_or(""), .address = object.text("address").value_or("")};
}

Decimal percent(ObjectReading& object, std::string_view name) {
    const auto token = object.number(name);
    if (!token) return {};
    const auto value = Decimal::parse(*token);
    if (!value) object.refuse(name, "is no number of at most four decimals: " + std::string(*token));
    return value.value_or(Decimal{});
}

terms::LatePayment late_payment(ObjectReading& object) {
    terms::LatePayment late{.interest_rate = percent(object, "interest_rate")};
    if (!object.has("reminder_fee")) return late;
    const Currency currency =
        object.word("currency", Currency::parse, "is no currency of ISO 4217").value_or(Currency{});
    late.reminder_fee = amount(object, "reminder_fee", currency);
    return late;
}

void write_late_payment(JsonWriter& out, const terms::LatePayment& late) {
    out.key("late_payment").begin_object().field("interest_rate", late.interest_rate);
    if (late.reminder_fee)
        out.field("currency", late.reminder_fee->currency().code()).field("reminder_fee", *late.reminder_fee);
    out.end_object();
}

terms::InstalmentTerms instalment_terms(ObjectReading& object) {
    const Currency currency =
        object.word("currency", Currency::parse, "is no currency of ISO 4217").value_or(Currency{});
    terms::InstalmentTerms terms{.service_charge = Money::zero(currency), .instalment_min = Money::zero(currency)};
    if (object.has("convention"))
        terms.convention =
            object.word("convention", terms::plan_convention, "is no convention").value_or(terms.convention);
    if (object.has("apr_time_rule"))
        terms.apr_time =
            object.word("apr_time_rule", terms::apr_time_rule, "is neither eu nor act/365").value_or(terms.apr_time);
    if (object.has("unscheduled_payments"))
        terms.unscheduled =
            object.word("unscheduled_payments", terms::unscheduled_payments, "is neither shorten nor lower")
                .value_or(terms.unscheduled);
    terms.interest_rate = percent(object, "interest_rate");
    terms.interest_rate_max =
        object.has("interest_rate_max") ? percent(object, "interest_rate_max") : terms.interest_rate;
    if (object.has("effective_rate_max")) terms.effective_rate_max = percent(object, "effective_rate_max");
    if (object.has("service_charge")) terms.service_charge = amount(object, "service_charge", currency);
    if (object.has("instalment_min")) terms.instalment_min = amount(object, "instalment_min", currency);
    if (object.has("months_allowed")) terms.months_allowed = object.integers("months_allowed");
    if (object.has("payment_days")) terms.payment_days = object.integers("payment_days");
    terms.days_to_first_due_min =
        object.integer("days_to_first_due_min", terms.days_to_first_due_min).value_or(terms.days_to_first_due_min);
    return terms;
}

void write_instalment_terms(JsonWriter& out, const terms::InstalmentTerms& terms) {
    const auto numbers = [&](std::string_view name, const std::vector<int>& values) {
        out.key(name).begin_array();
        for (const int value : values) out.value(value);
        out.end_array();
    };
    out.key("instalments").begin_object().field("currency", terms.service_charge.currency().code());
    out.field("convention", terms::name_of(terms.convention)).field("apr_time_rule", terms::name_of(terms.apr_time));
    out.field("unscheduled_payments", terms::name_of(terms.unscheduled));
    out.field("interest_rate", terms.interest_rate).field("interest_rate_max", terms.interest_rate_max);
    out.optional_field("effective_rate_max", terms.effective_rate_max);
    out.field("service_charge", terms.service_charge).field("instalment_min", terms.instalment_min);
    numbers("months_allowed", terms.months_allowed);
    numbers("payment_days", terms.payment_days);
    out.field("days_to_first_due_min", terms.days_to_first_due_min).end_object();
}

template <class Words>
void write_words(JsonWriter& out, std::string_view name, const Words& words) {
    out.key(name).begin_array();
    for (const auto& word : words) {
        if constexpr (requires { terms::name_of(word); })
            out.value(terms::name_of(word));
        else
            out.value(word);
    }
    out.end_array();
}

void write_payment_page(JsonWriter& out, const Contract::PaymentPage& page) {
    out.key("payment_page").begin_object();
    const std::pair<std::string_view, const std::string&> texts[]{{"accent_colour", page.accent_colour},
                                                                  {"logo", page.logo},
                                                                  {"terms_url", page.terms_url},
                                                                  {"privacy_url", page.privacy_url},
                                                                  {"creditor_id", page.creditor_id}};
    for (const auto& [name, text] : texts)
        if (!text.empty()) out.field(name, text);
    if (!page.frame_ancestors.empty()) write_words(out, "frame_ancestors", page.frame_ancestors);
    out.end_object();
}

}  // namespace

std::string text_of(const std::vector<Malformed>& faults) {
    std::string text;
    for (const Malformed& fault : faults) {
        if (!text.empty()) text += '\n';
        text += fault.path;
        text += ' ';
        text += fault.what;
    }
    return text;
}

void write(JsonWriter& out, const Contract& contract) {
    out.begin_object().field("version", contract.version).field("zone", contract.zone.name());
    out.key("currencies").begin_array();
    for (const terms::AmountLimits& one : contract.currencies) {
        out.begin_object().field("currency", one.min.currency().code());
        out.field("min", one.min).field("max", one.max).end_object();
    }
    out.end_array();
    out.key("products").begin_array();
    for (const terms::Product& one : contract.products) {
        out.begin_object().field("payment_option", terms::name_of(one.method.option));
        out.field("transfer_type", terms::name_of(one.method.transfer)).field("due_days", one.due_days).end_object();
    }
    out.end_array();
    write_words(out, "buyer_types", contract.buyer_types);
    write_words(out, "billing_countries", contract.billing_countries);
    write_words(out, "delivery_countries", contract.delivery_countries);
    write_words(out, "delivery_types", contract.delivery_types);
    out.key("deviating_deliveries").begin_array();
    for (const terms::DeviatingDelivery& one : contract.deviating_deliveries) {
        out.begin_object().field("buyer_type", terms::name_of(one.buyer));
        out.field("delivery_type", terms::name_of(one.delivery)).end_object();
    }
    out.end_array();
    out.field("shop_baskets_max", contract.shop_baskets_max);
    out.field("expiry_days", contract.expiry_days).field("expiry_days_max", contract.expiry_days_max);
    out.field("return_fees", contract.return_fees);
    out.field("increment_percent_max", contract.increment_percent_max);
    out.optional_field("retention_days", contract.retention_days);
    if (const auto& codes = contract.one_time_codes) {
        out.key("one_time_codes").begin_object().field("life_seconds", codes->life_seconds);
        out.field("tries_max", codes->tries_max).field("new_codes_max", codes->new_codes_max);
        out.field("pause_seconds", codes->pause_seconds).field("deadline_seconds", codes->deadline_seconds);
        if (!codes->asked_from.empty()) out.key("asked_from").begin_array();
        for (const Money from : codes->asked_from)
            out.begin_object().field("currency", from.currency().code()).field("amount", from).end_object();
        if (!codes->asked_from.empty()) out.end_array();
        out.end_object();
    }
    // What came later than the first stored contracts is written where it differs from what they mean without it.
    if (contract.part_payment != Contract{}.part_payment)
        out.field("part_payment", terms::name_of(contract.part_payment));
    if (const auto& account = contract.deposit_account) {
        out.key("deposit_account").begin_object().field("owner", account->owner).field("iban", account->iban);
        out.field("bic", account->bic).field("bank_name", account->bank_name).end_object();
    }
    if (contract.direct_debit) write_direct_debit(out, *contract.direct_debit);
    if (contract.pay_later) write_pay_later(out, *contract.pay_later);
    if (contract.payment_page) write_payment_page(out, *contract.payment_page);
    if (contract.instalments) write_instalment_terms(out, *contract.instalments);
    if (contract.credit_regime != Contract{}.credit_regime)
        out.field("credit_regime", terms::name_of(contract.credit_regime));
    if (const auto& creditor = contract.creditor)
        out.key("creditor")
            .begin_object()
            .field("name", creditor->name)
            .field("address", creditor->address)
            .end_object();
    if (contract.late_payment) write_late_payment(out, *contract.late_payment);
    out.optional_field("country", contract.country);
    out.end_object();
}

std::string contract_json(const Contract& contract) {
    JsonWriter out;
    write(out, contract);
    return std::move(out).finish();
}

foundation::Outcome<Contract, std::vector<Malformed>> contract_of(JsonValue json, std::string_view path) {
    std::vector<Malformed> faults;
    Contract contract;
    {
        ObjectReading object(json, std::string(path), faults);
        contract.version = object.integer("version", 0).value_or(0);
        contract.zone = object.word("zone", Zone::find, "is no time zone of the IANA database").value_or(contract.zone);
        contract.currencies = object.objects("currencies", limits);
        refuse_repeats(
            object, "currencies", contract.currencies, [](const auto& one) { return one.min.currency(); },
            [](const auto& one) { return std::string(one.min.currency().code()); });
        contract.products = object.objects("products", product);
        refuse_repeats(
            object, "products", contract.products, [](const auto& one) { return one.method; },
            [](const auto& one) { return std::string(terms::name_of(one.method.option)); });
        contract.buyer_types = object.words("buyer_types", terms::buyer_type, "is no type of buyer");
        contract.billing_countries = object.words("billing_countries", country, "is no country code of two letters");
        contract.delivery_countries = object.words("delivery_countries", country, "is no country code of two letters");
        contract.delivery_types = object.words("delivery_types", terms::delivery_type, "is no type of delivery");
        if (object.has("deviating_deliveries"))
            contract.deviating_deliveries = object.objects("deviating_deliveries", deviating_delivery);
        contract.shop_baskets_max = object.integer("shop_baskets_max", contract.shop_baskets_max).value_or(0);
        contract.expiry_days = object.integer("expiry_days", contract.expiry_days).value_or(0);
        contract.expiry_days_max = object.integer("expiry_days_max", contract.expiry_days_max).value_or(0);
        contract.return_fees = object.boolean("return_fees", contract.return_fees);
        contract.increment_percent_max =
            object.integer("increment_percent_max", contract.increment_percent_max).value_or(0);
        if (object.has("retention_days")) contract.retention_days = object.integer("retention_days").value_or(0);
        contract.one_time_codes = object.optional_object("one_time_codes", one_time_codes);
        if (object.has("part_payment"))
            contract.part_payment = object.word("part_payment", terms::part_payment, "is neither WAITS nor ENDS")
                                        .value_or(contract.part_payment);
        contract.deposit_account = object.optional_object("deposit_account", deposit_account);
        contract.direct_debit = object.optional_object("direct_debit", direct_debit);
        contract.pay_later = object.optional_object("pay_later", pay_later);
        const auto read_regime = [&](ObjectReading& in) {
            if (in.has("credit_regime"))
                contract.credit_regime = in.word("credit_regime", terms::credit_regime, "is no credit regime")
                                             .value_or(contract.credit_regime);
        };
        contract.payment_page = object.optional_object("payment_page", [&](ObjectReading& page) {
            read_regime(page);  // where the first contracts said it
            return payment_page(page);
        });
        contract.instalments = object.optional_object("instalments", instalment_terms);
        read_regime(object);
        contract.creditor = object.optional_object("creditor", creditor);
        contract.late_payment = object.optional_object("late_payment", late_payment);
        if (object.has("country"))
            contract.country = object.word("country", country, "is no country code of two letters");
    }
    if (!faults.empty()) return std::unexpected(std::move(faults));
    return contract;
}

foundation::Outcome<Contract, std::vector<Malformed>> parse_contract(std::string_view text) {
    const auto document = foundation::JsonDocument::parse(text);
    if (!document) {
        const foundation::JsonFault& fault = document.error();
        return std::unexpected(std::vector<Malformed>{{fault.where, std::string(describe(fault.kind))}});
    }
    auto contract = contract_of(document->root());
    if (!contract) return contract;

    // What `faults_of` says begins with the field: `products: due_days is 0 to 3650`.
    std::vector<Malformed> faults;
    for (const std::string& sentence : terms::faults_of(*contract)) faults.push_back({"$", sentence});
    if (!faults.empty()) return std::unexpected(std::move(faults));
    return contract;
}

}  // namespace saldo::partner
