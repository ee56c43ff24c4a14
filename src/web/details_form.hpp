#pragma once

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "foundation/calendar.hpp"

namespace saldo::web {

/// What the page asks of the buyer, in the order in which it asks.
struct AskedDetails {
    bool name = false;
    bool billing_address = false;
    bool delivery_address = false;
    bool date_of_birth = false;
    bool phone = false;
    bool bank_account = false;
    bool operator==(const AskedDetails&) const = default;

    bool any() const { return *this != AskedDetails{}; }
};

/// A form's fields as the buyer typed them, by name.
using Typed = std::map<std::string, std::string, std::less<>>;

/// An input of one line.
struct Input {
    std::string_view name;  ///< of the field; its id too
    std::string_view text;  ///< the texts are called `<text>_label`, `<text>_fault`, and `<text>_why` if `explains`
    std::string_view autocomplete;  ///< what a browser may fill in (HTML, autofill)
    std::string_view type = "text";
    std::string_view inputmode = {};
    std::string_view width = {};
    int length_max = 255;
    bool explains = false;
    bool is_code = false;  ///< no spelling, capitals
};

std::span<const Input> name_inputs();
std::span<const Input> phone_inputs();
std::span<const Input> billing_inputs();
std::span<const Input> delivery_inputs();
std::span<const Input> account_inputs();

/// The names of the fields that were asked for and cannot be right as they were typed, in the page's order: text
/// missing, a day that does not exist or lies ahead of `today`, a phone number or IBAN that cannot be one, a mandate
/// that was not given. `birth` stands for the three fields of the date.
std::vector<std::string> faults_of(const AskedDetails& asked, const Typed& typed, foundation::Day today);

/// The day in the fields `birth_day`, `birth_month`, `birth_year`; nothing for none that exists since 1900.
std::optional<foundation::Day> birth_date(const Typed& typed);

/// Without blanks at its ends.
std::string trimmed_text(const Typed& typed, std::string_view name);

}  // namespace saldo::web
