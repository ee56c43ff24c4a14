#include "web/page.hpp"

#include <gtest/gtest.h>

#include <regex>
#include <string>
#include <vector>

#include "web/assets.hpp"
#include "web/texts.hpp"

namespace saldo::web {
namespace {

using foundation::Currency;
using foundation::Money;

/// Every character that means something in HTML, in one text.
const std::string evil = R"("><script>alert('x')</script>&{{t.cancel}})";

Money euros(std::int64_t minor) {
    return {minor, Currency{}};
}

const foundation::Instant now = *foundation::parse_instant("2026-11-21T13:30:00Z");
const terms::PaymentMethod invoice = choice_of_form("invoice")->method;
const terms::PaymentMethod debit = choice_of_form("debit")->method;
const terms::PaymentMethod instalments = choice_of_form("instalments-6")->method;
const terms::PaymentMethod instalments_debit = choice_of_form("instalments_debit-6")->method;
const terms::PaymentMethod prepayment = choice_of_form("prepayment")->method;

Choice choice(terms::PaymentMethod method) {
    return {.method = method,
            .due_days = 14,
            .due_if_shipped_today = *foundation::parse_day("2026-12-05"),
            .cost = euros(0)};
}

/// The published sample: 230 at 13.7 % in six instalments.
Choice plan(terms::PaymentMethod method) {
    terms::InstalmentTerms terms;
    terms.interest_rate = terms.interest_rate_max = *foundation::Decimal::parse("13.7");
    terms.service_charge = euros(395);
    terms.instalment_min = euros(0);
    terms.payment_days = {28};
    const auto offers =
        terms::offers(terms, {.regime = terms::CreditRegime::consumer_credit},
                      {.calculated = *foundation::parse_day("2016-01-06"), .credit = euros(23000), .instalments = 6});
    Choice made = choice(method);
    made.plan = offers.value().front();
    made.cost = made.plan->cost_of_credit;
    made.due_if_shipped_today = made.plan->first_due;
    return made;
}

Frame frame(const std::string& text, Language language = Language::english) {
    return {.language = language,
            .shop_name = text,
            .base = "/pay/1",
            .csrf = text,
            .amount = euros(17349),
            .open = OpenUntil{now + std::chrono::minutes(30), now},
            .notice = Notice::busy,
            .sandbox = SandboxBar{true, true, true, true, true, true, {"RISK_DECISION"}},
            .has_return = true};
}

/// One of every screen, with the text wherever a text of somebody else's stands.
std::vector<Content> screens(const std::string& text) {
    DetailsView details{.asked = {true, true, true, true, true, true},
                        .typed = {},
                        .faults = {},
                        .mandate = {.creditor = text, .creditor_id = text, .reference = text, .notice_days = 2}};
    for (const auto inputs : {name_inputs(), phone_inputs(), billing_inputs(), delivery_inputs(), account_inputs()})
        for (const Input& input : inputs) details.typed.emplace(input.name, text);
    for (const char* part : {"birth_day", "birth_month", "birth_year"}) details.typed.emplace(part, text);
    details.faults = faults_of(details.asked, {}, *foundation::parse_day("2026-11-21"));
    return {
        MethodView{{choice(invoice), choice(debit), plan(instalments), plan(instalments_debit), choice(prepayment)},
                   FormChoice{invoice},
                   true},
        details,
        ConfirmView{.choice = choice(invoice),
                    .goods = euros(17349),
                    .total = euros(17349),
                    .bill_to = {text, text},
                    .masked_account = text,
                    .credit = CreditFacts{.creditor = text},
                    .terms_url = text,
                    .privacy_url = text,
                    .seen = text},
        ConfirmView{.choice = plan(instalments),
                    .goods = euros(23000),
                    .total = euros(24467),
                    .bill_to = {text},
                    .credit = CreditFacts{.creditor = text, .can_withdraw = true},
                    .seen = text},
        CodeView{.masked_phone = text,
                 .valid_until = text,
                 .fault = CodeView::Fault::wrong,
                 .tries_left = 2,
                 .was_sent_again = true,
                 .seconds_to_wait = 30,
                 .again_from = text,
                 .can_change_number = true},
        ResultView{.choice = choice(invoice),
                   .account = ResultView::Account{"Saldo & Co", "DE44100500001654698497", "", text},
                   .reference = text},
        ResultView{.choice = choice(debit), .account = {}, .reference = text, .masked_account = text},
        ResultView{.choice = plan(instalments),
                   .account = ResultView::Account{"Saldo & Co", "DE44100500001654698497", "", text},
                   .reference = text},
        ResultView{.choice = plan(instalments_debit), .account = {}, .reference = text, .masked_account = text},
        ResultView{.choice = choice(prepayment),
                   .account = ResultView::Account{"Saldo & Co", "DE44100500001654698497", "", text},
                   .reference = text},
        WithdrawView{.choice = plan(instalments), .reference = text, .until = *foundation::parse_day("2026-12-05")},
        WithdrawnView{.choice = plan(instalments),
                      .reference = text,
                      .on = *foundation::parse_day("2026-11-22"),
                      .at = "14:30",
                      .due_date = *foundation::parse_day("2026-12-22"),
                      .open = euros(23000),
                      .account = ResultView::Account{"Saldo & Co", "DE44100500001654698497", "", text}},
        DeclinedView{{DeclinedFor::billing_address, DeclinedFor::method}, true, true},
        EndingView{Ending::declined},
        EndingView{Ending::code_used_up},
        EndingView{Ending::expired},
        EndingView{Ending::cancelled},
        EndingView{Ending::passed_on},
        EndingView{Ending::lost},
        EndingView{Ending::forged},
        EndingView{Ending::unavailable},
    };
}

std::size_t count(const std::string& html, std::string_view what) {
    std::size_t found = 0;
    for (auto at = html.find(what); at != std::string::npos; at = html.find(what, at + 1)) ++found;
    return found;
}

TEST(EveryScreen, EscapesWhatOthersWrote) {
    for (const Content& content : screens(evil)) {
        const std::string html = render({frame(evil), content});
        EXPECT_EQ(html.find("<script>"), std::string::npos) << content.index();
        EXPECT_EQ(html.find("alert('"), std::string::npos) << content.index();
        EXPECT_NE(html.find("&lt;script&gt;"), std::string::npos) << content.index();
        EXPECT_EQ(html.find("Cancel and return to \""), std::string::npos) << "a value is no template";
    }
}

TEST(EveryScreen, IsWholeInEveryLanguage) {
    for (const Language language : all_languages)
        for (const Content& content : screens("Fruits")) {
            const std::string html = render({frame("Fruits", language), content});
            EXPECT_NE(html.find("<html lang=\"" + std::string(code_of(language)) + "\">"), std::string::npos);
            EXPECT_EQ(count(html, "<h1>"), 1u) << content.index();
            EXPECT_EQ(count(html, "<main>"), 1u) << content.index();
            EXPECT_EQ(html.find("{{"), std::string::npos) << content.index();
            EXPECT_TRUE(html.ends_with("</html>\n")) << content.index();
        }
}

TEST(EveryScreen, LoadsNothingFromElsewhereAndRunsNothingInLine) {
    static const std::regex loaded(R"x(<(?:script|link|img)[^>]*(?:src|href)="([^"]*)")x");
    for (const Content& content : screens("Fruits")) {
        Frame around = frame("Fruits");
        around.logo_path = "/pay/logos/1/2";
        around.accent_path = "/pay/accents/b00020.css";
        const std::string html = render({around, content});
        for (std::sregex_iterator at(html.begin(), html.end(), loaded), end; at != end; ++at)
            EXPECT_TRUE((*at)[1].str().starts_with("/pay/")) << (*at)[1];
        EXPECT_EQ(html.find("style="), std::string::npos);
        EXPECT_EQ(html.find("<style"), std::string::npos);
        EXPECT_FALSE(std::regex_search(html, std::regex(R"( on[a-z]+=)")));
        EXPECT_FALSE(std::regex_search(html, std::regex(R"(<script[^>]*>[^<])")));
    }
}

TEST(EveryForm, CarriesTheSessionsToken) {
    for (const Content& content : screens("Fruits")) {
        Frame around = frame("Fruits");
        around.csrf = "the-token";
        const std::string html = render({around, content});
        EXPECT_GT(count(html, "<form method=\"post\""), 0u);
        EXPECT_EQ(count(html, "<form method=\"post\""), count(html, R"(name="csrf" value="the-token")"));
    }
}

TEST(EveryOpenScreen, HasACancelButtonAndSaysUntilWhenItStaysOpen) {
    for (const Content& content : screens("Fruits")) {
        const std::string html = render({frame("Fruits"), content});
        EXPECT_NE(html.find(R"(<button class="quiet">Cancel and return to Fruits</button>)"), std::string::npos);
        EXPECT_NE(html.find("This page stays open until 14:00."), std::string::npos);
        EXPECT_NE(html.find(R"(data-closes-in="1800")"), std::string::npos);
    }
}

TEST(TheOrderButton, HasItsLabelAloneAndTotalPlanAndLinksDirectlyAbove) {
    ConfirmView view{.choice = choice(invoice),
                     .goods = euros(17349),
                     .total = euros(17349),
                     .bill_to = {},
                     .terms_url = "https://shop.example/terms",
                     .privacy_url = "https://shop.example/privacy"};
    const std::string html = render({frame("Fruits", Language::german), view});
    const auto button = html.find("<button class=\"main\" id=\"order\">Zahlungspflichtig bestellen</button>");
    ASSERT_NE(button, std::string::npos);
    const auto form = html.rfind("<form", button);
    const std::string above = html.substr(form, button - form);
    for (const char* shown :
         {"Auf Rechnung, per Überweisung", "Fällig 14 Tage nach dem Versand", "173,49\u00a0€</dd></div>\n</dl>",
          "https://shop.example/terms", "https://shop.example/privacy"})
        EXPECT_NE(above.find(shown), std::string::npos) << shown;
    EXPECT_EQ(count(above, "<button"), 0u);
}

TEST(TheKeyFactsOfACredit, StandBeforeTheOrderWhereTheLawWantsThem) {
    ConfirmView view{.choice = choice(invoice), .goods = euros(17349), .total = euros(17349)};
    EXPECT_EQ(render({frame("Fruits"), view}).find("Key facts"), std::string::npos);
    view.credit = CreditFacts{.creditor = "Saldo Bank", .can_withdraw = true};
    const std::string html = render({frame("Fruits"), view});
    for (const char* fact : {"Saldo Bank", "14 days from shipment", "Effective annual rate",
                             "borrowing money costs money", "14 days, without giving a reason", "Total payable"})
        EXPECT_LT(html.find(fact), html.find("id=\"order\"")) << fact;
}

TEST(NothingThatIsAgreedTo, IsTickedBeforehand) {
    DetailsView view{.asked = {.bank_account = true}, .typed = {{"mandate", "yes"}}};
    EXPECT_EQ(render({frame("Fruits"), view}).find("checked"), std::string::npos);
}

TEST(TheForm, KeepsWhatWasTypedAndSaysWhatToDo) {
    DetailsView view{.asked = {.phone = true}, .typed = {{"phone", "0171"}}, .faults = {"phone"}};
    const std::string html = render({frame("Fruits"), view});
    EXPECT_NE(html.find(R"(value="0171")"), std::string::npos);
    EXPECT_NE(html.find(R"(aria-invalid="true" aria-describedby="phone-why phone-fault")"), std::string::npos);
    EXPECT_NE(html.find(R"(<a href="#phone">Enter a phone number)"), std::string::npos) << "the summary leads there";
}

TEST(ThePaymentDetails, CanBeCopiedWithoutWhatIsOnlyForTheEye) {
    const ResultView view{.choice = choice(invoice),
                          .account = ResultView::Account{"Saldo Demo GmbH", "DE44100500001654698497", "", ""},
                          .reference = "KK7709094U2"};
    const std::string html = render({frame("Fruits"), view});
    EXPECT_NE(html.find(R"(data-value="DE44100500001654698497" data-label="IBAN">DE44 1005 0000 1654 6984 97<)"),
              std::string::npos);
    EXPECT_NE(html.find(R"(data-value="173.49")"), std::string::npos);
    EXPECT_NE(html.find("<svg class=\"qr\" role=\"img\" aria-label=\"Payment code: €173.49 to Saldo Demo GmbH"),
              std::string::npos);
}

TEST(ThePaymentCode, IsLeftOutWhereThereIsNone) {
    Frame francs = frame("Fruits");
    francs.amount = Money(17349, *Currency::parse("CHF"));
    const ResultView view{.choice = choice(invoice),
                          .account = ResultView::Account{"Saldo Demo GmbH", "DE44100500001654698497", "", ""},
                          .reference = "KK7709094U2"};
    const std::string html = render({francs, view});
    EXPECT_NE(html.find("KK7709094U2"), std::string::npos);
    EXPECT_EQ(html.find("class=\"qr\""), std::string::npos);
}

TEST(TheWayBack, IsTakenByItselfUnlessTheBuyerStays) {
    ResultView view{.choice = choice(invoice), .account = {}, .reference = "KK7709094U2"};
    const std::string refresh = R"(<noscript><meta http-equiv="refresh" content="10; url=/pay/1/return"></noscript>)";
    EXPECT_NE(render({frame("Fruits"), view}).find(refresh), std::string::npos);
    view.stays = true;
    const std::string staying = render({frame("Fruits"), view});
    EXPECT_EQ(staying.find("refresh"), std::string::npos);
    EXPECT_NE(staying.find(R"(<a class="main" href="/pay/1/return">)"), std::string::npos);
}

TEST(ThePagesHash, IsThatOfTheWordsAndOfNothingThatComesAndGoes) {
    const ConfirmView view{.choice = choice(invoice), .goods = euros(17349), .total = euros(17349)};
    PageView page{frame("Fruits"), view};
    const std::string hash = page_hash(page);
    EXPECT_EQ(hash.size(), 64u);
    page.frame.csrf = "another";
    page.frame.open->now += std::chrono::minutes(3);
    page.frame.notice = Notice::none;
    page.frame.sandbox.reset();
    std::get<ConfirmView>(page.content).seen = hash;
    EXPECT_EQ(page_hash(page), hash);
    std::get<ConfirmView>(page.content).total = euros(17350);
    EXPECT_NE(page_hash(page), hash);
    page = {frame("Fruits", Language::dutch), view};
    EXPECT_NE(page_hash(page), hash);
}

TEST(TheSandboxesPhone, ShowsItsMessagesEscaped) {
    const std::vector<PhoneMessage> messages{{"+49 •••", "14:31", evil}};
    const std::string html = render_phone(phone_path, messages);
    EXPECT_EQ(html.find("<script>alert"), std::string::npos);
    EXPECT_NE(html.find("&lt;script&gt;"), std::string::npos);
    EXPECT_NE(render_phone(phone_path, {}).find("No message yet."), std::string::npos);
}

TEST(Forms, NameEveryWayToPayAndHowManyInstalments) {
    for (const char* value : {"invoice", "debit", "prepayment", "instalments-6", "instalments_debit-120"})
        EXPECT_EQ(form_value_of(choice_of_form(value).value()), value);
    for (const char* value : {"", "cash", "instalments-", "instalments-x", "instalments-6x", "instalments-99999999999"})
        EXPECT_FALSE(choice_of_form(value)) << value;
}

TEST(InstalmentScreens, ShowWhatTheServerReckoned) {
    const std::string chosen = render({frame("Fruits"), MethodView{{plan(instalments)}, {}, false}});
    EXPECT_NE(chosen.find("6 monthly instalments by bank transfer"), std::string::npos);
    EXPECT_NE(chosen.find("value=\"instalments-6\""), std::string::npos);
    for (const char* said : {"40.79", "244.67", "14.67", "28\u00a0February\u00a02016"})
        EXPECT_NE(chosen.find(said), std::string::npos) << said;
    const std::string confirmed = render({frame("Fruits"), ConfirmView{.choice = plan(instalments),
                                                                       .goods = euros(23000),
                                                                       .total = euros(24467),
                                                                       .bill_to = {},
                                                                       .credit = CreditFacts{.creditor = "Fruits"}}});
    EXPECT_EQ(count(confirmed, "<th scope=\"row\">"), 6u) << "every instalment is in the document";
    EXPECT_EQ(confirmed.find("Right of withdrawal"), std::string::npos) << "the merchant's own deferral has none";
    for (const char* said : {"40.72", "35.72", "28\u00a0July\u00a02016"})
        EXPECT_NE(confirmed.find(said), std::string::npos) << said;
}

}  // namespace
}  // namespace saldo::web
