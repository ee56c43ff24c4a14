#include "http/pay_later_api.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "foundation/json_writer.hpp"
#include "foundation/outcome.hpp"
#include "http/decline.hpp"
#include "http/problem.hpp"
#include "http/purchase_command.hpp"
#include "http/saldo_call.hpp"
#include "http/saldo_problem.hpp"
#include "ledger/due_amounts.hpp"
#include "ledger/pay_later.hpp"

namespace saldo::http {

using foundation::Day;
using foundation::JsonValue;
using foundation::JsonWriter;
using ledger::PayLaterStatus;
using ledger::Transaction;
using service::Done;
using service::NotDecided;
using service::Origin;
using service::Purchase;
using service::PurchasePtr;

namespace {

constexpr TextRule offer_id_rule{.size_min = 1, .size_max = 64};

/// The published list of answers to a booking has no 422: what the business refuses is a conflict with the state of the
/// purchase.
Response refused_booking(ledger::Refusal refusal, const Request& request) {
    Response response = refused_problem(refusal, request);
    if (response.status != 422) return response;
    return problem_response({.status = status_of_category("CONFLICT"),
                             .code = code_of(refusal),
                             .detail = ledger::explanation_of(refusal),
                             .request_id = request.request_id});
}

constexpr Nay nay{.malformed = malformed_problem, .refused = refused_booking, .not_decided = not_decided_problem};

/// The due date that the booking moved.
Day original_due_date(const Transaction& transaction) {
    return transaction.pay_later->what.due_date - foundation::Days{transaction.pay_later->what.delta_days};
}

std::string status_json(const Transaction& transaction, Day today) {
    const PayLaterStatus status = ledger::pay_later_status(transaction, today);
    JsonWriter json;
    json.begin_object().field("transaction_id", transaction.id).field("pay_later_status", ledger::name_of(status));
    if (const auto& booked = transaction.pay_later) {
        json.key("booking")
            .begin_object()
            .field("fee", booked->what.fee)
            .field("currency", transaction.currency().code())
            .field("delta_due_date", booked->what.delta_days)
            .field("original_due_date", original_due_date(transaction))
            .field("updated_due_date", booked->what.due_date)
            .field("booking_timestamp", transaction.zone().text(booked->recorded_at));
        if (transaction.pay_later_withdrawal)
            json.field("withdrawal_date", transaction.pay_later_withdrawal->value_date);
        json.end_object();
    }
    json.end_object();
    return std::move(json).finish();
}

std::string offers_json(const Transaction& transaction, Day today) {
    const ledger::PayLaterOffers offers = ledger::pay_later_offers(transaction, today);
    JsonWriter json;
    json.begin_object().field("transaction_id", transaction.id);
    if (offers.capture) json.field("current_due_date", offers.current_due_date);
    json.key("pay_later_offers").begin_array();
    for (const ledger::OfferedPayLater& one : offers.offers)
        json.begin_object()
            .field("offer_id", one.offer->id)
            .field("price", one.offer->fee)
            .field("currency", transaction.currency().code())
            .field("delta_due_date", one.offer->delta_days)
            .field("new_due_date", one.new_due_date)
            .field("available",
                   ledger::name_of(one.is_available ? PayLaterStatus::available : PayLaterStatus::not_available))
            .end_object();
    json.end_array().end_object();
    return std::move(json).finish();
}

std::string booking_json(const Transaction& transaction) {
    const auto& booked = transaction.pay_later;
    foundation::ensure(booked.has_value(), "what was booked is in its purchase");
    JsonWriter json;
    json.begin_object()
        .field("delta_due_date", booked->what.delta_days)
        .field("fee", booked->what.fee)
        .field("currency", transaction.currency().code())
        .field("original_due_date", original_due_date(transaction))
        .field("new_due_date", booked->what.due_date)
        .field("booking_timestamp", transaction.zone().text(booked->recorded_at))
        .end_object();
    return std::move(json).finish();
}

/// The booking that the body asks for. An offer that the purchase does not know is a wrong field: no state of the
/// purchase could ever make it right.
CommandRead read_booking(JsonValue body, const Purchase* purchase) {
    return unless_malformed(body, [&](const FieldReader& in) -> ledger::Command {
        in.require({"offer_id"});
        const std::string wanted = in.text("offer_id", offer_id_rule).value_or("");
        const auto& price_list =
            purchase ? purchase->transaction.authorisation.terms.pay_later : std::optional<terms::PayLater>{};
        if (price_list && !wanted.empty() &&
            std::ranges::find(price_list->offers, wanted, &terms::PayLaterOffer::id) == price_list->offers.end())
            in.blame("offer_id", "is none of the offers of this purchase");
        return ledger::BookPayLater{wanted};
    });
}

class PayLaterDesk : public std::enable_shared_from_this<PayLaterDesk> {
  public:
    explicit PayLaterDesk(PayLaterApi api) : api_(api) {}

