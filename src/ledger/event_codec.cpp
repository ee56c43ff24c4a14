#include "ledger/event_codec.hpp"

#include <utility>

#include "foundation/outcome.hpp"
#include "ledger/event_reader.hpp"
#include "ledger/event_writer.hpp"

namespace saldo::ledger {

EncodedEvent encode(const Event& event) {
    EventWriter writer;
    std::visit([&](const auto& what) { writer.object(what); }, event);
    return std::move(writer).finish();
}

namespace {

Event decoded(std::string_view type, int version, std::string_view body, const std::optional<std::string>& texts,
              Texts use) {
    foundation::ensure(version == schema_version, "a stored event is of a version that this program does not know");
    return decode_event<Event>(type, body, texts, use);
}

}  // namespace

Event decode(std::string_view type, int version, std::string_view body, const std::optional<std::string>& texts) {
    return decoded(type, version, body, texts, Texts::kept);
}

Event decode_without_texts(std::string_view type, int version, std::string_view body,
                           const std::optional<std::string>& texts) {
    return decoded(type, version, body, texts, Texts::checked);
}

}  // namespace saldo::ledger
