#include "http/saldo_api.hpp"

#include <algorithm>
#include <charconv>
#include <memory>
#include <utility>
#include <variant>

#include "http/decline.hpp"
#include "http/field_reader.hpp"
#include "http/pay_later_api.hpp"
#include "http/problem.hpp"
#include "http/purchase_command.hpp"
#include "http/saldo_call.hpp"
#include "http/saldo_codec.hpp"
#include "http/saldo_problem.hpp"
#include "http/saldo_search.hpp"
#include "http/status_query.hpp"
#include "partner/partner.hpp"
#include "projection/explain.hpp"
#include "service/event_store.hpp"

namespace saldo::http {

using foundation::Currency;
using foundation::Day;
using foundation::JsonValue;
using foundation::Outcome;
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

constexpr std::string_view transaction_path = "/saldo/v1/transactions/{transaction_id}";
constexpr std::size_t search_size_max = 255;
constexpr int limit_default = 20;
constexpr int limit_max = 100;

/// Answers with what `make` gives, and with 503 if the store does not answer it.
template <class Make>
void answer_from_store(Respond& respond, const Request& request, Make make) {
    std::optional<Response> response;
    try {
        response = make();
    } catch (const service::StoreFailed&) {
        response = failure_response(NotDecided::failed, request.request_id);
    }
    respond(*std::move(response));
}

std::optional<Currency> currency_of(const Purchase* purchase) {
    if (!purchase) return std::nullopt;
    return purchase->transaction.currency();
}

/// What is asked of a search.
struct Question {
    std::string partner_id;  ///< empty: every partner
    std::string searched;
    int limit = limit_default;
    std::optional<SearchTerm> after;
};

Outcome<Question, QueryFault> question_of(const Call& call) {
    const Request& request = *call.request;
    Question question{.partner_id = std::string(searched_partner(*call.caller)), .searched = {}, .after = {}};
    const auto searched = parameters_of(request, "q");
    if (searched.size() != 1 || searched[0].empty() || character_count(searched[0]) > search_size_max)
        return std::unexpected(QueryFault{"INVALID_QUERY", "q is missing, empty, or longer than 255 characters."});
    question.searched = searched[0];

    const auto limits = parameters_of(request, "limit");
    if (!limits.empty()) {
        const std::string& text = limits[0];
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), question.limit);
        if (limits.size() != 1 || error != std::errc{} || end != text.data() + text.size() || question.limit < 1 ||
            question.limit > limit_max)
            return std::unexpected(QueryFault{"INVALID_LIMIT", "limit is no whole number from 1 to 100."});
    }

    const auto cursors = parameters_of(request, "cursor");
    if (!cursors.empty()) {
        question.after = search_term_of(cursors[0], question.searched);
        if (cursors.size() != 1 || !question.after)
            return std::unexpected(QueryFault{"INVALID_CURSOR", "The cursor is not one of ours, or of another q."});
    }
    return question;
}

/// One search on its way: first the index tells which purchases, then each of them is read.
class Search : public std::enable_shared_from_this<Search> {
  public:
    Search(std::shared_ptr<const SaldoApi> api, Question question, Origin origin, RequestPtr request, Respond respond)
        : api_(std::move(api)),
          question_(std::move(question)),
          origin_(std::move(origin)),
          request_(std::move(request)),
          respond_(std::move(respond)) {}

    /// May take its time.
    void run() {
        try {
            find_ids();
        } catch (const service::StoreFailed&) {
            return respond_(failure_response(NotDecided::failed, request_->request_id));
        }
        read_next();
    }

    void fail() { respond_(failure_response(NotDecided::busy, request_->request_id)); }

