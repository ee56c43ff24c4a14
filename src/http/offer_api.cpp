#include "http/offer_api.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "foundation/json_writer.hpp"
#include "http/field_reader.hpp"
#include "http/problem.hpp"
#include "http/saldo_problem.hpp"
#include "projection/offer_document.hpp"
#include "terms/instalment_offer.hpp"

namespace saldo::http {

using foundation::Currency;
using foundation::JsonValue;
using foundation::JsonWriter;
using foundation::Money;
using foundation::Outcome;
using terms::Contract;

namespace {

/// What the body asks for.
struct Question {
    std::optional<std::string> partner_id;
    terms::OfferWish wish;
};

Outcome<Question, Malformed> read_question(JsonValue body) {
    return unless_malformed(body, [](const FieldReader& in) {
        in.require({"amount", "currency"});
        Question question;
        const auto currency = in.currency("currency");
        question.partner_id = in.text("partner_id", {.size_min = 1, .size_max = 255});
        question.wish.credit = in.money("amount", currency, Sign::positive).value_or(Money{});
        // Which numbers and days there are is the contract's to say; here they only have to be some.
        if (const auto number = in.whole("number_of_instalments", {.min = 0, .max = 1000}))
            question.wish.instalments = static_cast<int>(*number);
        question.wish.wished_rate = in.money("instalment_max", currency, Sign::positive);
        if (const auto day = in.whole("payment_day", {.min = 1, .max = 31}))
            question.wish.payment_day = static_cast<int>(*day);
        if (in.has("number_of_instalments") && in.has("instalment_max"))
            in.blame("instalment_max", "cannot stand beside number_of_instalments");
        return question;
    });
}

std::string offers_json(const terms::InstalmentTerms& terms, const std::vector<terms::InstalmentOffer>& offers) {
    JsonWriter out;
    out.begin_object().key("offers").begin_array();
    for (const terms::InstalmentOffer& offer : offers) projection::write_offer(out, terms, offer);
    out.end_array().end_object();
    return std::move(out).finish();
}

/// Why a purchase of that amount would be declined, whatever the plan.
std::optional<ledger::Refusal> refusal_of(const Contract& contract, Money amount) {
    const terms::AmountLimits* limits = contract.limits_of(amount.currency());
    if (!limits) return ledger::Refusal::currency_not_allowed;
    if (amount < limits->min) return ledger::Refusal::basket_amount_too_low;
    if (amount > limits->max) return ledger::Refusal::basket_amount_too_high;
    if (!contract.instalments) return ledger::Refusal::payment_method_not_allowed;
    return std::nullopt;
}

class OfferDesk {
  public:
    explicit OfferDesk(OfferApi api) : api_(std::move(api)) {}

    Response offers(const Call& call) const {
        const Request& request = *call.request;
        const auto body = parse_object(request.body);
        if (!body) return malformed_problem(body.error(), request);
        auto question = read_question(body->root());
        if (!question) return malformed_problem(question.error(), request);

        const Caller& caller = *call.caller;
        const auto everybody = api_.directory();
        const std::string& partner_id = question->partner_id ? *question->partner_id : caller.partner_id;
        const partner::Partner* partner = caller.sees(partner_id) ? everybody->partner(partner_id) : nullptr;
        if (!partner || !partner->contract)
            return problem_response({.status = 404,
                                     .code = "PARTNER_NOT_FOUND",
                                     .detail = "There is no partner of that id.",
                                     .request_id = request.request_id,
                                     .hint = "A client that sees every partner says which with partner_id."});
        return answer(*partner->contract, question->wish, request);
    }

  private:
    Response answer(const Contract& contract, terms::OfferWish wish, const Request& request) const {
        if (const auto refusal = refusal_of(contract, wish.credit)) return refused_problem(*refusal, request);
        wish.calculated = contract.zone.day_of(api_.clock.now());
        const auto found = terms::offers(*contract.instalments, contract.credit_conditions(), wish);
        if (!found)
            return problem_response({.status = 422,
                                     .code = terms::name_of(found.error()),
                                     .detail = terms::explain(found.error()),
                                     .request_id = request.request_id});
        Response response{.status = 200, .body = offers_json(*contract.instalments, *found)};
        response.fields.add("Content-Type", "application/json").add("Cache-Control", "no-store");
        return response;
    }

    OfferApi api_;
};

}  // namespace

std::vector<Route> offer_routes(OfferApi api) {
    const auto desk = std::make_shared<const OfferDesk>(std::move(api));
    std::vector<Route> routes;
    routes.push_back({.method = "POST",
                      .pattern = "/saldo/v1/instalment-offers",
                      .api = Api::saldo,
                      .scope = partner::Scope::read,
                      .takes = {"application/json"},
                      .handler = [desk](const Call& call, Respond respond) { respond(desk->offers(call)); }});
    return routes;
}

}  // namespace saldo::http
