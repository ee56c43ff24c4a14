#include "app/sandbox.hpp"

#include <unistd.h>

#include <future>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <utility>

#include "app/administration.hpp"
#include "app/demo.hpp"
#include "app/end_signals.hpp"
#include "app/engine.hpp"
#include "app/front.hpp"
#include "app/os_random.hpp"
#include "app/post.hpp"
#include "cli/control.hpp"
#include "cli/table.hpp"
#include "foundation/json.hpp"
#include "foundation/json_writer.hpp"
#include "service/clocks.hpp"
#include "service/sandbox_phone.hpp"
#include "service/sandbox_risk.hpp"
#include "terms/contract.hpp"

namespace saldo::app {

namespace {

using cli::bold;
using cli::dim;
using foundation::Instant;

constexpr std::string_view actor = "sandbox";
constexpr std::string_view shop_id = "sandbox-shop";

/// What a sandbox prints, and prints again when it is started on the same data.
struct Credentials {
    std::string partner_id, partner_shop_id;
    std::string client_id, client_secret;
    std::string operator_client_id, operator_client_secret;
    std::string webhook_secret;  ///< signs what is sent to the shop
};

std::string json_of(const Credentials& credentials) {
    foundation::JsonWriter out;
    out.begin_object()
        .field("partner_id", credentials.partner_id)
        .field("partner_shop_id", credentials.partner_shop_id);
    out.field("client_id", credentials.client_id).field("client_secret", credentials.client_secret);
    out.field("operator_client_id", credentials.operator_client_id);
    out.field("operator_client_secret", credentials.operator_client_secret);
    out.field("webhook_secret", credentials.webhook_secret).end_object();
    return std::move(out).finish();
}

Credentials credentials_in(std::string_view json) {
    const auto document = foundation::JsonDocument::parse(json);
    foundation::ensure(document.has_value(), "a sandbox's mark is JSON");
    const auto text = [&](std::string_view name) { return std::string(document->root().find(name).value().string()); };
    const bool has_webhook_secret = document->root().find("webhook_secret").has_value();
    return {.partner_id = text("partner_id"),
            .partner_shop_id = text("partner_shop_id"),
            .client_id = text("client_id"),
            .client_secret = text("client_secret"),
            .operator_client_id = text("operator_client_id"),
            .operator_client_secret = text("operator_client_secret"),
            .webhook_secret = has_webhook_secret ? text("webhook_secret") : ""};
}

Credentials new_credentials(service::Partners& partners) {
    const std::string id = partners.add({.name = "Sandbox", .contract = terms::demo_contract()}, actor).value();
    partners.change(id, partner::AddShop{std::string(shop_id), "Sandbox shop"}, actor).value();
    const service::NewClient api = partners.add_client(id, partner::ClientKind::api, {}, actor).value();
    const std::vector<partner::Scope> scopes(partner::all_scopes.begin(), partner::all_scopes.end());
    const service::NewClient all =
        partners.add_client(partner::every_partner, partner::ClientKind::operations, scopes, actor).value();
    return {.partner_id = id,
            .partner_shop_id = std::string(shop_id),
            .client_id = api.client_id,
            .client_secret = api.secret,
            .operator_client_id = all.client_id,
            .operator_client_secret = all.secret,
            .webhook_secret = ""};
}

store::DataDirectory directory_of(const cli::DevOptions& options) {
    return options.data ? store::DataDirectory::at(*options.data) : store::DataDirectory::temporary();
}

/// The sandbox's master key lies beside its data: whoever has the one may as well have the other.
subject::Key master_key_in(const store::DataDirectory& directory, service::Random& random) {
    const std::filesystem::path file = directory.path() / sandbox_key_name;
    if (!std::filesystem::exists(file)) {
        if (std::filesystem::exists(directory.database()))
            throw std::runtime_error("The data directory " + directory.path().string() +
                                     " is not a sandbox's; `saldo dev --data` takes a new one or one it made itself.");
        service::make_master_key(file, random);
    }
    return service::read_master_key(file);
}

/// From `--now`, or from the system's time; never from before what is in the log.
Instant wanted_now(const cli::DevOptions& options, Instant newest) {
    if (!options.now) return std::max(service::system_time(), newest);
    if (*options.now < newest)
        throw std::runtime_error("The clock cannot be set to " + foundation::utc_text(*options.now) +
                                 ": the newest event of this sandbox was recorded at " + foundation::utc_text(newest) +
                                 ".");
    return *options.now;
}

/// All of a sandbox, running.
class Sandbox {
  public:
    explicit Sandbox(const cli::DevOptions& options, Settings::LogLevel log_level)
        : log_(log_level),
          directory_(directory_of(options)),
          store_(directory_, master_key_in(directory_, random_)),
          // A key takes a while to be found; the rest is made meanwhile.
          keys_(std::async(
              std::launch::async,
              [this] { return std::make_unique<http::SigningKeys>(store_.secrets, service::system_time()); })),
          now_(wanted_now(options, store_.newest)),
          lives_demo_(options.demo == cli::DevOptions::Demo::seeded && !store_.secrets.sandbox_mark()),
          clock_(lives_demo_ ? now_ - demo_length : now_),
          engine_({.store = store_,
                   .clock = clock_,
                   .random = random_,
                   .metrics = &metrics_,
                   .assess =
                       [](const ledger::Authorise& command) {
                           const auto& contact = command.buyer.contact;
                           const bool has_email = contact && contact->email;
                           return service::risk_verdict_of_test_email(has_email ? contact->email->text() : "");
                       },
                   .messenger = &phone_,
                   .verdicts = service::CheckoutSessions::Verdicts::of_the_sandbox}),
          credentials_(known_or_new_credentials()),
          demo_(lives_demo_ ? live_demo(engine_, clock_, credentials_.partner_id, credentials_.partner_shop_id, now_)
                            : std::vector<DemoPurchase>{}),
          post_({.engine = engine_,
                 .store = store_,
                 .clock = clock_,
                 .metrics = metrics_,
                 .log = log_,
                 .reach_of_everybody = {.private_addresses = true, .plain_http = true}}),
          front_({.engine = engine_,
                  .store = store_,
                  .post = post_,
                  .keys = keys(),
                  .clock = clock_,
                  .random = random_,
                  .metrics = metrics_,
                  .log = log_,
                  .server = {.listen = {options.listen}},
                  .admin_routes = AdminRoutes::beside_the_others,
                  .sandbox_phone = &phone_,
                  .clock_control = clock_control(),
                  .payment_page = web::PaymentPage::Kind::sandbox}),
          administration_(administration_of(
              engine_, [this]() -> http::SigningKeys& { return keys(); },
              [this](std::string_view delivery_id) { return post_.send_again(delivery_id); },
              cli::Administration::ContractRules{})),
          control_(directory_.path(),
                   [this](std::string_view request) { return line_of(administration_.carry_out(request)); }) {}

