#include "http/saldo_api.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <ostream>
#include <string>
#include <string_view>

#include "foundation/json.hpp"
#include "http/fake_purchases.hpp"
#include "http/payment_codec.hpp"
#include "http/route_stage.hpp"
#include "ledger/event_codec.hpp"
#include "service/event_store.hpp"

namespace saldo::http {

namespace {

using foundation::Days;
using partner::Scope;
using service::NotDecided;
using service::PurchasePtr;
using service::SearchTerm;

constexpr std::string_view purchase = R"({
  "partner_transaction_id": "order-1",
  "currency": "EUR",
  "buyer": {
    "shop_buyer_id": "buyer-1",
    "person": {"first_name": "Erika", "last_name": "Mustermann"},
    "billing_address": {"street": "Nikolaistr. 9", "zip_code": "80802", "city": "München", "country_code": "DE"}
  },
  "payment_method": {"payment_option": "OPEN_INVOICE", "transfer_type": "BANK_TRANSFER"},
  "shop_baskets": [{"gross_amount": 170}]
})";

const std::pair<std::string, std::string> key{"Idempotency-Key", "k-1"};

/// Our own API on fakes, with one purchase of 170 that was captured on 10 March 2020 in Berlin. What takes its time is
/// done at once.
class SaldoOperations : public testing::Test {
  protected:
    FakeClock clock{*foundation::parse_instant("2020-03-10T18:06:52.438+01:00")};
    bool frozen = false;
    FakePurchases purchases{clock};
    std::vector<SearchTerm> terms;
    TrialBalance balance;
    bool store_fails = false;
    bool is_busy = false;
    RouteStage stage{saldo_routes(api())};

    const std::string id = "00000000000000000001";
    const std::string at = "/saldo/v1/transactions/" + id;

    SaldoApi api() {
        return {.purchases = purchases,
                .clock = clock,
                .in_background =
                    [this](std::move_only_function<void()> task) {
                        if (is_busy) return false;
                        task();
                        return true;
                    },
                .log_of = [this](const std::string& transaction_id) { return log_of(transaction_id); },
                .find_terms = [this](std::string_view partner, std::string_view word, const SearchTerm* after,
                                     int limit) { return find_terms(partner, word, after, limit); },
                .trial_balance =
                    [this](std::string_view partner) {
                        throw_if_failing();
                        TrialBalance seen = balance;
                        if (!partner.empty())
                            std::erase_if(seen.accounts, [&](const auto& sum) { return sum.partner_id != partner; });
                        return seen;
                    },
                .clock_control = SaldoApi::ClockControl{.zone = *foundation::Zone::find("Europe/Berlin"),
                                                        .is_frozen = [this] { return frozen; },
                                                        .freeze = [this](bool stands) { frozen = stands; },
                                                        .move_to =
                                                            [this](foundation::Instant to,
                                                                   std::move_only_function<void(bool)> done) {
                                                                if (to >= clock.now()) clock.set(to);
                                                                done(to == clock.now());
                                                            }}};
    }

    void SetUp() override {
        stage.caller = {.client_id = "operator-1",
                        .partner_id = "partner-1",
                        .kind = partner::ClientKind::operations,
                        .scopes = {Scope::read, Scope::book, Scope::dun, Scope::admin}};
        authorise(std::string(purchase));
        operate(id, capture_of(17000));
    }

    void authorise(const std::string& body, std::string partner = "partner-1") {
        const auto document = parse_object(body);
        purchases.authorise({.actor = "client-1", .partner_id = std::move(partner), .key = {}},
                            *read_authorise(document->root(), clock.now()), [](auto) {});
    }
    void operate(const std::string& transaction_id, ledger::Command command) {
        purchases.find({}, transaction_id, [&](auto found) {
            purchases.operate({.actor = "client-1", .partner_id = {}, .key = {}}, std::get<PurchasePtr>(found),
                              std::move(command), [](auto) {});
        });
    }
    static ledger::Capture capture_of(std::int64_t minor) {
        ledger::Capture command;
        command.operation.gross = foundation::Money(minor, {});
        command.partner_invoice_id = "INV-1";
        return command;
    }
    Response put(std::string_view target, std::string body) {
        return stage.answer({.method = "PUT", .target = target, .body = std::move(body)});
    }

