#include "app/post.hpp"

#include <string>
#include <utility>

#include "service/clocks.hpp"
#include "service/session_notices.hpp"

namespace saldo::app {

namespace {

service::Reach reach_of(const service::PartnerDirectory& everybody, const std::string& partner_id,
                        const service::Reach& of_everybody) {
    service::Reach reach = of_everybody;
    if (const partner::Partner* partner = everybody.partner(partner_id)) {
        reach.private_addresses |= partner->webhook_reach.private_addresses;
        reach.plain_http |= partner->webhook_reach.plain_http;
    }
    return reach;
}

}  // namespace

service::Courier::Parts Post::courier_parts(const Parts& parts, service::Outgoing& outgoing) {
    Engine& engine = parts.engine;
    return {.source = service::session_notices(*parts.store.events, parts.store.secrets.master_key()),
            .book = *parts.store.deliveries,
            .outgoing = outgoing,
            .system_time = service::system_time,
            .business_time = [&clock = parts.clock] { return clock.now(); },
            .secret_of =
                [&engine](const std::string& partner_id) {
                    return engine.webhook_secrets().signing_at(partner_id, service::system_time());
                },
            .reach_of =
                [&engine, everybody = parts.reach_of_everybody](const std::string& partner_id) {
                    return reach_of(*engine.partners().directory(), partner_id, everybody);
                },
            .on_unreadable =
                [&log = parts.log](const service::NoticeSource::Unreadable& session) {
                    log.write(Log::Level::error,
                              "webhooks: a session cannot be read and nothing is told of it; `saldo verify` tells more",
                              {{"session_id", session.session_id}, {"why", session.why}});
                }};
}

Post::Post(const Parts& parts) : engine_(parts.engine), book_(*parts.store.deliveries) {
    courier_.emplace(courier_parts(parts, outgoing_), [&log = parts.log](std::string_view what) {
        log.write(Log::Level::error, "webhooks: " + std::string(what));
    });
    engine_.watch_commits([this] { courier_->wake(); });
    watch(parts.metrics);
}

Post::~Post() {
    engine_.watch_commits({});
}

bool Post::send_again(std::string_view delivery_id) {
    if (!book_.send_again(delivery_id, service::system_time())) return false;
    courier_->wake();
    return true;
}

http::WebhookApi Post::api() {
    return {.directory = [this] { return engine_.partners().directory(); },
            .in_background = [this](auto task) { return engine_.in_background(std::move(task)); },
            .list = [this](const auto& question, std::int64_t after,
                           int limit) { return book_.list(question, after, limit); },
            .find = [this](std::string_view delivery_id) { return book_.find(delivery_id); },
            .send_again = [this](std::string_view delivery_id) { return send_again(delivery_id); },
            .renew_secret =
                [this](const std::string& partner_id, service::WebhookSecrets::Switch when) {
                    return engine_.webhook_secrets().renew(partner_id, service::system_time(), when);
                }};
}

void Post::watch(http::Metrics& metrics) {
    const auto number = [this](auto read) {
        return [this, read] { return static_cast<double>(read(courier_->numbers())); };
    };
    using Numbers = service::CourierNumbers;
    metrics.watch_total("saldo_webhooks_delivered_total", "Deliveries to webhooks that were taken.",
                        number([](const Numbers& numbers) { return numbers.delivered; }));
    metrics.watch_total("saldo_webhook_attempts_failed_total", "Attempts to deliver that failed.",
                        number([](const Numbers& numbers) { return numbers.failed; }));
    metrics.watch_total("saldo_webhooks_given_up_total", "Deliveries of which every attempt failed.",
                        number([](const Numbers& numbers) { return numbers.given_up; }));
    metrics.watch("saldo_webhooks_under_way", "Requests to webhooks that are not answered yet.",
                  number([](const Numbers& numbers) { return numbers.under_way; }));
    metrics.watch("saldo_webhook_sessions_unreadable", "Sessions that cannot be read, of which nothing is told.",
                  number([](const Numbers& numbers) { return numbers.unreadable; }));
    metrics.watch("saldo_webhooks_waiting", "Deliveries that wait for their turn or their next attempt.",
                  [this] { return static_cast<double>(book_.count_waiting()); });
}

}  // namespace saldo::app
