#include "app/program.hpp"

#include <utility>

#include "app/administration.hpp"
#include "app/copies.hpp"
#include "app/engine.hpp"
#include "app/inspection.hpp"
#include "app/os_random.hpp"
#include "app/place.hpp"
#include "app/production.hpp"
#include "app/sandbox.hpp"
#include "app/settings.hpp"
#include "service/clocks.hpp"

namespace saldo::app {

namespace {

std::unique_ptr<cli::Inspection> inspect(const cli::StorePlace& place) {
    return inspection_of({.data = data_of(place), .master_key = known_master_key(place)});
}

/// One request on a store that no server runs on.
cli::Reply administer(const cli::StorePlace& place, std::string_view request) {
    const std::filesystem::path data = data_of(place);
    // Settings say where a store shall be; a directory that was only typed must have one already.
    if (!place.config && !std::filesystem::exists(data / "saldo.db"))
        throw service::StoreFailed("There is no store in " + data.string() + ".");
    const subject::Key master_key = needed_master_key(place);

    OsRandom random;
    const store::DataDirectory directory = store::DataDirectory::at(data);
    OpenStore store(directory, master_key);
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
        [&](std::string_view delivery_id) { return store.deliveries->send_again(delivery_id, service::system_time()); },
        // Without settings nobody knows; a server that cannot send them does not start.
        place.config ? contract_rules_of(read_settings(*place.config)) : cli::Administration::ContractRules{},
        erasure_list_of(place));
    return administration.carry_out(request);
}

}  // namespace

cli::Program program() {
    return {.dev = run_sandbox,
            .serve = run_production,
            .data_of = data_of,
            .inspect = inspect,
            .administer = administer,
            .copies = copies_of_stores(),
            .make_master_key =
                [](const std::filesystem::path& file) {
                    OsRandom random;
                    service::make_master_key(file, random);
                },
            .routes = all_routes,
            .example_settings = example_settings()};
}

}  // namespace saldo::app
