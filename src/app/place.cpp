#include "app/place.hpp"

#include <cstdlib>
#include <stdexcept>
#include <string>

#include "app/production.hpp"
#include "app/sandbox.hpp"
#include "app/settings.hpp"
#include "service/master_key.hpp"

namespace saldo::app {

namespace {

constexpr const char* master_key_variable = "SALDO_MASTER_KEY";

}  // namespace

std::filesystem::path data_of(const cli::StorePlace& place) {
    if (place.data) return *place.data;
    if (place.config) return read_settings(*place.config).data;
    throw std::runtime_error("It is not said which store: add --data DIR or --config FILE.");
}

std::optional<subject::Key> known_master_key(const cli::StorePlace& place) {
    if (place.config) return master_key_of(read_settings(*place.config));
    if (place.data && std::filesystem::exists(*place.data / sandbox_key_name))
        return service::read_master_key(*place.data / sandbox_key_name);
    const char* digits = std::getenv(master_key_variable);  // NOLINT(concurrency-mt-unsafe): no variables are set here
    if (!digits) return std::nullopt;
    return service::master_key_of(digits, std::string("the environment variable ") + master_key_variable);
}

subject::Key needed_master_key(const cli::StorePlace& place) {
    if (const auto key = known_master_key(place)) return *key;
    throw service::MasterKeyUnusable(
        "This needs the master key: name the settings with --config, or set SALDO_MASTER_KEY.");
}

std::optional<std::filesystem::path> erasure_list_of(const cli::StorePlace& place) {
    return place.config ? read_settings(*place.config).erasures : std::nullopt;
}

}  // namespace saldo::app
