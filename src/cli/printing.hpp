#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "cli/table.hpp"
#include "foundation/json.hpp"
#include "foundation/money.hpp"

namespace saldo::cli {

/// JSON over many lines, for people and files: two blanks a level, short arrays and objects of plain values on one
/// line.
std::string indented(foundation::JsonValue json);

/// `33.8` as people write money: `33.80`. Without a currency, with two decimals.
std::string amount_text(std::string_view number, std::optional<foundation::Currency> currency);

/// What an object says under that name, as people read it; empty where it says nothing.
std::string said(foundation::JsonValue object, std::string_view name);

// The results of commands as people read them.

std::string partners_text(foundation::JsonValue partners, Looks looks);
std::string shops_text(foundation::JsonValue shops, Looks looks);
std::string clients_text(foundation::JsonValue clients, Looks looks);
std::string keys_text(foundation::JsonValue keys, Looks looks);
std::string routes_text(foundation::JsonValue routes, Looks looks);
/// The log of a transaction, one event a line.
std::string events_text(foundation::JsonValue events, Looks looks);
/// The open amount as a tree whose leaves are events; of a session what happened, and whether the goods may leave.
std::string explanation_text(foundation::JsonValue explanation, Looks looks);
/// Any object as lines of name and value; what is nested stands below its name.
std::string outline(foundation::JsonValue json, Looks looks);

}  // namespace saldo::cli
