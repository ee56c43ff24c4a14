#include "checkout/event_codec.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "checkout/session_fixture.hpp"
#include "foundation/outcome.hpp"

namespace saldo::checkout {
namespace {

/// A session with every field, so that none can be forgotten.
SessionCreated full_session() {
    Create made = create();
    made.order.partner_operation_id = "op-1";
    made.order.baskets[0].shop_transaction_id = "shop-order-1";
    made.order.buyer.contact->phone = Sealed{"+49 177 4445555"};
    made.order.buyer.person->date_of_birth = Sealed{"1971-05-19"};
    made.order.delivery = ledger::Delivery{.address = address("14482"), .full_name = Sealed{"Erika Muster"}};
    made.order.device = ledger::Device{.source_ip_address = Sealed{"10.17.1.1"}, .token = Sealed{"fingerprint"}};
    made.order.expires = *foundation::parse_instant("2026-10-03T15:41:36Z");
    return std::get<SessionCreated>(decide(made));
}

std::vector<Event> one_of_each() {
    const Details details{.billing_address = address("14482"),
                          .delivery_address = address("14483"),
                          .first_name = Sealed{"Erika"},
                          .last_name = Sealed{"Muster"},
                          .date_of_birth = Sealed{"1971-05-19"},
                          .phone = Sealed{"0177 4445555"},
                          .debit_account = account()};
    return {full_session(),
            BuyerActed{},
            PaymentMethodChosen{direct_debit},
            DetailsGiven{details},
            OrderConfirmed{receipt()},
            PurchaseDeclined{transaction_id, ledger::Refusal::invalid_iban},
            CodeRequired{transaction_id, reference},
            SessionCompleted{transaction_id, reference},
            SessionFailed{transaction_id, ledger::Refusal::risk_decision},
            SessionExpired{},
            SessionCanceled{},
            FraudFlagged{Sealed{"stolen card of Erika"}},
            SubjectErased{}};
}

TEST(SessionEventCodec, there_is_one_sample_of_each_event) {
    ASSERT_EQ(one_of_each().size(), std::variant_size_v<Event>);
    for (std::size_t i = 0; i < one_of_each().size(); ++i) EXPECT_EQ(one_of_each()[i].index(), i);
}

TEST(SessionEventCodec, the_body_holds_no_text_of_a_person_and_no_address_of_the_shop) {
    for (const Event& event : one_of_each()) {
        const std::string body = encode(event).body;
        for (const char* text : {"Muster", "Erika", "erika@example.com", "14467", "14482", "Potsdam", "1971", "10.17.1",
                                 "192.0.2.7", "knife", "DE44100500001654698498", "4445555", "shop.example", "stolen"})
            EXPECT_EQ(body.find(text), std::string::npos) << type_of(event) << " shows " << text;
    }
}

/// What version 1 wrote must be read for good. A new version adds files, it changes none. SALDO_ACCEPT=1 writes missing
/// ones.
TEST(SessionEventCodec, stored_events_of_every_version_are_read_for_good) {
    const std::filesystem::path folder = std::filesystem::path(SALDO_SOURCE_DIR) / "src/checkout/golden";
    for (const Event& event : one_of_each()) {
        const std::filesystem::path file = folder / ("v1-" + std::string(type_of(event)) + ".txt");
        const ledger::EncodedEvent encoded = encode(event);
        if (!std::filesystem::exists(file) && std::getenv("SALDO_ACCEPT")) {
            std::filesystem::create_directories(folder);
            std::ofstream(file, std::ios::binary) << encoded.body << '\n' << encoded.texts << '\n';
        }
        std::ifstream stored(file, std::ios::binary);
        std::string body;
        std::string texts;
        ASSERT_TRUE(std::getline(stored, body) && std::getline(stored, texts)) << file;
        EXPECT_EQ(decode(type_of(event), 1, body, texts), event) << file;
        EXPECT_EQ(encoded.body, body) << file;
        EXPECT_EQ(encoded.texts, texts) << file;
    }
}

TEST(SessionEventCodec, bytes_that_nobody_wrote_are_refused) {
    EXPECT_THROW(decode("SessionCreated", schema_version, "{}", std::string{}), foundation::BrokenInvariant);
    EXPECT_THROW(decode("SessionExpired", schema_version + 1, "{}", std::string{}), foundation::BrokenInvariant);
    EXPECT_THROW(decode("SessionStarted", schema_version, "{}", std::string{}), foundation::BrokenInvariant);
    EXPECT_THROW(decode("PaymentMethodChosen", schema_version,
                        R"({"method":{"payment_option":"CASH","transfer_type":"BANK_TRANSFER"}})", std::string{}),
                 foundation::BrokenInvariant);
}

}  // namespace
}  // namespace saldo::checkout
