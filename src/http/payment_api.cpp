#include "http/payment_api.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <variant>

#include "foundation/outcome.hpp"
#include "http/decline.hpp"
#include "http/field_reader.hpp"
#include "http/idempotency_key.hpp"
#include "http/negotiation.hpp"
#include "http/partner_origin.hpp"
#include "http/payment_codec.hpp"
#include "http/payment_hal.hpp"
#include "http/problem.hpp"
#include "http/purchase_command.hpp"
#include "partner/partner.hpp"

namespace saldo::http {

using foundation::Currency;
using foundation::ensure;
using foundation::Instant;
using foundation::JsonValue;
using foundation::Outcome;
using ledger::BasketChange;
using ledger::Dated;
using ledger::Refusal;
using ledger::ShippingInformationAdded;
using ledger::Transaction;
using service::Done;
using service::NotDecided;
using service::Origin;
using service::Purchase;
using service::PurchasePtr;
using service::Purchases;
using service::SaidNo;

namespace {

using Kind = BasketChange::Kind;
using Found = std::variant<PurchasePtr, NotDecided>;

constexpr std::string_view collection_path = "/transaction/management/v2/transactions";
constexpr std::string_view transaction_path = "/transaction/management/v2/transactions/{ratepay_transaction_id}";
constexpr std::string_view transaction_id = "ratepay_transaction_id";
constexpr std::string_view capture_id = "ratepay_capture_id";
constexpr std::string_view shipping_id = "ratepay_shipping_information_id";

Response not_decided(NotDecided why, const Request& request) {
    if (why == NotDecided::unknown_transaction) return not_found_decline("TRANSACTION_NOT_FOUND");
    if (why == NotDecided::key_reused) return conflict_decline();
    if (why == NotDecided::expires_in_past)
        return decline(
            Malformed{Malformed::Kind::invalid_fields, {{"$.authorization_expires", std::string(not_in_future)}}});
    return failure_response(why, request.request_id);
}

constexpr Nay nay{.malformed = [](const Malformed& malformed, const Request&) { return decline(malformed); },
                  .refused = [](Refusal refusal, const Request&) { return decline(refusal); },
                  .not_decided = not_decided};

bool knows_key(const Purchase& purchase, const std::optional<std::string>& key) {
    return key && std::ranges::find(purchase.keys, *key, &service::KeyUse::key) != purchase.keys.end();
}

const BasketChange& change_of(const Transaction& transaction, std::int64_t seq) {
    const auto found = std::ranges::find(transaction.changes, seq, &BasketChange::seq);
    ensure(found != transaction.changes.end(), "an operation that was carried out is not in its purchase");
    return *found;
}

const BasketChange* change_of(const Transaction& transaction, Kind kind, std::string_view id) {
    const auto found = std::ranges::find_if(transaction.changes, [&](const BasketChange& change) {
        return change.kind == kind && change.operation().id == id;
    });
    return found == transaction.changes.end() ? nullptr : &*found;
}

Extent extent_of(const Request& request) {
    return preferred_return(request) == Return::representation ? Extent::full : Extent::minimal;
}

/// The answer to a write: as much of the resource as the client prefers, `render(extent)`.
template <class Render>
Response answer_to_write(int status, const Request& request, Render render) {
    const Extent extent = extent_of(request);
    auto response = hal_response(status, render(extent));
    if (extent == Extent::full) response.fields.add("Preference-Applied", "return=representation");
    return response;
}

/// What the routes of the Payment API share.
class PaymentDesk : public std::enable_shared_from_this<PaymentDesk> {
  public:
    PaymentDesk(Purchases& purchases, service::Clock& clock, std::string_view public_url)
        : purchases_(purchases), clock_(clock), hal_(public_url) {}

    void authorise(Call call, Respond respond) {
        auto origin = origin_of_write(call);
        if (!origin) return respond(std::move(origin).error());
        const auto body = parse_object(call.request->body);
        if (!body) return respond(decline(body.error()));
        // A repeated authorisation gets its first answer, also when the instant at which it asked to end has passed
        // since: with a key, that is judged behind the look for the key.
        const Instant now = clock_.now();
        auto command = read_authorise(body->root(), origin->key ? Instant::min() : now);
        if (!command) return respond(decline(read_authorise(body->root(), now).error()));
        purchases_.authorise(
            *std::move(origin), *std::move(command),
            [self = shared_from_this(), request = call.request, respond = std::move(respond)](
                service::Result result) mutable { respond(self->answer_to_authorisation(result, *request)); });
    }

