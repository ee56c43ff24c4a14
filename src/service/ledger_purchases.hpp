#pragma once

#include <functional>
#include <string>

#include "service/code_desk.hpp"
#include "service/one_time_codes.hpp"
#include "service/partners.hpp"
#include "service/purchases.hpp"
#include "service/random.hpp"
#include "service/reader_pool.hpp"
#include "service/stream_state.hpp"

namespace saldo::service {

/// The use cases of a purchase on the log: what the ledger decides, the lane makes durable.
class LedgerPurchases final : public Purchases, public CodeDesk {
  public:
    /// What it works with; all of it outlives the purchases and their last answer.
    struct House {
        StoreLane& lane;
        ReaderPool& readers;
        Partners& partners;
        Clock& clock;
        Random& random;
        subject::Key master_key;
        std::string id_secret;
        /// The risk check; none in production. Called on the asking thread.
        std::function<ledger::RiskVerdict(const ledger::Authorise&)> assess = {};
        /// What carries one-time codes; without it no purchase can ask for one.
        Messenger* messenger = nullptr;
    };
    explicit LedgerPurchases(House house)
        : house_(std::move(house)), codes_(house_.random, house_.id_secret, house_.messenger) {}

    void authorise(Origin origin, ledger::Authorise command, OnResult answer) override;
    void operate(Origin origin, PurchasePtr purchase, ledger::Command command, OnResult answer) override;
    void find(Origin origin, std::string id, OnPurchase answer) override;
    void enter_code(Origin origin, std::string transaction_id, std::string code, OnCode answer) override;
    void send_new_code(Origin origin, std::string transaction_id, OnCode answer) override;

    /// Records what time alone has brought about in a purchase; `done` says whether it could be recorded.
    void record_due(const std::string& transaction_id, std::move_only_function<void(bool)> done);

  private:
    struct Asked;
    void submit(std::shared_ptr<Asked> asked, Loading loading);
    void give(OnResult answer, Result result);
    void give_as_of(OnResult answer, const StreamName& stream, std::int64_t seq,
                    std::optional<ledger::Refusal> refusal);

    using DecideCode = std::function<ledger::CodeDecision(const ledger::Transaction&, foundation::Instant now)>;
    void decide_code(Origin origin, std::string transaction_id, DecideCode decide, std::string new_code, OnCode answer);

    House house_;
    OneTimeCodes codes_;
};

}  // namespace saldo::service
