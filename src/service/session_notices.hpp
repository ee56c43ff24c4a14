#pragma once

#include <memory>

#include "service/courier.hpp"
#include "service/event_store.hpp"
#include "subject/sealing.hpp"

namespace saldo::service {

/// What the log tells merchants: of every session with a `webhook_url` each change of its status, with the session
/// record as of that event. That a session was made is no change: who made it knows.
///
/// The source keeps a reader of the store, which outlives it.
NoticeSource session_notices(EventStore& store, subject::Key master_key);

}  // namespace saldo::service
