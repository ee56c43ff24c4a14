#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/engine.hpp"
#include "app/log.hpp"
#include "app/post.hpp"
#include "http/bearer.hpp"
#include "http/metrics.hpp"
#include "http/router.hpp"
#include "http/saldo_api.hpp"
#include "http/server.hpp"
#include "http/signing_keys.hpp"
#include "http/status_api.hpp"
#include "http/token_route.hpp"
#include "service/sandbox_phone.hpp"
#include "web/payment_page.hpp"

namespace saldo::app {

/// Where the admin routes are answered.
enum class AdminRoutes { on_their_own_address, beside_the_others };

/// The engine's face to the outside: every route, on one address for the world and one for the operator.
class Front {
  public:
    struct Parts {
        Engine& engine;
        OpenStore& store;
        Post& post;
        http::SigningKeys& keys;
        service::Clock& clock;
        service::Random& random;
        http::Metrics& metrics;
        Log& log;
        http::ServerSettings server;
        std::string public_url = {};  ///< empty: the first address that is listened on
        std::optional<std::string> admin_listen = {};
        AdminRoutes admin_routes = AdminRoutes::on_their_own_address;
        http::TryLimits sign_in = {};
        http::StatusApi::ContentType content_type_on_get = http::StatusApi::ContentType::required;
        int processing_offset_hours = 0;
        service::SandboxPhone* sandbox_phone = nullptr;                  ///< the sandbox shows what it received
        std::optional<http::SaldoApi::ClockControl> clock_control = {};  ///< the sandbox's clock can be moved
        web::PaymentPage::Kind payment_page = web::PaymentPage::Kind::production;
    };

    /// Listens at once; answers 503 until all is in place. Throws std::runtime_error for an address that cannot be
    /// listened on or a certificate that cannot be used.
    explicit Front(Parts parts);
    /// Finishes the requests in flight.
    ~Front();

    /// What every link is made from.
    const std::string& url() const { return url_; }
    /// Where it listens in fact; ports that were left open are known here.
    const std::string& address() const { return address_; }
    const std::string& admin_address() const { return admin_address_; }
    std::span<const http::Route> routes() const { return router_->routes(); }

  private:
    http::Handler handler(const std::atomic<const http::Router*>& router) const;
    std::vector<http::Route> all_routes(Parts& parts);

    Log& log_;
    http::Metrics& metrics_;
    http::SystemTime system_time_;
    std::atomic<const http::Router*> open_ = nullptr, admin_open_ = nullptr;  ///< what is served, from when on
    std::atomic<bool> serves_ = false;
    std::string address_, admin_address_, url_;
    std::optional<http::BearerGate> gate_;
    std::optional<http::TokenDesk> desk_;
    std::optional<http::Router> router_, admin_router_;
    // Servers go first: their last answers need everything above.
    std::optional<http::Server> server_, admin_server_;
};

}  // namespace saldo::app
