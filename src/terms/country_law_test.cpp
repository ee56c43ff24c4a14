#include "terms/country_law.hpp"

#include <gtest/gtest.h>

namespace saldo::terms {

namespace {

using foundation::Decimal;

Contract contract_in(const char* country) {
    Contract contract = demo_contract();
    contract.country = country;
    return contract;
}

CountryLaws capped(const char* cap) {
    CountryLaws laws = usual_laws();
    laws["DE"].effective_rate_max = Decimal::parse(cap);
    return laws;
}

TEST(CountryLaw, caps_the_effective_rate_unless_the_contract_is_stricter) {
    Contract contract = contract_in("DE");
    EXPECT_EQ(under_law(contract, capped("15"))  // the cap alone
                  .instalments->effective_rate_max,
              Decimal::parse("15"));
    contract.instalments->effective_rate_max = Decimal::parse("14");
    EXPECT_EQ(under_law(contract, capped("15")).instalments->effective_rate_max, Decimal::parse("14"));
    contract.instalments->effective_rate_max = Decimal::parse("16");
    EXPECT_EQ(under_law(contract, capped("15")).instalments->effective_rate_max, Decimal::parse("15"));
    EXPECT_EQ(under_law(contract_in("AT"), capped("15")).instalments->effective_rate_max, std::nullopt);
}

TEST(CountryLaw, says_what_of_the_interest_is_owed_after_a_withdrawal) {
    const auto owed = [](const char* country) {
        return under_law(contract_in(country), usual_laws()).instalments->interest_on_withdrawal;
    };
    for (const char* country : {"AT", "DE", "NL"}) EXPECT_EQ(owed(country), InterestOnWithdrawal::until_withdrawal);
    EXPECT_EQ(owed("CH"), InterestOnWithdrawal::none);
    for (const auto interest : {InterestOnWithdrawal::none, InterestOnWithdrawal::until_withdrawal})
        EXPECT_EQ(interest_on_withdrawal(name_of(interest)), interest);
    EXPECT_EQ(interest_on_withdrawal("all"), std::nullopt);
}

TEST(CountryLaw, leaves_a_contract_without_a_country_as_it_is) {
    const Contract contract = demo_contract();
    EXPECT_EQ(under_law(contract, capped("1")), contract);
    EXPECT_EQ(breach_of(contract, {}), std::nullopt);
}

TEST(CountryLaw, refuses_a_contract_whose_rate_is_above_the_cap) {
    EXPECT_EQ(breach_of(contract_in("DE"), usual_laws()), std::nullopt);
    EXPECT_EQ(breach_of(contract_in("DE"), capped("13.7")), std::nullopt);
    EXPECT_EQ(breach_of(contract_in("DE"), capped("13.6")),
              "The interest rate of 13.7 % is above 13.6 %, the highest effective rate in DE.");
    EXPECT_EQ(breach_of(contract_in("FR"), usual_laws()),
              "No law of FR is known: say what it is below [country.FR] in the settings.");
}

}  // namespace

}  // namespace saldo::terms