    void throw_if_failing() const {
        if (store_fails) throw service::StoreFailed("the disk is full");
    }

    /// What the fake has done, as a log.
    std::vector<LoggedEvent> log_of(const std::string& transaction_id) {
        throw_if_failing();
        std::vector<LoggedEvent> log;
        purchases.find({}, transaction_id, [&](auto found) {
            const service::Purchase& logged = *std::get<PurchasePtr>(found);
            foundation::Digest previous{};
            for (std::size_t i = 0; i < logged.hashes.size(); ++i) {
                service::EventRecord record{.stream = {.bucket = 3, .name = transaction_id},
                                            .seq = static_cast<std::int64_t>(i) + 1,
                                            .position = static_cast<std::int64_t>(i) + 41,
                                            .type = i == 0 ? "Authorised" : "Captured",
                                            .recorded_at = clock.now(),
                                            .effective_at = clock.now(),
                                            .value_date = logged.transaction.created_on,
                                            .actor = "client-1",
                                            .key = i == 1 ? "k-0" : "",
                                            .fingerprint = {},
                                            .body = R"({"amount":[17000,"EUR"]})",
                                            .sealed = i == 0 ? "sealed" : "",
                                            .hash = logged.hashes[i]};
                log.push_back({std::move(record), previous});
                previous = logged.hashes[i];
            }
        });
        return log;
    }

    std::vector<SearchTerm> find_terms(std::string_view partner, std::string_view word, const SearchTerm* after,
                                       int limit) const {
        throw_if_failing();
        const auto place = [](const SearchTerm& term) { return std::tie(term.word, term.field, term.transaction_id); };
        std::vector<SearchTerm> found;
        for (const SearchTerm& term : terms)
            if (term.word.starts_with(word) && (partner.empty() || term.partner_id == partner) &&
                (!after || place(*after) < place(term)))
                found.push_back(term);
        std::ranges::sort(found, {}, place);
        found.resize(std::min(found.size(), static_cast<std::size_t>(limit)),
                     SearchTerm{.partner_id = {}, .word = {}, .field = {}, .transaction_id = {}});
        return found;
    }
};

std::string text_of(const Response& response) {
    return std::string(response.body.view());
}

std::string code_of(const Response& response) {
    const auto json = foundation::JsonDocument::parse(response.body.view());
    const auto code = json ? json->root().find("code") : std::nullopt;
    return code ? std::string(code->string()) : "";
}

/// A body that crosses our border, byte for byte. SALDO_ACCEPT=1 writes the file anew.
void expect_golden(const Response& response, std::string_view name) {
    const auto path = std::filesystem::path(SALDO_SOURCE_DIR) / "src/http/golden" / (std::string(name) + ".json");
    EXPECT_EQ(response.fields.find("Content-Type"), "application/json");
    if (std::getenv("SALDO_ACCEPT")) std::ofstream(path, std::ios::binary) << text_of(response) << '\n';
    std::ifstream in(path, std::ios::binary);
    const std::string golden{std::istreambuf_iterator<char>(in), {}};
    EXPECT_EQ(text_of(response) + "\n", golden) << path;
}

TEST_F(SaldoOperations, book_money_and_say_what_is_open_after_it) {
    clock.set(*foundation::parse_instant("2020-03-20T10:00:00.014+01:00"));
    const auto response =
        stage.post(at + "/payments",
                   R"({"type": "DEBIT", "amount": 50, "reference": "KK7709094U2", "comment": "by transfer"})", {key});
    EXPECT_EQ(response.status, 201);
    expect_golden(response, "payment");
    EXPECT_TRUE(text_of(stage.post(at + "/payments", R"({"type": "CREDIT", "amount": 20, "value_date": "2020-03-11"})",
                                   {{"Idempotency-Key", "k-2"}}))
                    .contains(R"("open_amount":140)"));
}