    const Credentials& credentials() const { return credentials_; }
    const Front& front() const { return front_; }
    const std::filesystem::path& data() const { return directory_.path(); }
    Instant now() { return clock_.now(); }
    const std::vector<DemoPurchase>& demo() const { return demo_; }

  private:
    http::SigningKeys& keys() const { return *keys_.get(); }

    Credentials known_or_new_credentials() {
        const auto mark = store_.secrets.sandbox_mark();
        Credentials made = mark ? credentials_in(*mark) : new_credentials(engine_.partners());
        // A sandbox of an earlier Saldo has none.
        if (!made.webhook_secret.empty()) return made;
        using Switch = service::WebhookSecrets::Switch;
        made.webhook_secret =
            engine_.webhook_secrets().renew(made.partner_id, service::system_time(), Switch::at_once).secret;
        store_.secrets.mark_as_sandbox(json_of(made));
        return made;
    }

    /// Answers when everything that fell due on the way is recorded.
    http::SaldoApi::ClockControl clock_control() {
        return {.zone = terms::demo_contract().zone,
                .is_frozen = [this] { return clock_.is_frozen(); },
                .freeze = [this](bool frozen) { frozen ? clock_.freeze() : clock_.go_on(); },
                .move_to =
                    [this](Instant instant, std::move_only_function<void(bool)> moved) {
                        if (!clock_.move_to(instant)) return moved(false);
                        const auto answer = std::make_shared<decltype(moved)>(std::move(moved));
                        const auto finish = [this, answer] {
                            engine_.due_work().finish_everything_due();
                            (*answer)(true);
                        };
                        if (!engine_.in_background(finish)) finish();
                    }};
    }