  private:
    /// A page ends before the first purchase that has no more room in it.
    void find_ids() {
        const int terms_max = 4 * question_.limit;
        std::optional<SearchTerm> after = question_.after;
        const auto add = [&](const std::string& id) {
            if (std::ranges::find(ids_, id) != ids_.end()) return true;
            if (std::cmp_equal(ids_.size(), question_.limit)) return false;
            ids_.push_back(id);
            return true;
        };
        const auto ends_here = [&] { next_cursor_ = search_cursor(question_.searched, *after); };
        while (true) {
            const auto terms = found_behind(question_.searched, after, terms_max);
            for (const SearchTerm& term : terms) {
                if (!add(term.transaction_id)) return ends_here();
                after = term;
            }
            if (std::cmp_less(terms.size(), terms_max)) break;
        }
        // One purchase has that reference. It comes last: on this page, or alone on one more.
        const auto reference = payment_reference_in(question_.searched);
        if (!reference) return;
        for (const SearchTerm& term : found_behind(*reference, std::nullopt, terms_max))
            if (term.field == "ratepay_payment_reference" && term.word.size() == reference->size() &&
                !add(term.transaction_id) && after)
                return ends_here();
    }

    std::vector<SearchTerm> found_behind(std::string_view word, const std::optional<SearchTerm>& after,
                                         int terms_max) const {
        return api_->find_terms(question_.partner_id, word, after ? &*after : nullptr, terms_max);
    }

    void read_next() {
        if (read_ == ids_.size()) return respond_(json_response(200, search_json(hits_, next_cursor_)));
        api_->purchases.find(origin_, ids_[read_], [self = shared_from_this()](Found found) {
            if (const auto* why = std::get_if<NotDecided>(&found); why && *why != NotDecided::unknown_transaction)
                return self->respond_(not_decided_problem(*why, *self->request_));
            if (const auto* purchase = std::get_if<PurchasePtr>(&found)) self->add(*purchase);
            ++self->read_;
            self->read_next();
        });
    }

    void add(const PurchasePtr& purchase) {
        const std::shared_ptr<const Transaction> transaction(purchase, &purchase->transaction);
        auto matched = matches_of(*transaction, question_.searched);
        if (!matched.empty()) hits_.push_back({.transaction = transaction, .matched = std::move(matched)});
    }

    std::shared_ptr<const SaldoApi> api_;
    Question question_;
    Origin origin_;
    RequestPtr request_;
    Respond respond_;

    std::vector<std::string> ids_;
    std::optional<std::string> next_cursor_;
    std::size_t read_ = 0;
    std::vector<SearchHit> hits_;
};

/// What the routes share.
class SaldoDesk : public std::enable_shared_from_this<SaldoDesk> {
  public:
    explicit SaldoDesk(SaldoApi api) : api_(std::move(api)) {}

    void book_payment(const Call& call, Respond respond) {
        write(
            call, std::move(respond), KeyNeed::required,
            [](JsonValue body, const Purchase* purchase) { return read_payment(body, currency_of(purchase)); },
            [](const Done& done) { return json_response(201, payment_json(done.purchase->transaction, done.seq)); });
    }

    void book_fee(const Call& call, Respond respond) {
        write(
            call, std::move(respond), KeyNeed::required,
            [](JsonValue body, const Purchase* purchase) { return read_fee(body, currency_of(purchase)); },
            [](const Done& done) { return json_response(201, fee_json(done.purchase->transaction, done.seq)); });
    }

    void withdraw_credit(const Call& call, Respond respond) {
        write(
            call, std::move(respond), KeyNeed::optional,
            [](JsonValue body, const Purchase*) { return read_withdrawal(body); },
            [](const Done& done) { return json_response(200, withdrawal_json(done.purchase->transaction)); });
    }

    void withdraw_pay_later(const Call& call, Respond respond) {
        write(
            call, std::move(respond), KeyNeed::required,
            [](JsonValue body, const Purchase*) { return read_pay_later_withdrawal(body); },
            [](const Done& done) { return json_response(201, pay_later_withdrawal_json(done.purchase->transaction)); });
    }

