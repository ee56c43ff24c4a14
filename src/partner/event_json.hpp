#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "foundation/outcome.hpp"
#include "partner/contract_json.hpp"
#include "partner/event.hpp"

namespace saldo::partner {

/// An event as the log keeps it: `PartnerAdded`, the version of its form, and its body as JSON.
struct EventText {
    std::string type;
    int schema_version = 1;
    std::string body;
    bool operator==(const EventText&) const = default;
};

EventText encode(const Event& event);
/// Reads every version that was ever written (golden/ keeps one of each); what cannot be read is a store newer than
/// this program, or a broken one.
foundation::Outcome<Event, std::vector<Malformed>> decode(const EventText& text);

}  // namespace saldo::partner
