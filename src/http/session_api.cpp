#include "http/session_api.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <memory>
#include <optional>
#include <utility>
#include <variant>

#include "checkout/explain.hpp"
#include "checkout/record.hpp"
#include "foundation/json_writer.hpp"
#include "foundation/outcome.hpp"
#include "http/decline.hpp"
#include "http/field_reader.hpp"
#include "http/partner_origin.hpp"
#include "http/problem.hpp"
#include "http/saldo_json.hpp"
#include "http/saldo_problem.hpp"
#include "http/session_codec.hpp"
#include "http/status_query.hpp"
#include "service/event_store.hpp"

namespace saldo::http {

using foundation::Instant;
using foundation::JsonWriter;
using foundation::Outcome;
using service::NotDecided;
using service::Origin;
using service::SessionFault;
using service::SessionPtr;
using service::SessionsWanted;

namespace {

constexpr std::string_view record_path = "/pps/api/v1/session-record";
constexpr std::string_view operator_path = "/saldo/v1/sessions/{session_id}";
/// Octets of a list that are read at once: enough that what a piece costs beside its records does not show, little
/// enough that it is still in the processor's cache when it is sent.
constexpr std::size_t piece_size = 256 * 1024;
constexpr std::size_t comment_size_max = 1000;

Response json_response(int status, std::string body) {
    Response response{.status = status, .body = std::move(body)};
    response.fields.add("Content-Type", "application/json").add("Cache-Control", "no-store");
    return response;
}

/// The Payment API's no, in the media type that this API speaks.
Response plain(const Response& declined) {
    return json_response(declined.status, std::string(declined.body.view()));
}

Response fault_response(SessionFault fault, const Request& request) {
    switch (fault) {
        case SessionFault::unknown_session:
            return problem_response({.status = 404,
                                     .code = "SESSION_NOT_FOUND",
                                     .detail = "There is no session of this id.",
                                     .request_id = request.request_id});
        case SessionFault::key_reused:
            return plain(conflict_decline());
        case SessionFault::busy:
            return failure_response(NotDecided::busy, request.request_id);
        case SessionFault::failed:
            return failure_response(NotDecided::failed, request.request_id);
        case SessionFault::outcome_unknown:
            return failure_response(NotDecided::outcome_unknown, request.request_id);
        case SessionFault::broken:
            return failure_response(NotDecided::broken, request.request_id);
    }
    std::unreachable();
}

/// Whose sessions a reader may see.
Origin reader_of(const Call& call) {
    const Caller& caller = *call.caller;
    return {.actor = caller.client_id,
            .partner_id = caller.sees_every_partner() ? std::nullopt : std::optional(caller.partner_id),
            .key = std::nullopt};
}

Outcome<foundation::Day, QueryFault> created_date_of(const Request& request) {
    const auto given = parameters_of(request, "createdDate");
    const auto day = given.size() == 1 ? foundation::parse_day(given.front()) : std::nullopt;
    if (!day)
        return std::unexpected(QueryFault{.code = "INVALID_CREATED_DATE",
                                          .detail = "createdDate is missing, or no day of the calendar.",
                                          .hint = "Send one day of UTC, as yyyy-MM-dd: ?createdDate=2026-06-05."});
    return *day;
}

/// The sessions of a day, piece after piece: no more than one is ever in memory.
class SessionList final : public BodyPieces, public std::enable_shared_from_this<SessionList> {
  public:
    SessionList(std::shared_ptr<const SessionApi> api, SessionsWanted wanted)
        : api_(std::move(api)), wanted_(std::move(wanted)) {}

    /// The next piece of the list. Throws StoreFailed.
    std::string read() {
        std::string text;
        text.reserve(piece_size + 4096);
        is_complete_ = true;
        api_->list(wanted_, [&](const service::ListedSession& one) {
            text += std::exchange(is_begun_, true) ? ',' : '[';
            text += one.record;
            if (text.size() < piece_size) return true;
            wanted_.from = one.created;
            wanted_.after_id = one.session_id;
            is_complete_ = false;
            return false;
        });
        if (is_complete_) text += is_begun_ ? "]" : "[]";
        return text;
    }
    bool is_complete() const { return is_complete_; }
    /// What was read before the answer began.
    void keep(std::string piece) { first_ = std::move(piece); }

