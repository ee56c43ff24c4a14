#include "http/direct_debit_api.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "http/decline.hpp"
#include "http/direct_debit_json.hpp"
#include "http/field_reader.hpp"
#include "http/problem.hpp"
#include "http/purchase_command.hpp"
#include "http/saldo_call.hpp"
#include "http/saldo_search.hpp"
#include "http/status_query.hpp"
#include "ledger/direct_debit.hpp"
#include "partner/partner.hpp"
#include "projection/search_words.hpp"
#include "service/event_store.hpp"
#include "terms/direct_debit.hpp"

namespace saldo::http {

using foundation::Day;
using foundation::Days;
using foundation::JsonValue;
using foundation::Outcome;
using ledger::DirectDebitId;
using ledger::Transaction;
using partner::Scope;
using service::Done;
using service::NotDecided;
using service::Origin;
using service::Purchase;
using service::PurchasePtr;
using service::SearchTerm;

namespace {

using Found = std::variant<PurchasePtr, NotDecided>;

/// For so long a debit that was missed stays in the list of what is due; then its purchase alone shows it.
constexpr Days listed_for{14};
constexpr int limit_default = 100;
constexpr int limit_max = 1000;
constexpr int terms_at_once = 500;

/// What is asked of the list.
struct Question {
    std::string partner_id;  ///< empty: every partner
    std::string due_text;
    Day due;
    int limit = limit_default;
    std::optional<SearchTerm> after;
};

Outcome<Question, QueryFault> question_of(const Call& call) {
    const Request& request = *call.request;
    const auto dues = parameters_of(request, "due");
    const auto due = dues.size() == 1 ? foundation::parse_day(dues[0]) : std::nullopt;
    if (!due) return std::unexpected(QueryFault{"INVALID_DUE", "due is not one date of the form YYYY-MM-DD."});
    Question question{
        .partner_id = std::string(searched_partner(*call.caller)), .due_text = dues[0], .due = *due, .after = {}};
    if (const auto limits = parameters_of(request, "limit"); !limits.empty()) {
        const std::string& text = limits[0];
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), question.limit);
        if (limits.size() != 1 || error != std::errc{} || end != text.data() + text.size() || question.limit < 1 ||
            question.limit > limit_max)
            return std::unexpected(QueryFault{"INVALID_LIMIT", "limit is no whole number from 1 to 1000."});
    }
    if (const auto cursors = parameters_of(request, "cursor"); !cursors.empty()) {
        question.after = search_term_of(cursors[0], question.due_text);
        if (cursors.size() != 1 || !question.after || !foundation::parse_day(question.after->word))
            return std::unexpected(QueryFault{"INVALID_CURSOR", "The cursor is not one of ours, or of another due."});
    }
    return question;
}

/// The list on its way: first the index tells which purchases have a debit planned for which day, then each of them is
/// read. A debit is listed under the day it was planned for, and so on one page.
class DueList : public std::enable_shared_from_this<DueList> {
  public:
    DueList(std::shared_ptr<const DirectDebitApi> api, Question question, Origin origin, RequestPtr request,
            Respond respond)
        : api_(std::move(api)),
          question_(std::move(question)),
          origin_(std::move(origin)),
          request_(std::move(request)),
          respond_(std::move(respond)) {}

    /// May take its time.
    void run() {
        try {
            find_planned();
        } catch (const service::StoreFailed&) {
            return respond_(failure_response(NotDecided::failed, request_->request_id));
        }
        read_next();
    }

    void fail() { respond_(failure_response(NotDecided::busy, request_->request_id)); }

  private:
    void find_planned() {
        Day day = question_.due - listed_for;
        if (question_.after) day = *foundation::parse_day(question_.after->word);
        for (; day <= question_.due && !next_cursor_; day += Days{1}) add_planned_on(foundation::day_text(day));
    }

