#pragma once

#include <memory>
#include <optional>

#include "app/engine.hpp"
#include "app/log.hpp"
#include "gateway/curl_outgoing.hpp"
#include "http/metrics.hpp"
#include "http/webhook_api.hpp"
#include "service/clock.hpp"
#include "service/courier_thread.hpp"

namespace saldo::app {

/// What tells merchants: a courier at work on an open store. Its end leaves what is under way to the next one.
class Post {
  public:
    struct Parts {
        Engine& engine;
        OpenStore& store;
        service::Clock& clock;
        http::Metrics& metrics;
        Log& log;
        service::Reach reach_of_everybody = {};  ///< beside what each partner may reach
    };
    explicit Post(const Parts& parts);
    ~Post();
    Post(const Post&) = delete;
    Post& operator=(const Post&) = delete;

    /// What the routes on webhooks ask. The post outlives them.
    http::WebhookApi api();
    /// Sends a delivery once more; see `DeliveryBook::send_again`.
    bool send_again(std::string_view delivery_id);

  private:
    static service::Courier::Parts courier_parts(const Parts& parts, service::Outgoing& outgoing);
    void watch(http::Metrics& metrics);

    Engine& engine_;
    service::DeliveryBook& book_;
    gateway::CurlOutgoing outgoing_;
    std::optional<service::CourierThread> courier_;
};

}  // namespace saldo::app
