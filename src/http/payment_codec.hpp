#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "foundation/calendar.hpp"
#include "foundation/json.hpp"
#include "foundation/money.hpp"
#include "foundation/outcome.hpp"
#include "http/field_reader.hpp"
#include "http/purchase_command.hpp"
#include "ledger/command.hpp"
#include "terms/payment_method.hpp"

namespace saldo::http {

/// What a body of Payment API 2.0 asks for, or everything that is wrong with it. All of them require an object.
///
/// An operation's amounts are in the currency of its purchase. For a purchase that is not there it is not known: then
/// only what is wrong in any currency is found, and the command means nothing.

/// What is wrong with an authorisation's end that has passed.
inline constexpr std::string_view not_in_future = "must lie in the future";

/// `now`: an authorisation must end after it.
foundation::Outcome<ledger::Authorise, Malformed> read_authorise(foundation::JsonValue body, foundation::Instant now);

/// What an authorisation and a session's `order_data` have in common: everything but the way to pay. Faults go to `in`;
/// what must be there its caller requires.
ledger::Authorise read_order(const FieldReader& in, foundation::Instant now);
/// `{"payment_option", "transfer_type"}`.
terms::PaymentMethod read_payment_method(const FieldReader& in);

CommandRead read_increase(foundation::JsonValue body, std::optional<foundation::Currency> currency);
CommandRead read_capture(foundation::JsonValue body, std::optional<foundation::Currency> currency);
CommandRead read_cancel(foundation::JsonValue body, std::optional<foundation::Currency> currency);
CommandRead read_refund(foundation::JsonValue body, std::optional<foundation::Currency> currency);
CommandRead read_shipping_information(foundation::JsonValue body, std::string capture_id);

/// A merge patch (RFC 7396). Only the end of the authorisation can be changed, to an instant after `now`; an empty
/// patch leaves it at `current`.
CommandRead read_transaction_patch(foundation::JsonValue body, foundation::Instant current, foundation::Instant now);

}  // namespace saldo::http
