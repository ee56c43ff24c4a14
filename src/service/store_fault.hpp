#pragma once

#include <string>

#include "service/event_record.hpp"

namespace saldo::service {

/// The first place of a store that is not as it must be, as a sentence that names bucket, position, stream and seq.
struct StoreFault {
    std::string where;  ///< `bucket 7, position 3 (event 2 of 6Z54V9SXRCRSKDXDGKZW)`
    std::string what;
    bool operator==(const StoreFault&) const = default;
};

/// An event's place as a fault names it.
std::string place_of(const EventRecord& record);

}  // namespace saldo::service