TEST_F(SaldoOperations, charge_fees_and_give_them_back) {
    const auto charged = stage.post(at + "/fees", R"({"type": "DUNNING_FEE", "gross": 5})", {key});
    EXPECT_EQ(charged.status, 201);
    expect_golden(charged, "fee");
    const auto back = stage.post(at + "/fees", R"({"type": "DUNNING_FEE_RETURN", "gross": -5, "comment": "goodwill"})",
                                 {{"Idempotency-Key", "k-2"}});
    EXPECT_TRUE(text_of(back).contains(R"("comment":"goodwill","open_amount":170)")) << text_of(back);
}

TEST_F(SaldoOperations, stop_dunning_and_let_it_go_on) {
    const auto response = put(at + "/dunning-block",
                              R"({"blocked_from": "2020-03-25", "blocked_until": "2020-04-01",
                                  "blocking_reason": "Zahlungsaufschub aus Kulanz", "comment": "by phone"})");
    EXPECT_EQ(response.status, 200);
    expect_golden(response, "dunning_block");
    for (int i = 0; i < 2; ++i) {
        const auto lifted = stage.answer({.method = "DELETE", .target = at + "/dunning-block"});
        EXPECT_EQ(lifted.status, 204);
        EXPECT_EQ(text_of(lifted), "");
    }
}

TEST_F(SaldoOperations, let_dunning_go_on_with_a_comment) {
    const auto lift = [&](std::string body) {
        return stage.answer({.method = "DELETE", .target = at + "/dunning-block", .body = std::move(body)}).status;
    };
    put(at + "/dunning-block",
        R"({"blocked_from": "2020-03-25", "blocked_until": "2020-04-01", "blocking_reason": "Kulanz"})");
    EXPECT_EQ(lift(R"({"comment": 5})"), 400);
    EXPECT_EQ(lift(R"({"comment": "the parcel is here"})"), 204);
    purchases.find({}, id, [](auto found) {
        const auto& last = std::get<PurchasePtr>(found)->transaction.dunning_blocks.back().what;
        EXPECT_EQ(std::get<ledger::DunningUnblocked>(last).comment->text(), "the parcel is here");
    });
}

TEST_F(SaldoOperations, set_the_level_of_dunning_and_leave_the_one_that_holds) {
    EXPECT_EQ(
        text_of(stage.post(at + "/dunning-level", R"({"level": "NO_DUNNING"})")),
        R"({"transaction_id":")" + id +
            R"(","level":"NO_DUNNING","date":"2020-03-10","recorded_at":"2020-03-10T18:06:52.438+01:00","actor":"system"})");
    clock.set(clock.now() + Days{14});
    const auto first = stage.post(at + "/dunning-level", R"({"level": "PAYMENT_REMINDER", "comment": "by mail"})");
    EXPECT_EQ(first.status, 201);
    expect_golden(first, "dunning_level");
    clock.set(clock.now() + Days{1});
    EXPECT_EQ(text_of(stage.post(at + "/dunning-level", R"({"level": "PAYMENT_REMINDER"})")), text_of(first));
}

TEST_F(SaldoOperations, repeat_their_answer_to_a_repeated_key) {
    const std::string body = R"({"type": "DEBIT", "amount": 50})";
    const auto first = stage.post(at + "/payments", body, {key});
    clock.set(clock.now() + Days{3});
    stage.post(at + "/payments", body, {{"Idempotency-Key", "k-2"}});
    EXPECT_EQ(text_of(stage.post(at + "/payments", body, {key})), text_of(first));
    const auto other = stage.post(at + "/payments", R"({"type": "DEBIT", "amount": 51})", {key});
    EXPECT_EQ(other.status, 409);
    EXPECT_EQ(code_of(other), "IDEMPOTENCY_KEY_REUSED");
}

