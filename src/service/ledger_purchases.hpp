#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "service/code_desk.hpp"
#include "service/house.hpp"
#include "service/lane.hpp"
#include "service/one_time_codes.hpp"
#include "service/purchases.hpp"

namespace saldo::service {

/// The use cases of a purchase on the log: what the ledger decides, the lane makes durable.
class LedgerPurchases final : public Purchases, public CodeDesk {
  public:
    explicit LedgerPurchases(House house)
        : house_(std::move(house)), codes_(house_.random, house_.id_secret, house_.messenger) {}

    void authorise(Origin origin, ledger::Authorise command, OnResult answer) override;
    void operate(Origin origin, PurchasePtr purchase, ledger::Command command, OnResult answer) override;
    void find(Origin origin, std::string id, OnPurchase answer) override;
    void enter_code(Origin origin, std::string transaction_id, std::string code, OnCode answer) override;
    void send_new_code(Origin origin, std::string transaction_id, OnCode answer) override;

    /// Records what time alone has brought about in a purchase, and erases what is known of the buyer of one that was
    /// declined when its partner's contract says so; `done` says whether it could be recorded, and when time will bring
    /// about more, as far as nothing else tells.
    void record_due(const std::string& transaction_id,
                    std::move_only_function<void(bool recorded, std::optional<foundation::Instant> next)> done);

  private:
    struct Asked;
    /// When the buyer of a declined purchase is to be forgotten; nothing for every other one, and where it is done.
    std::optional<foundation::Instant> erasure_due(const ledger::Transaction& transaction) const;
    void submit(std::shared_ptr<Asked> asked, Loading loading);
    /// The purchase with everything that is due by now, if the origin may see it.
    std::variant<PurchasePtr, NotDecided> as_of_now(PurchasePtr purchase, const Origin& origin);
    void give(OnResult answer, Result result);
    void give_as_of(OnResult answer, const StreamName& stream, std::int64_t seq,
                    std::optional<ledger::Refusal> refusal);

    using DecideCode = std::function<ledger::CodeDecision(const ledger::Transaction&, foundation::Instant now)>;
    void decide_code(Origin origin, std::string transaction_id, DecideCode decide, std::string new_code, OnCode answer);

    House house_;
    OneTimeCodes codes_;
};

}  // namespace saldo::service
