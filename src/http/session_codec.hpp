#pragma once

#include "foundation/calendar.hpp"
#include "foundation/json.hpp"
#include "foundation/outcome.hpp"
#include "http/field_reader.hpp"
#include "service/sessions.hpp"

namespace saldo::http {

/// What a body of `POST /pps/api/v1/session` asks for, or everything that is wrong with it. Requires an object. `now`:
/// the authorisation must end after it.
foundation::Outcome<service::RequestedSession, Malformed> read_session(foundation::JsonValue body,
                                                                       foundation::Instant now);

/// Whether a buyer may be led there, or a webhook sent: an absolute http or https URL with a host, of printable ASCII
/// characters, without a user's name.
bool is_web_address(std::string_view url);

}  // namespace saldo::http