TEST_F(SaldoOperations, book_money_with_a_key_only) {
    EXPECT_EQ(code_of(stage.post(at + "/payments", R"({"type": "DEBIT", "amount": 50})")), "IDEMPOTENCY_KEY_REQUIRED");
    EXPECT_EQ(code_of(stage.post(at + "/fees", R"({"type": "DUNNING_FEE", "gross": 5})")), "IDEMPOTENCY_KEY_REQUIRED");
    const auto broken = stage.post(at + "/dunning-level", R"({"level": "COLLECTION"})", {{"Idempotency-Key", "a b"}});
    EXPECT_EQ(broken.status, 400);
    EXPECT_EQ(code_of(broken), "IDEMPOTENCY_KEY_INVALID");
}

TEST_F(SaldoOperations, name_wrong_fields_in_a_problem) {
    const auto response = stage.post(at + "/payments", R"({"type": "DEBIT", "amount": 0})", {key});
    EXPECT_EQ(response.status, 400);
    EXPECT_EQ(response.fields.find("Content-Type"), "application/problem+json");
    EXPECT_EQ(
        text_of(response),
        R"({"type":"about:blank","title":"Bad Request","status":400,"detail":"Some fields are missing or wrong.","code":"INVALID_FIELDS","request_id":"test","invalid_fields":[{"json_path":"$.amount","message":"must be a number above 0 with at most 2 decimals, at most 10000000000"}]})");
    EXPECT_EQ(code_of(stage.post(at + "/payments", "[]", {key})), "INVALID_JSON");
    EXPECT_EQ(stage.post(at + "X/payments", R"({"type": "DEBIT", "amount": 0})", {key}).status, 400);
}

TEST_F(SaldoOperations, know_the_purchases_of_their_partner_alone) {
    const std::string body = R"({"type": "DEBIT", "amount": 50})";
    EXPECT_EQ(code_of(stage.post(at + "X/payments", body, {key})), "TRANSACTION_NOT_FOUND");
    stage.caller.partner_id = "partner-2";
    EXPECT_EQ(code_of(stage.post(at + "/payments", body, {key})), "TRANSACTION_NOT_FOUND");
    EXPECT_EQ(code_of(stage.get(at + "/events")), "TRANSACTION_NOT_FOUND");
    EXPECT_EQ(code_of(stage.get(at + "/explain")), "TRANSACTION_NOT_FOUND");
    stage.caller.partner_id = std::string(partner::every_partner);
    EXPECT_EQ(stage.post(at + "/payments", body, {key}).status, 201);
}

TEST_F(SaldoOperations, refuse_with_the_code_that_the_contract_names) {
    EXPECT_EQ(
        code_of(stage.post(at + "/payments", R"({"type": "DEBIT", "amount": 1, "value_date": "2020-03-11"})", {key})),
        "VALUE_DATE_IN_FUTURE");
    EXPECT_EQ(
        code_of(stage.post(at + "/payments", R"({"type": "DEBIT", "amount": 1, "value_date": "2020-03-09"})", {key})),
        "VALUE_DATE_BEFORE_PURCHASE");
    const auto sign = stage.post(at + "/fees", R"({"type": "DUNNING_FEE", "gross": -1})", {key});
    EXPECT_EQ(sign.status, 422);
    EXPECT_EQ(code_of(sign), "FEE_SIGN_WRONG");
    EXPECT_EQ(code_of(stage.post(at + "/fees", R"({"type": "DUNNING_FEE_RETURN", "gross": -1})", {key})),
              "FEE_RETURN_EXCEEDS_CHARGED");
    EXPECT_EQ(code_of(put(at + "/dunning-block",
                          R"({"blocked_from": "2020-04-02", "blocked_until": "2020-04-01", "blocking_reason": "x"})")),
              "DUNNING_BLOCK_ENDS_BEFORE_IT_STARTS");
}

