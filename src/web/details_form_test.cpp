#include "web/details_form.hpp"

#include <gtest/gtest.h>

namespace saldo::web {
namespace {

using Names = std::vector<std::string>;

const foundation::Day today = *foundation::parse_day("2026-11-21");

TEST(ADateOfBirth, IsADayThatExistedSince1900) {
    const auto born = [](const char* day, const char* month, const char* year) {
        return birth_date({{"birth_day", day}, {"birth_month", month}, {"birth_year", year}});
    };
    EXPECT_EQ(born("27", "3", "1985"), foundation::parse_day("1985-03-27"));
    EXPECT_EQ(born(" 07 ", "03", "1985"), foundation::parse_day("1985-03-07"));
    EXPECT_EQ(born("29", "2", "2000"), foundation::parse_day("2000-02-29"));
    for (const auto& [day, month, year] :
         {std::tuple{"29", "2", "1900"}, std::tuple{"31", "4", "1985"}, std::tuple{"0", "1", "1985"},
          std::tuple{"1", "13", "1985"}, std::tuple{"1", "1", "85"}, std::tuple{"1", "1", "1899"},
          std::tuple{"x", "1", "1985"}, std::tuple{"", "1", "1985"}, std::tuple{"-1", "1", "1985"},
          std::tuple{"1", "1", "19850"}})
        EXPECT_EQ(born(day, month, year), std::nullopt) << day << '.' << month << '.' << year;
    EXPECT_EQ(birth_date({}), std::nullopt);
}

TEST(FaultsOfAForm, NameWhatIsMissingInThePagesOrder) {
    const AskedDetails all{.name = true,
                           .billing_address = true,
                           .delivery_address = true,
                           .date_of_birth = true,
                           .phone = true,
                           .bank_account = true};
    EXPECT_EQ(faults_of(all, {}, today),
              (Names{"first_name", "last_name", "billing_street", "billing_street_number", "billing_zip_code",
                     "billing_city", "delivery_street", "delivery_street_number", "delivery_zip_code", "delivery_city",
                     "birth", "phone", "iban", "account_owner", "mandate"}));
    EXPECT_EQ(faults_of({}, {}, today), Names{}) << "what was not asked for is not missing";
}

TEST(FaultsOfAForm, AreNotSeenInWhatCanBeRight) {
    const AskedDetails asked{.date_of_birth = true, .phone = true, .bank_account = true};
    const Typed typed{{"birth_day", "27"},       {"birth_month", "3"},       {"birth_year", "1985"},
                      {"phone", "0171 1234567"}, {"account_owner", "Erika"}, {"iban", "de44 1005 0000 1654 6984 97"},
                      {"mandate", "yes"}};
    EXPECT_EQ(faults_of(asked, typed, today), Names{});
}

TEST(FaultsOfAForm, AreSeenInWhatCannotBeRight) {
    const AskedDetails birth{.date_of_birth = true};
    EXPECT_EQ(faults_of(birth, {{"birth_day", "22"}, {"birth_month", "11"}, {"birth_year", "2026"}}, today),
              Names{"birth"})
        << "nobody was born tomorrow";
    const AskedDetails name{.name = true};
    EXPECT_EQ(faults_of(name, {{"first_name", "  "}, {"last_name", std::string(256, 'x')}}, today),
              (Names{"first_name", "last_name"}));
}

}  // namespace
}  // namespace saldo::web
