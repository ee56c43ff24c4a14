#include "http/server.hpp"

#include <openssl/ssl.h>

#include <algorithm>
#include <boost/asio/ssl/context.hpp>
#include <future>
#include <span>
#include <stdexcept>
#include <thread>
#include <utility>

#include "foundation/outcome.hpp"
#include "http/connection.hpp"
#include "http/event_loop.hpp"
#include "http/listener.hpp"
#include "service/processors.hpp"

namespace saldo::http {
namespace {

namespace asio = boost::asio;

/// Of the protocols a client offers inside TLS we speak one; a client that offers only others is told so by none.
int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* chosen_size, const unsigned char* offered,
                    unsigned offered_size, void*) {
    static constexpr unsigned char spoken[] = "\x08http/1.1";
    unsigned char* match = nullptr;
    if (SSL_select_next_proto(&match, chosen_size, spoken, sizeof spoken - 1, offered, offered_size) !=
        OPENSSL_NPN_NEGOTIATED) {
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    }
    *chosen = match;
    return SSL_TLSEXT_ERR_OK;
}

std::unique_ptr<asio::ssl::context> tls_context(const TlsFiles& files) {
    auto context = std::make_unique<asio::ssl::context>(asio::ssl::context::tls_server);
    SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION);
    SSL_CTX_set_options(context->native_handle(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    // An idle client's buffers are worth more than what keeping them would save.
    SSL_CTX_set_mode(context->native_handle(), SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_alpn_select_cb(context->native_handle(), choose_protocol, nullptr);
    boost::system::error_code error;
    context->use_certificate_chain_file(files.certificate_chain, error);
    if (error)
        throw std::runtime_error("cannot use the certificate " + files.certificate_chain + ": " + error.message());
    context->use_private_key_file(files.private_key, asio::ssl::context::pem, error);
    if (error) throw std::runtime_error("cannot use the private key " + files.private_key + ": " + error.message());
    return context;
}

std::size_t thread_count(std::size_t wanted) {
    return wanted > 0 ? wanted : static_cast<std::size_t>(service::processors());
}

}  // namespace

struct Server::Running {
    Rules rules;
    std::vector<std::string> listen;
    std::vector<asio::ip::tcp::endpoint> endpoints;
    std::unique_ptr<asio::ssl::context> tls;
    std::vector<std::unique_ptr<EventLoop>> loops;
    std::vector<std::unique_ptr<Listener>> listeners;
    std::vector<std::uint16_t> ports;
    std::vector<std::thread> threads;

    void on_loop(EventLoop& loop, std::move_only_function<void()> task) {
        std::promise<void> done;
        loop.post([&] {
            task();
            done.set_value();
        });
        done.get_future().wait();
    }
};

Server::Server(ServerSettings settings, Handler handler, Hooks hooks) : running_(std::make_unique<Running>()) {
    running_->rules = {.limits = settings.limits,
                       .timeouts = settings.timeouts,
                       .proxies = TrustedProxies(settings.trusted_proxies),
                       .handler = std::move(handler),
                       .hooks = std::move(hooks)};
    if (settings.listen.empty()) throw std::invalid_argument("no address to listen on");
    for (const auto& address : settings.listen) running_->endpoints.push_back(endpoint_of(address));
    running_->listen = std::move(settings.listen);
    if (settings.tls) running_->tls = tls_context(*settings.tls);
    for (std::size_t i = 0; i < thread_count(settings.threads); ++i) {
        running_->loops.push_back(std::make_unique<EventLoop>(running_->rules));
    }
}

Server::~Server() {
    stop();
}

void Server::start() {
    foundation::ensure(running_->listeners.empty(), "a server is started once");
    for (std::size_t i = 0; i < running_->endpoints.size(); ++i) {
        try {
            running_->listeners.push_back(
                std::make_unique<Listener>(running_->endpoints[i], running_->loops, running_->tls.get()));
        } catch (const boost::system::system_error& error) {
            running_->listeners.clear();
            throw std::runtime_error("cannot listen on " + running_->listen[i] + ": " + error.code().message());
        }
        running_->ports.push_back(running_->listeners.back()->port());
    }
    for (auto& listener : running_->listeners) listener->accept_from_now_on();
    for (auto& loop : running_->loops) running_->threads.emplace_back([&loop = *loop] { loop.run(); });
}

std::uint16_t Server::port() const {
    return ports().front();
}

const std::vector<std::uint16_t>& Server::ports() const {
    foundation::ensure(!running_->ports.empty(), "a port is known once the server listens");
    return running_->ports;
}

std::size_t Server::connections() const {
    std::size_t count = 0;
    for (const auto& loop : running_->loops) count += loop->connection_count();
    return count;
}

void Server::stop() {
    if (running_->threads.empty()) return;
    running_->on_loop(*running_->loops.front(), [&] {
        for (auto& listener : running_->listeners) listener->close();
    });
    const auto deadline = EventLoop::Clock::now() + running_->rules.timeouts.drain;
    for (auto& loop : running_->loops) loop->post([&loop = *loop, deadline] { loop.drain(deadline); });
    for (auto& thread : running_->threads) thread.join();
    running_->threads.clear();
}

}  // namespace saldo::http
