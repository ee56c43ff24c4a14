#include "http/status_api.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "foundation/digest.hpp"
#include "http/negotiation.hpp"
#include "http/problem.hpp"
#include "http/saldo_problem.hpp"
#include "http/status_query.hpp"
#include "projection/status.hpp"

namespace saldo::http {

using foundation::Day;
using foundation::Instant;
using foundation::Outcome;
using ledger::Transaction;
using projection::Include;
using service::NotDecided;
using service::Origin;
using service::PurchasePtr;

namespace {

using Found = std::variant<PurchasePtr, NotDecided>;

/// Where the two documents differ at the border.
struct Face {
    DocumentKind kind;
    std::string_view pattern;
    Api api;
    int query_fault;          ///< status for a wrong parameter: one seed has 422, the other has none
    Include without_include;  ///< what is shown when `include` is not there
    std::string (*render)(const Transaction&, const projection::Reading&);
};

constexpr Face transaction_status{.kind = DocumentKind::transaction_status,
                                  .pattern = "/transaction/status/v2/transactions/{transaction-id}",
                                  .api = Api::transaction_status,
                                  .query_fault = 422,
                                  .without_include = Include::everything(),
                                  .render = projection::transaction_status};
constexpr Face order_status{.kind = DocumentKind::order_status,
                            .pattern = "/order/status/v2/transactions/{transaction-id}",
                            .api = Api::order_status,
                            .query_fault = 400,
                            .without_include = Include::nothing(),
                            .render = projection::order_status};

/// Which document is asked for.
struct Wanted {
    Include include;
    std::optional<Day> as_of;
};

Outcome<Wanted, QueryFault> wanted_of(const Request& request, const Face& face) {
    if (request.query.empty()) return Wanted{face.without_include, std::nullopt};
    const auto include = include_of(request);
    if (!include) return std::unexpected(include.error());
    const auto as_of = as_of_of(request);
    if (!as_of) return std::unexpected(as_of.error());
    return Wanted{include->value_or(face.without_include), *as_of};
}

/// The document with both heads that may go before it.
DocumentPtr document_of(const Transaction& transaction, std::string json, std::optional<Instant> valid_until) {
    Document document{.partner_id = transaction.authorisation.partner_id,
                      .json = std::move(json),
                      .etag = {},
                      .head = {},
                      .head_unchanged = {},
                      .valid_until = valid_until};
    document.etag = '"' + foundation::hex(foundation::bytes_of(foundation::sha256(document.json))) + '"';
    FieldLines validators;
    validators.add("ETag", document.etag).add("Cache-Control", "private, no-cache");
    Response unchanged{.status = 304, .fields = validators};
    document.head_unchanged = render_head(unchanged);
    Response whole{.status = 200, .fields = std::move(validators)};
    whole.fields.add("Content-Type", "application/json;charset=UTF-8");
    // The head counts the bytes of the body that it was made for.
    whole.body = document.json;
    document.head = render_head(whole);
    return std::make_shared<const Document>(std::move(document));
}

/// Nothing is copied: head and body are the document's own bytes.
Response response_with(const DocumentPtr& document, const Request& request) {
    using Bytes = std::shared_ptr<const std::string>;
    if (!wants_this(request, document->etag)) return precondition_failed(request.request_id);
    if (has_seen(request, document->etag))
        return {.status = 304, .rendered_head = Bytes(document, &document->head_unchanged)};
    return {.status = 200,
            .body = Body(Bytes(document, &document->json)),
            .rendered_head = Bytes(document, &document->head)};
}

class StatusDesk : public std::enable_shared_from_this<StatusDesk> {
  public:
    explicit StatusDesk(StatusApi api) : api_(api) {}

    void answer(const Call& call, Respond respond, const Face& face) {
        const Request& request = *call.request;
        const std::string& id = call.values.front();
        auto wanted = wanted_of(request, face);
        // A 400 comes before the question whether there is such a purchase, a 422 behind it.
        if (!wanted && face.query_fault == 400) return respond(query_problem(400, wanted.error(), request));
        if (wanted && !wanted->as_of) {
            const DocumentCache::Key key{.transaction_id = id, .kind = face.kind, .include = wanted->include};
            if (const auto document = api_.cache.find(key, api_.clock.now())) {
                if (!call.caller->sees(document->partner_id)) return respond(transaction_not_found(request));
                return respond(response_with(document, request));
            }
        }
        read(call, std::move(respond), face, std::move(wanted));
    }

  private:
    /// The ticket before the time, and both before the purchase is read: then whatever the document does not show,
    /// because it was written later or counts for a day that has only just begun, has also made the ticket void.
    void read(const Call& call, Respond respond, const Face& face, Outcome<Wanted, QueryFault> wanted) {
        const Caller& caller = *call.caller;
        Origin origin{.actor = caller.client_id,
                      .partner_id = caller.sees_every_partner() ? std::nullopt : std::optional(caller.partner_id),
                      .key = std::nullopt};
        const auto ticket = api_.cache.ticket(call.values.front());
        const Instant now = api_.clock.now();
        api_.purchases.find(std::move(origin), call.values.front(),
                            [self = shared_from_this(), request = call.request, respond = std::move(respond), &face,
                             wanted = std::move(wanted), ticket, now](Found found) mutable {
                                if (const auto* why = std::get_if<NotDecided>(&found))
                                    return respond(not_decided_problem(*why, *request));
                                if (!wanted) return respond(query_problem(face.query_fault, wanted.error(), *request));
                                respond(self->rendered(std::get<PurchasePtr>(found)->transaction, *request, face,
                                                       *wanted, ticket, now));
                            });
    }

    Response rendered(const Transaction& transaction, const Request& request, const Face& face, const Wanted& wanted,
                      DocumentCache::Ticket ticket, Instant now) const {
        const Day today = transaction.zone().day_of(now);
        const Day day = wanted.as_of.value_or(today);
        if (day > today) return query_problem(face.query_fault, as_of_in_future, request);
        if (day < transaction.created_on) return transaction_not_found(request);
        auto json = face.render(
            transaction,
            {.as_of = day, .include = wanted.include, .processing_offset_hours = api_.processing_offset_hours});
        const auto document = document_of(transaction, std::move(json), projection::valid_until(transaction, now));
        if (!wanted.as_of)
            api_.cache.put({.transaction_id = transaction.id, .kind = face.kind, .include = wanted.include}, document,
                           ticket);
        return response_with(document, request);
    }

    StatusApi api_;
};

}  // namespace

std::vector<Route> status_routes(StatusApi api) {
    const auto desk = std::make_shared<StatusDesk>(api);
    std::vector<Route> routes;
    for (const Face* face : {&transaction_status, &order_status}) {
        Route route{
            .method = "GET",
            .pattern = std::string(face->pattern),
            .api = face->api,
            .handler = [desk, face](Call call, Respond respond) { desk->answer(call, std::move(respond), *face); }};
        if (api.content_type == StatusApi::ContentType::required) route.takes = {"application/json"};
        // Their seeds know JSON alone, and 406 for everything else.
        route.gives = {"application/json"};
        routes.push_back(std::move(route));
    }
    return routes;
}

}  // namespace saldo::http
