#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/caller.hpp"
#include "http/router.hpp"
#include "service/delivery_book.hpp"
#include "service/webhook_secrets.hpp"

namespace saldo::http {

/// What the routes on webhooks ask of the rest of the program. All of it outlives the routes and their answers, is
/// called on threads that may wait, and may throw StoreFailed.
struct WebhookApi {
    Directory directory;
    std::function<bool(std::move_only_function<void()>)> in_background;
    std::function<service::DeliveryBook::Page(const service::DeliveryQuestion&, std::int64_t after, int limit)> list;
    std::function<std::optional<service::Delivery>(std::string_view delivery_id)> find;
    /// As `DeliveryBook::send_again`.
    std::function<bool(std::string_view delivery_id)> send_again;
    std::function<service::NewWebhookSecret(const std::string& partner_id, service::WebhookSecrets::Switch)>
        renew_secret;
};

/// What was sent to merchants' webhooks and what became of it; sending it again; the secrets that sign.
std::vector<Route> webhook_routes(WebhookApi api);

/// `{"delivery_id", "session_id", ..., "attempts": [...]}`
std::string delivery_json(const service::Delivery& delivery);
std::string deliveries_json(const std::vector<service::Delivery>& deliveries, std::int64_t next);
/// `{"partner_id", "secret", "signs_from"}`
std::string webhook_secret_json(std::string_view partner_id, const service::NewWebhookSecret& made);

}  // namespace saldo::http
