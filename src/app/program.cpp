#include "app/program.hpp"

#include <cstdlib>
#include <stdexcept>
#include <utility>

#include "app/administration.hpp"
#include "app/engine.hpp"
#include "app/inspection.hpp"
#include "app/os_random.hpp"
#include "app/production.hpp"
#include "app/sandbox.hpp"
#include "app/settings.hpp"
#include "service/clocks.hpp"

namespace saldo::app {

namespace {

constexpr const char* master_key_variable = "SALDO_MASTER_KEY";

std::filesystem::path data_of(const cli::StorePlace& place) {
    if (place.data) return *place.data;
    if (place.config) return read_settings(*place.config).data;
    throw std::runtime_error("It is not said which store: add --data DIR or --config FILE.");
}

/// The key that the settings name; of a sandbox, the one that lies beside its data; else the environment's, if it has
/// one.
std::optional<subject::Key> known_master_key(const cli::StorePlace& place) {
    if (place.config) return master_key_of(read_settings(*place.config));
    const std::filesystem::path sandbox_key = data_of(place) / sandbox_key_name;
    if (std::filesystem::exists(sandbox_key)) return service::read_master_key(sandbox_key);
    const char* digits = std::getenv(master_key_variable);  // NOLINT(concurrency-mt-unsafe): no variables are set here
    if (!digits) return std::nullopt;
    return service::master_key_of(digits, std::string("the environment variable ") + master_key_variable);
}

std::unique_ptr<cli::Inspection> inspect(const cli::StorePlace& place) {
    return inspection_of({.data = data_of(place), .master_key = known_master_key(place)});
}

/// One request on a store that no server runs on.
cli::Reply administer(const cli::StorePlace& place, std::string_view request) {
    const std::filesystem::path data = data_of(place);
    // Settings say where a store shall be; a directory that was only typed must have one already.
    if (!place.config && !std::filesystem::exists(data / "saldo.db"))
        throw service::StoreFailed("There is no store in " + data.string() + ".");
    auto master_key = known_master_key(place);
    if (!master_key)
        throw service::MasterKeyUnusable(
            "This needs the master key: name the settings with --config, or set SALDO_MASTER_KEY.");

    OsRandom random;
    const store::DataDirectory directory = store::DataDirectory::at(data);
    OpenStore store(directory, *std::move(master_key));
    service::SystemClock clock(store.newest);
    Engine engine({.store = store, .clock = clock, .random = random, .readers = 1});
    std::optional<http::SigningKeys> keys;
    cli::Administration administration = administration_of(
        engine,
        [&]() -> http::SigningKeys& {
            if (!keys) keys.emplace(store.secrets, service::system_time());
            return *keys;
        },
        // The next server sends it.
        [&](std::string_view delivery_id) {
            return store.deliveries->send_again(delivery_id, service::system_time());
        });
    return administration.carry_out(request);
}

}  // namespace

cli::Program program() {
    return {.dev = run_sandbox,
            .serve = run_production,
            .data_of = data_of,
            .inspect = inspect,
            .administer = administer,
            .make_master_key =
                [](const std::filesystem::path& file) {
                    OsRandom random;
                    service::make_master_key(file, random);
                },
            .routes = all_routes,
            .example_settings = example_settings()};
}

}  // namespace saldo::app
