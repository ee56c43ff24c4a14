#pragma once

#include "app/log.hpp"
#include "gateway/curl_outgoing.hpp"
#include "http/metrics.hpp"
#include "service/random.hpp"
#include "service/text_gateway.hpp"
#include "service/turn_thread.hpp"

namespace saldo::app {

/// What sends text messages: the operator's gateway, at work.
class Texting {
  public:
    struct Parts {
        service::TextGateway::Settings settings;
        service::Random& random;
        http::Metrics& metrics;
        Log& log;
    };
    explicit Texting(Parts parts);
    ~Texting() { thread_.stop(); }
    Texting(const Texting&) = delete;
    Texting& operator=(const Texting&) = delete;

    service::Messenger& messenger() { return gateway_; }

  private:
    void watch(http::Metrics& metrics) const;

    gateway::CurlOutgoing outgoing_;
    service::TurnThread thread_;
    service::TextGateway gateway_;
};

}  // namespace saldo::app