    void set_dunning_block(const Call& call, Respond respond) {
        write(
            call, std::move(respond), KeyNeed::optional,
            [](JsonValue body, const Purchase*) { return read_dunning_block(body); },
            [](const Done& done) {
                return json_response(200, dunning_block_json(done.purchase->transaction, done.seq));
            });
    }

    void lift_dunning_block(const Call& call, Respond respond) {
        write(
            call, std::move(respond), KeyNeed::optional,
            [](JsonValue body, const Purchase*) { return read_end_of_dunning_block(body); },
            [](const Done&) { return Response{.status = 204}; }, "{}");
    }

    void set_dunning_level(const Call& call, Respond respond) {
        write(
            call, std::move(respond), KeyNeed::optional,
            [](JsonValue body, const Purchase*) { return read_dunning_level(body); },
            [](const Done& done) { return json_response(201, dunning_level_json(done.purchase->transaction)); });
    }

    void list_events(const Call& call, Respond respond) {
        read(call, std::move(respond), [self = shared_from_this()](const Purchase& purchase) {
            return json_response(200, events_json(purchase.transaction, self->api_.log_of(purchase.transaction.id)));
        });
    }

    void explain(const Call& call, Respond respond) {
        read(call, std::move(respond), [self = shared_from_this(), request = call.request](const Purchase& purchase) {
            return self->explanation(purchase.transaction, *request);
        });
    }

    void search(const Call& call, Respond respond) {
        auto question = question_of(call);
        if (!question) return respond(query_problem(400, question.error(), *call.request));
        const auto searching =
            std::make_shared<Search>(std::shared_ptr<const SaldoApi>(shared_from_this(), &api_), *std::move(question),
                                     who_asks(call), call.request, std::move(respond));
        if (!api_.in_background([searching] { searching->run(); })) searching->fail();
    }

    void get_trial_balance(const Call& call, Respond respond) {
        const auto waiting = std::make_shared<Respond>(std::move(respond));
        const RequestPtr request = call.request;
        std::string partner(searched_partner(*call.caller));
        const bool is_accepted =
            api_.in_background([self = shared_from_this(), waiting, request, partner = std::move(partner)] {
                answer_from_store(*waiting, *request, [&] {
                    return json_response(200, trial_balance_json(self->api_.trial_balance(partner)));
                });
            });
        if (!is_accepted) (*waiting)(failure_response(NotDecided::busy, request->request_id));
    }

    void get_clock(const Call&, Respond respond) { respond(clock()); }

    void set_clock(const Call& call, Respond respond) {
        const auto body = parse_object(call.request->body);
        if (!body) return respond(malformed_problem(body.error(), *call.request));
        const auto change = read_clock_change(body->root());
        if (!change) return respond(malformed_problem(change.error(), *call.request));
        const SaldoApi::ClockControl& control = *api_.clock_control;
        if (!change->move) {
            control.freeze(*change->frozen);
            return respond(clock());
        }
        control.move_to(target_of(*change->move, api_.clock.now(), control.zone),
                        [self = shared_from_this(), frozen = change->frozen, request = call.request,
                         respond = std::move(respond)](bool moved) mutable {
                            if (moved && frozen) self->api_.clock_control->freeze(*frozen);
                            if (moved) return respond(self->clock());
                            respond(problem_response({.status = 422,
                                                      .code = "CLOCK_CANNOT_GO_BACK",
                                                      .detail = "That instant has passed by the business clock.",
                                                      .request_id = request->request_id}));
                        });
    }

  private:
    /// Answers a write on a purchase.
    void write(const Call& call, Respond respond, KeyNeed need, decltype(PurchaseCommand::read) read,
               decltype(PurchaseCommand::answer) answer, std::string_view body_if_none = {}) {
        auto key = key_of(*call.request, need);
        if (!key) return respond(std::move(key).error());
        Origin origin = who_asks(call);
        origin.key = *std::move(key);
        carry_out(api_.purchases, saldo_nay,
                  {.request = call.request,
                   .origin = std::move(origin),
                   .transaction_id = call.parameter("transaction_id"),
                   .read = std::move(read),
                   .answer = std::move(answer),
                   .body_if_none = body_if_none},
                  std::move(respond));
    }

