#include "worlds.hpp"

#include <stdexcept>
#include <utility>

#include "ledger/decide.hpp"
#include "log_house.hpp"
#include "store/data_directory.hpp"
#include "store/memory/event_store.hpp"
#include "store/sqlite/event_store.hpp"

namespace saldo::scenarios {

using foundation::Instant;

namespace {

const std::string actor = "storyteller";

class PureWorld final : public World {
  public:
    PureWorld(const Shops& shops, terms::Contract contract) {
        counterpart_.partner_id = "partner";
        counterpart_.contract = std::move(contract);
        counterpart_.contract.shop_baskets_max = static_cast<int>(shops.size());
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

class LogWorld final : public World {
  public:
    LogWorld(std::unique_ptr<service::EventStore> store, std::optional<store::DataDirectory> directory,
             const Shops& shops, terms::Contract contract)
        : directory_(std::move(directory)),
          store_(std::move(store)),
          house_(*store_),
          partner_id_(house_.add_partner(shops, std::move(contract))) {}

    std::string authorise(Instant now, const ledger::Authorise& command) override {
        house_.clock.set(now);
        return remembered(house_.authorise(origin(), command));
    }

    std::string operate(Instant now, const ledger::Command& command) override {
        house_.clock.set(now);
        return remembered(house_.operate(origin(), purchase_, command));
    }

    ledger::Transaction read(Instant now) override {
        house_.clock.set(now);
        return std::get<service::PurchasePtr>(house_.find(origin(), purchase_->transaction.id))->transaction;
    }

  private:
    service::Origin origin() const { return {.actor = actor, .partner_id = partner_id_, .key = std::nullopt}; }

    std::string remembered(const service::Result& result) {
        if (const auto* failed = std::get_if<service::NotDecided>(&result))
            throw std::runtime_error("not decided: " + std::to_string(static_cast<int>(*failed)));
        if (const auto* no = std::get_if<service::SaidNo>(&result)) {
            if (no->purchase) purchase_ = no->purchase;
            return std::string(ledger::name_of(no->refusal));
        }
        purchase_ = std::get<service::Done>(result).purchase;
        return {};
    }

    std::optional<store::DataDirectory> directory_;
    std::unique_ptr<service::EventStore> store_;
    LogHouse house_;
    std::string partner_id_;
    service::PurchasePtr purchase_;
};

}  // namespace

std::unique_ptr<World> pure_world(const Shops& shops, const terms::Contract& contract) {
    return std::make_unique<PureWorld>(shops, contract);
}

std::unique_ptr<World> memory_world(const Shops& shops, const terms::Contract& contract) {
    return std::make_unique<LogWorld>(std::make_unique<store::memory::MemoryEventStore>(), std::nullopt, shops,
                                      contract);
}

std::unique_ptr<World> sqlite_world(const Shops& shops, const terms::Contract& contract) {
    std::optional<store::DataDirectory> directory(store::DataDirectory::temporary());
    auto store = store::sqlite::SqliteEventStore::open(*directory);
    return std::make_unique<LogWorld>(std::move(store), std::move(directory), shops, contract);
}

}  // namespace saldo::scenarios
