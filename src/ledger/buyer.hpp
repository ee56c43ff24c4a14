#pragma once

#include <optional>
#include <string>

#include "subject/sealed.hpp"
#include "terms/payment_method.hpp"

namespace saldo::ledger {

using subject::Sealed;

struct Address {
    std::optional<Sealed> street;
    std::optional<Sealed> street_addition;
    std::optional<Sealed> street_number;
    std::optional<Sealed> zip_code;
    std::optional<Sealed> city;
    std::optional<Sealed> country_code;
    bool operator==(const Address&) const = default;
};

struct Person {
    std::optional<Sealed> title;
    std::optional<Sealed> first_name;
    std::optional<Sealed> last_name;
    std::optional<Sealed> date_of_birth;
    bool operator==(const Person&) const = default;
};

struct Company {
    std::optional<Sealed> name;
    std::optional<Sealed> vat_id;
    bool operator==(const Company&) const = default;
};

struct Contact {
    std::optional<Sealed> email;
    std::optional<Sealed> phone;
    bool operator==(const Contact&) const = default;
};

/// Who buys. A company or a person, never both.
struct Buyer {
    std::optional<std::string> shop_buyer_id;  ///< the shop's own key for the buyer; stays when the person is erased
    std::string language = "de";               ///< ISO 639-1
    Address billing_address;
    std::optional<Contact> contact;
    std::optional<Person> person;
    std::optional<Company> company;

    terms::BuyerType type() const { return company ? terms::BuyerType::b2b : terms::BuyerType::b2c; }
    bool operator==(const Buyer&) const = default;
};

/// Where the goods go, when the shop says so.
struct Delivery {
    terms::DeliveryType type = terms::DeliveryType::regular_address;
    std::optional<Address> address;
    std::optional<Sealed> company;
    std::optional<Sealed> first_name;
    std::optional<Sealed> last_name;
    std::optional<Sealed> full_name;
    std::optional<Sealed> pick_up;  ///< what the shop sent of the pick-up place, as JSON
    bool operator==(const Delivery&) const = default;
};

struct Device {
    std::optional<Sealed> source_ip_address;
    std::optional<Sealed> token;
    bool operator==(const Device&) const = default;
};

/// The account a direct debit is collected from.
struct DebitAccount {
    Sealed iban{std::string{}};
    std::optional<Sealed> owner;
    bool operator==(const DebitAccount&) const = default;
};

}  // namespace saldo::ledger
