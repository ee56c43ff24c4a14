#include "web/details_form.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <utility>

#include "foundation/iban.hpp"
#include "foundation/phone_number.hpp"

namespace saldo::web {

namespace {

constexpr std::array names{
    Input{.name = "first_name", .text = "first_name", .autocomplete = "given-name"},
    Input{.name = "last_name", .text = "last_name", .autocomplete = "family-name"},
};
constexpr std::array phone{Input{.name = "phone",
                                 .text = "phone",
                                 .autocomplete = "tel",
                                 .type = "tel",
                                 .inputmode = "tel",
                                 .length_max = 40,
                                 .explains = true}};
constexpr std::array billing{
    Input{.name = "billing_street", .text = "street", .autocomplete = "billing address-line1"},
    Input{.name = "billing_street_number", .text = "street_number", .autocomplete = "off", .width = "narrow"},
    Input{.name = "billing_zip_code", .text = "zip_code", .autocomplete = "billing postal-code", .width = "narrow"},
    Input{.name = "billing_city", .text = "city", .autocomplete = "billing address-level2"},
};
constexpr std::array delivery{
    Input{.name = "delivery_street", .text = "street", .autocomplete = "shipping address-line1"},
    Input{.name = "delivery_street_number", .text = "street_number", .autocomplete = "off", .width = "narrow"},
    Input{.name = "delivery_zip_code", .text = "zip_code", .autocomplete = "shipping postal-code", .width = "narrow"},
    Input{.name = "delivery_city", .text = "city", .autocomplete = "shipping address-level2"},
};
constexpr std::array account{
    Input{.name = "iban", .text = "iban", .autocomplete = "off", .length_max = 60, .explains = true, .is_code = true},
    Input{.name = "account_owner", .text = "account_owner", .autocomplete = "name", .length_max = 70, .explains = true},
};

std::optional<int> number_in(const Typed& typed, std::string_view name, std::size_t digits_max) {
    const std::string text = trimmed_text(typed, name);
    int number = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty() || text.size() > digits_max || fault != std::errc{} || end != text.data() + text.size())
        return std::nullopt;
    return number;
}

bool is_wrong(const Input& input, const Typed& typed) {
    const std::string text = trimmed_text(typed, input.name);
    if (text.empty() || text.size() > static_cast<std::size_t>(input.length_max)) return true;
    if (input.name == "iban") return !foundation::is_iban(text);
    if (input.name == "phone") return !foundation::phone_number(text, "DE");
    return false;
}

void judge(std::span<const Input> inputs, const Typed& typed, std::vector<std::string>& faults) {
    for (const Input& input : inputs)
        if (is_wrong(input, typed)) faults.emplace_back(input.name);
}

}  // namespace

std::span<const Input> name_inputs() {
    return names;
}
std::span<const Input> phone_inputs() {
    return phone;
}
std::span<const Input> billing_inputs() {
    return billing;
}
std::span<const Input> delivery_inputs() {
    return delivery;
}
std::span<const Input> account_inputs() {
    return account;
}

std::vector<std::string> faults_of(const AskedDetails& asked, const Typed& typed, foundation::Day today) {
    std::vector<std::string> faults;
    if (asked.name) judge(names, typed, faults);
    if (asked.billing_address) judge(billing, typed, faults);
    if (asked.delivery_address) judge(delivery, typed, faults);
    if (asked.date_of_birth) {
        const auto birth = birth_date(typed);
        if (!birth || *birth >= today) faults.emplace_back("birth");
    }
    if (asked.phone) judge(phone, typed, faults);
    if (asked.bank_account) {
        judge(account, typed, faults);
        if (trimmed_text(typed, "mandate") != "yes") faults.emplace_back("mandate");
    }
    return faults;
}

std::optional<foundation::Day> birth_date(const Typed& typed) {
    const auto day = number_in(typed, "birth_day", 2), month = number_in(typed, "birth_month", 2),
               year = number_in(typed, "birth_year", 4);
    if (!day || !month || !year || *day < 1 || *month < 1 || *year < 1900) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                                           std::chrono::day(static_cast<unsigned>(*day))};
    if (!date.ok()) return std::nullopt;
    return foundation::Day{date};
}

std::string trimmed_text(const Typed& typed, std::string_view name) {
    const auto found = typed.find(name);
    if (found == typed.end()) return {};
    const std::string& text = found->second;
    const auto begin = text.find_first_not_of(" \t\r\n");
    if (begin == std::string::npos) return {};
    return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

}  // namespace saldo::web
