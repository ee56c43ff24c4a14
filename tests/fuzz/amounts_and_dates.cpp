// Numbers, days, instants, durations, account numbers as people type them. What is taken has one meaning, and its print
// has the same one; what hides decimals, days that are none and offsets that are missing are never taken.
#include <algorithm>
#include <string>
#include <string_view>

#include "foundation/calendar.hpp"
#include "foundation/decimal.hpp"
#include "foundation/iban.hpp"
#include "foundation/money.hpp"
#include "target.hpp"

namespace saldo::foundation {
namespace {

using fuzz::must;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// `-?(0|[1-9][0-9]*)(.[0-9]+)?`: JSON's numbers without an exponent.
bool is_plain_number(std::string_view text) {
    if (text.starts_with('-')) text.remove_prefix(1);
    const auto whole = text.substr(0, text.find('.'));
    if (whole.empty() || !std::ranges::all_of(whole, is_digit) || (whole.size() > 1 && whole[0] == '0')) return false;
    if (whole.size() == text.size()) return true;
    const auto rest = text.substr(whole.size() + 1);
    return !rest.empty() && std::ranges::all_of(rest, is_digit);
}

void check_decimal(std::string_view text) {
    const auto number = Decimal::parse(text);
    if (!number) return;
    must(is_plain_number(text), "a decimal is a plain number");
    must(number->units() <= Decimal::units_max && number->units() >= -Decimal::units_max, "a decimal is in bounds");
    must(Decimal::parse(number->text()) == number, "a printed decimal reads the same");
    must(number->text().size() <= text.size(), "a decimal is printed with the fewest digits");
}

void check_money(std::string_view text) {
    for (const char* code : {"EUR", "JPY", "KWD"}) {
        const auto currency = *Currency::parse(code);
        const auto amount = Money::parse(text, currency);
        if (!amount) continue;
        must(is_plain_number(text), "an amount is a plain number");
        must(std::abs(amount->minor()) <= Money::minor_max, "an amount is in bounds");
        must(Money::parse(amount->text(), currency) == amount, "a printed amount reads the same");
        must(*amount + Money::zero(currency) == *amount && *amount - *amount == Money::zero(currency),
             "sums are exact");
        const auto number = Decimal::parse(text);
        must(number && rounded(*number, currency) == *amount, "an amount is the decimal of its text");
        must(line_total(*number, Decimal{}, 3, currency) == *amount + *amount + *amount,
             "three of it are three times it");
    }
    if (const auto currency = Currency::parse(text)) must(currency->code() == text, "a currency keeps its code");
}

void check_dates(std::string_view text) {
    if (const auto day = parse_day(text)) must(day_text(*day) == text, "a day is written in one way");
    if (const auto instant = parse_instant(text)) {
        must(text.ends_with('Z') || text.ends_with('z') || text.find_last_of("+-") >= 19, "an instant has an offset");
        must(parse_instant(utc_text(*instant)) == instant, "a printed instant reads the same");
        for (const char* name : {"Europe/Berlin", "Asia/Kathmandu", "America/St_Johns"}) {
            static_assert(sizeof(Zone) > 0);
            const auto zone = *Zone::find(name);
            const auto local = zone.text(*instant);
            // The first and the last day of our calendar may lie outside of it in another zone.
            if (const auto again = parse_instant(local)) must(again == instant, "local time says the same instant");
            must(zone.start_of(zone.day_of(*instant)) <= *instant, "a day begins before its instants");
        }
    }
    if (const auto duration = parse_duration(text)) {
        const auto start = *parse_instant("2020-02-29T12:00:00Z");
        must(moved(start, *duration) >= start, "a duration leads ahead");
    }
    if (text.size() < 64) Zone::find(text);
}

void check_iban(std::string_view text) {
    // Blanks may have two bytes; bytes that are no UTF-8 do not get here.
    if (!std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; })) return;
    const auto electronic = iban_electronic(text);
    must(iban_electronic(electronic) == electronic, "the electronic form is final");
    must(is_iban(text) == is_iban(electronic), "separators do not count");
    if (!is_iban(text)) return;
    must(electronic.size() >= 15 && electronic.size() <= 34, "an IBAN has 15 to 34 characters");
    must(is_iban(iban_printed(text)) && iban_electronic(iban_printed(text)) == electronic, "printed, it is the same");
    // Any single digit that is changed is noticed (ISO 7064).
    for (std::size_t i = 2; i < electronic.size(); ++i) {
        if (!is_digit(electronic[i])) continue;
        auto other = electronic;
        other[i] = other[i] == '9' ? '0' : static_cast<char>(other[i] + 1);
        must(!is_iban(other), "one wrong digit is noticed");
    }
}

void check(std::string_view text) {
    check_decimal(text);
    check_money(text);
    check_dates(text);
    check_iban(text);
}

}  // namespace
}  // namespace saldo::foundation

int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    saldo::foundation::check(saldo::fuzz::text_of(bytes, size));
    return 0;
}
