#pragma once

#include <functional>
#include <string>

#include "ledger/command.hpp"
#include "service/clock.hpp"
#include "service/messenger.hpp"
#include "service/partners.hpp"
#include "service/random.hpp"
#include "service/reader_pool.hpp"
#include "service/stream_state.hpp"
#include "subject/sealing.hpp"

namespace saldo::service {

/// What the use cases of purchases and sessions work with; all of it outlives them and their last answer.
struct House {
    StoreLane& lane;
    ReaderPool& readers;
    Partners& partners;
    Clock& clock;
    Random& random;
    subject::Key master_key;
    std::string id_secret;
    /// The risk check; none in production. Called on the asking thread, or on the lane's.
    std::function<ledger::RiskVerdict(const ledger::Authorise&)> assess = {};
    /// What carries one-time codes; without it no purchase can ask for one.
    Messenger* messenger = nullptr;
};

}  // namespace saldo::service
