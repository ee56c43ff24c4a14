#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/event.hpp"

namespace saldo::ledger {

/// An event as it is stored. Texts of a person stand in `texts` alone; in the body stands the number of the text, so
/// that a body can be read, and folded, when the texts are gone.
struct EncodedEvent {
    std::string body;   ///< JSON object
    std::string texts;  ///< JSON array of strings; empty when the event has none
};

/// The version in which `encode` writes every type of event.
constexpr int schema_version = 1;

EncodedEvent encode(const Event& event);

/// The event of a stored body. `texts` is what `encode` gave; nothing when the person was erased: then every text is
/// `Sealed::erased()`. Reads every schema version there ever was. Throws BrokenInvariant for bytes that no version
/// wrote.
Event decode(std::string_view type, int version, std::string_view body, const std::optional<std::string>& texts);

/// The same, but every text is erased: the texts are read and held to their form, and not kept. For whom it is enough
/// that they are there.
Event decode_without_texts(std::string_view type, int version, std::string_view body,
                           const std::optional<std::string>& texts);

}  // namespace saldo::ledger
