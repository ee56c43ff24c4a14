#pragma once

#include <optional>
#include <variant>

#include "foundation/calendar.hpp"
#include "foundation/json.hpp"
#include "foundation/money.hpp"
#include "foundation/outcome.hpp"
#include "http/field_reader.hpp"
#include "http/purchase_command.hpp"

namespace saldo::http {

/// What a body under `/saldo/v1` asks for, or everything that is wrong with it. All of them require an object. Amounts
/// are in the currency of the purchase; without one, only what is wrong in any currency is found.
CommandRead read_payment(foundation::JsonValue body, std::optional<foundation::Currency> currency);
CommandRead read_withdrawal(foundation::JsonValue body);
CommandRead read_fee(foundation::JsonValue body, std::optional<foundation::Currency> currency);
CommandRead read_pay_later_withdrawal(foundation::JsonValue body);
CommandRead read_dunning_block(foundation::JsonValue body);
CommandRead read_end_of_dunning_block(foundation::JsonValue body);
CommandRead read_dunning_level(foundation::JsonValue body);

/// Where the sandbox's clock goes: to an instant, or ahead by calendar days of its zone and then by some time.
struct ClockAdvance {
    foundation::Days days{};
    std::chrono::seconds time{};
    bool operator==(const ClockAdvance&) const = default;
};
using ClockMove = std::variant<foundation::Instant, ClockAdvance>;

/// What is asked of the sandbox's clock: to move, to stand still or to tick on, or a move and one of these.
struct ClockChange {
    std::optional<ClockMove> move;
    std::optional<bool> frozen;
};
foundation::Outcome<ClockChange, Malformed> read_clock_change(foundation::JsonValue body);

/// Where the move leads from `now`. A day ahead is the same time of the next day, also where the clocks change.
foundation::Instant target_of(const ClockMove& move, foundation::Instant now, const foundation::Zone& zone);

}  // namespace saldo::http
