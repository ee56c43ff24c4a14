#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/reply.hpp"
#include "foundation/calendar.hpp"
#include "service/delivery_book.hpp"
#include "service/partners.hpp"

namespace saldo::cli {

/// Which store a command is about: a data directory, or the one that a settings file names.
struct StorePlace {
    std::optional<std::filesystem::path> data = {};
    std::optional<std::filesystem::path> config = {};
};

struct DevOptions {
    std::string listen = "127.0.0.1:8080";
    std::optional<std::filesystem::path> data = {};
    std::optional<foundation::Instant> now = {};
    enum class Demo { none, seeded } demo = Demo::none;
    enum class Ready { told, one_json_line } ready = Ready::told;
};

struct ServeOptions {
    std::filesystem::path config;
};

/// What `saldo verify` came to.
struct Verification {
    std::int64_t events = 0;
    std::int64_t streams = 0;
    /// The first place that is not as it must be, and how; nothing: all holds.
    std::optional<std::string> fault = {};
    /// When the anchor was made that it was held against.
    std::optional<std::string> anchored_at = {};
};

struct VerifyOptions {
    std::optional<std::filesystem::path> anchor = {};
};

/// Tells now and then how much of how much is done; a total of 0: it is not known.
using Progress = std::function<void(std::int64_t done, std::int64_t total)>;

/// A store that is open to be read, beside a running server or without one. Whatever is asked for may throw
/// StoreFailed.
class Inspection {
  public:
    virtual ~Inspection() = default;
    virtual service::PartnerDirectory partners() = 0;
    /// The documents of /saldo/v1; refused for an unknown id.
    virtual Reply events(std::string_view transaction_id) = 0;
    virtual Reply explain(std::string_view transaction_id, std::optional<foundation::Day> as_of) = 0;
    virtual Reply direct_debits(std::string_view transaction_id) = 0;
    virtual Reply subject(std::string_view transaction_id) = 0;
    /// The newest deliveries to webhooks, as /saldo/v1 lists them.
    virtual Reply deliveries(const service::DeliveryQuestion& question) = 0;
    /// `[{"kid", "state", "signs_from"}]`
    virtual Reply signing_keys() = 0;
    virtual Verification verify(const VerifyOptions& options, const Progress& progress) = 0;
};

/// A store that is to be made from a copy of one.
struct Remaking {
    enum class From { backup, events_export } from;
    std::filesystem::path copy;
    /// What tells who was erased since: lists, newer backups, stores.
    std::vector<std::filesystem::path> erasures = {};
};

/// What can be done with copies of stores. All work beside a running server, but where a store is made there must be
/// none. Killed at any point, no file has its name and no directory has a store that is not whole.
struct Copies {
    /// `{"file", "octets"}`
    std::function<Reply(const StorePlace&, const std::filesystem::path& target, const Progress&)> back_up;
    /// `{"holds", "events", "streams", "fault"?}`
    std::function<Reply(const StorePlace&, const std::filesystem::path& backup, const Progress&)> verify_backup;
    /// `{"file", "events", "streams", "digest"}`
    std::function<Reply(const StorePlace&, const std::filesystem::path& target, const Progress&)> export_events;
    /// `{"file", "made_at", "events", "buckets"}`, or a `fault` and nothing written
    std::function<Reply(const StorePlace&, const std::filesystem::path& target, const Progress&)> anchor;
    /// `{"holds", "events", "streams", "erased_again", "data"}`, or with a `fault` and nothing made
    std::function<Reply(const StorePlace&, const Remaking&, const Progress&)> remake;
    /// The list of erasures that the place's settings name.
    std::function<std::optional<std::filesystem::path>(const StorePlace&)> erasure_list;
};

/// One operation that the server answers.
struct RouteLine {
    std::string method;
    std::string path;
};

/// What stands behind the command line; app fills it in. What throws ends the command with `failed`.
struct Program {
    std::function<ExitCode(const DevOptions&)> dev;
    std::function<ExitCode(const ServeOptions&)> serve;
    /// The data directory of the place; throws std::runtime_error when the settings cannot be read.
    std::function<std::filesystem::path(const StorePlace&)> data_of;
    std::function<std::unique_ptr<Inspection>(const StorePlace&)> inspect;
    /// Opens the store under its lock and carries out one request of `Administration`.
    std::function<Reply(const StorePlace&, std::string_view request)> administer;
    Copies copies = {};
    std::function<void(const std::filesystem::path&)> make_master_key;
    std::function<std::vector<RouteLine>()> routes;
    std::string_view example_settings;
};

}  // namespace saldo::cli
