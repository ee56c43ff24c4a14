#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "checkout/event.hpp"
#include "ledger/event_codec.hpp"

namespace saldo::checkout {

/// The version in which `encode` writes every type of event.
constexpr int schema_version = 1;

/// As the ledger's: texts of a person stand in `texts` alone, in the body stands the number of the text.
ledger::EncodedEvent encode(const Event& event);

/// The event of a stored body. `texts` is what `encode` gave; nothing when the person was erased: then every text is
/// `Sealed::erased()`. Reads every schema version there ever was. Throws BrokenInvariant for bytes that no version
/// wrote.
Event decode(std::string_view type, int version, std::string_view body, const std::optional<std::string>& texts);

}  // namespace saldo::checkout
