#pragma once

#include <cstdint>
#include <functional>
#include <istream>
#include <stdexcept>
#include <string>
#include <string_view>

#include "service/event_store.hpp"

namespace saldo::service {

/// An export cannot be taken in: one sentence that names the line.
class ExportUnreadable : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// What an export holds.
struct Exported {
    std::int64_t events = 0;
    std::int64_t streams = 0;
    std::string digest;  ///< over all lines before the last, in hexadecimal
    bool operator==(const Exported&) const = default;
};

/// Writes the log as lines of JSON, in the order of the log: a head, the store's secrets, the events, an end that
/// counts and covers them. What is wrapped or sealed stays so. `log` must see one moment. docs/guides/backup.md has the
/// format.
///
/// Throws BrokenInvariant for a body that is no text, which no version wrote.
Exported export_log(LogReader& log, EventStore& store, const std::function<void(std::string_view)>& write,
                    const std::function<void(std::int64_t done, std::int64_t total)>& progress = {});

/// Takes such lines into an empty store: the same events under the same hashes, so that exporting it gives the same
/// bytes. Throws ExportUnreadable for anything else than `export_log` writes, whatever is before it is in the store
/// then.
Exported import_log(std::istream& lines, EventStore& store,
                    const std::function<void(std::int64_t events)>& progress = {});

}  // namespace saldo::service
