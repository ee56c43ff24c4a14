#include "http/session_codec.hpp"

#include <algorithm>
#include <utility>

#include "http/payment_codec.hpp"

namespace saldo::http {

using foundation::Instant;
using foundation::JsonValue;
using foundation::Outcome;
using service::RequestedSession;
using subject::Sealed;

namespace {

constexpr std::size_t url_size_max = 2048;
constexpr std::size_t payment_methods_max = 20;

std::optional<Sealed> read_url(const FieldReader& in, std::string_view name) {
    auto url = in.text(name, {.size_min = 1, .size_max = url_size_max});
    if (!url) return std::nullopt;
    if (is_web_address(*url)) return Sealed(*std::move(url));
    in.blame(name, "must be an absolute http or https URL");
    return std::nullopt;
}

checkout::Order order_of(ledger::Authorise asked) {
    checkout::Order order{.partner_transaction_id = std::move(asked.partner_transaction_id),
                          .partner_operation_id = std::move(asked.partner_operation_id),
                          .currency = asked.currency,
                          .baskets = {},
                          .buyer = std::move(asked.buyer),
                          .delivery = std::move(asked.delivery),
                          .device = std::move(asked.device),
                          .expires = asked.expires};
    for (ledger::RequestedBasket& basket : asked.baskets)
        order.baskets.push_back({.shop_id = std::move(basket.shop_id).value_or(""),
                                 .shop_name = {},
                                 .shop_transaction_id = std::move(basket.shop_transaction_id),
                                 .gross = basket.gross,
                                 .lines = std::move(basket.lines),
                                 .vats = std::move(basket.vats)});
    return order;
}

}  // namespace

bool is_web_address(std::string_view url) {
    std::string_view rest;
    for (const std::string_view scheme : {std::string_view("https://"), std::string_view("http://")})
        if (url.starts_with(scheme)) rest = url.substr(scheme.size());
    const auto is_printable = [](char c) {
        return c > ' ' && c < '\x7F' && c != '\\' && c != '"' && c != '<' && c != '>';
    };
    if (rest.empty() || !std::ranges::all_of(url, is_printable)) return false;
    const std::string_view host = rest.substr(0, rest.find_first_of("/?#"));
    return !host.empty() && host.front() != ':' && host.find('@') == std::string_view::npos;
}

Outcome<RequestedSession, Malformed> read_session(JsonValue body, Instant now) {
    return unless_malformed(body, [&](const FieldReader& in) {
        RequestedSession wanted;
        in.require({"order_data"});
        if (const auto order = in.object("order_data")) {
            order->require({"buyer", "currency", "shop_baskets"});
            wanted.order = order_of(read_order(*order, now));
            order->each(
                "payment_methods", {.size_min = 1, .size_max = payment_methods_max},
                [&](const FieldReader& method) { wanted.payment_methods.push_back(read_payment_method(method)); });
        }
        if (const auto urls = in.object("url_data"))
            wanted.urls = {.success = read_url(*urls, "success_url"),
                           .cancel = read_url(*urls, "cancel_url"),
                           .failure = read_url(*urls, "failure_url"),
                           .webhook = read_url(*urls, "webhook_url")};
        return wanted;
    });
}

}  // namespace saldo::http