TEST_F(SaldoOperations, book_nothing_on_a_declined_purchase) {
    purchases.risk = ledger::RiskVerdict::risk_decision;
    authorise(std::string(purchase));
    const auto response =
        stage.post("/saldo/v1/transactions/00000000000000000003/payments", R"({"type": "DEBIT", "amount": 1})", {key});
    EXPECT_EQ(response.status, 422);
    EXPECT_EQ(code_of(response), "TRANSACTION_DECLINED");
}

TEST_F(SaldoOperations, book_nothing_on_the_purchase_of_an_erased_buyer) {
    operate(id, ledger::EraseSubject{});
    const auto response = stage.post(at + "/payments", R"({"type": "DEBIT", "amount": 1})", {key});
    EXPECT_EQ(response.status, 451);
    EXPECT_EQ(code_of(response), "ANONYMIZED_BY_BUYER");
    EXPECT_EQ(stage.get(at + "/events").status, 200);
}

TEST_F(SaldoOperations, show_the_log_of_a_purchase) {
    expect_golden(stage.get(at + "/events"), "events");
}

TEST_F(SaldoOperations, explain_the_open_amount_by_events) {
    expect_golden(stage.get(at + "/explain"), "explanation");
}

TEST_F(SaldoOperations, explain_a_day_that_has_been) {
    clock.set(clock.now() + Days{5});
    operate(id, ledger::BookSettlement{.type = ledger::SettlementType::debit,
                                       .amount = foundation::Money(5000, {}),
                                       .value_date = {},
                                       .reference = {},
                                       .comment = {}});
    EXPECT_TRUE(text_of(stage.get(at + "/explain?as_of=2020-03-14")).contains(R"("open_amount":170)"));
    EXPECT_TRUE(text_of(stage.get(at + "/explain?as_of=2020-03-15")).contains(R"("open_amount":120)"));
    const auto future = stage.get(at + "/explain?as_of=2020-03-16");
    EXPECT_EQ(future.status, 422);
    EXPECT_EQ(code_of(future), "AS_OF_IN_FUTURE");
    EXPECT_EQ(code_of(stage.get(at + "/explain?as_of=yesterday")), "INVALID_AS_OF");
    EXPECT_EQ(code_of(stage.get(at + "/explain?as_of=2020-03-09")), "TRANSACTION_NOT_FOUND");
}

TEST_F(SaldoOperations, say_503_while_the_store_fails) {
    store_fails = true;
    EXPECT_EQ(stage.get(at + "/events").status, 503);
    EXPECT_EQ(stage.get("/saldo/v1/trial-balance").status, 503);
    EXPECT_EQ(stage.get("/saldo/v1/transactions?q=a").status, 503);
    is_busy = true;
    EXPECT_EQ(stage.get("/saldo/v1/trial-balance").status, 503);
    EXPECT_EQ(stage.get("/saldo/v1/transactions?q=a").status, 503);
}

TEST_F(SaldoOperations, sum_the_accounts_of_every_partner_or_of_one) {
    balance = {
        .as_of_position = "118",
        .accounts = {
            {.partner_id = "partner-2", .account = "bank", .currency = "EUR", .debit_minor = 5000},
            {.partner_id = "partner-1", .account = "bank", .currency = "EUR", .debit_minor = 17050},
            {.partner_id = "partner-1", .account = "buyer_receivables", .currency = "EUR", .credit_minor = 17050},
            {.partner_id = "partner-2",
             .account = "buyer_receivables",
             .currency = "EUR",
             .debit_minor = 100,
             .credit_minor = 5100},
            {.partner_id = "partner-1", .account = "bank", .currency = "CHF"}}};
    stage.caller.partner_id = std::string(partner::every_partner);
    expect_golden(stage.get("/saldo/v1/trial-balance"), "trial_balance");
    stage.caller.partner_id = "partner-2";
    const auto one = stage.get("/saldo/v1/trial-balance");
    EXPECT_TRUE(text_of(one).contains(R"("currency":"EUR","debits":51,"credits":51)")) << text_of(one);
    EXPECT_FALSE(text_of(one).contains("CHF"));
}

