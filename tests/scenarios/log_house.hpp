#pragma once

#include <atomic>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <utility>
#include <variant>

#include "service/checkout_sessions.hpp"
#include "service/clock.hpp"
#include "service/ledger_purchases.hpp"
#include "service/partners.hpp"
#include "service/random.hpp"
#include "service/sandbox_phone.hpp"

namespace saldo::scenarios {

class StoryClock final : public service::Clock {
  public:
    foundation::Instant now() override { return now_; }
    void set(foundation::Instant now) { now_ = now; }

  private:
    std::atomic<foundation::Instant> now_{foundation::Instant{}};
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

/// The use cases on a log, with one partner, and everything asked for one after another.
class LogHouse {
  public:
    using Assess = std::function<ledger::RiskVerdict(const ledger::Authorise&)>;
    explicit LogHouse(service::EventStore& store, const Assess& assess = {});
    /// As `app::Engine` ends: the lane may still be leaving the readers' queue when its answer is there.
    ~LogHouse() {
        lane_.stop();
        readers_.stop();
    }

    /// A partner with these shops; more than one shop: a marketplace.
    std::string add_partner(const std::vector<std::string>& shops, terms::Contract contract = terms::demo_contract());

    service::Result authorise(service::Origin origin, const ledger::Authorise& command);
    service::Result operate(service::Origin origin, const service::PurchasePtr& purchase,
                            const ledger::Command& command);
    std::variant<service::PurchasePtr, service::NotDecided> find(service::Origin origin, const std::string& id);
    bool record_due(const std::string& id);

    /// What a session's use case answers: `ask(sessions, answer)`.
    template <class Answer, class Ask>
    Answer asked(Ask ask) {
        const auto promise = std::make_shared<std::promise<Answer>>();
        std::future<Answer> answer = promise->get_future();
        ask(sessions_, [promise](auto given) { promise->set_value(std::move(given)); });
        return answer.get();
    }
    service::CheckoutSessions& sessions() { return sessions_; }
    service::LedgerPurchases& purchases() { return purchases_; }
    const subject::Key& master_key() const { return master_key_; }

    StoryClock clock;
    StoryRandom random;
    service::SandboxPhone phone{clock};

  private:
    service::House house(const Assess& assess);
    bool commit(service::Append append);

    subject::Key master_key_;
    service::StoreLane lane_;
    service::ReaderPool readers_;
    service::Partners partners_;
    service::LedgerPurchases purchases_;
    service::CheckoutSessions sessions_;
};

}  // namespace saldo::scenarios
