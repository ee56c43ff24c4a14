#include "web/session_details.hpp"

#include <chrono>
#include <span>
#include <string_view>

#include "foundation/iban.hpp"
#include "foundation/phone_number.hpp"

namespace saldo::web {

using checkout::Detail;
using checkout::Session;
using checkout::SessionStatus;
using subject::Sealed;

namespace {

void ask(AskedDetails& asked, Detail detail) {
    switch (detail) {
        case Detail::name:
            asked.name = true;
            return;
        case Detail::billing_address:
            asked.billing_address = true;
            return;
        case Detail::delivery_address:
            asked.delivery_address = true;
            return;
        case Detail::date_of_birth:
            asked.date_of_birth = true;
            return;
        case Detail::phone:
            asked.phone = true;
            return;
        case Detail::bank_account:
            asked.bank_account = true;
            return;
    }
}

void know_address(Typed& typed, std::string_view prefix, const ledger::Address& address) {
    const auto know = [&](std::string_view name, const std::optional<Sealed>& text) {
        typed.emplace(std::string(prefix).append(name), text_of(text));
    };
    know("_street", address.street);
    know("_street_number", address.street_number);
    know("_zip_code", address.zip_code);
    know("_city", address.city);
}

void know_birth(Typed& typed, const std::optional<Sealed>& birth) {
    const auto day = birth && !birth->is_erased() ? foundation::parse_day(birth->text()) : std::nullopt;
    if (!day) return;
    const std::chrono::year_month_day date{*day};
    typed.emplace("birth_day", std::to_string(static_cast<unsigned>(date.day())));
    typed.emplace("birth_month", std::to_string(static_cast<unsigned>(date.month())));
    typed.emplace("birth_year", std::to_string(static_cast<int>(date.year())));
}

ledger::Address corrected(const ledger::Address& known, std::string_view prefix, const Typed& typed) {
    ledger::Address address = known;
    const auto take = [&](std::string_view name) {
        return Sealed(trimmed_text(typed, std::string(prefix).append(name)));
    };
    address.street = take("_street");
    address.street_number = take("_street_number");
    address.zip_code = take("_zip_code");
    address.city = take("_city");
    return address;
}

}  // namespace

std::string text_of(const std::optional<Sealed>& sealed) {
    return sealed && !sealed->is_erased() ? std::string(sealed->text()) : std::string();
}

Typed known_details(const Session& session) {
    const ledger::Buyer& buyer = session.order.buyer;
    Typed typed;
    if (buyer.person) {
        typed.emplace("first_name", text_of(buyer.person->first_name));
        typed.emplace("last_name", text_of(buyer.person->last_name));
        know_birth(typed, buyer.person->date_of_birth);
    }
    if (buyer.contact) typed.emplace("phone", text_of(buyer.contact->phone));
    know_address(typed, "billing", buyer.billing_address);
    if (session.order.delivery && session.order.delivery->address)
        know_address(typed, "delivery", *session.order.delivery->address);
    if (session.debit_account) {
        typed.emplace("iban", text_of(session.debit_account->iban));
        typed.emplace("account_owner", text_of(session.debit_account->owner));
    }
    return typed;
}

AskedDetails asked_of(const Session& session, Step step) {
    AskedDetails asked;
    if (session.status == SessionStatus::otp_pending) {
        asked.phone = true;
        return asked;
    }
    for (const Detail detail : session.missing_details()) ask(asked, detail);
    for (const Detail detail : session.to_correct) ask(asked, detail);
    if (step == Step::details && session.method && session.method->transfer == terms::TransferType::sepa_direct_debit)
        asked.bank_account = true;
    return asked;
}

checkout::Details details_of(const Session& session, const AskedDetails& asked, const Typed& typed) {
    const ledger::Buyer& buyer = session.order.buyer;
    checkout::Details details;
    const auto text = [&](std::string_view name) { return Sealed(trimmed_text(typed, name)); };
    if (asked.name) {
        details.first_name = text("first_name");
        details.last_name = text("last_name");
    }
    if (asked.date_of_birth) details.date_of_birth = Sealed(foundation::day_text(birth_date(typed).value()));
    if (asked.phone) {
        const std::string country = text_of(buyer.billing_address.country_code);
        const std::string as_typed = trimmed_text(typed, "phone");
        details.phone = Sealed(foundation::phone_number(as_typed, country).value_or(as_typed));
    }
    if (asked.billing_address) details.billing_address = corrected(buyer.billing_address, "billing", typed);
    if (asked.delivery_address && session.order.delivery)
        details.delivery_address =
            corrected(session.order.delivery->address.value_or(ledger::Address{}), "delivery", typed);
    if (asked.bank_account)
        details.debit_account = ledger::DebitAccount{
            .iban = Sealed(foundation::iban_electronic(trimmed_text(typed, "iban"))), .owner = text("account_owner")};
    return details;
}

std::vector<std::string> faults_of(const std::vector<Detail>& details) {
    std::vector<std::string> faults;
    const auto add = [&](std::span<const Input> inputs) {
        for (const Input& input : inputs) faults.emplace_back(input.name);
    };
    for (const Detail detail : details) {
        switch (detail) {
            case Detail::name:
                add(name_inputs());
                break;
            case Detail::billing_address:
                add(billing_inputs());
                break;
            case Detail::delivery_address:
                add(delivery_inputs());
                break;
            case Detail::date_of_birth:
                faults.emplace_back("birth");
                break;
            case Detail::phone:
                add(phone_inputs());
                break;
            case Detail::bank_account:
                faults.emplace_back("iban");
                break;
        }
    }
    return faults;
}

}  // namespace saldo::web
