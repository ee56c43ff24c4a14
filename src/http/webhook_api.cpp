#include "http/webhook_api.hpp"

#include <charconv>
#include <memory>
#include <utility>

#include "foundation/base64.hpp"
#include "foundation/json_writer.hpp"
#include "http/decline.hpp"
#include "http/problem.hpp"
#include "http/saldo_problem.hpp"
#include "http/status_query.hpp"
#include "service/event_store.hpp"

namespace saldo::http {

using foundation::JsonWriter;
using foundation::Outcome;
using partner::Scope;
using service::Attempt;
using service::Delivery;
using service::DeliveryQuestion;
using service::NotDecided;

namespace {

constexpr std::string_view cursor_prefix = "delivery ";
constexpr int limit_default = 20;
constexpr int limit_max = 100;

Response json_response(int status, std::string body) {
    Response response{.status = status, .body = std::move(body)};
    response.fields.add("Content-Type", "application/json").add("Cache-Control", "no-store");
    return response;
}

Response not_found(const Request& request) {
    return problem_response({.status = 404,
                             .code = "DELIVERY_NOT_FOUND",
                             .detail = "There is no delivery of that id.",
                             .request_id = request.request_id});
}

template <class Number>
std::optional<Number> number_in(std::string_view text) {
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

/// Where a page begins: opaque outside.
std::string cursor_of(std::int64_t place) {
    return foundation::base64url(std::string(cursor_prefix) + std::to_string(place));
}

std::optional<std::int64_t> place_in(std::string_view cursor) {
    const auto text = foundation::from_base64url(cursor);
    if (!text || !text->starts_with(cursor_prefix)) return std::nullopt;
    const auto place = number_in<std::int64_t>(std::string_view(*text).substr(cursor_prefix.size()));
    return place && *place > 0 ? place : std::nullopt;
}

struct ListQuestion {
    DeliveryQuestion which;
    std::int64_t after = 0;
    int limit = limit_default;
};

/// The only value of a parameter, if it is there; `fault` when it is there twice or is not one that `read` takes.
template <class Value, class Read>
Outcome<Value, QueryFault> parameter(const Request& request, std::string_view name, Value without, Read read,
                                     QueryFault fault) {
    const auto values = parameters_of(request, name);
    if (values.empty()) return without;
    const auto value = read(values[0]);
    if (values.size() != 1 || !value) return std::unexpected(fault);
    return Value(*value);
}

Outcome<ListQuestion, QueryFault> question_of(const Call& call) {
    const Request& request = *call.request;
    ListQuestion question;
    if (!call.caller->sees_every_partner()) question.which.partner_id = call.caller->partner_id;

    auto session = parameter<std::string>(
        request, "session_id", "",
        [](const std::string& text) { return text.empty() ? std::nullopt : std::optional(text); },
        {"INVALID_SESSION_ID", "session_id is empty or there twice."});
    if (!session) return std::unexpected(session.error());
    question.which.session_id = *std::move(session);

    const auto state = parameter<std::optional<service::DeliveryState>>(
        request, "state", std::nullopt, [](const std::string& text) { return service::delivery_state(text); },
        {"INVALID_STATE", "state is none of WAITING, DELIVERED, GIVEN_UP."});
    if (!state) return std::unexpected(state.error());
    question.which.state = *state;

    const auto limit = parameter<int>(request, "limit", limit_default,
                                      [](const std::string& text) {
                                          const auto number = number_in<int>(text);
                                          return number && *number >= 1 && *number <= limit_max ? number : std::nullopt;
                                      },
                                      {"INVALID_LIMIT", "limit is no whole number from 1 to 100."});
    if (!limit) return std::unexpected(limit.error());
    question.limit = *limit;

    const auto after =
        parameter<std::int64_t>(request, "cursor", 0, place_in, {"INVALID_CURSOR", "The cursor is not one of ours."});
    if (!after) return std::unexpected(after.error());
    question.after = *after;
    return question;
}

void write(JsonWriter& json, const Attempt& attempt) {
    json.begin_object().field("number", attempt.number).field("began_at", foundation::utc_text(attempt.began_at));
    json.field("duration_ms", std::int64_t{attempt.duration.count() / 1000}).field("host", attempt.host);
    if (attempt.status != 0)
        json.field("status", attempt.status);
    else
        json.field("failure", attempt.failure);
    json.end_object();
}

void write(JsonWriter& json, const Delivery& delivery) {
    const service::Notice& notice = delivery.notice;
    json.begin_object().field("delivery_id", notice.id).field("sequence", notice.sequence);
    if (!notice.previous_id.empty()) json.field("previous_delivery_id", notice.previous_id);
    json.field("partner_id", notice.partner_id).field("session_id", notice.session_id);
    json.field("session_status", notice.session_status).field("changed_at", foundation::utc_text(notice.changed_at));
    json.field("state", service::name_of(delivery.state));
    if (delivery.next_attempt_at) json.field("next_attempt_at", foundation::utc_text(*delivery.next_attempt_at));
    json.key("attempts").begin_array();
    for (const Attempt& attempt : delivery.attempts) write(json, attempt);
    json.end_array().end_object();
}

/// What the routes share.
class WebhookDesk : public std::enable_shared_from_this<WebhookDesk> {
  public:
    explicit WebhookDesk(WebhookApi api) : api_(std::move(api)) {}

    void list(const Call& call, Respond respond) {
        const auto question = question_of(call);
        if (!question) return respond(query_problem(400, question.error(), *call.request));
        answer(call, std::move(respond), [question = *question](const WebhookApi& api, const Call&) {
            const auto page = api.list(question.which, question.after, question.limit);
            return json_response(200, deliveries_json(page.deliveries, page.next));
        });
    }

    void get(const Call& call, Respond respond) {
        answer(call, std::move(respond), [](const WebhookApi& api, const Call& asked) {
            const auto delivery = visible(api, asked);
            return delivery ? json_response(200, delivery_json(*delivery)) : not_found(*asked.request);
        });
    }

    void send_again(const Call& call, Respond respond) {
        answer(call, std::move(respond), [](const WebhookApi& api, const Call& asked) {
            const auto delivery = visible(api, asked);
            if (!delivery) return not_found(*asked.request);
            if (!api.send_again(delivery->notice.id))
                return problem_response({.status = 409,
                                         .code = "DELIVERY_WAITING",
                                         .detail = "The delivery waits for its turn or its next attempt anyway.",
                                         .request_id = asked.request->request_id});
            return json_response(202, delivery_json(api.find(delivery->notice.id).value_or(*delivery)));
        });
    }

    void renew_secret(const Call& call, Respond respond) {
        using Switch = service::WebhookSecrets::Switch;
        Switch when = Switch::after_overlap;
        const auto at_once = parameters_of(*call.request, "at_once");
        if (!at_once.empty()) {
            if (at_once.size() != 1 || (at_once[0] != "true" && at_once[0] != "false"))
                return respond(
                    query_problem(400, {"INVALID_AT_ONCE", "at_once is neither true nor false."}, *call.request));
            if (at_once[0] == "true") when = Switch::at_once;
        }
        answer(call, std::move(respond), [when](const WebhookApi& api, const Call& asked) {
            const std::string& partner_id = asked.parameter("partner_id");
            const auto everybody = api.directory();
            if (!asked.caller->sees(partner_id) || everybody->partner(partner_id) == nullptr)
                return problem_response({.status = 404,
                                         .code = "PARTNER_NOT_FOUND",
                                         .detail = "There is no partner of that id.",
                                         .request_id = asked.request->request_id});
            return json_response(201, webhook_secret_json(partner_id, api.renew_secret(partner_id, when)));
        });
    }

  private:
    /// Nothing too for another partner's.
    static std::optional<Delivery> visible(const WebhookApi& api, const Call& call) {
        auto delivery = api.find(call.parameter("delivery_id"));
        if (delivery && !call.caller->sees(delivery->notice.partner_id)) return std::nullopt;
        return delivery;
    }

    /// Answers with what `make` gives, on a thread that may wait; with 503 if the store does not answer it.
    template <class Make>
    void answer(const Call& call, Respond respond, Make make) {
        const auto waiting = std::make_shared<Respond>(std::move(respond));
        const bool is_accepted = api_.in_background([self = shared_from_this(), call, waiting, make] {
            std::optional<Response> response;
            try {
                response = make(self->api_, call);
            } catch (const service::StoreFailed&) {
                response = failure_response(NotDecided::failed, call.request->request_id);
            }
            (*waiting)(*std::move(response));
        });
        if (!is_accepted) (*waiting)(failure_response(NotDecided::busy, call.request->request_id));
    }

    WebhookApi api_;
};

}  // namespace

std::string delivery_json(const Delivery& delivery) {
    JsonWriter json;
    write(json, delivery);
    return std::move(json).finish();
}

std::string deliveries_json(const std::vector<Delivery>& deliveries, std::int64_t next) {
    JsonWriter json;
    json.begin_object().key("deliveries").begin_array();
    for (const Delivery& delivery : deliveries) write(json, delivery);
    json.end_array();
    if (next != 0) json.field("next_cursor", cursor_of(next));
    json.end_object();
    return std::move(json).finish();
}

std::string webhook_secret_json(std::string_view partner_id, const service::NewWebhookSecret& made) {
    JsonWriter json;
    json.begin_object().field("partner_id", partner_id).field("secret", made.secret);
    json.field("signs_from", foundation::utc_text(made.signs_from)).end_object();
    return std::move(json).finish();
}

std::vector<Route> webhook_routes(WebhookApi api) {
    const auto desk = std::make_shared<WebhookDesk>(std::move(api));
    std::vector<Route> routes;
    const auto add = [&](std::string method, std::string pattern, Scope scope,
                         void (WebhookDesk::*handle)(const Call&, Respond)) {
        routes.push_back({.method = std::move(method),
                          .pattern = std::move(pattern),
                          .api = Api::saldo,
                          .scope = scope,
                          .handler = [desk, handle](const Call& call, Respond respond) {
                              ((*desk).*handle)(call, std::move(respond));
                          }});
    };
    const std::string deliveries = "/saldo/v1/webhook-deliveries";
    add("GET", deliveries, Scope::read, &WebhookDesk::list);
    add("GET", deliveries + "/{delivery_id}", Scope::read, &WebhookDesk::get);
    add("POST", deliveries + "/{delivery_id}/attempts", Scope::admin, &WebhookDesk::send_again);
    add("POST", "/saldo/v1/partners/{partner_id}/webhook-secrets", Scope::admin, &WebhookDesk::renew_secret);
    return routes;
}

}  // namespace saldo::http
