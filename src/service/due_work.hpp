#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "service/checkout_sessions.hpp"
#include "service/clock.hpp"
#include "service/indexer.hpp"
#include "service/ledger_purchases.hpp"

namespace saldo::service {

/// Records what time alone brings about, in the order in which it fell due: once in a while, and at once when asked.
class DueWork {
  public:
    /// What it works with; all of it outlives the work.
    struct Parts {
        Indexer& indexer;
        LedgerPurchases& purchases;
        CheckoutSessions& sessions;
        Clock& clock;
    };
    /// `pause_ms` between two looks.
    explicit DueWork(Parts parts, int pause_ms = 1000);
    ~DueWork();

    /// Returns when everything that is due by the clock's now is recorded; false when something could not be.
    bool finish_everything_due();

  private:
    /// What came of looking at a stream, and when time will bring more.
    struct Looked {
        bool recorded = false;
        std::optional<foundation::Instant> next;
    };
    Looked look_at(const std::string& stream);
    void run(int pause_ms);

    Parts parts_;
    std::mutex one_at_a_time_;

    std::mutex pause_guard_;
    std::condition_variable stopped_;
    bool stops_ = false;
    std::thread thread_;
};

}  // namespace saldo::service