    void change_expiry(Call call, Respond respond) {
        const auto key = idempotency_key_of(*call.request);
        operate(
            call, std::move(respond),
            [self = shared_from_this(), key](JsonValue body, const Purchase* purchase) {
                const Instant now = self->clock_.now();
                if (!purchase) return read_transaction_patch(body, now, now);
                // A repeated patch gets its first answer, also when the instant it asked for has passed since.
                const bool is_repeat = knows_key(*purchase, *key);
                return read_transaction_patch(body, purchase->transaction.expires, is_repeat ? Instant::min() : now);
            },
            [self = shared_from_this(), request = call.request](const Done& done) {
                return answer_to_write(200, *request, [&](Extent extent) {
                    return self->hal_.transaction(done.purchase->transaction, extent);
                });
            });
    }

    using ReadOperation = CommandRead (*)(JsonValue body, std::optional<Currency> currency);

    void change_basket(Call call, Respond respond, ReadOperation read) {
        operate(
            call, std::move(respond),
            [read](JsonValue body, const Purchase* purchase) {
                return read(body, purchase ? std::optional(purchase->transaction.currency()) : std::nullopt);
            },
            [self = shared_from_this(), request = call.request](const Done& done) {
                const Transaction& transaction = done.purchase->transaction;
                const BasketChange& change = change_of(transaction, done.seq);
                auto response = answer_to_write(
                    201, *request, [&](Extent extent) { return self->hal_.operation(transaction, change, extent); });
                response.fields.add("Location", self->hal_.operation_url(transaction, change));
                return response;
            });
    }

    void add_shipping_information(Call call, Respond respond) {
        const std::string& capture = call.parameter(capture_id);
        operate(
            call, std::move(respond),
            [capture](JsonValue body, const Purchase*) { return read_shipping_information(body, capture); },
            [self = shared_from_this(), request = call.request](const Done& done) {
                const Transaction& transaction = done.purchase->transaction;
                const auto& all = transaction.shipping_informations;
                const auto shipping = std::ranges::find(all, done.seq, &Dated<ShippingInformationAdded>::seq);
                ensure(shipping != all.end(), "shipping information that was added is not in its purchase");
                auto response = answer_to_write(201, *request, [&](Extent extent) {
                    return self->hal_.shipping_information(transaction, *shipping, extent);
                });
                response.fields.add("Location", self->hal_.shipping_url(transaction, *shipping));
                return response;
            },
            [capture](const Transaction& transaction) -> std::optional<Response> {
                if (change_of(transaction, Kind::capture, capture)) return std::nullopt;
                return not_found_decline(names_of(Kind::capture).not_found);
            });
    }

    void get_transaction(Call call, Respond respond) {
        show(std::move(call), std::move(respond), [self = shared_from_this()](const Transaction& transaction) {
            return hal_response(200, self->hal_.transaction(transaction, Extent::full));
        });
    }

    void get_operations(Call call, Respond respond, Kind kind) {
        show(std::move(call), std::move(respond), [self = shared_from_this(), kind](const Transaction& transaction) {
            return hal_response(200, self->hal_.operations(transaction, kind));
        });
    }

    void get_operation(Call call, Respond respond, Kind kind) {
        std::string id = call.parameter(names_of(kind).id);
        show(std::move(call), std::move(respond),
             [self = shared_from_this(), kind, id = std::move(id)](const Transaction& transaction) {
                 const BasketChange* change = change_of(transaction, kind, id);
                 if (!change) return not_found_decline(names_of(kind).not_found);
                 return hal_response(200, self->hal_.operation(transaction, *change, Extent::full));
             });
    }

    void get_shipping_informations(Call call, Respond respond) {
        std::string capture = call.parameter(capture_id);
        show(std::move(call), std::move(respond),
             [self = shared_from_this(), capture = std::move(capture)](const Transaction& transaction) {
                 if (!change_of(transaction, Kind::capture, capture))
                     return not_found_decline(names_of(Kind::capture).not_found);
                 return hal_response(200, self->hal_.shipping_informations(transaction, capture));
             });
    }

    void get_shipping_information(Call call, Respond respond) {
        std::string capture = call.parameter(capture_id);
        std::string id = call.parameter(shipping_id);
        show(std::move(call), std::move(respond),
             [self = shared_from_this(), capture = std::move(capture),
              id = std::move(id)](const Transaction& transaction) {
                 if (!change_of(transaction, Kind::capture, capture))
                     return not_found_decline(names_of(Kind::capture).not_found);
                 for (const auto& shipping : transaction.shipping_informations)
                     if (shipping.what.id == id && shipping.what.capture_id == capture)
                         return hal_response(200, self->hal_.shipping_information(transaction, shipping, Extent::full));
                 return not_found_decline("SHIPPING_INFORMATION_NOT_FOUND");
             });
    }

  private:
    using Read = decltype(PurchaseCommand::read);
    using Answer = decltype(PurchaseCommand::answer);
    using Missing = decltype(PurchaseCommand::missing);