/// Three purchases of partner-1 and one of partner-2, found by `order-`.
class SaldoSearch : public SaldoOperations {
  protected:
    void SetUp() override {
        SaldoOperations::SetUp();
        add("00000000000000000001", "partner-1", "order-1");
        for (const int number : {2, 3}) {
            std::string body(purchase);
            body.replace(body.find("order-1"), 7, "order-" + std::to_string(number));
            authorise(body);
        }
        add("00000000000000000003", "partner-1", "order-2");
        add("00000000000000000004", "partner-1", "order-3");
        authorise(std::string(purchase), "partner-2");
        add("00000000000000000005", "partner-2", "order-1");
        terms.push_back({"partner-1", "INV-1", "partner_invoice_id", "00000000000000000001"});
    }
    void add(std::string transaction_id, std::string partner, std::string word) {
        terms.push_back({std::move(partner), std::move(word), "partner_transaction_id", std::move(transaction_id)});
    }
    std::string ids_in(const Response& response) const {
        std::string ids;
        const auto json = foundation::JsonDocument::parse(response.body.view());
        json->root().find("results")->each([&](foundation::JsonValue result) {
            ids += (ids.empty() ? "" : " ") + std::string(result.find("transaction_id")->string().substr(19));
        });
        return ids;
    }
    std::string cursor_of(const Response& response) const {
        const auto json = foundation::JsonDocument::parse(response.body.view());
        const auto cursor = json->root().find("next_cursor");
        return cursor ? std::string(cursor->string()) : "";
    }
};

TEST_F(SaldoSearch, says_what_matched) {
    expect_golden(stage.get("/saldo/v1/transactions?q=INV"), "search");
}

TEST_F(SaldoSearch, finds_the_purchases_of_the_partner) {
    EXPECT_EQ(ids_in(stage.get("/saldo/v1/transactions?q=order-")), "1 3 4");
    stage.caller.partner_id = "partner-2";
    EXPECT_EQ(ids_in(stage.get("/saldo/v1/transactions?q=order-")), "5");
    stage.caller.partner_id = std::string(partner::every_partner);
    EXPECT_EQ(ids_in(stage.get("/saldo/v1/transactions?q=order-")), "1 5 3 4");
    EXPECT_EQ(ids_in(stage.get("/saldo/v1/transactions?q=nothing")), "");
}

TEST_F(SaldoSearch, turns_pages_without_losing_a_purchase) {
    const auto first = stage.get("/saldo/v1/transactions?q=order-&limit=2");
    EXPECT_EQ(ids_in(first), "1 3");
    const auto second = stage.get("/saldo/v1/transactions?q=order-&limit=2&cursor=" + cursor_of(first));
    EXPECT_EQ(ids_in(second), "4");
    EXPECT_EQ(cursor_of(second), "");
    EXPECT_EQ(cursor_of(stage.get("/saldo/v1/transactions?q=order-&limit=3")), "");
}

TEST_F(SaldoSearch, names_every_word_of_a_purchase_that_matched_and_the_purchase_once) {
    terms.push_back({"partner-1", "00000000000000000001", "ratepay_transaction_id", "00000000000000000001"});
    terms.push_back({"partner-1", "00000000000000000002", "ratepay_capture_id", "00000000000000000001"});
    const auto response = stage.get("/saldo/v1/transactions?q=0000000000000000000&limit=1");
    EXPECT_EQ(ids_in(response), "1");
    EXPECT_TRUE(text_of(response).contains(
        R"("matched":[{"field":"ratepay_transaction_id","value":"00000000000000000001"},{"field":"ratepay_capture_id","value":"00000000000000000002"}])"))
        << text_of(response);
    EXPECT_EQ(cursor_of(response), "");
}