    void next(Respond give) override {
        if (first_) return give({.body = *std::exchange(first_, std::nullopt)});
        if (is_complete_) return give({});
        const auto shared = std::make_shared<Respond>(std::move(give));
        // Dropped without a word where it cannot be read: the answer breaks off.
        api_->in_background([self = shared_from_this(), shared] {
            try {
                (*shared)({.body = self->read()});
            } catch (const service::StoreFailed&) {
                return;
            }
        });
    }

  private:
    std::shared_ptr<const SessionApi> api_;
    SessionsWanted wanted_;
    std::optional<std::string> first_;
    bool is_begun_ = false;
    bool is_complete_ = false;
};

class SessionDesk : public std::enable_shared_from_this<SessionDesk> {
  public:
    explicit SessionDesk(SessionApi api) {
        while (api.public_url.ends_with('/')) api.public_url.pop_back();
        api_ = std::make_shared<const SessionApi>(std::move(api));
    }

    void create(const Call& call, Respond respond) {
        auto origin = origin_of_write(call);
        if (!origin) return respond(plain(origin.error()));
        const auto body = parse_object(call.request->body);
        if (!body) return respond(plain(decline(body.error())));
        const Instant now = api_->clock.now();
        auto wanted = read_session(body->root(), origin->key ? Instant::min() : now);
        if (!wanted) return respond(plain(decline(read_session(body->root(), now).error())));
        api_->sessions.create(*std::move(origin), *std::move(wanted),
                              [self = shared_from_this(), request = call.request, respond = std::move(respond)](
                                  auto made) mutable { respond(self->answer_to_creation(made, *request)); });
    }

    void read(const Call& call, Respond respond) {
        find(call, std::move(respond),
             [](const service::SessionView& view) { return json_response(200, checkout::record_json(view.session)); });
    }

    void list(const Call& call, Respond respond) {
        const auto day = created_date_of(*call.request);
        if (!day) return respond(query_problem(400, day.error(), *call.request));
        SessionsWanted wanted{.partner_id = call.caller->partner_id,
                              .from = Instant{*day},
                              .until = Instant{*day + foundation::Days{1}},
                              .as_of = api_->clock.now()};
        const auto source = std::make_shared<SessionList>(api_, std::move(wanted));
        const auto shared = std::make_shared<Respond>(std::move(respond));
        const bool is_posted = api_->in_background([source, shared, request = call.request] {
            try {
                std::string piece = source->read();
                if (source->is_complete()) return (*shared)(json_response(200, std::move(piece)));
                source->keep(std::move(piece));
            } catch (const service::StoreFailed&) {
                return (*shared)(failure_response(NotDecided::failed, request->request_id));
            }
            Response response = json_response(200, "");
            response.pieces = source;
            (*shared)(std::move(response));
        });
        if (!is_posted) (*shared)(failure_response(NotDecided::busy, call.request->request_id));
    }

    /// What an agent sees: the record, and what it does not tell.
    void look(const Call& call, Respond respond) {
        find(call, std::move(respond), [](const service::SessionView& view) {
            const checkout::Session& session = view.session;
            JsonWriter json;
            json.begin_object().field("partner_id", session.partner_id).field("shop_name", session.shop_name);
            json.field("currency", session.order.currency.code()).field("gross_amount", session.order.gross());
            json.key("record");
            checkout::write_record(json, session);
            if (!session.is_over()) json.field("expires_at", foundation::utc_text(session.expires_at()));
            json.key("tries").begin_array();
            for (const checkout::DeclinedTry& one : session.declines) {
                json.begin_object().field("transaction_id", one.transaction_id);
                json.field("category", ledger::category_of(one.refusal)).key("reasons").begin_array();
                if (!ledger::reason_of(one.refusal).empty()) json.value(ledger::reason_of(one.refusal));
                json.end_array().end_object();
            }
            json.end_array().key("consents").begin_array();
            for (const checkout::Consent& one : session.consents) {
                json.begin_object().field("at", foundation::utc_text(one.at));
                json.field("text_pack", one.receipt.text_pack).field("language", one.receipt.language);
                json.field("page_sha256", one.receipt.page_sha256).end_object();
            }
            json.end_array().field("erased", session.erased).end_object();
            return json_response(200, std::move(json).finish());
        });
    }

    void explain(const Call& call, Respond respond) {
        find(call, std::move(respond), [api = api_, request = call.request](const service::SessionView& view) {
            // On a reading thread, which may wait.
            try {
                std::vector<checkout::Recorded> events = api->events_of(view.session.id);
                checkout::Session recorded = checkout::explain(events, view.session.id).session;
                std::ranges::copy(checkout::due_events(recorded, api->clock.now()), std::back_inserter(events));
                return json_response(200, session_explanation_json(checkout::explain(events, view.session.id)));
            } catch (const service::StoreFailed&) {
                return failure_response(NotDecided::failed, request->request_id);
            }
        });
    }

