#include "checkout/event_codec.hpp"

#include <utility>

#include "checkout/event_fields.hpp"
#include "foundation/outcome.hpp"
#include "ledger/event_reader.hpp"
#include "ledger/event_writer.hpp"

namespace saldo::checkout {

ledger::EncodedEvent encode(const Event& event) {
    ledger::EventWriter writer;
    std::visit([&](const auto& what) { writer.object(what); }, event);
    return std::move(writer).finish();
}

Event decode(std::string_view type, int version, std::string_view body, const std::optional<std::string>& texts) {
    foundation::ensure(version == schema_version, "a stored event is of a version that this program does not know");
    return ledger::decode_event<Event>(type, body, texts);
}

}  // namespace saldo::checkout
