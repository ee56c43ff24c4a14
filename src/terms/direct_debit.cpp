#include "terms/direct_debit.hpp"

#include <algorithm>
#include <array>
#include <chrono>

#include "terms/business_days.hpp"

namespace saldo::terms {

using foundation::Day;
using foundation::Days;

namespace {

using enum AfterReturn;

/// In the order of their codes. Who cannot be collected from again: the account is gone or closed to debits, the buyer
/// objected, or the mandate does not hold. What the creditor or a bank did wrong is corrected by people.
constexpr std::array reasons{
    ReturnReason{"AC01", "account identifier incorrect", mandate_void, true},
    ReturnReason{"AC04", "account closed", mandate_void, true},
    ReturnReason{"AC06", "account blocked", mandate_void, true},
    ReturnReason{"AC13", "debtor account is a consumer account", mandate_void, false},
    ReturnReason{"AG01", "transaction forbidden on this account", mandate_void, true},
    ReturnReason{"AG02", "invalid operation code", not_tried, false},
    ReturnReason{"AM04", "insufficient funds", tried_again, true},
    ReturnReason{"AM05", "duplication", not_tried, false},
    ReturnReason{"BE05", "creditor identifier incorrect", not_tried, false},
    ReturnReason{"CNOR", "creditor bank not registered", not_tried, false},
    ReturnReason{"DNOR", "debtor bank not registered", mandate_void, false},
    ReturnReason{"DUPL", "duplicate payment", not_tried, false},
    ReturnReason{"FF01", "invalid format", not_tried, false},
    ReturnReason{"FOCR", "following a cancellation request", not_tried, false},
    ReturnReason{"FRAD", "fraud", mandate_void, false},
    ReturnReason{"MD01", "no valid mandate", mandate_void, false},
    ReturnReason{"MD02", "mandate data missing", not_tried, false},
    ReturnReason{"MD06", "refund asked for by the debtor", mandate_void, true},
    ReturnReason{"MD07", "debtor deceased", mandate_void, false},
    ReturnReason{"MS02", "refused by the debtor", mandate_void, true},
    ReturnReason{"MS03", "reason not specified by the bank", tried_again, true},
    ReturnReason{"RC01", "bank identifier incorrect", mandate_void, true},
    ReturnReason{"RR01", "debtor account missing", not_tried, false},
    ReturnReason{"RR02", "debtor name or address missing", not_tried, false},
    ReturnReason{"RR03", "creditor name or address missing", not_tried, false},
    ReturnReason{"RR04", "regulatory reason", mandate_void, false},
    ReturnReason{"SL01", "a service of the debtor's bank, such as a list of who may collect", mandate_void, true},
};

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_upper(char c) {
    return c >= 'A' && c <= 'Z';
}

}  // namespace

bool is_creditor_identifier(std::string_view text) {
    constexpr std::size_t head = 7;  // country, check digits, business code
    if (text.size() <= head || text.size() > 35) return false;
    if (!is_upper(text[0]) || !is_upper(text[1]) || !is_digit(text[2]) || !is_digit(text[3])) return false;
    if (!std::ranges::all_of(text, [](char c) { return is_digit(c) || is_upper(c); })) return false;
    int rest = 0;
    const auto count = [&](std::string_view part) {
        for (const char c : part)
            rest = is_digit(c) ? (rest * 10 + (c - '0')) % 97 : (rest * 100 + (c - 'A' + 10)) % 97;
    };
    count(text.substr(head));
    count(text.substr(0, 4));
    return rest == 1;
}

const ReturnReason* return_reason(std::string_view code) {
    const auto found = std::ranges::find(reasons, code, &ReturnReason::code);
    return found == reasons.end() ? nullptr : &*found;
}

Day mandate_void_from(Day last_used) {
    const auto later = std::chrono::year_month_day{last_used} + std::chrono::months{36};
    return later.ok() ? Day{later} : Day{later.year() / later.month() / std::chrono::last};
}

Day collection_day(const DirectDebit& terms, Day wanted, Day today) {
    const Day planned = shifted(BusinessCalendar::target, wanted, Shift::following);
    const Day reachable = business_days_later(BusinessCalendar::target, today, terms.lead_days);
    if (planned >= reachable) return planned;
    const Day told = today + Days{terms.notice_days};
    return shifted(BusinessCalendar::target, std::max(reachable, told), Shift::following);
}

Day submission_day(const DirectDebit& terms, Day due) {
    return business_days_later(BusinessCalendar::target, due, -terms.lead_days);
}

}  // namespace saldo::terms
