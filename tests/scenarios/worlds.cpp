#include "worlds.hpp"

#include <atomic>
#include <future>
#include <stdexcept>
#include <utility>

#include "ledger/decide.hpp"
#include "service/ledger_purchases.hpp"
#include "service/purchase_fold.hpp"
#include "store/data_directory.hpp"
#include "store/memory/event_store.hpp"
#include "store/sqlite/event_store.hpp"

namespace saldo::scenarios {

using foundation::Instant;

namespace {

const std::string actor = "storyteller";

terms::Contract contract_for(const Shops& shops) {
    terms::Contract contract = terms::demo_contract();
    contract.shop_baskets_max = static_cast<int>(shops.size());
    return contract;
}

class PureWorld final : public World {
  public:
    explicit PureWorld(const Shops& shops) {
        counterpart_.partner_id = "partner";
        counterpart_.contract = contract_for(shops);
        for (const std::string& shop : shops) counterpart_.shops.emplace(shop, "");
        counterpart_.payment_reference = "KK7709094U2";
    }

    std::string authorise(Instant now, const ledger::Authorise& command) override {
        transaction_ = {};
        transaction_.id = "6Z54V9SXRCRSKDXDGKZW";
        record(now, ledger::decide(command, counterpart_, {.now = now, .operation_id = {}}));
        return transaction_.decline ? std::string(ledger::name_of(*transaction_.decline)) : std::string{};
    }

    std::string operate(Instant now, const ledger::Command& command) override {
        for (const ledger::Recorded& due : ledger::due_events(transaction_, now)) ledger::evolve(transaction_, due);
        const auto decision = ledger::decide(transaction_, command,
                                             {.now = now, .operation_id = std::to_string(transaction_.version + 1)});
        if (!decision) return std::string(ledger::name_of(decision.error()));
        record(now, *decision);
        return {};
    }

    ledger::Transaction read(Instant now) override {
        ledger::Transaction seen = transaction_;
        for (const ledger::Recorded& due : ledger::due_events(seen, now)) ledger::evolve(seen, due);
        return seen;
    }

  private:
    void record(Instant now, const ledger::Decision& decision) {
        for (const ledger::Decided& one : decision)
            ledger::evolve(transaction_, {.seq = transaction_.version + 1,
                                          .recorded_at = now,
                                          .effective_at = now,
                                          .value_date = one.value_date,
                                          .actor = actor,
                                          .event = one.event});
    }

    ledger::Counterpart counterpart_;
    ledger::Transaction transaction_;
};

class StoryClock final : public service::Clock {
  public:
    Instant now() override { return now_; }
    void set(Instant now) { now_ = now; }

  private:
    std::atomic<Instant> now_{Instant{}};
};

/// Chance that is always the same: good enough for ids in a story.
class StoryRandom final : public service::Random {
  public:
    std::string bytes(std::size_t count) override {
        std::string bytes;
        while (bytes.size() < count) bytes += foundation::bytes_of(foundation::sha256(std::to_string(drawn_++)));
        bytes.resize(count);
        return bytes;
    }

  private:
    std::atomic<int> drawn_ = 0;
};

class LogWorld final : public World {
  public:
    LogWorld(std::unique_ptr<service::EventStore> store, std::optional<store::DataDirectory> directory,
             const Shops& shops)
        : directory_(std::move(directory)),
          store_(std::move(store)),
          master_key_(*subject::Key::of(std::string(subject::Key::size, 'm'))),
          lane_(*store_, clock_, service::purchase_fold(master_key_)),
          readers_(*store_, {}),
          partners_(
              store_->reader(), [this](service::Append append) { return commit(std::move(append)); }, clock_, random_),
          purchases_({.lane = lane_,
                      .readers = readers_,
                      .partners = partners_,
                      .clock = clock_,
                      .random = random_,
                      .master_key = master_key_,
                      .id_secret = "story"}) {
        partner_id_ = partners_.add({.name = "Story", .contract = contract_for(shops)}, actor).value();
        for (const std::string& shop : shops)
            if (!partners_.change(partner_id_, partner::AddShop{.partner_shop_id = shop}, actor))
                throw std::runtime_error("a shop could not be added");
    }