    void get_status(const Call& call, Respond respond) const { read(call, std::move(respond), status_json); }
    void get_offers(const Call& call, Respond respond) const { read(call, std::move(respond), offers_json); }

    void book(const Call& call, Respond respond) const {
        auto key = key_of(*call.request, KeyNeed::optional);
        if (!key) return respond(std::move(key).error());
        Origin origin = who_asks(call);
        origin.key = *std::move(key);
        carry_out(
            api_.purchases, nay,
            {.request = call.request,
             .origin = std::move(origin),
             .transaction_id = call.parameter("transaction_id"),
             .read = read_booking,
             .answer = [](const Done& done) { return json_response(200, booking_json(done.purchase->transaction)); }},
            std::move(respond));
    }

  private:
    void read(const Call& call, Respond respond, std::string (*render)(const Transaction&, Day)) const {
        api_.purchases.find(who_asks(call), call.parameter("transaction_id"),
                            [self = shared_from_this(), request = call.request, respond = std::move(respond),
                             render](std::variant<PurchasePtr, NotDecided> found) mutable {
                                if (const auto* why = std::get_if<NotDecided>(&found))
                                    return respond(not_decided_problem(*why, *request));
                                const Transaction& transaction = std::get<PurchasePtr>(found)->transaction;
                                const Day today = transaction.zone().day_of(self->api_.clock.now());
                                respond(json_response(200, render(transaction, today)));
                            });
    }

    PayLaterApi api_;
};

}  // namespace

std::vector<Route> pay_later_routes(PayLaterApi api) {
    const auto desk = std::make_shared<PayLaterDesk>(api);
    std::vector<Route> routes;
    const auto add = [&](std::string method, std::string_view rest,
                         void (PayLaterDesk::*handle)(const Call&, Respond) const) {
        Route route{
            .method = std::move(method),
            .pattern = "/order/paylater/v1/{transaction_id}" + std::string(rest),
            .api = Api::pay_later,
            .gives = {"application/json"},
            .handler = [desk, handle](Call call, Respond respond) { ((*desk).*handle)(call, std::move(respond)); }};
        if (route.method != "GET" || api.content_type == StatusApi::ContentType::required)
            route.takes = {"application/json"};
        routes.push_back(std::move(route));
    };
    add("GET", "/status", &PayLaterDesk::get_status);
    add("GET", "/offers", &PayLaterDesk::get_offers);
    add("POST", "", &PayLaterDesk::book);
    return routes;
}

std::string pay_later_withdrawal_json(const Transaction& transaction) {
    const auto& withdrawn = transaction.pay_later_withdrawal;
    foundation::ensure(withdrawn.has_value(), "what was withdrawn is in its purchase");
    JsonWriter json;
    json.begin_object()
        .field("fee_id", withdrawn->what.id)
        .field("transaction_id", transaction.id)
        .field("fee", withdrawn->what.fee)
        .field("currency", transaction.currency().code())
        .field("withdrawal_date", withdrawn->value_date)
        .field("current_due_date", original_due_date(transaction))
        .field("recorded_at", transaction.zone().text(withdrawn->recorded_at))
        .field("actor", withdrawn->actor);
    if (const auto& comment = withdrawn->what.comment) json.field("comment", comment->text());
    json.field("open_amount", ledger::open_amount(transaction, transaction.zone().day_of(withdrawn->recorded_at)))
        .end_object();
    return std::move(json).finish();
}

}  // namespace saldo::http
