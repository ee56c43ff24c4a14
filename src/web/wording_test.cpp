#include "web/wording.hpp"

#include <gtest/gtest.h>

namespace saldo::web {
namespace {

using foundation::Currency;
using foundation::Decimal;
using foundation::Money;

Money euros(std::int64_t minor) {
    return {minor, Currency{}};
}

TEST(AnAmount, IsWrittenAsTheLanguageWritesIt) {
    EXPECT_EQ(money_text(euros(123450), Language::german), "1.234,50\u00a0€");
    EXPECT_EQ(money_text(euros(123450), Language::english), "€1,234.50");
    EXPECT_EQ(money_text(euros(123450), Language::french), "1\u202f234,50\u00a0€");
    EXPECT_EQ(money_text(euros(123450), Language::dutch), "€\u00a01.234,50");
}

TEST(AnAmount, HasAllItsDecimalsAndItsSign) {
    EXPECT_EQ(money_text(euros(0), Language::english), "€0.00");
    EXPECT_EQ(money_text(euros(7), Language::english), "€0.07");
    EXPECT_EQ(money_text(euros(100000000), Language::german), "1.000.000,00\u00a0€");
    EXPECT_EQ(money_text(euros(-99950), Language::german), "\u2212999,50\u00a0€");
    EXPECT_EQ(money_text({12345, *Currency::parse("CHF")}, Language::english), "CHF\u00a0123.45");
    EXPECT_EQ(money_text({12345, *Currency::parse("JPY")}, Language::german), "12.345\u00a0JPY");
}

TEST(APercentage, IsWrittenAsTheLanguageWritesIt) {
    EXPECT_EQ(percent_text({}, Language::german), "0\u00a0%");
    EXPECT_EQ(percent_text(*Decimal::parse("9.9"), Language::french), "9,9\u00a0%");
    EXPECT_EQ(percent_text(*Decimal::parse("9.9"), Language::english), "9.9%");
}

TEST(ADay, IsWrittenWithTheNameOfItsMonth) {
    const auto day = *foundation::parse_day("2026-12-05");
    EXPECT_EQ(date_text(day, Texts::of(Language::german)), "5.\u00a0Dezember\u00a02026");
    EXPECT_EQ(date_text(day, Texts::of(Language::english)), "5\u00a0December\u00a02026");
    EXPECT_EQ(date_text(*foundation::parse_day("2027-03-01"), Texts::of(Language::french)), "1er\u00a0mars\u00a02027");
}

TEST(ATimeOfDay, IsThatOfTheZone) {
    const auto instant = *foundation::parse_instant("2026-07-01T12:05:09.5Z");
    const auto berlin = *foundation::Zone::find("Europe/Berlin");
    EXPECT_EQ(time_text(instant, berlin), "14:05");
    EXPECT_EQ(time_with_seconds(instant, berlin), "14:05:09");
}

TEST(AMaskedIban, ShowsItsCountryAndItsEnd) {
    EXPECT_EQ(masked_iban("DE44 1005 0000 1654 6984 97"), "DE\u00a0••••\u00a08497");
    EXPECT_EQ(masked_iban("DE4"), "••••");
}

}  // namespace
}  // namespace saldo::web