    std::string authorise(Instant now, const ledger::Authorise& command) override {
        clock_.set(now);
        const service::Result result =
            asked([&](auto answer) { purchases_.authorise(origin(), command, std::move(answer)); });
        if (const auto* done = std::get_if<service::Done>(&result)) purchase_ = done->purchase;
        if (const auto* no = std::get_if<service::SaidNo>(&result)) purchase_ = no->purchase;
        return refusal_in(result);
    }

    std::string operate(Instant now, const ledger::Command& command) override {
        clock_.set(now);
        const service::Result result =
            asked([&](auto answer) { purchases_.operate(origin(), purchase_, command, std::move(answer)); });
        if (const auto* done = std::get_if<service::Done>(&result)) purchase_ = done->purchase;
        return refusal_in(result);
    }

    ledger::Transaction read(Instant now) override {
        clock_.set(now);
        std::promise<std::variant<service::PurchasePtr, service::NotDecided>> promise;
        purchases_.find(origin(), purchase_->transaction.id, [&](auto found) { promise.set_value(std::move(found)); });
        const auto found = promise.get_future().get();
        return std::get<service::PurchasePtr>(found)->transaction;
    }

  private:
    service::Origin origin() const { return {.actor = actor, .partner_id = partner_id_, .key = std::nullopt}; }

    template <class Ask>
    static service::Result asked(Ask ask) {
        std::promise<service::Result> promise;
        ask([&](service::Result result) { promise.set_value(std::move(result)); });
        return promise.get_future().get();
    }

    static std::string refusal_in(const service::Result& result) {
        if (const auto* no = std::get_if<service::SaidNo>(&result)) return std::string(ledger::name_of(no->refusal));
        if (const auto* failed = std::get_if<service::NotDecided>(&result))
            throw std::runtime_error("not decided: " + std::to_string(static_cast<int>(*failed)));
        return {};
    }

    bool commit(service::Append append) {
        std::promise<bool> promise;
        const std::int64_t expected = append.expected_version;
        service::Job<service::Purchase> job{
            .stream = append.stream,
            .decide =
                [&](const service::Purchase&, const service::LaneContext& context) {
                    service::Step<service::Purchase> step;
                    const bool fits = context.version == expected;
                    step.completed = [&promise, fits](auto, auto) { promise.set_value(fits); };
                    if (fits) {
                        for (service::EventRecord& record : append.events) record.recorded_at = context.now;
                        step.append = append;
                    }
                    return step;
                },
            .failed = [&](std::exception_ptr fault) { promise.set_exception(std::move(fault)); }};
        if (!lane_.submit(std::move(job))) throw std::runtime_error("the lane is full");
        return promise.get_future().get();
    }

    std::optional<store::DataDirectory> directory_;
    std::unique_ptr<service::EventStore> store_;
    StoryClock clock_;
    StoryRandom random_;
    subject::Key master_key_;
    service::Lane<service::Purchase> lane_;
    service::ReaderPool readers_;
    service::Partners partners_;
    service::LedgerPurchases purchases_;
    std::string partner_id_;
    service::PurchasePtr purchase_;
};

}  // namespace

std::unique_ptr<World> pure_world(const Shops& shops) {
    return std::make_unique<PureWorld>(shops);
}

std::unique_ptr<World> memory_world(const Shops& shops) {
    return std::make_unique<LogWorld>(std::make_unique<store::memory::MemoryEventStore>(), std::nullopt, shops);
}

std::unique_ptr<World> sqlite_world(const Shops& shops) {
    std::optional<store::DataDirectory> directory(store::DataDirectory::temporary());
    auto store = store::sqlite::SqliteEventStore::open(*directory);
    return std::make_unique<LogWorld>(std::move(store), std::move(directory), shops);
}

}  // namespace saldo::scenarios
