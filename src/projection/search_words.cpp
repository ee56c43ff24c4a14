#include "projection/search_words.hpp"

#include <optional>

namespace saldo::projection {

namespace {

struct Collector {
    std::string_view transaction_id;
    std::vector<SearchWord> words = {};

    void add(std::string_view field, const std::string& word) {
        if (!word.empty()) words.push_back({field, word});
    }
    void add(std::string_view field, const std::optional<std::string>& word) {
        if (word) add(field, *word);
    }
    void add_collection_day(const std::optional<foundation::Day>& day) {
        if (day) add(collection_day_field, foundation::day_text(*day));
    }
    void add(const ledger::Authorisation& authorisation) {
        add("ratepay_transaction_id", std::string(transaction_id));
        add("partner_transaction_id", authorisation.partner_transaction_id);
        add("partner_operation_id", authorisation.partner_operation_id);
        add("shop_buyer_id", authorisation.buyer.shop_buyer_id);
        for (const ledger::Basket& basket : authorisation.baskets)
            add("shop_transaction_id", basket.shop_transaction_id);
    }
    void add(std::string_view field, const ledger::BasketOperation& operation) {
        add(field, operation.id);
        add("partner_operation_id", operation.partner_operation_id);
    }

    void operator()(const ledger::Authorised& event) {
        add(event.authorisation);
        add("ratepay_payment_reference", event.payment_reference);
    }
    void operator()(const ledger::Declined& event) { add(event.authorisation); }
    void operator()(const ledger::AuthorisationIncreased& event) { add("ratepay_authorization_id", event.operation); }
    void operator()(const ledger::Captured& event) {
        add("ratepay_capture_id", event.operation);
        add("partner_invoice_id", event.partner_invoice_id);
        add("partner_transaction_id", event.partner_transaction_id);
        add("shop_transaction_id", event.shop_transaction_id);
        add_collection_day(event.collect_on);
    }
    void operator()(const ledger::Cancelled& event) { add("ratepay_cancellation_id", event.operation); }
    void operator()(const ledger::Refunded& event) { add("ratepay_refund_id", event.operation); }
    void operator()(const ledger::ShippingInformationAdded& event) { add("ratepay_shipping_information_id", event.id); }
    void operator()(const ledger::SettlementBooked& event) { add("payment_id", event.id); }
    void operator()(const ledger::FeeBooked& event) { add("fee_id", event.id); }
    void operator()(const ledger::DirectDebitSubmitted&) {}
    void operator()(const ledger::DirectDebitExecuted& event) { add("payment_id", event.id); }
    void operator()(const ledger::DirectDebitReturned& event) {
        if (event.amount) add("payment_id", event.id);
        if (event.fee) add("fee_id", event.id);
        add_collection_day(event.retry_on);
    }
    void operator()(const ledger::PayLaterBooked& event) { add("fee_id", event.id); }
    void operator()(const ledger::PayLaterWithdrawn& event) { add("fee_id", event.id); }
    void operator()(const ledger::Expired&) {}
    void operator()(const ledger::ReservationEnded&) {}
    void operator()(const ledger::ExpiryChanged&) {}
    void operator()(const ledger::DunningLevelSet&) {}
    void operator()(const ledger::DunningBlocked&) {}
    void operator()(const ledger::DunningUnblocked&) {}
    void operator()(const ledger::Refused&) {}
    void operator()(const ledger::SubjectErased&) {}
    void operator()(const ledger::CodeRequired&) {}
    void operator()(const ledger::CodeSent&) {}
    void operator()(const ledger::CodeMissed&) {}
    void operator()(const ledger::CodeConfirmed&) {}
    void operator()(const ledger::PlanMade& event) {
        for (const foundation::Day day : event.collect_on) add_collection_day(day);
    }
    void operator()(const ledger::PlanEnded&) {}
    void operator()(const ledger::CreditWithdrawn&) {}
    void operator()(const ledger::CodeGivenUp&) {}
};

}  // namespace

std::vector<SearchWord> search_words(std::string_view transaction_id, const ledger::Event& event) {
    Collector collector{transaction_id};
    std::visit(collector, event);
    return std::move(collector.words);
}

}  // namespace saldo::projection