TEST_F(SaldoSearch, goes_on_behind_a_purchase_that_is_known_by_many_words) {
    terms.clear();
    for (int i = 0; i < 9; ++i) add("00000000000000000001", "partner-1", "order-1" + std::to_string(i));
    add("00000000000000000003", "partner-1", "order-2");
    const auto first = stage.get("/saldo/v1/transactions?q=order-&limit=1");
    EXPECT_EQ(ids_in(first), "1");
    EXPECT_EQ(ids_in(stage.get("/saldo/v1/transactions?q=order-&limit=1&cursor=" + cursor_of(first))), "3");
}

TEST_F(SaldoSearch, finds_an_invoice_by_its_clearing_reference) {
    terms.push_back({"partner-1", "KK7709094U2", "ratepay_payment_reference", "00000000000000000001"});
    terms.push_back({"partner-1", "KK7709094U2", "partner_transaction_id", "00000000000000000003"});
    terms.push_back({"partner-1", "KK7709094U2X", "ratepay_payment_reference", "00000000000000000004"});
    const std::string matched = R"("matched":[{"field":"clearing_reference_number","value":"KK7709094U2-001"}])";
    for (const std::string_view searched : {"KK7709094U2-001", "KK7709094U2-"}) {
        const auto response = stage.get("/saldo/v1/transactions?q=" + std::string(searched));
        EXPECT_EQ(ids_in(response), "1") << searched;
        EXPECT_TRUE(text_of(response).contains(matched)) << text_of(response);
    }
    EXPECT_EQ(ids_in(stage.get("/saldo/v1/transactions?q=KK7709094U2-002")), "");
    terms.push_back({"partner-1", "KK7709094U2-0", "partner_transaction_id", "00000000000000000003"});
    EXPECT_EQ(ids_in(stage.get("/saldo/v1/transactions?q=KK7709094U2-0&limit=2")), "1");
    const auto full = stage.get("/saldo/v1/transactions?q=KK7709094U2-0&limit=1");
    EXPECT_EQ(ids_in(stage.get("/saldo/v1/transactions?q=KK7709094U2-0&limit=1&cursor=" + cursor_of(full))), "1");
    EXPECT_TRUE(text_of(stage.get("/saldo/v1/transactions?q=KK7709094U2")).contains("KK7709094U2-001"));
}

struct WrongQuery {
    std::string_view query;
    std::string_view code;
};
void PrintTo(const WrongQuery& row, std::ostream* out) {
    *out << row.query;
}
class SaldoWrongSearch : public SaldoOperations, public testing::WithParamInterface<WrongQuery> {};

TEST_P(SaldoWrongSearch, is_refused_by_what_is_wrong) {
    const auto response = stage.get("/saldo/v1/transactions" + std::string(GetParam().query));
    EXPECT_EQ(response.status, 400);
    EXPECT_EQ(code_of(response), GetParam().code);
}

INSTANTIATE_TEST_SUITE_P(
    Query, SaldoWrongSearch,
    testing::Values(WrongQuery{"", "INVALID_QUERY"}, WrongQuery{"?q=", "INVALID_QUERY"},
                    WrongQuery{"?q=a&q=b", "INVALID_QUERY"}, WrongQuery{"?q=a&limit=0", "INVALID_LIMIT"},
                    WrongQuery{"?q=a&limit=101", "INVALID_LIMIT"}, WrongQuery{"?q=a&limit=1.5", "INVALID_LIMIT"},
                    WrongQuery{"?q=a&limit=", "INVALID_LIMIT"}, WrongQuery{"?q=a&cursor=x", "INVALID_CURSOR"},
                    WrongQuery{"?q=a&cursor=", "INVALID_CURSOR"},
                    WrongQuery{"?q=a&cursor=WyJiIiwicCIsInciLCJmIiwidCJd", "INVALID_CURSOR"}));

