#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "service/clock.hpp"
#include "service/indexer.hpp"
#include "service/ledger_purchases.hpp"

namespace saldo::service {

/// Records what time alone brings about, in the order in which it fell due: once in a while, and at once when asked.
class DueWork {
  public:
    /// `pause_ms` between two looks. What is handed in outlives the work.
    DueWork(Indexer& indexer, LedgerPurchases& purchases, Clock& clock, int pause_ms = 1000);
    ~DueWork();

    /// Returns when everything that is due by the clock's now is recorded; false when something could not be.
    bool finish_everything_due();

  private:
    void run(int pause_ms);

    Indexer& indexer_;
    LedgerPurchases& purchases_;
    Clock& clock_;
    std::mutex one_at_a_time_;

    std::mutex pause_guard_;
    std::condition_variable stopped_;
    bool stops_ = false;
    std::thread thread_;
};

}  // namespace saldo::service
