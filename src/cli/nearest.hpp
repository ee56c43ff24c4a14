#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace saldo::cli {

/// The word that was probably meant: the one fewest keystrokes away, if few enough are needed that it is no accident.
std::optional<std::string_view> nearest(std::string_view typed, std::span<const std::string_view> words);

}  // namespace saldo::cli
