#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "app/engine.hpp"
#include "cli/administration.hpp"
#include "http/signing_keys.hpp"

namespace saldo::app {

/// The commands that change a store. The engine outlives them; the keys are asked for when a command needs them.
/// `send_again` is `DeliveryBook::send_again`, by whoever has the book. Who is erased is noted in the list first, if
/// there is one.
cli::Administration administration_of(Engine& engine, std::function<http::SigningKeys&()> keys,
                                      std::function<bool(std::string_view delivery_id)> send_again,
                                      cli::Administration::ContractRules rules,
                                      std::optional<std::filesystem::path> erasure_list = {});

/// Erases the person behind a transaction: there, in the session of the hosted payment page that it came from, and in
/// that session's other tries. Refused for an unknown one, done where it is done already.
cli::Reply erase_subject(Engine& engine, std::string_view transaction_id,
                         const std::optional<std::filesystem::path>& erasure_list = {});

/// `[{"kid", "state", "signs_from"}]`, the oldest first.
std::string keys_json(const http::SigningKeys& keys);

}  // namespace saldo::app
