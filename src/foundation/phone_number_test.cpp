#include "foundation/phone_number.hpp"

#include <gtest/gtest.h>

namespace saldo::foundation {

namespace {

TEST(PhoneNumber, is_understood_as_people_write_it) {
    EXPECT_EQ(phone_number("0171 123 45 67", "DE"), "+491711234567");
    EXPECT_EQ(phone_number("0049 171 1234567", "DE"), "+491711234567");
    EXPECT_EQ(phone_number("+49 (0)171/1234567", "DE"), "+491711234567");
    EXPECT_EQ(phone_number("+49-171-1234567", "NL"), "+491711234567");
    EXPECT_EQ(phone_number("0660 1234567", "AT"), "+436601234567");
    EXPECT_EQ(phone_number("06 12345678", "NL"), "+31612345678");
}

TEST(PhoneNumber, is_refused_where_nobody_could_be_reached) {
    for (const char* typed : {"", "12345", "0171", "+4917112345678901234", "0171-anna", "+49+171", "171 1234567"})
        EXPECT_EQ(phone_number(typed, "DE"), std::nullopt) << typed;
    EXPECT_EQ(phone_number("0171 1234567", "XX"), std::nullopt) << "whose national number?";
}

}  // namespace

}  // namespace saldo::foundation
