#include "web/payment_qr.hpp"

#include <gtest/gtest.h>

#include <string>

namespace saldo::web {
namespace {

using foundation::Currency;
using foundation::Money;

Money euros(std::int64_t minor) {
    return {minor, Currency{}};
}

CreditTransfer transfer() {
    return {.name = "Saldo Demo GmbH",
            .iban = "DE44 1005 0000 1654 6984 97",
            .amount = euros(17349),
            .text = "KK7709094U2"};
}

// The published samples of EPC069-12.
TEST(PaymentQr, HasThePayloadOfThePublishedSamples) {
    EXPECT_EQ(payment_qr_payload({.bic = "BPOTBEB1",
                                  .name = "Red Cross of Belgium",
                                  .iban = "BE72000000001616",
                                  .amount = euros(100),
                                  .purpose = "CHAR",
                                  .text = "Urgency fund",
                                  .information = "Sample EPC QR code"}),
              "BCD\n001\n1\nSCT\nBPOTBEB1\nRed Cross of Belgium\nBE72000000001616\nEUR1\nCHAR\n\nUrgency fund\n"
              "Sample EPC QR code");
    EXPECT_EQ(payment_qr_payload({.bic = "BHBLDEHHXXX",
                                  .name = "Franz Mustermänn",
                                  .iban = "DE71110220330123456789",
                                  .amount = euros(1230),
                                  .purpose = "GDDS",
                                  .creditor_reference = "RF18539007547034"}),
              "BCD\n001\n1\nSCT\nBHBLDEHHXXX\nFranz Mustermänn\nDE71110220330123456789\nEUR12.3\nGDDS\n"
              "RF18539007547034");
    EXPECT_EQ(payment_qr_payload({.name = "Wikimedia Foerdergesellschaft",
                                  .iban = "DE33100205000001194700",
                                  .amount = euros(12345),
                                  .text = "Spende fuer Wikipedia"}),
              "BCD\n002\n1\nSCT\n\nWikimedia Foerdergesellschaft\nDE33100205000001194700\nEUR123.45\n\n\n"
              "Spende fuer Wikipedia");
}

template <class Change>
bool is_refused(Change change) {
    CreditTransfer changed = transfer();
    change(changed);
    return !payment_qr_payload(changed) && !payment_qr(changed);
}

TEST(PaymentQr, IsNotMadeOfWhatTheGuidelineForbids) {
    ASSERT_TRUE(payment_qr_payload(transfer()));
    EXPECT_TRUE(is_refused([](auto& t) { t.amount = euros(0); }));
    EXPECT_TRUE(is_refused([](auto& t) { t.amount = euros(-1); }));
    EXPECT_TRUE(is_refused([](auto& t) { t.amount = euros(100'000'000'000); }));
    EXPECT_TRUE(is_refused([](auto& t) { t.amount = Money(100, *Currency::parse("CHF")); }));
    EXPECT_TRUE(is_refused([](auto& t) { t.name = ""; }));
    EXPECT_TRUE(is_refused([](auto& t) { t.name = std::string(71, 'a'); }));
    EXPECT_TRUE(is_refused([](auto& t) { t.iban = "DE45100500001654698497"; }));
    EXPECT_TRUE(is_refused([](auto& t) { t.text = std::string(141, 'a'); }));
    EXPECT_TRUE(is_refused([](auto& t) { t.creditor_reference = "RF18539007547034"; })) << "both kinds of reference";
    EXPECT_TRUE(is_refused([](auto& t) { t.name = "Saldo\nDE71110220330123456789"; })) << "a line of its own";
    EXPECT_TRUE(is_refused([](auto& t) {
        for (int i = 0; i < 70; ++i) t.name = i == 0 ? "ä" : t.name + "ä";
        t.text = t.name + t.name;
    })) << "more than 331 bytes";
}

TEST(PaymentQr, CountsCharactersOfANameAndNotItsBytes) {
    CreditTransfer long_name = transfer();
    long_name.name.clear();
    for (int i = 0; i < 70; ++i) long_name.name += "ü";
    EXPECT_TRUE(payment_qr_payload(long_name));
}

TEST(PaymentQr, IsASquareWithItsQuietZone) {
    const QrPicture picture = payment_qr(transfer()).value();
    EXPECT_EQ((picture.size - 8 - 17) % 4, 0) << "a side has 17 modules and four for each version";
    EXPECT_TRUE(picture.path.starts_with("M4 4h7v1h-7z")) << "the corner of the first finder pattern";
}

}  // namespace
}  // namespace saldo::web
