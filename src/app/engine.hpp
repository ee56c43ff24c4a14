#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>

#include "app/log.hpp"
#include "http/document_cache.hpp"
#include "http/metrics.hpp"
#include "ledger/command.hpp"
#include "service/checkout_sessions.hpp"
#include "service/clock.hpp"
#include "service/due_work.hpp"
#include "service/indexer.hpp"
#include "service/lane.hpp"
#include "service/ledger_purchases.hpp"
#include "service/master_key.hpp"
#include "service/partners.hpp"
#include "service/random.hpp"
#include "service/reader_pool.hpp"
#include "service/stream_state.hpp"
#include "service/webhook_secrets.hpp"
#include "store/data_directory.hpp"
#include "store/sqlite/delivery_book.hpp"
#include "store/sqlite/event_store.hpp"
#include "store/sqlite/search_index.hpp"
#include "terms/country_law.hpp"

namespace saldo::app {

/// A store that is open to be written, before anything runs on it: the clock and the secrets of the rest depend on what
/// is in it.
struct OpenStore {
    std::unique_ptr<store::sqlite::SqliteEventStore> events;
    std::unique_ptr<store::sqlite::SqliteSearchIndex> index;
    std::unique_ptr<store::sqlite::SqliteDeliveryBook> deliveries;
    service::StoreSecrets secrets;
    foundation::Instant newest;  ///< when its last event was recorded

    /// Throws DirectoryInUse, StoreFailed, MasterKeyUnusable.
    OpenStore(const store::DataDirectory& directory, subject::Key master_key);
};

/// The use cases, running on one store: everything but HTTP. Its end finishes what was accepted.
class Engine {
  public:
    struct Parts {
        OpenStore& store;
        service::Clock& clock;
        service::Random& random;
        int readers = 0;                     ///< 0: one for each core
        std::size_t cache_bytes = 64 << 20;  ///< for rendered documents
        http::Metrics* metrics = nullptr;    ///< counted by, if there is one
        std::function<ledger::RiskVerdict(const ledger::Authorise&)> assess = {};
        service::Messenger* messenger = nullptr;  ///< carries one-time codes; without it none can be asked for
        service::CheckoutSessions::Verdicts verdicts = service::CheckoutSessions::Verdicts::of_the_risk_check;
        terms::CountryLaws country_laws = terms::usual_laws();
    };
    explicit Engine(const Parts& parts);
    /// Every command that was taken is finished and answered first: the answers need the use cases.
    ~Engine();

    service::Partners& partners() { return partners_; }
    service::LedgerPurchases& purchases() { return purchases_; }
    service::CheckoutSessions& sessions() { return sessions_; }
    service::Indexer& indexer() { return indexer_; }
    service::DueWork& due_work() { return due_work_; }
    http::DocumentCache& documents() { return documents_; }
    service::WebhookSecrets& webhook_secrets() { return webhook_secrets_; }
    /// Calls `look` after each commit from now on, on the lane's thread: it must be quick. Nothing: nobody is called
    /// any more when this returns.
    void watch_commits(std::function<void()> look);
    /// Runs a task on a thread that may wait; false if too much waits already.
    bool in_background(std::move_only_function<void()> task);
    service::LaneNumbers lane_numbers() const { return lane_.numbers(); }
    std::size_t waiting_reads() const { return readers_.waiting(); }

  private:
    service::LaneOptions lane_options(http::Metrics* metrics);
    service::House house(const Parts& parts);
    void watch(http::Metrics& metrics) const;

    http::DocumentCache documents_;
    std::mutex commit_watch_guard_;
    std::function<void()> commit_watch_;
    service::StoreLane lane_;
    service::ReaderPool readers_;
    service::Partners partners_;
    service::LedgerPurchases purchases_;
    service::CheckoutSessions sessions_;
    service::Indexer indexer_;
    service::DueWork due_work_;
    service::WebhookSecrets webhook_secrets_;
};

}  // namespace saldo::app
