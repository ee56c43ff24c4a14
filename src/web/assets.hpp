#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace saldo::web {

/// Every page's own paths begin here.
inline constexpr std::string_view assets_path = "/pay/assets";
inline constexpr std::string_view phone_path = "/pay/sandbox/phone";

/// A file that pages load: style, script, icon.
struct Asset {
    std::string_view bytes;
    std::string_view media_type;
};
/// Nothing for a name that there is not.
std::optional<Asset> asset(std::string_view name);

/// The path of an asset, with the hash of its bytes: it may be kept for good. Requires that there is one.
std::string asset_path(std::string_view name);

}  // namespace saldo::web
