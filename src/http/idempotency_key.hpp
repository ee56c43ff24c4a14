#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "foundation/outcome.hpp"
#include "http/message.hpp"

namespace saldo::http {

/// What is wrong with the `Idempotency-Key` of a request, as a sentence for people.
struct KeyFault {
    std::string_view detail;
};

/// The key of a request; nothing if it has none. Both forms in use are the same key: the bare text, and the structured
/// field's quoted string (`"8e03..."`). 1 to 64 visible ASCII characters.
foundation::Outcome<std::optional<std::string>, KeyFault> idempotency_key_of(const Request& request);

}  // namespace saldo::http
