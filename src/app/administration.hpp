#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "app/engine.hpp"
#include "cli/administration.hpp"
#include "http/signing_keys.hpp"

namespace saldo::app {

/// The commands that change a store. The engine outlives them; the keys are asked for when a command needs them.
/// `send_again` is `DeliveryBook::send_again`, by whoever has the book.
cli::Administration administration_of(Engine& engine, std::function<http::SigningKeys&()> keys,
                                      std::function<bool(std::string_view delivery_id)> send_again);

/// `[{"kid", "state", "signs_from"}]`, the oldest first.
std::string keys_json(const http::SigningKeys& keys);

}  // namespace saldo::app
