#pragma once

#include <functional>
#include <string>
#include <vector>

#include "disk.hpp"
#include "fate.hpp"
#include "service/checkout_sessions.hpp"
#include "service/clocks.hpp"
#include "service/ledger_purchases.hpp"
#include "service/partners.hpp"
#include "service/random.hpp"
#include "service/stream_state.hpp"

namespace saldo::simulation {

/// Chance as a world needs it: everything that is drawn follows from its seed.
class FatedRandom final : public service::Random {
  public:
    explicit FatedRandom(Fate fate) : fate_(fate) {}
    std::string bytes(std::size_t count) override {
        std::string drawn(count, '\0');
        for (char& c : drawn) c = static_cast<char>(fate_.draw());
        return drawn;
    }

  private:
    Fate fate_;
};

/// The server: the real use cases on a disk, with every thread driven by hand. It dies with the power, and another one
/// is made when the power is back.
class House {
  public:
    struct Sizes {
        std::size_t waiting_max = 64;
        std::size_t hot_streams = 8;
    };
    House(Disk& disk, service::Random& random, std::function<foundation::Instant()> system_clock, Sizes sizes,
          service::Messenger& messenger);
    ~House();

    static constexpr const char* id_secret = "the world's";

    service::LedgerPurchases& purchases() { return purchases_; }
    service::CheckoutSessions& sessions() { return sessions_; }
    foundation::Instant now() { return clock_.now(); }

    /// Does one thing of what there is to do, as fate chooses; false when there is nothing.
    bool work(Fate& fate);
    /// Reads, but writes nothing: what other threads do while the lane waits for its commit.
    bool read();
    void finish(Fate& fate) {
        while (work(fate)) {
        }
    }

    static subject::Key master_key();

  private:
    service::SystemClock clock_;
    service::StoreLane lane_;
    service::ReaderPool readers_;
    service::Partners partners_;
    service::LedgerPurchases purchases_;
    service::CheckoutSessions sessions_;
};

/// A merchant of the world, and the contract it has.
struct Merchant {
    std::string name;
    std::string partner_id;
    std::vector<std::string> shops;
    terms::Contract contract;
};
/// A shop with the usual contract, a strict one, a marketplace of three shops, and a lender under the law of consumer
/// credit. No two of them count interest alike.
const std::vector<Merchant>& merchants();
/// How a merchant stands in the log before anybody buys.
const service::Append& founding_of(const Merchant& merchant);

}  // namespace saldo::simulation