    /// Answers a read of a purchase with `render(purchase)`, on a thread that may wait.
    template <class Render>
    void read(const Call& call, Respond respond, Render render) {
        api_.purchases.find(
            who_asks(call), call.parameter("transaction_id"),
            [request = call.request, respond = std::move(respond), render = std::move(render)](Found found) mutable {
                if (const auto* why = std::get_if<NotDecided>(&found))
                    return respond(not_decided_problem(*why, *request));
                answer_from_store(respond, *request, [&] { return render(*std::get<PurchasePtr>(found)); });
            });
    }

    Response explanation(const Transaction& transaction, const Request& request) const {
        const auto asked = as_of_of(request);
        if (!asked) return query_problem(422, asked.error(), request);
        const Day today = transaction.zone().day_of(api_.clock.now());
        const Day day = asked->value_or(today);
        if (day > today) return query_problem(422, as_of_in_future, request);
        if (day < transaction.created_on) return transaction_not_found(request);
        return json_response(200, explanation_json(transaction, day, projection::explain(transaction, day),
                                                   api_.log_of(transaction.id)));
    }

    Response clock() const {
        const SaldoApi::ClockControl& control = *api_.clock_control;
        return json_response(200, clock_json(api_.clock.now(), control.zone, control.is_frozen()));
    }

    SaldoApi api_;
};

}  // namespace

std::vector<Route> saldo_routes(SaldoApi api) {
    const bool has_clock = api.clock_control.has_value();
    const auto desk = std::make_shared<SaldoDesk>(std::move(api));
    std::vector<Route> routes;
    const auto add = [&](std::string method, std::string pattern, Scope scope,
                         void (SaldoDesk::*handle)(const Call&, Respond)) {
        Route route{
            .method = std::move(method),
            .pattern = std::move(pattern),
            .api = Api::saldo,
            .scope = scope,
            .handler = [desk, handle](Call call, Respond respond) { ((*desk).*handle)(call, std::move(respond)); }};
        if (route.method != "GET") route.takes = {"application/json"};
        if (route.method == "DELETE") route.gives = {};
        routes.push_back(std::move(route));
    };
    const std::string one(transaction_path);
    add("GET", "/saldo/v1/transactions", Scope::read, &SaldoDesk::search);
    add("POST", one + "/payments", Scope::book, &SaldoDesk::book_payment);
    add("POST", one + "/fees", Scope::book, &SaldoDesk::book_fee);
    add("PUT", one + "/withdrawal", Scope::book, &SaldoDesk::withdraw_credit);
    add("POST", one + "/pay-later-withdrawal", Scope::book, &SaldoDesk::withdraw_pay_later);
    add("PUT", one + "/dunning-block", Scope::dun, &SaldoDesk::set_dunning_block);
    add("DELETE", one + "/dunning-block", Scope::dun, &SaldoDesk::lift_dunning_block);
    add("POST", one + "/dunning-level", Scope::dun, &SaldoDesk::set_dunning_level);
    add("GET", one + "/events", Scope::read, &SaldoDesk::list_events);
    add("GET", one + "/explain", Scope::read, &SaldoDesk::explain);
    add("GET", "/saldo/v1/trial-balance", Scope::read, &SaldoDesk::get_trial_balance);
    if (has_clock) {
        add("GET", "/saldo/v1/clock", Scope::read, &SaldoDesk::get_clock);
        add("POST", "/saldo/v1/clock", Scope::admin, &SaldoDesk::set_clock);
    }
    return routes;
}

}  // namespace saldo::http
