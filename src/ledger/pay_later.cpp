#include "ledger/pay_later.hpp"

#include <algorithm>
#include <utility>

#include "foundation/outcome.hpp"
#include "ledger/due_amounts.hpp"
#include "terms/payment_method.hpp"

namespace saldo::ledger {

using foundation::Day;
using foundation::Days;

namespace {

bool is_at_collection(const Transaction& transaction) {
    return !transaction.dunning_levels.empty() &&
           transaction.dunning_levels.back().what.level >= DunningLevel::collection;
}

/// Whether the purchase, apart from its due date, can be put off at all.
bool can_be_put_off(const Transaction& transaction, Day today) {
    return !transaction.erased && !transaction.is_declined() && !transaction.awaits_code() && !transaction.pay_later &&
           transaction.authorisation.payment_method == terms::open_invoice_by_transfer &&
           !is_at_collection(transaction) && open_amount(transaction, today).is_positive();
}

}  // namespace

std::string_view name_of(PayLaterStatus status) {
    switch (status) {
        case PayLaterStatus::available:
            return "AVAILABLE";
        case PayLaterStatus::not_available:
            return "NOT_AVAILABLE";
        case PayLaterStatus::already_booked:
            return "ALREADY_BOOKED";
        case PayLaterStatus::already_withdrawn:
            return "ALREADY_WITHDRAWN";
    }
    std::unreachable();
}

PayLaterOffers pay_later_offers(const Transaction& transaction, Day today) {
    const Standing standing = standing_of(transaction);
    const auto due = due_amounts(transaction, standing, today);
    if (due.size() != 1 || !due.front().capture) return {};
    PayLaterOffers result{.capture = &std::get<Captured>(due.front().capture->what),
                          .current_due_date = due.front().due_date,
                          .offers = {}};
    const auto& price_list = transaction.authorisation.terms.pay_later;
    if (!price_list) return result;
    const bool can_be_booked = can_be_put_off(transaction, today);
    for (const terms::PayLaterOffer& offer : price_list->offers) {
        const Day later = result.current_due_date + Days{offer.delta_days};
        result.offers.push_back(
            {.offer = &offer, .new_due_date = later, .is_available = can_be_booked && later > today});
    }
    return result;
}

PayLaterStatus pay_later_status(const Transaction& transaction, Day today) {
    if (transaction.pay_later_withdrawal) return PayLaterStatus::already_withdrawn;
    if (transaction.pay_later) return PayLaterStatus::already_booked;
    const PayLaterOffers offers = pay_later_offers(transaction, today);
    return std::ranges::any_of(offers.offers, &OfferedPayLater::is_available) ? PayLaterStatus::available
                                                                              : PayLaterStatus::not_available;
}

Day pay_later_withdrawal_end(const Transaction& transaction) {
    foundation::ensure(transaction.pay_later && transaction.authorisation.terms.pay_later,
                       "a booking is made by the price list of its purchase");
    return transaction.pay_later->value_date + Days{transaction.authorisation.terms.pay_later->withdrawal_days};
}

}  // namespace saldo::ledger
