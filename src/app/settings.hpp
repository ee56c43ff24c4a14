#pragma once

#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "terms/country_law.hpp"

namespace saldo::app {

/// The settings cannot be used. One sentence: file and line, what is wrong, what to do.
class SettingsFault : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// What an operator decides about one installation: saldo.toml.
struct Settings {
    std::vector<std::string> listen = {"127.0.0.1:8080"};
    std::string public_url;  ///< without a slash at its end; every link is made from it
    std::filesystem::path data;
    std::optional<std::filesystem::path> erasures = {};  ///< the list of who was erased, kept apart from the data
    std::vector<std::string> trusted_proxies = {};

    /// Where a secret is: in a file that its owner alone may read, or in an environment variable.
    struct SecretSource {
        std::optional<std::filesystem::path> file = {};
        std::optional<std::string> environment = {};  ///< the name of a variable
    };
    SecretSource master_key = {};

    /// The operator's gateway for text messages.
    struct Messages {
        std::string url;
        std::string sender;
        SecretSource token = {};
    };
    std::optional<Messages> messages = {};

    /// By country: what contracts under its law may charge, and what a buyer who withdraws owes.
    terms::CountryLaws country_laws = terms::usual_laws();

    struct Tls {
        std::filesystem::path certificate;
        std::filesystem::path key;
    };
    std::optional<Tls> tls = {};

    std::string admin_listen = "127.0.0.1:9090";

    int threads = 0;  ///< of the HTTP server; 0: one for each core
    int readers = 0;  ///< threads that load and render what is not in the cache; 0: one for each core
    int cache_mib = 64;
    int processing_offset_hours = 0;
    bool require_content_type_on_get = true;

    int sign_in_failures_per_minute = 10;               ///< of one client from one address
    int sign_in_failures_per_minute_and_address = 100;  ///< of all clients from one address

    enum class LogLevel { debug, info, warning, error };
    LogLevel log_level = LogLevel::info;
};

/// Reads a settings file. Paths in it are relative to the file. Throws SettingsFault, the first fault in the order of
/// the file.
Settings read_settings(const std::filesystem::path& file);
/// The same from a text; `file` is what faults name and what paths are relative to.
Settings parse_settings(std::string_view toml, const std::filesystem::path& file);

/// A settings file to start from, with every setting and its default explained.
std::string_view example_settings();

}  // namespace saldo::app
