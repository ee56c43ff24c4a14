#include "web/payment_page.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <regex>
#include <string>

#include "checkout/session_fixture.hpp"
#include "http/fake_purchases.hpp"
#include "http/route_stage.hpp"

namespace saldo::web {
namespace {

using checkout::Life;
using checkout::SessionStatus;
using http::Response;
using service::CodeResult;
using service::SessionFault;

const std::string id = "53998820-2dcf-4187-b1d0-f0a78cb06d39";
const std::string base = "/pay/" + id;

/// One session in memory, decided by the real machine; the ledger's and the code's answers are the test's.
class OneSession final : public service::Sessions {
  public:
    Life life;
    checkout::LedgerAnswer ledger = checkout::Purchased{checkout::transaction_id, checkout::reference};
    std::optional<ledger::RiskVerdict> verdict;
    std::optional<checkout::ConsentReceipt> receipt;
    CodeResult code_result = CodeResult::wrong;
    std::string code;
    int new_codes = 0;
    std::optional<SessionFault> fault;
    std::optional<SessionFault> fault_of_forms;
    std::optional<service::WithdrawalStanding> withdrawal;  ///< once COMPLETED

    OneSession() { life.session.id = id; }

    void create(service::Origin, service::RequestedSession, OnMade) override { FAIL(); }
    void find(service::Origin, std::string, OnSession) override { FAIL(); }
    void flag_fraud(service::Origin, std::string, checkout::FlagFraud command, OnResult answer) override {
        act(id, command, std::move(answer));
    }
    void open(std::string token, OnSession answer) override {
        token == "landing" ? answer(view()) : answer(SessionFault::unknown_session);
    }
    void resume(std::string cookie, OnSession answer) override {
        if (fault) return answer(*fault);
        cookie == "cookie" ? answer(view()) : answer(SessionFault::unknown_session);
    }
    std::string cookie_of(std::string_view) const override { return "cookie"; }
    std::string form_token_of(std::string_view) const override { return "token"; }
    void act(std::string, checkout::Command command, OnResult answer) override {
        if (fault_of_forms) return answer(*fault_of_forms);
        if (fault) return answer(*fault);
        if (life.does(command)) return answer(service::SessionDone{view()});
        answer(service::SessionSaidNo{*life.refused, view()});
    }
    void confirm(std::string, checkout::ConsentReceipt given, std::optional<ledger::RiskVerdict> wanted,
                 OnResult answer) override {
        receipt = given;
        verdict = wanted;
        act(id, checkout::Confirm{given, ledger}, std::move(answer));
    }
    void enter_code(std::string, std::string typed, OnResult answer) override {
        code = typed;
        answer(service::SessionDone{view(), code_result});
    }
    void send_new_code(std::string, OnResult answer) override {
        ++new_codes;
        answer(service::SessionDone{view(), CodeResult::sent});
    }

  private:
    service::SessionPtr view() const {
        service::SessionView made{.session = life.session, .code = {}};
        if (life.session.status == SessionStatus::otp_pending)
            made.code = service::CodeStanding{.sent_to = "+49 •••• 567",
                                              .valid_until = life.now + std::chrono::minutes(5),
                                              .tries_left = 2,
                                              .new_codes_left = 1,
                                              .new_code_from = life.now + std::chrono::seconds(30)};
        if (life.session.status == SessionStatus::completed) made.withdrawal = withdrawal;
        return std::make_shared<const service::SessionView>(std::move(made));
    }
};

class StoppedClock final : public service::Clock {
  public:
    foundation::Instant at = Life::start;
    foundation::Instant now() override { return at; }
};

struct ThePage : testing::Test {
    OneSession sessions;
    StoppedClock clock;
    http::FakePurchases purchases{clock};
    partner::Partner partner{.id = checkout::create().partner_id, .name = "Messer", .contract = terms::demo_contract()};
    http::RouteStage stage{routes(PaymentPage::Kind::production)};

