#pragma once

#include <string_view>

namespace saldo::web {

/// The bytes of a file of this room, compiled in: `text/de.json`, `pages/layout.html`, `assets/page.css`. Throws
/// BrokenInvariant for a name that there is not.
std::string_view embedded(std::string_view name);

}  // namespace saldo::web
