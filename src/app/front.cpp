#include "app/front.hpp"

#include <iterator>
#include <utility>

#include "foundation/id.hpp"
#include "http/code_api.hpp"
#include "http/direct_debit_api.hpp"
#include "http/front_page.hpp"
#include "http/offer_api.hpp"
#include "http/pay_later_api.hpp"
#include "http/payment_api.hpp"
#include "http/problem.hpp"
#include "http/sandbox_phone_api.hpp"
#include "http/session_api.hpp"
#include "service/clocks.hpp"
#include "service/previous_hashes.hpp"
#include "service/session_fold.hpp"

namespace saldo::app {

namespace {

void append(std::vector<http::Route>& routes, std::vector<http::Route> more) {
    routes.insert(routes.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

std::string address_of(const http::ServerSettings& settings, const http::Server& server) {
    const std::string& listen = settings.listen.front();
    return (settings.tls ? "https://" : "http://") + listen.substr(0, listen.rfind(':') + 1) +
           std::to_string(server.port());
}

}  // namespace

http::Handler Front::handler(const std::atomic<const http::Router*>& router) const {
    return [&router](http::RequestPtr request, http::Respond respond) {
        if (const http::Router* open = router.load(std::memory_order_acquire)) {
            (*open)(std::move(request), std::move(respond));
            return;
        }
        http::Response starting = http::problem_response({.status = 503,
                                                          .code = "STARTING",
                                                          .detail = "The server is starting.",
                                                          .request_id = request->request_id});
        starting.fields.add("Retry-After", "1");
        respond(std::move(starting));
    };
}

/// What the page of the sandbox's phone shows; nothing where there is none.
std::function<std::vector<web::PhoneMessage>()> phone_of(service::SandboxPhone* phone) {
    if (!phone) return {};
    return [phone] {
        std::vector<web::PhoneMessage> shown;
        for (const service::SandboxPhone::Received& one : phone->messages())
            shown.push_back({.to = one.message.to, .at = foundation::utc_text(one.at), .text = one.message.text});
        return shown;
    };
}

/// The hashes before each event make the answer one that anybody can compute again.
std::vector<http::LoggedEvent> log_of(service::EventStore& store, const std::string& transaction_id) {
    const auto reader = store.reader();
    const auto content = reader->read({foundation::bucket_of(transaction_id), transaction_id});
    const auto hashes = service::previous_hashes(*reader, content.events);
    std::vector<http::LoggedEvent> log;
    for (std::size_t i = 0; i < hashes.size(); ++i) log.push_back({content.events[i], hashes[i]});
    return log;
}

std::vector<http::Route> Front::all_routes(Parts& parts) {
    Engine& engine = parts.engine;
    service::EventStore& store = *parts.store.events;
    std::vector<http::Route> routes = http::sign_in_routes(*desk_, parts.keys, system_time_);
    append(routes, http::front_page_routes(url_));
    append(routes, http::payment_routes(engine.purchases(), parts.clock, url_));
    append(routes, http::status_routes({.purchases = engine.purchases(),
                                        .clock = parts.clock,
                                        .cache = engine.documents(),
                                        .processing_offset_hours = parts.processing_offset_hours,
                                        .content_type = parts.content_type_on_get}));
    append(routes,
           http::pay_later_routes(
               {.purchases = engine.purchases(), .clock = parts.clock, .content_type = parts.content_type_on_get}));
    append(routes, http::code_routes(engine.purchases(), parts.clock, url_));
    if (parts.sandbox_phone) append(routes, http::sandbox_phone_routes(*parts.sandbox_phone));
    append(
        routes,
        http::session_routes(
            {.sessions = engine.sessions(),
             .clock = parts.clock,
             .public_url = url_,
             .in_background = [&engine](auto task) { return engine.in_background(std::move(task)); },
             .list = [&engine](const service::SessionsWanted& wanted,
                               const service::SessionLook& look) { engine.indexer().sessions(wanted, look); },
             .events_of = [&store](const std::string& id) { return service::session_events(*store.reader(), id); }}));
    append(routes,
           web::payment_page_routes({.sessions = engine.sessions(),
                                     .purchases = engine.purchases(),
                                     .clock = parts.clock,
                                     .directory = [&engine] { return engine.partners().directory(); },
                                     .kind = parts.payment_page,
                                     .scheme = url_.starts_with("https:") ? http::Scheme::https : http::Scheme::http,
                                     .phone = phone_of(parts.sandbox_phone)}));
    append(routes,
           http::direct_debit_routes(
               {.purchases = engine.purchases(),
                .clock = parts.clock,
                .in_background = [&engine](auto task) { return engine.in_background(std::move(task)); },
                .find_terms = [&engine](auto partner_id, auto word, auto* after,
                                        int limit) { return engine.indexer().find(partner_id, word, after, limit); }}));
    append(routes,
           http::saldo_routes(
               {.purchases = engine.purchases(),
                .clock = parts.clock,
                .in_background = [&engine](auto task) { return engine.in_background(std::move(task)); },
                .log_of = [&store](const std::string& id) { return log_of(store, id); },
                .find_terms = [&engine](auto partner_id, auto word, auto* after,
                                        int limit) { return engine.indexer().find(partner_id, word, after, limit); },
                .trial_balance = [&engine](std::string_view partner_id) -> http::TrialBalance {
                    auto sums = engine.indexer().sums(partner_id);
                    return {.as_of_position = sums.as_of.text, .accounts = std::move(sums.accounts)};
                },
                .clock_control = std::move(parts.clock_control)}));
    append(routes, http::offer_routes(
                       {.directory = [&engine] { return engine.partners().directory(); }, .clock = parts.clock}));
    append(routes, http::webhook_routes(parts.post.api()));
    return routes;
}

Front::Front(Parts parts) : log_(parts.log), metrics_(parts.metrics), system_time_(service::system_time) {
    const http::Hooks hooks{
        .on_answered =
            [this](const http::Answered& answered) {
                metrics_.count(answered);
                log_.answered(answered);
            },
        .on_failure =
            [this](std::string_view request_id, std::string_view what) {
                log_.write(Log::Level::error, what, {{"request_id", std::string(request_id)}});
            },
    };
    server_.emplace(parts.server, handler(open_), hooks);
    server_->start();
    address_ = address_of(parts.server, *server_);
    url_ = parts.public_url.empty() ? address_ : parts.public_url;

    Engine& engine = parts.engine;
    const http::Directory directory = [&engine] { return engine.partners().directory(); };
    gate_.emplace(parts.keys, directory, system_time_, http::BearerGate::Settings{.issuer = url_});
    desk_.emplace(parts.keys, directory, system_time_, parts.random,
                  http::TokenDesk::Settings{.issuer = url_, .limits = parts.sign_in});

    metrics_.watch("saldo_connections", "Clients that are connected.",
                   [this] { return static_cast<double>(server_->connections()); });
    const auto is_ready = [this] { return serves_.load(); };
    std::vector<http::Route> routes = all_routes(parts);
    if (parts.admin_routes == AdminRoutes::beside_the_others) append(routes, http::admin_routes(metrics_, is_ready));
    router_.emplace(std::move(routes), *gate_);
    router_->on_denied = [this](std::string_view request_id, std::string_view reason) {
        metrics_.count_denied(reason);
        log_.write(Log::Level::info, "denied",
                   {{"request_id", std::string(request_id)}, {"reason", std::string(reason)}});
    };
    if (parts.admin_listen) {
        admin_router_.emplace(http::admin_routes(metrics_, is_ready), *gate_);
        admin_open_ = &*admin_router_;
        const http::ServerSettings settings{.listen = {*parts.admin_listen}, .threads = 1};
        admin_server_.emplace(settings, handler(admin_open_));
        admin_server_->start();
        admin_address_ = address_of(settings, *admin_server_);
    }
    open_.store(&*router_, std::memory_order_release);
    serves_ = true;
}

Front::~Front() {
    // The world first: who balances its load reads on the operator's address that it should go elsewhere.
    serves_ = false;
    server_->stop();
}

}  // namespace saldo::app