    std::vector<http::Route> routes(PaymentPage::Kind kind) {
        return payment_page_routes({.sessions = sessions,
                                    .purchases = purchases,
                                    .clock = clock,
                                    .directory = [this] { return directory(); },
                                    .kind = kind});
    }
    std::shared_ptr<const service::PartnerDirectory> directory() const {
        return std::make_shared<const service::PartnerDirectory>(
            std::vector{partner::Partner{.id = std::string(partner::every_partner)}, partner});
    }
    Response get(const std::string& path) {
        return stage.get(path, {{"Cookie", "other=1; saldo_page=cookie"}, {"Accept-Language", "en"}});
    }
    Response post(const std::string& form, const std::string& fields) {
        return stage.post(base + form, "csrf=token&" + fields,
                          {{"Cookie", "saldo_page=cookie"}, {"Content-Type", "application/x-www-form-urlencoded"}});
    }
    static std::string place(const Response& response) { return std::string(response.fields.find("Location")); }
    std::string html(const std::string& path) { return std::string(get(path).body.view()); }
    std::string seen() {
        std::smatch found;
        const std::string page = html(base);
        return std::regex_search(page, found, std::regex("name=\"seen\" value=\"([0-9a-f]{64})\"")) ? found[1].str()
                                                                                                    : "none";
    }
    SessionStatus status() const { return sessions.life.session.status; }
};

TEST_F(ThePage, TradesItsTokenForACookieOfItsOwnPathAndACleanAddress) {
    const Response response = stage.get("/pay/open/landing");
    EXPECT_EQ(response.status, 303);
    EXPECT_EQ(place(response), base);
    EXPECT_EQ(response.fields.find("Set-Cookie"), "saldo_page=cookie; Path=" + base + "; HttpOnly; SameSite=Lax");
    EXPECT_EQ(response.fields.find("Referrer-Policy"), "no-referrer");
    EXPECT_EQ(status(), SessionStatus::created) << "a link preview does the same";
}

TEST_F(ThePage, SendsItsCookieOverTlsAloneWhereBuyersComeOverTls) {
    http::RouteStage secure(payment_page_routes({.sessions = sessions,
                                                 .purchases = purchases,
                                                 .clock = clock,
                                                 .directory = [this] { return directory(); },
                                                 .scheme = http::Scheme::https}));
    EXPECT_TRUE(secure.get("/pay/open/landing").fields.find("Set-Cookie").ends_with("; Secure"));
}

TEST_F(ThePage, IsOpenedByNoSessionIdAlone) {
    for (const std::string& path : {base, base + "/method", base + "/details", base + "/return"}) {
        EXPECT_EQ(stage.get(path).status, 404) << path;
        EXPECT_EQ(stage.get(path, {{"Cookie", "saldo_page=guess"}}).status, 404) << path;
    }
    EXPECT_EQ(get("/pay/53998820-0000-4187-b1d0-f0a78cb06d39").status, 404) << "another session's cookie";
    EXPECT_EQ(stage.get("/pay/open/" + id).status, 404);
    EXPECT_EQ(stage.post(base + "/cancel", "csrf=token").status, 404);
    EXPECT_EQ(status(), SessionStatus::created);
}

TEST_F(ThePage, TakesNoFormWithoutItsToken) {
    for (const char* fields : {"", "csrf=", "csrf=toke", "csrf=other&csrf=token"}) {
        const Response response = stage.post(base + "/cancel", fields, {{"Cookie", "saldo_page=cookie"}});
        EXPECT_EQ(response.status, 403) << fields;
    }
    EXPECT_EQ(status(), SessionStatus::created);
}

TEST_F(ThePage, KeepsOtherSitesOutAndTellsThemNothing) {
    const Response response = get(base);
    EXPECT_EQ(response.status, 200);
    const std::string_view policy = response.fields.find("Content-Security-Policy");
    for (const char* rule : {"default-src 'none'", "script-src 'self'", "form-action 'self'", "frame-ancestors 'none'"})
        EXPECT_NE(policy.find(rule), std::string_view::npos) << rule;
    EXPECT_EQ(policy.find("unsafe"), std::string_view::npos);
    EXPECT_EQ(response.fields.find("Referrer-Policy"), "no-referrer");
    EXPECT_EQ(response.fields.find("Cache-Control"), "no-store");
}

TEST_F(ThePage, StandsInNobodysFrameButThoseOfThePartnersOwnOrigins) {
    EXPECT_EQ(get(base).fields.find("X-Frame-Options"), "DENY");
    partner.contract->payment_page = {.frame_ancestors = {"https://shop.example", "https://b.example:8443"}};
    const auto policy_of = [](const Response& response) {
        return std::string(response.fields.find("Content-Security-Policy"));
    };
    const Response framed = get(base);
    EXPECT_TRUE(policy_of(framed).ends_with("; frame-ancestors https://shop.example https://b.example:8443"));
    EXPECT_EQ(framed.fields.find("X-Frame-Options"), "") << "it knows no list";
    EXPECT_TRUE(policy_of(stage.get(base)).ends_with("; frame-ancestors 'none'")) << "whose page it is nobody knows";
}

TEST_F(ThePage, InAFrameHasACookieThatTheBrowserSendsThereAndKeepsForThatSiteAlone) {
    partner.contract->payment_page = {.frame_ancestors = {"https://shop.example"}};
    http::RouteStage secure(payment_page_routes({.sessions = sessions,
                                                 .purchases = purchases,
                                                 .clock = clock,
                                                 .directory = [this] { return directory(); },
                                                 .scheme = http::Scheme::https}));
    EXPECT_TRUE(
        secure.get("/pay/open/landing").fields.find("Set-Cookie").ends_with("; SameSite=None; Partitioned; Secure"));
    EXPECT_TRUE(stage.get("/pay/open/landing").fields.find("Set-Cookie").ends_with("; SameSite=Lax"))
        << "without https there is no other";
}

TEST_F(ThePage, SpeaksTheBuyersLanguageBeforeTheBrowsers) {
    EXPECT_NE(html(base).find("<html lang=\"de\">"), std::string::npos);
    sessions.life.session.order.buyer.language = "it";
    EXPECT_NE(html(base).find("<html lang=\"en\">"), std::string::npos);
}

TEST_F(ThePage, TakesTheBuyerThroughAPurchase) {
    EXPECT_NE(html(base).find("Wie möchten Sie bezahlen?"), std::string::npos);
    EXPECT_EQ(place(post("/method", "method=invoice")), base);
    EXPECT_NE(html(base).find("birth_day"), std::string::npos);
    EXPECT_EQ(place(post("/details", "birth_day=19&birth_month=5&birth_year=1971&phone=0177+4445555")), base);
    EXPECT_EQ(sessions.life.session.order.buyer.contact->phone->text(), "+491774445555");
    EXPECT_EQ(place(post("/order", "seen=" + seen())), base);
    EXPECT_EQ(status(), SessionStatus::completed);
    EXPECT_NE(html(base).find("KK7709094U2"), std::string::npos);
    EXPECT_EQ(place(get(base + "/return")), "https://shop.example/success?session_id=" + id);
}

TEST_F(ThePage, ShowsAFormAgainWithWhatWasTyped) {
    post("/method", "method=invoice");
    const Response again = post("/details", "birth_day=31&birth_month=2&birth_year=1971&phone=0177+4445555");
    EXPECT_EQ(place(again), base + "/details?said=check");
    const std::string page = html(base + "/details?said=check");
    EXPECT_NE(page.find(R"(value="31")"), std::string::npos);
    EXPECT_NE(page.find(R"(href="#birth_day")"), std::string::npos);
    EXPECT_EQ(page.find(R"(href="#phone")"), std::string::npos);
}

TEST_F(ThePage, SaysThatNothingWasChosen) {
    EXPECT_EQ(place(post("/method", "method=cash")), base + "/method?said=none");
    EXPECT_NE(html(base + "/method?said=none").find("Wählen Sie, wie Sie bezahlen möchten."), std::string::npos);
}

TEST_F(ThePage, KeepsAReceiptOfWhatTheBuyerAgreedTo) {
    sessions.life.prepares();
    const std::string hash = seen();
    post("/order", "seen=" + hash);
    ASSERT_TRUE(sessions.receipt);
    EXPECT_EQ(sessions.receipt->page_sha256, hash);
    EXPECT_EQ(sessions.receipt->language, "de");
    EXPECT_TRUE(sessions.receipt->text_pack.starts_with("de-"));
    EXPECT_EQ(sessions.receipt->source_ip_address->text(), "127.0.0.1");
}

TEST_F(ThePage, OrdersOnlyWhatWasOnTheScreen) {
    sessions.life.prepares();
    const std::string hash = seen();
    sessions.life.does(checkout::GiveDetails{{.billing_address = checkout::address("14482")}});
    EXPECT_EQ(place(post("/order", "seen=" + hash)), base + "?said=changed");
    EXPECT_EQ(place(post("/order", "")), base + "?said=changed");
    EXPECT_FALSE(sessions.receipt);
    EXPECT_NE(html(base + "?said=changed").find("in einem anderen Fenster"), std::string::npos);
}

TEST_F(ThePage, BuysOnceHoweverOftenTheButtonIsPressed) {
    sessions.life.prepares();
    const std::string hash = seen();
    post("/order", "seen=" + hash);
    const auto version = sessions.life.session.version;
    EXPECT_EQ(place(post("/order", "seen=" + hash)), base);
    EXPECT_EQ(sessions.life.session.version, version);
}

TEST_F(ThePage, OffersAfterADeclineWhatTheBuyerCanPutRight) {
    sessions.life.prepares();
    sessions.ledger = checkout::NotPurchased{checkout::transaction_id, ledger::Refusal::invalid_billing_address};
    post("/order", "seen=" + seen());
    const std::string page = html(base);
    EXPECT_NE(page.find("Wir finden die Adresse nicht."), std::string::npos);
    EXPECT_NE(page.find("href=\"" + base + "/details\""), std::string::npos);
    EXPECT_NE(html(base + "/details").find(R"(value="Am Markt")"), std::string::npos);
    post("/details", "billing_street=Hauptstr&billing_street_number=2&billing_zip_code=14482&billing_city=Potsdam");
    EXPECT_EQ(sessions.life.session.order.buyer.billing_address.street->text(), "Hauptstr");
    EXPECT_EQ(sessions.life.session.order.buyer.billing_address.country_code->text(), "DE");
    EXPECT_NE(seen(), "none") << "the order can be placed again";
}

TEST_F(ThePage, OffersAnotherWayToPayWhereThatHelps) {
    sessions.life.prepares();
    sessions.ledger = checkout::NotPurchased{checkout::transaction_id, ledger::Refusal::payment_attribute};
    post("/order", "seen=" + seen());
    EXPECT_NE(html(base).find("Andere Zahlungsart wählen"), std::string::npos);
    const std::string page = html(base + "/method");
    EXPECT_EQ(page.find("method-invoice"), std::string::npos) << "what was declined is not offered again";
    EXPECT_NE(page.find("method-debit"), std::string::npos);
}

TEST_F(ThePage, OffersAnotherWayToPayOnlyWhereItCouldHelp) {
    sessions.life.prepares();
    sessions.ledger = checkout::NotPurchased{checkout::transaction_id, ledger::Refusal::buyer_identity};
    post("/order", "seen=" + seen());
    const std::string page = html(base);
    EXPECT_NE(page.find("Name, Adresse und Geburtsdatum passen nicht zusammen."), std::string::npos);
    EXPECT_EQ(page.find("Andere Zahlungsart"), std::string::npos);
}

TEST_F(ThePage, AsksForNoOtherAccountOfWhoPaysByTransferInstead) {
    sessions.life.prepares();
    sessions.life.does(checkout::ChoosePaymentMethod{checkout::direct_debit});
    sessions.life.does(checkout::GiveDetails{{.debit_account = checkout::account()}});
    sessions.ledger = checkout::NotPurchased{checkout::transaction_id, ledger::Refusal::invalid_iban};
    post("/order", "seen=" + seen());
    EXPECT_NE(html(base).find("Von diesem Konto können wir nicht abbuchen."), std::string::npos);
    post("/method", "method=invoice");
    EXPECT_NE(seen(), "none") << "the order button is there";
}

TEST_F(ThePage, SaysNothingOfWhyADeclineIsFinal) {
    sessions.life.prepares();
    sessions.ledger = checkout::NotPurchased{checkout::transaction_id, ledger::Refusal::risk_decision};
    post("/order", "seen=" + seen());
    EXPECT_EQ(status(), SessionStatus::error);
    EXPECT_NE(html(base).find("Heute können wir das hier nicht anbieten"), std::string::npos);
    EXPECT_EQ(place(get(base + "/return")), "https://shop.example/failure?session_id=" + id);
}

TEST_F(ThePage, AsksForTheCode) {
    sessions.life.prepares();
    sessions.ledger = checkout::PurchasedAfterCode{checkout::transaction_id, checkout::reference};
    post("/order", "seen=" + seen());
    EXPECT_NE(html(base).find("+49 •••• 567"), std::string::npos);
    EXPECT_EQ(place(post("/code", "code=12345")), base + "?said=malformed");
    EXPECT_EQ(sessions.code, "") << "what is no code costs no try";
    EXPECT_EQ(place(post("/code", "code=123+456")), base + "?said=wrong");
    EXPECT_EQ(sessions.code, "123456");
    EXPECT_NE(html(base + "?said=wrong").find("Noch 2 Versuche"), std::string::npos);
    EXPECT_EQ(place(post("/code/new", "")), base + "?said=sent");
    EXPECT_EQ(place(post("/details", "phone=0176+1112222")), base + "?said=sent") << "a new number gets a code";
    EXPECT_EQ(sessions.new_codes, 2);
    sessions.code_result = CodeResult::no_longer_valid;
    EXPECT_EQ(place(post("/code", "code=123456")), base + "?said=expired");
}

TEST_F(ThePage, CancelsAndLeadsBack) {
    EXPECT_EQ(place(post("/cancel", "")), base);
    EXPECT_EQ(status(), SessionStatus::canceled);
    EXPECT_NE(html(base).find("Sie haben abgebrochen"), std::string::npos);
    EXPECT_EQ(place(get(base + "/return")), "https://shop.example/cancel?session_id=" + id);
}

TEST_F(ThePage, StaysOpenByTheBuyersActionsAlone) {
    clock.at += std::chrono::minutes(20);
    sessions.life.now = clock.at;
    get(base);
    EXPECT_EQ(sessions.life.session.last_action, Life::start);
    EXPECT_EQ(place(post("/more-time", "")), base);
    EXPECT_EQ(sessions.life.session.last_action, clock.at);
}

TEST_F(ThePage, NamesTheShopWhenItHasExpired) {
    sessions.life.waits(std::chrono::minutes(30));
    const std::string page = html(base);
    EXPECT_NE(page.find("Diese Seite ist abgelaufen"), std::string::npos);
    EXPECT_NE(page.find("Messer und mehr"), std::string::npos);
    EXPECT_EQ(place(get(base + "/return")), "https://shop.example/failure?session_id=" + id);
    EXPECT_EQ(place(post("/method", "method=invoice")), base) << "too late changes nothing";
}

TEST_F(ThePage, NeverShowsAnAdviceToCancelAsSuch) {
    sessions.life.prepares();
    post("/order", "seen=" + seen());
    sessions.life.does(checkout::FlagFraud{});
    const std::string page = html(base);
    EXPECT_NE(page.find("Messer und mehr hat Ihre Bestellung"), std::string::npos);
    EXPECT_FALSE(std::regex_search(page, std::regex("fraud|betrug", std::regex::icase)));
    EXPECT_EQ(page.find("KK7709094U2"), std::string::npos) << "who is to cancel wants no money";
}

TEST_F(ThePage, GoesBackNowhereBeforeTheEnd) {
    EXPECT_EQ(place(get(base + "/return")), base);
}

TEST_F(ThePage, KeepsTheShopsOwnQueryOnTheWayBack) {
    sessions.life.session.urls.cancel = subject::Sealed{"https://shop.example/c?a=1#basket"};
    post("/cancel", "");
    EXPECT_EQ(place(get(base + "/return")), "https://shop.example/c?a=1&session_id=" + id + "#basket");
    sessions.life.session.urls.cancel.reset();
    EXPECT_EQ(place(get(base + "/return")), base) << "the shop gave no address";
}

TEST_F(ThePage, SaysWhenItIsBusyAndLosesNothing) {
    sessions.fault = SessionFault::busy;
    EXPECT_EQ(get(base).status, 503);
    EXPECT_NE(get(base).body.view().find("Nothing is lost"), std::string_view::npos);
    EXPECT_EQ(stage.post(base + "/cancel", "csrf=token", {{"Cookie", "saldo_page=cookie"}}).status, 503);
}

TEST_F(ThePage, SaysThatNothingWasOrderedOnlyWhereThatIsKnown) {
    sessions.life.prepares();
    const std::string shown = seen();
    sessions.fault_of_forms = SessionFault::failed;
    EXPECT_EQ(place(post("/order", "seen=" + shown)), base + "?said=busy");
    sessions.fault_of_forms = SessionFault::outcome_unknown;
    EXPECT_EQ(place(post("/order", "seen=" + shown)), base) << "the page at its place shows what came of it";
}

TEST_F(ThePage, WearsTheShopsColoursAndShowsTheFactsOfACredit) {
    // The smallest PNG there is: one transparent pixel.
    const std::string logo =
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";
    partner.contract->payment_page = {
        .accent_colour = "#b00020", .logo = logo, .terms_url = "https://shop.example/terms"};
    partner.contract->credit_regime = terms::CreditRegime::consumer_credit;
    const Response picture = stage.get("/pay/logos/" + partner.id);
    EXPECT_EQ(picture.fields.find("Content-Type"), "image/png");
    EXPECT_TRUE(picture.body.view().starts_with("\x89PNG"));
    EXPECT_EQ(stage.get("/pay/logos/unknown").status, 404);
    sessions.life.prepares();
    const std::string page = html(base);
    EXPECT_TRUE(
        std::regex_search(page, std::regex(R"(<img src="/pay/logos/\w+\?v=[0-9a-f]{12}" alt="Messer und mehr">)")));
    EXPECT_NE(page.find("/pay/accents/b00020.css"), std::string::npos);
    EXPECT_NE(page.find("https://shop.example/terms"), std::string::npos);
    EXPECT_NE(page.find("Kredit aufnehmen kostet Geld"), std::string::npos);
}

TEST_F(ThePage, HasNoSandboxBarInProduction) {
    EXPECT_EQ(html(base).find("sandbox"), std::string::npos);
    for (const http::Route& route : stage.routes()) EXPECT_EQ(route.pattern.find("sandbox"), std::string::npos);
}

TEST_F(ThePage, LetsTheSandboxDecide) {
    stage = http::RouteStage(routes(PaymentPage::Kind::sandbox));
    EXPECT_EQ(place(post("/sandbox", "do=approve")), base) << "there is nothing to approve yet";
    EXPECT_FALSE(sessions.receipt);
    sessions.life.prepares();
    EXPECT_NE(html(base).find("value=\"approve\""), std::string::npos);
    sessions.ledger = checkout::NotPurchased{checkout::transaction_id, ledger::Refusal::payment_attribute};
    post("/sandbox", "do=decline&reason=PAYMENT_ATTRIBUTE");
    EXPECT_EQ(sessions.verdict, ledger::RiskVerdict::payment_attribute);
    EXPECT_EQ(place(post("/sandbox", "do=decline&reason=NONSENSE")), base);
    post("/sandbox", "do=expire");
    EXPECT_EQ(status(), SessionStatus::expired);
}

TEST_F(ThePage, GivesItsFilesUnderAddressesThatMayBeKept) {
    const Response css = stage.get("/pay/assets/page.css?v=1");
    EXPECT_EQ(css.fields.find("Content-Type"), "text/css; charset=utf-8");
    EXPECT_EQ(css.fields.find("Cache-Control"), "public, max-age=31536000, immutable");
    EXPECT_EQ(stage.get("/pay/assets/page.exe").status, 404);
    EXPECT_EQ(stage.get("/pay/accents/b00020.css").body.view().substr(0, 23), ":root{--accent:#b00020;");
    EXPECT_EQ(stage.get("/pay/accents/nonsense.css").status, 404);
    EXPECT_EQ(stage.get("/pay/accents/b00020").status, 404);
}

TEST_F(ThePage, LetsTheBuyerWithdrawInTwoStepsAsLongAsTheLawSays) {
    sessions.life.prepares();
    EXPECT_EQ(place(get(base + "/withdrawal")), base) << "nothing was bought yet";
    purchases.contract.credit_regime = terms::CreditRegime::consumer_credit;
    ledger::Authorise order = checkout::authorise_of(sessions.life.session, checkout::receipt());
    for (ledger::RequestedBasket& basket : order.baskets) basket.shop_id.reset();
    std::string bought;
    purchases.authorise({.actor = "buyer", .partner_id = partner.id, .key = {}}, order,
                        [&](const auto& result) { bought = std::get<service::Done>(result).purchase->transaction.id; });
    sessions.ledger = checkout::Purchased{bought, checkout::reference};
    post("/order", "seen=" + seen());
    const foundation::Day today = foundation::Zone::find("Europe/Berlin")->day_of(clock.at);
    EXPECT_EQ(html(base).find(base + "/withdrawal"), std::string::npos)
        << "the merchant's own deferral has no such right";
    sessions.withdrawal = service::WithdrawalStanding{.last_day = today, .open = {17000, foundation::Currency{}}};
    EXPECT_NE(html(base).find("href=\"" + base + "/withdrawal\">Vertrag widerrufen"), std::string::npos);
    EXPECT_NE(html(base + "/withdrawal").find("Widerruf bestätigen"), std::string::npos);

    EXPECT_EQ(place(post("/withdrawal", "")), base);
    purchases.find({.actor = "buyer", .partner_id = partner.id, .key = {}}, bought, [&](const auto& found) {
        EXPECT_TRUE(std::get<service::PurchasePtr>(found)->transaction.withdrawal);
    });
    sessions.withdrawal->at = clock.at;
    sessions.withdrawal->due_date = today + foundation::Days{30};
    const std::string done = html(base);
    EXPECT_NE(done.find("Sie haben widerrufen"), std::string::npos);
    EXPECT_NE(done.find("17:41"), std::string::npos) << "confirmed with date and time";

    sessions.withdrawal =
        service::WithdrawalStanding{.last_day = today - foundation::Days{1}, .open = {17000, foundation::Currency{}}};
    EXPECT_EQ(place(get(base + "/withdrawal")), base) << "too late";
}

}  // namespace
}  // namespace saldo::web
