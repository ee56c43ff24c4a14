#include "app/engine.hpp"

#include <algorithm>
#include <utility>

#include "service/processors.hpp"

namespace saldo::app {

namespace {

/// A disk answers several questions at once, and rendering takes a core.
int reader_threads(int wanted) {
    return wanted > 0 ? wanted : std::max(2, service::processors());
}

foundation::Instant newest_in(service::EventStore& store) {
    const auto writer = store.writer();
    writer->begin();
    const foundation::Instant newest = writer->last_recorded_at();
    writer->rollback();
    return newest;
}

}  // namespace

OpenStore::OpenStore(const store::DataDirectory& directory, subject::Key master_key)
    : events(store::sqlite::SqliteEventStore::open(directory)),
      index(store::sqlite::SqliteSearchIndex::open(directory)),
      deliveries(store::sqlite::SqliteDeliveryBook::open(directory)),
      secrets(*events, std::move(master_key)),
      newest(newest_in(*events)) {}

service::LaneOptions Engine::lane_options(http::Metrics* metrics) {
    service::LaneOptions options;
    // Before any answer leaves, so that nobody reads less than what was acknowledged.
    options.on_committed = [this](std::span<const service::EventRecord> events) {
        for (const service::EventRecord& event : events) documents_.forget(event.stream.name);
        const std::lock_guard hold(commit_watch_guard_);
        if (commit_watch_) commit_watch_();
    };
    if (metrics) options.on_batch = [metrics](const service::BatchReport& batch) { metrics->count(batch); };
    return options;
}

service::House Engine::house(const Parts& parts) {
    return {.lane = lane_,
            .readers = readers_,
            .partners = partners_,
            .clock = parts.clock,
            .random = parts.random,
            .master_key = parts.store.secrets.master_key(),
            .id_secret = parts.store.secrets.id_secret(parts.random),
            .assess = parts.assess,
            .messenger = parts.messenger};
}

Engine::Engine(const Parts& parts)
    : documents_(parts.cache_bytes),
      lane_(*parts.store.events, parts.clock, service::stream_fold(parts.store.secrets.master_key()),
            lane_options(parts.metrics)),
      readers_(*parts.store.events, {.threads = reader_threads(parts.readers)}),
      partners_(parts.store.events->reader(), service::committing_through(lane_), parts.clock, parts.random,
                parts.country_laws),
      purchases_(house(parts)),
      sessions_(house(parts), parts.verdicts),
      indexer_(*parts.store.events, *parts.store.index),
      due_work_({.indexer = indexer_, .purchases = purchases_, .sessions = sessions_, .clock = parts.clock}),
      webhook_secrets_(parts.store.secrets, parts.random) {
    if (parts.metrics) watch(*parts.metrics);
}

Engine::~Engine() {
    lane_.stop();
    readers_.stop();
}

void Engine::watch_commits(std::function<void()> look) {
    const std::lock_guard hold(commit_watch_guard_);
    commit_watch_ = std::move(look);
}

bool Engine::in_background(std::move_only_function<void()> task) {
    const auto shared = std::make_shared<std::move_only_function<void()>>(std::move(task));
    return readers_.post([shared](service::LogReader&) { (*shared)(); }, [](const std::exception_ptr&) {});
}

void Engine::watch(http::Metrics& metrics) const {
    using Self = const Engine&;
    const auto asking = [this](auto read) { return [this, read] { return static_cast<double>(read(*this)); }; };
    metrics.watch_total("saldo_cache_hits_total", "Status documents found in the cache.",
                        asking([](Self engine) { return engine.documents_.numbers().hits; }));
    metrics.watch_total("saldo_cache_misses_total", "Status documents that were not in the cache.",
                        asking([](Self engine) { return engine.documents_.numbers().misses; }));
    metrics.watch("saldo_cache_bytes", "Memory that the cache takes.",
                  asking([](Self engine) { return engine.documents_.numbers().bytes; }));
    metrics.watch("saldo_writes_waiting", "Commands that wait for their commit.",
                  asking([](Self engine) { return engine.lane_.numbers().waiting; }));
    metrics.watch_total("saldo_writes_refused_total", "Commands turned away because too many waited.",
                        asking([](Self engine) { return engine.lane_.numbers().refused; }));
    metrics.watch_total("saldo_commits_unknown_total", "Commits whose end only reading again told.",
                        asking([](Self engine) { return engine.lane_.numbers().commits_unknown; }));
    metrics.watch("saldo_reads_waiting", "Reads that wait for a thread.",
                  asking([](Self engine) { return engine.readers_.waiting(); }));
}

}  // namespace saldo::app
