#include "app/engine.hpp"

#include <algorithm>
#include <thread>
#include <utility>

namespace saldo::app {

namespace {

/// A disk answers several questions at once, and rendering takes a core.
int reader_threads(int wanted) {
    return wanted > 0 ? wanted : std::max(2, static_cast<int>(std::thread::hardware_concurrency()));
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
      secrets(*events, std::move(master_key)),
      newest(newest_in(*events)) {}

service::LaneOptions Engine::lane_options(http::Metrics* metrics) {
    service::LaneOptions options;
    // Before any answer leaves, so that nobody reads less than what was acknowledged.
    options.on_committed = [this](std::span<const service::EventRecord> events) {
        for (const service::EventRecord& event : events) documents_.forget(event.stream.name);
    };
    if (metrics) options.on_batch = [metrics](const service::BatchReport& batch) { metrics->count(batch); };
    return options;
}

Engine::Engine(Parts parts)
    : documents_(parts.cache_bytes),
      lane_(*parts.store.events, parts.clock, service::purchase_fold(parts.store.secrets.master_key()),
            lane_options(parts.metrics)),
      readers_(*parts.store.events, {.threads = reader_threads(parts.readers)}),
      partners_(parts.store.events->reader(), service::committing_through(lane_), parts.clock, parts.random),
      purchases_({.lane = lane_,
                  .readers = readers_,
                  .partners = partners_,
                  .clock = parts.clock,
                  .random = parts.random,
                  .master_key = parts.store.secrets.master_key(),
                  .id_secret = parts.store.secrets.id_secret(parts.random),
                  .assess = std::move(parts.assess)}),
      indexer_(*parts.store.events, *parts.store.index),
      due_work_(indexer_, purchases_, parts.clock) {
    if (parts.metrics) watch(*parts.metrics);
}

bool Engine::in_background(std::move_only_function<void()> task) {
    const auto shared = std::make_shared<std::move_only_function<void()>>(std::move(task));
    return readers_.post([shared](service::LogReader&) { (*shared)(); }, [](const std::exception_ptr&) {});
}

void Engine::watch(http::Metrics& metrics) const {
    const auto number = [&](const char* name, const char* help, auto read) {
        metrics.watch(name, help, [this, read] { return static_cast<double>(read(*this)); });
    };
    using Self = const Engine&;
    number("saldo_cache_hits", "Status documents found in the cache.",
           [](Self engine) { return engine.documents_.numbers().hits; });
    number("saldo_cache_misses", "Status documents that were not in the cache.",
           [](Self engine) { return engine.documents_.numbers().misses; });
    number("saldo_cache_bytes", "Memory that the cache takes.",
           [](Self engine) { return engine.documents_.numbers().bytes; });
    number("saldo_writes_waiting", "Commands that wait for their commit.",
           [](Self engine) { return engine.lane_.numbers().waiting; });
    number("saldo_writes_refused", "Commands that were turned away because too many waited.",
           [](Self engine) { return engine.lane_.numbers().refused; });
    number("saldo_commits_unknown", "Commits whose end was known only after reading again.",
           [](Self engine) { return engine.lane_.numbers().commits_unknown; });
    number("saldo_reads_waiting", "Reads that wait for a thread.",
           [](Self engine) { return engine.readers_.waiting(); });
}

}  // namespace saldo::app
