#pragma once

#include <map>
#include <string>
#include <utility>

#include "foundation/digest.hpp"
#include "foundation/id.hpp"
#include "ledger/command_text.hpp"
#include "ledger/decide.hpp"
#include "service/clock.hpp"
#include "service/purchases.hpp"
#include "terms/contract.hpp"

namespace saldo::http {

/// A business clock that stands still until it is told otherwise.
class FakeClock final : public service::Clock {
  public:
    explicit FakeClock(foundation::Instant at) : at_(at) {}
    foundation::Instant now() override { return at_; }
    void set(foundation::Instant at) { at_ = at; }

  private:
    foundation::Instant at_;
};

/// The use cases of a purchase in memory, for tests of what asks them: decided by the ledger, answered at once. Every
/// partner has the demo contract and one shop. Ids count up: 0000000000000000000A, ...
class FakePurchases final : public service::Purchases {
  public:
    explicit FakePurchases(service::Clock& clock) : clock_(clock) {}

    /// Every answer from now on, instead of a decision.
    std::optional<service::NotDecided> fails_with = std::nullopt;
    terms::Contract contract = terms::demo_contract();
    std::map<std::string, std::string, std::less<>> shops{{"partner-shop-id-1", "fruits and more"}};
    ledger::RiskVerdict risk = ledger::RiskVerdict::accepted;
    service::Origin asked_by = {};  ///< the last that asked

    void authorise(service::Origin origin, ledger::Authorise command, OnResult answer) override {
        asked_by = origin;
        if (fails_with) return answer(*fails_with);
        const std::string text = ledger::command_text(command);
        if (origin.key) {
            const auto known = first_of_key_.find(*origin.key);
            if (known != first_of_key_.end()) return answer(repeated(known->second, text));
        }
        if (command.expires && *command.expires <= clock_.now()) return answer(service::NotDecided::expires_in_past);
        auto purchase = std::make_shared<service::Purchase>();
        purchase->transaction.id = next_id();
        const ledger::Counterpart counterpart{.partner_id = origin.partner_id.value_or(""),
                                              .contract = contract,
                                              .shops = shops,
                                              .risk = risk,
                                              .payment_reference = "KK7709094U2"};
        const auto decision = decide(command, counterpart, {.now = clock_.now(), .operation_id = {}});
        record(*purchase, decision, origin, text, std::nullopt);
        purchases_[purchase->transaction.id] = purchase;
        if (origin.key) first_of_key_[*origin.key] = {text, result_of(purchase)};
        answer(result_of(purchase));
    }

    void operate(service::Origin origin, service::PurchasePtr found, ledger::Command command,
                 OnResult answer) override {
        asked_by = origin;
        if (fails_with) return answer(*fails_with);
        const std::string& id = found->transaction.id;
        const std::string text = ledger::command_text(command);
        if (origin.key) {
            const auto known = first_of_key_.find(id + *origin.key);
            if (known != first_of_key_.end()) return answer(repeated(known->second, text));
        }
        auto purchase = std::make_shared<service::Purchase>(*purchases_.at(id));
        const auto decision = decide(purchase->transaction, command, {.now = clock_.now(), .operation_id = next_id()});
        if (!decision) return answer(service::SaidNo{decision.error(), nullptr});
        record(*purchase, *decision, origin, text, std::nullopt);
        purchases_[id] = purchase;
        const service::Done done{
            .purchase = purchase, .seq = decision->empty() ? 0 : purchase->transaction.version, .repeated = false};
        if (origin.key && done.seq > 0) first_of_key_[id + *origin.key] = {text, done};
        answer(done);
    }

    void find(service::Origin origin, std::string id, OnPurchase answer) override {
        asked_by = origin;
        if (fails_with) return answer(*fails_with);
        const auto found = purchases_.find(id);
        if (found == purchases_.end() ||
            (origin.partner_id && *origin.partner_id != found->second->transaction.authorisation.partner_id))
            return answer(service::NotDecided::unknown_transaction);
        answer(with_what_is_due(found->second));
    }

  private:
    using Known = std::pair<std::string, service::Result>;

    static service::Result repeated(const Known& known, const std::string& text) {
        if (known.first != text) return service::NotDecided::key_reused;
        return known.second;
    }

    static service::Result result_of(const service::PurchasePtr& purchase) {
        if (purchase->transaction.decline) return service::SaidNo{*purchase->transaction.decline, purchase};
        return service::Done{.purchase = purchase, .seq = 1, .repeated = false};
    }

    service::PurchasePtr with_what_is_due(const service::PurchasePtr& purchase) const {
        const auto due = due_events(purchase->transaction, clock_.now());
        if (due.empty()) return purchase;
        auto later = std::make_shared<service::Purchase>(*purchase);
        for (const auto& event : due) evolve(later->transaction, event);
        return later;
    }

    void record(service::Purchase& purchase, const ledger::Decision& decision, const service::Origin& origin,
                const std::string& text, std::optional<ledger::Refusal> refusal) const {
        for (const auto& decided : decision) {
            const std::int64_t seq = purchase.transaction.version + 1;
            evolve(purchase.transaction, {.seq = seq,
                                          .recorded_at = clock_.now(),
                                          .effective_at = clock_.now(),
                                          .value_date = decided.value_date,
                                          .actor = origin.actor,
                                          .event = decided.event});
            purchase.hashes.push_back(foundation::sha256(purchase.transaction.id + std::to_string(seq)));
            if (origin.key)
                purchase.keys.push_back({.key = *origin.key, .fingerprint = text, .seq = seq, .refusal = refusal});
        }
        purchase.last_recorded_at = clock_.now();
    }

    std::string next_id() {
        std::string id = std::to_string(++ids_);
        return std::string(20 - id.size(), '0') + id;
    }

    service::Clock& clock_;
    std::map<std::string, service::PurchasePtr, std::less<>> purchases_;
    std::map<std::string, Known, std::less<>> first_of_key_;
    int ids_ = 0;
};

}  // namespace saldo::http
