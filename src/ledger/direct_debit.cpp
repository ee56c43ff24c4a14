#include "ledger/direct_debit.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "foundation/outcome.hpp"
#include "ledger/due_amounts.hpp"
#include "terms/business_days.hpp"

namespace saldo::ledger {

using foundation::Day;
using foundation::Days;
using foundation::ensure;
using foundation::Money;
using terms::AfterReturn;

namespace {

AfterReturn consequence(const DirectDebitReturned& returned) {
    const terms::ReturnReason* reason = terms::return_reason(returned.reason);
    ensure(reason != nullptr, "a direct debit came back for a reason that nobody knows");
    return reason->then;
}

/// A due amount and what of it is still to be collected.
struct Uncollected {
    DueAmount due;
    Money amount;
    const DirectDebitLife* last = nullptr;  ///< of its debits
};

std::vector<Uncollected> uncollected(const Transaction& transaction, const Standing& standing, Day today) {
    std::vector<Uncollected> parts;
    for (const DueAmount& due : due_amounts(transaction, standing, today)) {
        Uncollected part{.due = due, .amount = due.amount};
        for (const DirectDebitLife& life : transaction.direct_debits) {
            if (life.submitted.what.debit.number != due.number) continue;
            if (!part.last || part.last->submitted.what.debit < life.submitted.what.debit) part.last = &life;
            if (!life.returned) part.amount -= std::min(part.amount, life.submitted.what.amount);
        }
        parts.push_back(part);
    }
    std::ranges::stable_sort(parts, {}, [](const Uncollected& one) { return one.due.due_date; });
    return parts;
}

/// Brings the parts to what is owed: a payment that came otherwise lowers the oldest first, fees raise the oldest.
void settle(std::vector<Uncollected>& parts, Money left) {
    for (const Uncollected& part : parts) left -= part.amount;
    for (Uncollected& part : parts) {
        if (!part.amount.is_positive()) continue;
        const Money change = left.is_negative() ? -std::min(part.amount, -left) : left;
        part.amount += change;
        left -= change;
    }
}

/// For when the next try of an amount is planned; nothing if there is none.
std::optional<Day> planned_day(const Uncollected& part) {
    if (!part.due.collect_on || !part.last) return part.due.collect_on;
    if (part.last->is_pending()) return std::nullopt;
    return part.last->returned ? part.last->returned->what.retry_on : part.due.collect_on;
}

bool is_at_collection(const Transaction& transaction) {
    return !transaction.dunning_levels.empty() &&
           transaction.dunning_levels.back().what.level >= DunningLevel::collection;
}

}  // namespace

std::string mandate_reference(std::string_view payment_reference) {
    return "SDD-" + std::string(payment_reference);
}

std::optional<Mandate> mandate_of(const Transaction& transaction, Day today) {
    const auto& terms = transaction.authorisation.terms.direct_debit;
    if (!terms || transaction.is_declined()) return std::nullopt;
    Mandate mandate{.reference = mandate_reference(transaction.payment_reference),
                    .signed_on = transaction.created_on,
                    .creditor_id = terms->creditor_id};
    Day last_used = mandate.signed_on;
    for (const DirectDebitLife& life : transaction.direct_debits) {
        last_used = std::max(last_used, life.submitted.what.due_date);
        if (life.returned && consequence(life.returned->what) == AfterReturn::mandate_void) mandate.is_void = true;
    }
    mandate.is_void = mandate.is_void || today >= terms::mandate_void_from(last_used);
    return mandate;
}

Day first_try_on(const terms::DirectDebit& terms, Day due, Day today) {
    return terms::shifted(terms::BusinessCalendar::target, std::max(due, today + Days{terms.notice_days}),
                          terms::Shift::following);
}

std::string direct_debit_text(DirectDebitId id) {
    std::string number = std::to_string(id.number);
    if (number.size() < 3) number.insert(0, 3 - number.size(), '0');
    return number + '-' + std::to_string(id.attempt);
}

std::optional<DirectDebitId> direct_debit_id(std::string_view text) {
    const auto hyphen = text.find('-');
    if (hyphen == std::string_view::npos) return std::nullopt;
    const auto number_in = [](std::string_view digits) -> int {
        int number = 0;
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
        return error == std::errc{} && end == digits.data() + digits.size() ? number : 0;
    };
    const DirectDebitId id{number_in(text.substr(0, hyphen)), number_in(text.substr(hyphen + 1))};
    if (id.number < 1 || id.attempt < 1 || direct_debit_text(id) != text) return std::nullopt;
    return id;
}

std::string end_to_end_id(std::string_view payment_reference, DirectDebitId id) {
    return std::string(payment_reference) + '-' + direct_debit_text(id);
}

std::vector<DirectDebitDue> direct_debits_due(const Transaction& transaction, Day today) {
    const auto mandate = mandate_of(transaction, today);
    if (!mandate || mandate->is_void || transaction.erased || transaction.awaits_code() ||
        is_at_collection(transaction))
        return {};
    const terms::DirectDebit& terms = *transaction.authorisation.terms.direct_debit;
    const Standing standing = standing_of(transaction);
    std::vector<Uncollected> parts = uncollected(transaction, standing, today);
    Money left = open_amount(transaction, Day::max());
    for (const DirectDebitLife& life : transaction.direct_debits)
        if (life.is_pending()) left -= life.submitted.what.amount;
    settle(parts, left);

    std::vector<DirectDebitDue> due;
    for (const Uncollected& part : parts) {
        const auto planned = planned_day(part);
        if (!planned || !part.amount.is_positive()) continue;
        const int tried = part.last ? part.last->submitted.what.debit.attempt : 0;
        const Day day = terms::collection_day(terms, *planned, today);
        due.push_back({.id = {.number = part.due.number, .attempt = tried + 1},
                       .amount = part.amount,
                       .planned_on = *planned,
                       .due_date = day,
                       .submit_by = terms::submission_day(terms, day),
                       .notify_by = day - Days{terms.notice_days}});
    }
    return due;
}

DirectDebitReturned returned_direct_debit(const Transaction& transaction, const DirectDebitLife& life, std::string id,
                                          std::string_view reason, Day date) {
    const terms::ReturnReason* known = terms::return_reason(reason);
    ensure(known != nullptr, "a reason is looked up before a direct debit is returned for it");
    const terms::DirectDebit& terms = *transaction.authorisation.terms.direct_debit;
    const DirectDebitSubmitted& submitted = life.submitted.what;
    DirectDebitReturned returned{.id = std::move(id),
                                 .debit = submitted.debit,
                                 .reason = std::string(reason),
                                 .amount = life.executed ? std::optional(submitted.amount) : std::nullopt,
                                 .fee = known->is_charged ? terms.return_fee : std::nullopt,
                                 .retry_on = std::nullopt};
    if (known->then == AfterReturn::tried_again && submitted.debit.attempt <= terms.retries_max)
        returned.retry_on = terms::collection_day(terms, date + Days{terms.retry_days}, date);
    return returned;
}

}  // namespace saldo::ledger