TEST_F(SaldoOperations, take_a_cursor_with_the_search_it_belongs_to) {
    // The same as the last row above, but for "a": ["a","p","w","f","t"].
    EXPECT_EQ(stage.get("/saldo/v1/transactions?q=a&cursor=WyJhIiwicCIsInciLCJmIiwidCJd").status, 200);
    EXPECT_EQ(stage.get("/saldo/v1/transactions?q=" + std::string(255, 'a')).status, 200);
    EXPECT_EQ(code_of(stage.get("/saldo/v1/transactions?q=" + std::string(256, 'a'))), "INVALID_QUERY");
}

TEST_F(SaldoOperations, tell_and_move_the_clock_of_the_sandbox) {
    EXPECT_EQ(text_of(stage.get("/saldo/v1/clock")),
              R"({"now":"2020-03-10T18:06:52.438+01:00","time_zone":"Europe/Berlin","frozen":false})");
    const auto moved = stage.post("/saldo/v1/clock", R"({"advance": "P21D"})");
    EXPECT_EQ(moved.status, 200);
    EXPECT_EQ(text_of(moved), R"({"now":"2020-03-31T18:06:52.438+02:00","time_zone":"Europe/Berlin","frozen":false})");
    const auto back = stage.post("/saldo/v1/clock", R"({"now": "2020-03-30T00:00:00Z"})");
    EXPECT_EQ(back.status, 422);
    EXPECT_EQ(code_of(back), "CLOCK_CANNOT_GO_BACK");
    EXPECT_EQ(code_of(stage.post("/saldo/v1/clock", "{}")), "INVALID_FIELDS");
}

TEST_F(SaldoOperations, freeze_the_clock_of_the_sandbox_and_let_it_go_on) {
    EXPECT_EQ(text_of(stage.post("/saldo/v1/clock", R"({"advance": "PT1H", "frozen": true})")),
              R"({"now":"2020-03-10T19:06:52.438+01:00","time_zone":"Europe/Berlin","frozen":true})");
    EXPECT_EQ(stage.post("/saldo/v1/clock", R"({"now": "2020-03-01T00:00:00Z", "frozen": false})").status, 422);
    EXPECT_TRUE(frozen);
    EXPECT_EQ(text_of(stage.post("/saldo/v1/clock", R"({"frozen": false})")),
              R"({"now":"2020-03-10T19:06:52.438+01:00","time_zone":"Europe/Berlin","frozen":false})");
}

TEST_F(SaldoOperations, have_no_clock_in_production) {
    SaldoApi production = api();
    production.clock_control.reset();
    for (const Route& route : saldo_routes(std::move(production))) EXPECT_FALSE(route.pattern.contains("clock"));
}

TEST_F(SaldoOperations, take_the_scope_that_their_work_needs) {
    std::map<std::string, std::optional<Scope>> scopes;
    for (const Route& route : stage.routes()) {
        EXPECT_EQ(route.api, Api::saldo) << route.pattern;
        scopes[route.method + " " + route.pattern.substr(9)] = route.scope;
    }
    const std::map<std::string, std::optional<Scope>> expected{
        {"GET /transactions", Scope::read},
        {"POST /transactions/{transaction_id}/payments", Scope::book},
        {"POST /transactions/{transaction_id}/fees", Scope::book},
        {"PUT /transactions/{transaction_id}/withdrawal", Scope::book},
        {"POST /transactions/{transaction_id}/pay-later-withdrawal", Scope::book},
        {"PUT /transactions/{transaction_id}/dunning-block", Scope::dun},
        {"DELETE /transactions/{transaction_id}/dunning-block", Scope::dun},
        {"POST /transactions/{transaction_id}/dunning-level", Scope::dun},
        {"GET /transactions/{transaction_id}/events", Scope::read},
        {"GET /transactions/{transaction_id}/explain", Scope::read},
        {"GET /trial-balance", Scope::read},
        {"GET /clock", Scope::read},
        {"POST /clock", Scope::admin}};
    EXPECT_EQ(scopes, expected);
}

}  // namespace

}  // namespace saldo::http
