#pragma once

#include <optional>
#include <string>
#include <vector>

#include "foundation/calendar.hpp"
#include "foundation/money.hpp"
#include "terms/credit_regime.hpp"
#include "terms/direct_debit.hpp"
#include "terms/instalment_plan.hpp"
#include "terms/pay_later.hpp"
#include "terms/payment_method.hpp"

namespace saldo::terms {

/// A payment method the partner may offer, and when it is due.
struct Product {
    PaymentMethod method;
    int due_days = 14;  ///< days from the claim to the due date; of a prepayment: to the end of the reservation
    bool operator==(const Product&) const = default;
};

/// A currency the partner may sell in, and how much a purchase may cost in it. 0 < min <= max, both of `min`'s
/// currency.
struct AmountLimits {
    foundation::Money min;
    foundation::Money max;
    bool operator==(const AmountLimits&) const = default;
};

/// Whether goods may go to another address than the bill, for one kind of buyer and delivery.
struct DeviatingDelivery {
    BuyerType buyer;
    DeliveryType delivery;
    bool operator==(const DeviatingDelivery&) const = default;
};

/// What a partner and the operator of Saldo have agreed: every limit and every deadline of a purchase comes from here.
/// A purchase keeps the values of the version it was authorised under.
struct Contract {
    int version = 1;
    foundation::Zone zone = foundation::Zone::utc();  ///< the partner's business days
    std::vector<AmountLimits> currencies;
    std::vector<Product> products;
    std::vector<BuyerType> buyer_types;
    std::vector<std::string> billing_countries;   ///< ISO 3166-1 alpha-2
    std::vector<std::string> delivery_countries;  ///< ISO 3166-1 alpha-2
    std::vector<DeliveryType> delivery_types;
    std::vector<DeviatingDelivery> deviating_deliveries;
    int shop_baskets_max = 1;   ///< above 1: a marketplace
    int expiry_days = 120;      ///< default life of an authorisation, in days of 24 hours
    int expiry_days_max = 365;  ///< longest life a partner may ask for
    bool return_fees = true;    ///< whether a refund may keep back a return fee
    /// How much increments may add to the amount first authorised, in percent of it. 0: none allowed.
    int increment_percent_max = 100;
    /// What becomes of a prepayment that was paid in part when its reservation ends.
    PartPayment part_payment = PartPayment::ends;
    /// What instalments cost and how they run; nothing: none are offered.
    std::optional<InstalmentTerms> instalments;
    /// The law under which buyers pay later, and who lends and what paying late costs, which consumer credit must say.
    CreditRegime credit_regime = CreditRegime::merchant_deferral;
    std::optional<Creditor> creditor;
    std::optional<LatePayment> late_payment;
    /// Whose law of credit holds, ISO 3166-1 alpha-2. Nothing: none is looked at.
    std::optional<std::string> country;

    /// How long a session that bought nothing is kept, in days; then what is known of its buyer is erased. Nothing: for
    /// good.
    std::optional<int> retention_days;

    /// Codes by text message, by which a buyer proves to be who the risk check doubts. A purchase that is not confirmed
    /// within `deadline_seconds` is declined.
    struct OneTimeCodes {
        int life_seconds = 300;  ///< of one code
        int tries_max = 3;       ///< wrong codes after which the purchase is declined
        int new_codes_max = 3;   ///< that the buyer may ask for, beside the first
        int pause_seconds = 30;  ///< before a new one is sent
        int deadline_seconds = 1800;
        /// Amounts from which on a purchase needs a code even if no risk check asks for one, at most one a currency.
        std::vector<foundation::Money> asked_from{};

        bool are_asked_for(foundation::Money gross) const;
        bool operator==(const OneTimeCodes&) const = default;
    };
    std::optional<OneTimeCodes> one_time_codes;

    /// The account that buyers pay into, as it is printed for them.
    struct DepositAccount {
        std::string owner;
        std::string iban;
        std::string bic;
        std::string bank_name;
        bool operator==(const DepositAccount&) const = default;
    };
    std::optional<DepositAccount> deposit_account;

    /// How direct debits are collected; nothing: not through us, and whoever collects books the payments.
    std::optional<DirectDebit> direct_debit;

    /// Whether buyers may put off the due date of an open invoice, and for what fee.
    std::optional<PayLater> pay_later;

    /// What the hosted payment page shows of the partner beside the shop's name, and under which law it sells.
    struct PaymentPage {
        std::string accent_colour{};  ///< `#1a5b4c`; empty: ours. Used where it can be read
        std::string logo{};           ///< a PNG, JPEG or WebP picture in base64; empty: the shop's name stands there
        std::string terms_url{};      ///< of the partner's terms, linked above the order button
        std::string privacy_url{};
        std::string creditor_id{};  ///< of SEPA direct debits, shown in the mandate
        /// Origins of the partner's own pages that may show ours in a frame, `https://shop.example`. Empty: none may.
        std::vector<std::string> frame_ancestors{};
        bool operator==(const PaymentPage&) const = default;
    };
    std::optional<PaymentPage> payment_page;

    const Product* product_of(PaymentMethod method) const;
    const AmountLimits* limits_of(foundation::Currency currency) const;
    CreditConditions credit_conditions() const { return {credit_regime, creditor, late_payment}; }
    bool is_marketplace() const { return shop_baskets_max > 1; }
    bool operator==(const Contract&) const = default;
};

/// A contract with sane values to try things out: DE, AT, CH, NL in EUR and CHF, open invoice due after 14 days,
/// direct debit after 3 (the calendar published for both), prepayment within 14; instalments in EUR as published in
/// 2016; 120 days of life, one shop a purchase.
Contract demo_contract();

/// The day on which a claim made on `claim_date` falls due. No shift to business days.
foundation::Day due_date(foundation::Day claim_date, int due_days);

/// Everything that contradicts itself in a contract, one sentence each; empty: it can be used.
std::vector<std::string> faults_of(const Contract& contract);

}  // namespace saldo::terms
