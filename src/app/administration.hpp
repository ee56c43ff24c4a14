#pragma once

#include <functional>
#include <string>

#include "app/engine.hpp"
#include "cli/administration.hpp"
#include "http/signing_keys.hpp"

namespace saldo::app {

/// The commands that change a store. The engine outlives them; the keys are asked for when a command needs them.
cli::Administration administration_of(Engine& engine, std::function<http::SigningKeys&()> keys);

/// `[{"kid", "state", "signs_from"}]`, the oldest first.
std::string keys_json(const http::SigningKeys& keys);

}  // namespace saldo::app