    void flag_fraud(const Call& call, Respond respond) {
        const std::string_view text = call.request->body.empty() ? std::string_view("{}") : call.request->body;
        const auto body = parse_object(text);
        if (!body) return respond(malformed_problem(body.error(), *call.request));
        const auto command = unless_malformed(body->root(), [](const FieldReader& in) {
            return checkout::FlagFraud{
                .comment = in.sealed("comment", {.size_max = comment_size_max, .lines = TextRule::Lines::many})};
        });
        if (!command) return respond(malformed_problem(command.error(), *call.request));
        api_->sessions.flag_fraud(
            reader_of(call), call.values.front(), *command,
            [request = call.request, respond = std::move(respond)](auto result) mutable {
                if (const auto* fault = std::get_if<SessionFault>(&result))
                    return respond(fault_response(*fault, *request));
                if (std::holds_alternative<service::SessionSaidNo>(result))
                    return respond(problem_response({.status = 422,
                                                     .code = "SESSION_NOT_COMPLETED",
                                                     .detail = "Nothing was bought in this session.",
                                                     .request_id = request->request_id}));
                respond(
                    json_response(200, checkout::record_json(std::get<service::SessionDone>(result).session->session)));
            });
    }

  private:
    template <class Render>
    void find(const Call& call, Respond respond, Render render) {
        api_->sessions.find(reader_of(call), call.values.front(),
                            [request = call.request, respond = std::move(respond), render](auto found) mutable {
                                if (const auto* fault = std::get_if<SessionFault>(&found))
                                    return respond(fault_response(*fault, *request));
                                respond(render(*std::get<SessionPtr>(found)));
                            });
    }

    Response answer_to_creation(
        const std::variant<service::SessionMade, service::SessionRuledOut, SessionFault>& result,
        const Request& request) const {
        if (const auto* fault = std::get_if<SessionFault>(&result)) return fault_response(*fault, request);
        if (const auto* ruled_out = std::get_if<service::SessionRuledOut>(&result))
            return plain(decline(ruled_out->refusal));
        const auto& made = std::get<service::SessionMade>(result);
        const checkout::Session& session = made.session->session;
        JsonWriter json;
        json.begin_object().field("session_id", session.id);
        json.field("landing_page_url", api_->public_url + std::string(landing_path) + made.landing_token);
        // As it was made: a repeated request is answered as the first one was.
        json.field("expires_at", foundation::utc_text(session.created + checkout::session_life)).end_object();
        return json_response(201, std::move(json).finish());
    }

    std::shared_ptr<const SessionApi> api_;
};

}  // namespace

std::vector<Route> session_routes(SessionApi api) {
    const auto desk = std::make_shared<SessionDesk>(std::move(api));
    std::vector<Route> routes;
    struct Entry {
        std::string method;
        std::string pattern;
        Api api;
        std::optional<partner::Scope> scope;
        void (SessionDesk::*handle)(const Call&, Respond);
    };
    const std::string record(record_path);
    const std::string one(operator_path);
    for (const Entry& entry : {
             Entry{"POST", "/pps/api/v1/session", Api::hosted_page, {}, &SessionDesk::create},
             Entry{"GET", record, Api::hosted_page, {}, &SessionDesk::list},
             Entry{"GET", record + "/{sessionId}", Api::hosted_page, {}, &SessionDesk::read},
             Entry{"GET", one, Api::saldo, partner::Scope::read, &SessionDesk::look},
             Entry{"GET", one + "/explain", Api::saldo, partner::Scope::read, &SessionDesk::explain},
             Entry{"POST", one + "/fraud-cancellation-request", Api::saldo, partner::Scope::book,
                   &SessionDesk::flag_fraud},
         }) {
        Route route{.method = entry.method,
                    .pattern = entry.pattern,
                    .api = entry.api,
                    .scope = entry.scope,
                    .handler = [desk, handle = entry.handle](Call call, Respond respond) {
                        ((*desk).*handle)(call, std::move(respond));
                    }};
        if (entry.method == "POST") route.takes = {"application/json"};
        if (entry.handle == &SessionDesk::create) route.turns_away = partner_turned_away;
        routes.push_back(std::move(route));
    }
    return routes;
}

}  // namespace saldo::http
