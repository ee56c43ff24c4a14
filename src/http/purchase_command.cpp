#include "http/purchase_command.hpp"

#include <utility>
#include <variant>

namespace saldo::http {

using service::NotDecided;
using service::PurchasePtr;
using service::Purchases;

void carry_out(Purchases& purchases, const Nay& nay, PurchaseCommand command, Respond respond) {
    const Request& request = *command.request;
    auto body = parse_object(request.body.empty() ? command.body_if_none : std::string_view(request.body));
    if (!body) return respond(nay.malformed(body.error(), request));
    service::Origin origin = command.origin;
    std::string id = command.transaction_id;
    auto decide = [&purchases, &nay, body = *std::move(body), command = std::move(command),
                   respond = std::move(respond)](std::variant<PurchasePtr, NotDecided> found) mutable {
        const Request& asked = *command.request;
        auto* purchase = std::get_if<PurchasePtr>(&found);
        auto wanted = command.read(body.root(), purchase ? purchase->get() : nullptr);
        if (!wanted) return respond(nay.malformed(wanted.error(), asked));
        if (!purchase) return respond(nay.not_decided(std::get<NotDecided>(found), asked));
        if (command.missing)
            if (auto response = command.missing((*purchase)->transaction)) return respond(*std::move(response));
        if ((*purchase)->transaction.erased) return respond(nay.refused(ledger::Refusal::anonymized_by_buyer, asked));
        purchases.operate(std::move(command.origin), std::move(*purchase), *std::move(wanted),
                          [&nay, request = command.request, answer = std::move(command.answer),
                           respond = std::move(respond)](service::Result result) mutable {
                              if (const auto* why = std::get_if<NotDecided>(&result))
                                  return respond(nay.not_decided(*why, *request));
                              if (const auto* no = std::get_if<service::SaidNo>(&result))
                                  return respond(nay.refused(no->refusal, *request));
                              respond(answer(std::get<service::Done>(result)));
                          });
    };
    purchases.find(std::move(origin), std::move(id), std::move(decide));
}

}  // namespace saldo::http
