#include "app/administration.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <variant>

#include "app/engine.hpp"
#include "app/erasure_list.hpp"
#include "app/os_random.hpp"
#include "app/waiting.hpp"
#include "service/clocks.hpp"
#include "terms/contract.hpp"

namespace saldo::app {

namespace {

using foundation::Currency;
using ledger::RiskVerdict;
using service::SessionDone;
using service::SessionFault;
using service::SessionMade;
using service::SessionPtr;
using subject::Sealed;

/// A sandbox's engine on a store of its own, and one session at a time.
class Administration : public ::testing::Test {
  protected:
    using Made = std::variant<SessionMade, service::SessionRuledOut, SessionFault>;
    using Said = std::variant<SessionDone, service::SessionSaidNo, SessionFault>;

    Administration() {
        partner = engine.partners().add({.name = "Fruit House", .contract = terms::demo_contract()}, "test").value();
        engine.partners().change(partner, partner::AddShop{"shop", std::nullopt}, "test").value();
    }

    std::string session() {
        const Currency euro = *Currency::parse("EUR");
        service::RequestedSession wanted;
        wanted.order.currency = euro;
        wanted.order.baskets = {{.gross = {17000, euro}}};
        wanted.order.buyer.billing_address = {.street = Sealed{"Weg 1"},
                                              .zip_code = Sealed{"10115"},
                                              .city = Sealed{"Ort"},
                                              .country_code = Sealed{"DE"}};
        wanted.order.buyer.person = ledger::Person{.first_name = Sealed{"Erika"}, .last_name = Sealed{"Muster"}};
        wanted.payment_methods = {{terms::PaymentOption::open_invoice, terms::TransferType::bank_transfer}};
        const auto made = waited_for<Made>([&](auto answer) {
            engine.sessions().create({.actor = "test", .partner_id = partner, .key = {}}, wanted, std::move(answer));
        });
        const std::string id = std::get<SessionMade>(made).session->session.id;
        act(id, checkout::ChoosePaymentMethod{wanted.payment_methods.front()});
        act(id, checkout::GiveDetails{{.date_of_birth = Sealed{"1971-05-19"}, .phone = Sealed{"0177 4445555"}}});
        return id;
    }
    SessionDone act(const std::string& id, checkout::Command command) {
        return std::get<SessionDone>(
            waited_for<Said>([&](auto answer) { engine.sessions().act(id, std::move(command), std::move(answer)); }));
    }
    checkout::Session confirm(const std::string& id, RiskVerdict verdict) {
        const checkout::ConsentReceipt receipt{
            .text_pack = "1", .language = "de", .page_sha256 = std::string(64, 'a'), .source_ip_address = {}};
        const auto said =
            waited_for<Said>([&](auto answer) { engine.sessions().confirm(id, receipt, verdict, std::move(answer)); });
        return std::get<SessionDone>(said).session->session;
    }
    checkout::Session found(const std::string& id) {
        const auto answer = waited_for<std::variant<SessionPtr, SessionFault>>(
            [&](auto tell) { engine.sessions().find({.actor = "test"}, id, std::move(tell)); });
        return std::get<SessionPtr>(answer)->session;
    }
    bool is_erased(const std::string& purchase) {
        const auto answer = waited_for<std::variant<service::PurchasePtr, service::NotDecided>>(
            [&](auto tell) { engine.purchases().find({.actor = "test"}, purchase, std::move(tell)); });
        return std::get<service::PurchasePtr>(answer)->transaction.erased;
    }

    store::DataDirectory directory = store::DataDirectory::temporary();
    OpenStore store{directory, *subject::Key::of(foundation::bytes_of(foundation::sha256("a master key")))};
    OsRandom random;
    service::SandboxClock clock{*foundation::parse_instant("2026-06-05T12:00:00Z")};
    Engine engine{{.store = store,
                   .clock = clock,
                   .random = random,
                   .verdicts = service::CheckoutSessions::Verdicts::of_the_sandbox}};
    std::string partner;
};

TEST_F(Administration, erases_a_person_in_the_purchase_its_session_and_the_tries_before_it) {
    const std::string id = session();
    confirm(id, RiskVerdict::buyer_identity);
    act(id, checkout::GiveDetails{{.date_of_birth = Sealed{"1971-05-20"}}});
    const checkout::Session bought = confirm(id, RiskVerdict::accepted);
    ASSERT_EQ(bought.status, checkout::SessionStatus::completed);
    const std::string tried = bought.declines.front().transaction_id;
    const std::string purchase = *bought.transaction_id;
    const checkout::Session other = confirm(session(), RiskVerdict::accepted);

    const auto list = directory.path() / "erasures";
    make_erasure_list(list);
    EXPECT_EQ(erase_subject(engine, purchase, list).exit, cli::ExitCode::ok);
    EXPECT_TRUE(is_erased(purchase));
    EXPECT_TRUE(is_erased(tried));
    EXPECT_TRUE(found(id).erased);
    EXPECT_EQ(found(id).status, checkout::SessionStatus::completed);
    EXPECT_THAT(erasures_in(list), testing::UnorderedElementsAre(purchase, tried));
    EXPECT_FALSE(is_erased(*other.transaction_id));
    EXPECT_FALSE(found(other.id).erased);
}

TEST_F(Administration, erases_the_same_person_from_any_of_their_tries) {
    const std::string id = session();
    const std::string tried = confirm(id, RiskVerdict::risk_decision).declines.front().transaction_id;
    EXPECT_EQ(erase_subject(engine, tried).exit, cli::ExitCode::ok);
    EXPECT_TRUE(found(id).erased);
    EXPECT_EQ(erase_subject(engine, tried).exit, cli::ExitCode::ok) << "done already";
    EXPECT_EQ(erase_subject(engine, "0123456789ABCDEFGHJK").code, "TRANSACTION_NOT_FOUND");
}

}  // namespace

}  // namespace saldo::app