    void add_planned_on(const std::string& day) {
        std::optional<SearchTerm> after;
        if (question_.after && question_.after->word == day) after = question_.after;
        while (true) {
            const auto terms = api_->find_terms(question_.partner_id, day, after ? &*after : nullptr, terms_at_once);
            for (const SearchTerm& term : terms) {
                after = term;
                if (term.word != day || term.field != projection::collection_day_field) continue;
                planned_.push_back(term);
                if (std::cmp_equal(planned_.size(), question_.limit)) {
                    next_cursor_ = search_cursor(question_.due_text, term);
                    return;
                }
            }
            if (std::cmp_less(terms.size(), terms_at_once)) return;
        }
    }

    void read_next() {
        if (read_ == planned_.size()) return respond_(json_response(200, direct_debits_due_json(found_, next_cursor_)));
        api_->purchases.find(origin_, planned_[read_].transaction_id, [self = shared_from_this()](Found found) {
            if (const auto* why = std::get_if<NotDecided>(&found); why && *why != NotDecided::unknown_transaction)
                return self->respond_(not_decided_problem(*why, *self->request_));
            if (const auto* purchase = std::get_if<PurchasePtr>(&found)) self->add((*purchase)->transaction);
            ++self->read_;
            self->read_next();
        });
    }

    void add(const Transaction& transaction) {
        auto due = ledger::direct_debits_due(transaction, transaction.zone().day_of(api_->clock.now()));
        std::erase_if(due, [&](const ledger::DirectDebitDue& one) {
            return one.due_date > question_.due || foundation::day_text(one.planned_on) != planned_[read_].word;
        });
        if (!due.empty()) found_.push_back({.transaction = transaction, .due = std::move(due)});
    }

    std::shared_ptr<const DirectDebitApi> api_;
    Question question_;
    Origin origin_;
    RequestPtr request_;
    Respond respond_;

    std::vector<SearchTerm> planned_;
    std::optional<std::string> next_cursor_;
    std::size_t read_ = 0;
    std::vector<CollectableDebits> found_;
};

CommandRead read_submission(JsonValue body, const Purchase* purchase) {
    return unless_malformed(body, [&](const FieldReader& in) -> ledger::Command {
        in.require({"direct_debit_id", "amount", "due_date"});
        const auto text = in.text("direct_debit_id");
        const auto id = text ? ledger::direct_debit_id(*text) : std::nullopt;
        if (text && !id) in.blame("direct_debit_id", "must be a number and a try such as 001-1");
        const auto currency = purchase ? std::optional(purchase->transaction.currency()) : std::nullopt;
        return ledger::SubmitDirectDebit{
            .debit = id.value_or(DirectDebitId{}),
            .amount = in.money("amount", currency, Sign::positive).value_or(foundation::Money{}),
            .due_date = in.day("due_date").value_or(Day{}),
            .date = in.day("date")};
    });
}

CommandRead read_execution(JsonValue body, DirectDebitId id) {
    return unless_malformed(body, [&](const FieldReader& in) -> ledger::Command {
        return ledger::ExecuteDirectDebit{.debit = id, .value_date = in.day("value_date")};
    });
}

CommandRead read_return(JsonValue body, DirectDebitId id) {
    return unless_malformed(body, [&](const FieldReader& in) -> ledger::Command {
        in.require({"reason"});
        auto reason = in.text("reason");
        if (reason && !terms::return_reason(*reason))
            in.blame("reason", "must be a code that a direct debit comes back with, such as AM04");
        return ledger::ReturnDirectDebit{
            .debit = id, .reason = std::move(reason).value_or(""), .value_date = in.day("value_date")};
    });
}

class DirectDebitDesk : public std::enable_shared_from_this<DirectDebitDesk> {
  public:
    explicit DirectDebitDesk(DirectDebitApi api) : api_(std::move(api)) {}

    void list_due(const Call& call, Respond respond) {
        auto question = question_of(call);
        if (!question) return respond(query_problem(400, question.error(), *call.request));
        const auto list =
            std::make_shared<DueList>(std::shared_ptr<const DirectDebitApi>(shared_from_this(), &api_),
                                      *std::move(question), who_asks(call), call.request, std::move(respond));
        if (!api_.in_background([list] { list->run(); })) list->fail();
    }