    Response answer_to_authorisation(const service::Result& result, const Request& request) const {
        if (const auto* why = std::get_if<NotDecided>(&result)) return not_decided(*why, request);
        if (const auto* no = std::get_if<SaidNo>(&result)) {
            if (!no->purchase || !no->purchase->transaction.is_declined() || no->purchase->transaction.erased)
                return decline(no->refusal);
            return hal_response(status_of(no->refusal), hal_.declined_authorisation(no->purchase->transaction));
        }
        const Transaction& transaction = std::get<Done>(result).purchase->transaction;
        auto response =
            answer_to_write(201, request, [&](Extent extent) { return hal_.transaction(transaction, extent); });
        response.fields.add("Location", hal_.transaction_url(transaction));
        return response;
    }

    /// Answers a write on a purchase.
    void operate(const Call& call, Respond respond, Read read, Answer answer, Missing missing = {}) {
        auto origin = origin_of_write(call);
        if (!origin) return respond(std::move(origin).error());
        carry_out(purchases_, nay,
                  {.request = call.request,
                   .origin = *std::move(origin),
                   .transaction_id = call.parameter(transaction_id),
                   .read = std::move(read),
                   .answer = std::move(answer),
                   .missing = std::move(missing)},
                  std::move(respond));
    }

    /// Answers a read with `render(transaction)`, unless the purchase is not there or its buyer was erased.
    template <class Render>
    void show(Call call, Respond respond, Render render) {
        std::string id = call.parameter(transaction_id);
        purchases_.find(
            origin_of(call), std::move(id),
            [request = call.request, respond = std::move(respond), render = std::move(render)](Found found) mutable {
                if (const auto* why = std::get_if<NotDecided>(&found)) return respond(not_decided(*why, *request));
                const Transaction& transaction = std::get<PurchasePtr>(found)->transaction;
                auto response = render(transaction);
                if (transaction.erased && response.status < 400) response = decline(Refusal::anonymized_by_buyer);
                respond(std::move(response));
            });
    }

    Purchases& purchases_;
    service::Clock& clock_;
    PaymentHal hal_;
};

Route route(std::string method, std::string pattern, std::function<void(Call, Respond)> handler) {
    std::vector<std::string_view> takes;
    if (method == "POST") takes = {"application/json"};
    if (method == "PATCH") takes = {"application/merge-patch+json"};
    return {.method = std::move(method),
            .pattern = std::move(pattern),
            .api = Api::payment,
            .turns_away = partner_turned_away,
            .takes = std::move(takes),
            .handler = std::move(handler)};
}

}  // namespace

std::vector<Route> payment_routes(Purchases& purchases, service::Clock& clock, std::string_view public_url) {
    const auto desk = std::make_shared<PaymentDesk>(purchases, clock, public_url);
    const std::string one(transaction_path);
    std::vector<Route> routes;
    const auto add = [&](std::string method, std::string pattern, auto handle) {
        routes.push_back(
            route(std::move(method), std::move(pattern), [desk, handle](Call call, Respond respond) mutable {
                handle(*desk, std::move(call), std::move(respond));
            }));
    };
    const auto plain = [](void (PaymentDesk::*handle)(Call, Respond)) {
        return [handle](PaymentDesk& at, Call call, Respond respond) {
            (at.*handle)(std::move(call), std::move(respond));
        };
    };

    add("POST", std::string(collection_path), plain(&PaymentDesk::authorise));
    add("GET", one, plain(&PaymentDesk::get_transaction));
    add("PATCH", one, plain(&PaymentDesk::change_expiry));

    const std::vector<std::pair<Kind, PaymentDesk::ReadOperation>> operations{{Kind::increment, read_increase},
                                                                              {Kind::cancellation, read_cancel},
                                                                              {Kind::capture, read_capture},
                                                                              {Kind::refund, read_refund}};
    for (const auto& [operation_kind, operation_read] : operations) {
        const Kind kind = operation_kind;
        const auto read = operation_read;
        const std::string list = one + "/" + std::string(names_of(kind).collection);
        add("POST", list, [read](PaymentDesk& at, Call call, Respond respond) {
            at.change_basket(std::move(call), std::move(respond), read);
        });
        add("GET", list, [kind](PaymentDesk& at, Call call, Respond respond) {
            at.get_operations(std::move(call), std::move(respond), kind);
        });
        add("GET", list + "/{" + std::string(names_of(kind).id) + "}",
            [kind](PaymentDesk& at, Call call, Respond respond) {
                at.get_operation(std::move(call), std::move(respond), kind);
            });
    }

    const std::string parcels = one + "/captures/{" + std::string(capture_id) + "}/shipping-information";
    add("POST", parcels, plain(&PaymentDesk::add_shipping_information));
    add("GET", parcels, plain(&PaymentDesk::get_shipping_informations));
    add("GET", parcels + "/{" + std::string(shipping_id) + "}", plain(&PaymentDesk::get_shipping_information));
    return routes;
}

}  // namespace saldo::http
