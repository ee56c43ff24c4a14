#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "foundation/outcome.hpp"
#include "http/caller.hpp"
#include "http/message.hpp"
#include "http/purchase_command.hpp"
#include "http/router.hpp"
#include "http/saldo_problem.hpp"
#include "service/purchases.hpp"

namespace saldo::http {

// What the calls under `/saldo/v1` have in common.

inline constexpr Nay saldo_nay{
    .malformed = malformed_problem, .refused = refused_problem, .not_decided = not_decided_problem};

/// JSON that nobody may keep.
Response json_response(int status, std::string body);

/// Who asks, without a key.
service::Origin who_asks(const Call& call);

/// As the index wants it: empty for an operator who sees every partner.
std::string_view searched_partner(const Caller& caller);

enum class KeyNeed : std::uint8_t { optional, required };
/// The Idempotency-Key, or what answers a request whose key is wrong or missing.
foundation::Outcome<std::optional<std::string>, Response> key_of(const Request& request, KeyNeed need);

}  // namespace saldo::http
