#include "app/production.hpp"

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include "app/administration.hpp"
#include "app/end_signals.hpp"
#include "app/engine.hpp"
#include "app/erasure_list.hpp"
#include "app/front.hpp"
#include "app/os_random.hpp"
#include "app/post.hpp"
#include "app/texting.hpp"
#include "cli/control.hpp"
#include "service/clocks.hpp"

namespace saldo::app {

namespace {

http::ServerSettings server_settings(const Settings& settings) {
    http::ServerSettings server{.listen = settings.listen,
                                .threads = static_cast<std::size_t>(settings.threads),
                                .trusted_proxies = settings.trusted_proxies};
    if (settings.tls)
        server.tls = http::TlsFiles{.certificate_chain = settings.tls->certificate.string(),
                                    .private_key = settings.tls->key.string()};
    return server;
}

/// The value of a variable that the settings name for `what`. Throws `Unusable`.
template <class Unusable>
std::string environment(const std::string& name, std::string_view what) {
    const char* value = std::getenv(name.c_str());  // NOLINT(concurrency-mt-unsafe): nothing here sets variables
    if (!value)
        throw Unusable("The environment variable " + name + ", which the settings name for " + std::string(what) +
                       ", is not set.");
    return value;
}

std::string token_of(const Settings::SecretSource& source) {
    std::string token =
        source.file ? service::read_secret(*source.file, "The token of the message gateway in")
                    : environment<service::SecretUnusable>(*source.environment, "the token of the message gateway");
    const auto is_visible = [](char c) { return c > ' ' && c <= '~'; };
    if (token.empty() || !std::ranges::all_of(token, is_visible))
        throw service::SecretUnusable("The token of the message gateway is empty or has blanks in it.");
    return token;
}

std::optional<service::TextGateway::Settings> gateway_settings(const Settings& settings) {
    if (!settings.messages) return std::nullopt;
    return service::TextGateway::Settings{
        .url = settings.messages->url,
        .token = token_of(settings.messages->token),
        .sender = settings.messages->sender,
        // The operator says where it is: in its own network as well.
        .reach = {.private_addresses = true, .plain_http = settings.messages->url.starts_with("http:")}};
}

/// Contracts that were agreed under other settings and cannot be kept under these: a code that nobody can send would
/// lock its buyers out, and without a law no cap would hold, and nobody would see that.
void refuse_contracts_against(const Settings& settings, const service::Partners& partners,
                              const std::filesystem::path& config) {
    const auto everybody = partners.directory();
    for (const partner::Partner& partner : everybody->partners()) {
        if (!partner.contract) continue;
        const std::string its = "The contract of " + partner.name + " (" + partner.id + ") ";
        if (partner.contract->one_time_codes && !settings.messages)
            throw std::runtime_error(its + "asks for one-time codes, but nothing sends them: add [messages] to " +
                                     config.string() + ", or take `one_time_codes` out of the contract.");
        const auto& country = partner.contract->country;
        if (country && !settings.country_laws.contains(*country))
            throw std::runtime_error(its + "names the law of " + *country + ", which is not known: add [country." +
                                     *country + "] to " + config.string() + ", or take `country` out of the contract.");
    }
}

}  // namespace

subject::Key master_key_of(const Settings& settings) {
    if (settings.master_key.file) return service::read_master_key(*settings.master_key.file);
    const std::string& name = settings.master_key.environment.value();
    return service::master_key_of(environment<service::MasterKeyUnusable>(name, "the master key"),
                                  "the environment variable " + name);
}

cli::Administration::ContractRules contract_rules_of(const Settings& settings) {
    return {.codes_can_be_sent = settings.messages.has_value(), .laws = settings.country_laws};
}

cli::ExitCode run_production(const cli::ServeOptions& options) {
    EndSignals end;
    const Settings settings = read_settings(options.config);
    OsRandom random;
    const store::DataDirectory directory = store::DataDirectory::at(settings.data);
    OpenStore store(directory, master_key_of(settings));
    if (store.secrets.sandbox_mark())
        throw std::runtime_error("The data directory " + settings.data.string() +
                                 " is a sandbox's: its secrets were printed. Name another one as `data` in " +
                                 options.config.string() + ".");

    if (settings.erasures) make_erasure_list(*settings.erasures);

    Log log(settings.log_level);
    http::Metrics metrics;
    http::SigningKeys keys(store.secrets, service::system_time());
    service::SystemClock clock(store.newest);
    std::optional<Texting> texting;
    if (auto gateway = gateway_settings(settings))
        texting.emplace(
            Texting::Parts{.settings = *std::move(gateway), .random = random, .metrics = metrics, .log = log});
    Engine engine({.store = store,
                   .clock = clock,
                   .random = random,
                   .readers = settings.readers,
                   .cache_bytes = static_cast<std::size_t>(settings.cache_mib) << 20,
                   .metrics = &metrics,
                   .messenger = texting ? &texting->messenger() : nullptr,
                   .country_laws = settings.country_laws});
    refuse_contracts_against(settings, engine.partners(), options.config);
    Post post({.engine = engine, .store = store, .clock = clock, .metrics = metrics, .log = log});
    Front front({.engine = engine,
                 .store = store,
                 .post = post,
                 .keys = keys,
                 .clock = clock,
                 .random = random,
                 .metrics = metrics,
                 .log = log,
                 .server = server_settings(settings),
                 .public_url = settings.public_url,
                 .admin_listen = settings.admin_listen,
                 .sign_in = {.per_client_and_address_per_minute = settings.sign_in_failures_per_minute,
                             .per_address_per_minute = settings.sign_in_failures_per_minute_and_address},
                 .content_type_on_get = settings.require_content_type_on_get ? http::StatusApi::ContentType::required
                                                                             : http::StatusApi::ContentType::ignored,
                 .processing_offset_hours = settings.processing_offset_hours});
    cli::Administration administration = administration_of(
        engine, [&keys]() -> http::SigningKeys& { return keys; },
        [&post](std::string_view delivery_id) { return post.send_again(delivery_id); }, contract_rules_of(settings),
        settings.erasures);
    const cli::ControlServer control(directory.path(), [&administration](std::string_view request) {
        return line_of(administration.carry_out(request));
    });

    log.write(Log::Level::info, "ready",
              {{"public_url", front.url()},
               {"listening", front.address()},
               {"admin", front.admin_address()},
               {"data", settings.data.string()}});
    end.wait();
    log.write(Log::Level::info, "ending");
    return cli::ExitCode::ok;
}

}  // namespace saldo::app