    OsRandom random_;
    Log log_;
    http::Metrics metrics_;
    store::DataDirectory directory_;
    OpenStore store_;
    std::shared_future<std::unique_ptr<http::SigningKeys>> keys_;
    Instant now_;      ///< where the clock begins to tick for those who use the sandbox
    bool lives_demo_;  ///< once in the life of a store
    service::SandboxClock clock_;
    service::SandboxPhone phone_{clock_};
    Engine engine_;
    Credentials credentials_;
    std::vector<DemoPurchase> demo_;
    Post post_;
    Front front_;
    cli::Administration administration_;
    cli::ControlServer control_;
};

void tell_programs(const Sandbox& sandbox) {
    const Credentials& made = sandbox.credentials();
    foundation::JsonWriter out;
    out.begin_object().field("url", sandbox.front().url());
    out.field("client_id", made.client_id).field("client_secret", made.client_secret);
    out.field("operator_client_id", made.operator_client_id);
    out.field("operator_client_secret", made.operator_client_secret);
    out.field("partner_id", made.partner_id).field("partner_shop_id", made.partner_shop_id);
    out.field("data", sandbox.data().string()).end_object();
    std::cout << std::move(out).finish() << std::endl;
}

void tell_people(Sandbox& sandbox, const cli::DevOptions& options) {
    const cli::Looks looks = ::isatty(STDERR_FILENO) != 0 ? cli::Looks::coloured : cli::Looks::plain;
    const Credentials& made = sandbox.credentials();
    std::cerr << '\n'
              << bold("Saldo is at " + sandbox.front().url(), looks) << ", a sandbox. Its clock says "
              << foundation::utc_text(sandbox.now()) << ".\n\n"
              << dim("Paste this into another terminal:", looks) << "\n\n";
    const std::pair<const char*, const std::string&> variables[]{
        {"URL", sandbox.front().url()},
        {"CLIENT_ID", made.client_id},
        {"CLIENT_SECRET", made.client_secret},
        {"OPERATOR_CLIENT_ID", made.operator_client_id},
        {"OPERATOR_CLIENT_SECRET", made.operator_client_secret},
        {"PARTNER_ID", made.partner_id},
        {"PARTNER_SHOP_ID", made.partner_shop_id},
        {"WEBHOOK_SECRET", made.webhook_secret}};
    for (const auto& [name, value] : variables) std::cerr << "  export " << name << '=' << value << '\n';
    std::cerr << "  export DATA='" << sandbox.data().string() << "'\n\n"
              << dim("Then for example:", looks) << "\n\n"
              << "  curl -s \"$URL/oauth/token\" -u \"$CLIENT_ID:$CLIENT_SECRET\" -d grant_type=client_credentials "
                 "-d audience=\"$URL/transaction/management\"\n"
              << "  saldo explain TRANSACTION --data \"$DATA\"\n\n";
    if (!sandbox.demo().empty()) {
        cli::Table table({{"TRANSACTION"}, {"WHAT IT SHOWS"}});
        for (const DemoPurchase& one : sandbox.demo()) table.add({one.transaction_id, one.shows});
        std::cerr << table.text(looks) << '\n';
    }
    std::cerr << (options.data ? "What happens here is kept in " + sandbox.data().string() + "."
                               : std::string("Everything is gone when it ends."))
              << " Ctrl-C ends it.\n"
              << std::endl;
}

}  // namespace

cli::ExitCode run_sandbox(const cli::DevOptions& options) {
    EndSignals end;
    Sandbox sandbox(options, Settings::LogLevel::warning);
    if (options.ready == cli::DevOptions::Ready::one_json_line)
        tell_programs(sandbox);
    else
        tell_people(sandbox, options);
    end.wait();
    return cli::ExitCode::ok;
}

std::vector<cli::RouteLine> all_routes() {
    Sandbox sandbox({.listen = "127.0.0.1:0"}, Settings::LogLevel::error);
    std::vector<cli::RouteLine> lines;
    for (const http::Route& route : sandbox.front().routes()) lines.push_back({route.method, route.pattern});
    return lines;
}

}  // namespace saldo::app