    void look(const Call& call, Respond respond) {
        api_.purchases.find(
            who_asks(call), call.parameter("transaction_id"),
            [self = shared_from_this(), request = call.request, respond = std::move(respond)](Found found) mutable {
                if (const auto* why = std::get_if<NotDecided>(&found))
                    return respond(not_decided_problem(*why, *request));
                const Transaction& transaction = std::get<PurchasePtr>(found)->transaction;
                const Day today = transaction.zone().day_of(self->api_.clock.now());
                respond(json_response(200, direct_debits_json(transaction, today)));
            });
    }

    void submit(const Call& call, Respond respond) {
        // Which one it was is known once the body is read.
        const auto submitted = std::make_shared<DirectDebitId>();
        write(call, std::move(respond),
              {.read =
                   [submitted](JsonValue body, const Purchase* purchase) {
                       auto command = read_submission(body, purchase);
                       if (command) *submitted = std::get<ledger::SubmitDirectDebit>(*command).debit;
                       return command;
                   },
               .answer =
                   [submitted](const Done& done) {
                       return json_response(201, direct_debit_json(done.purchase->transaction, *submitted));
                   }});
    }

    void execute(const Call& call, Respond respond) { change(call, std::move(respond), read_execution); }
    void give_back(const Call& call, Respond respond) { change(call, std::move(respond), read_return); }

  private:
    /// Answers a write on one that was submitted.
    void change(const Call& call, Respond respond, CommandRead (*read)(JsonValue, DirectDebitId)) {
        const DirectDebitId id = ledger::direct_debit_id(call.parameter("direct_debit_id")).value_or(DirectDebitId{});
        write(call, std::move(respond),
              {.read = [read, id](JsonValue body, const Purchase*) { return read(body, id); },
               .answer =
                   [id](const Done& done) {
                       return json_response(201, direct_debit_json(done.purchase->transaction, id));
                   },
               .missing = [id, request = call.request](const Transaction& transaction) -> std::optional<Response> {
                   if (transaction.direct_debit(id)) return std::nullopt;
                   return problem_response({.status = 404,
                                            .code = "DIRECT_DEBIT_NOT_FOUND",
                                            .detail = "The purchase has no such direct debit.",
                                            .request_id = request->request_id});
               }});
    }

    void write(const Call& call, Respond respond, PurchaseCommand command) {
        auto key = key_of(*call.request, KeyNeed::required);
        if (!key) return respond(std::move(key).error());
        command.request = call.request;
        command.origin = who_asks(call);
        command.origin.key = *std::move(key);
        command.transaction_id = call.parameter("transaction_id");
        carry_out(api_.purchases, saldo_nay, std::move(command), std::move(respond));
    }

    DirectDebitApi api_;
};

}  // namespace

std::vector<Route> direct_debit_routes(DirectDebitApi api) {
    const auto desk = std::make_shared<DirectDebitDesk>(std::move(api));
    std::vector<Route> routes;
    const auto add = [&](std::string method, std::string pattern,
                         void (DirectDebitDesk::*handle)(const Call&, Respond)) {
        Route route{
            .method = std::move(method),
            .pattern = std::move(pattern),
            .api = Api::saldo,
            .scope = Scope::book,
            .handler = [desk, handle](Call call, Respond respond) { ((*desk).*handle)(call, std::move(respond)); }};
        if (route.method != "GET") route.takes = {"application/json"};
        routes.push_back(std::move(route));
    };
    const std::string of_one = "/saldo/v1/transactions/{transaction_id}/direct-debits";
    const std::string one = of_one + "/{direct_debit_id}";
    add("GET", "/saldo/v1/direct-debits", &DirectDebitDesk::list_due);
    add("GET", of_one, &DirectDebitDesk::look);
    add("POST", of_one, &DirectDebitDesk::submit);
    add("POST", one + "/execution", &DirectDebitDesk::execute);
    add("POST", one + "/return", &DirectDebitDesk::give_back);
    return routes;
}

}  // namespace saldo::http
