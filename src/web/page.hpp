#pragma once

#include <span>
#include <string>
#include <string_view>

#include "web/view.hpp"

namespace saldo::web {

/// The screen as HTML. Every value is escaped; what the buyer may do stands in forms, so that it works without scripts.
std::string render(const PageView& view);

/// The sandbox's phone.
std::string render_phone(std::string_view path, std::span<const PhoneMessage> newest_first);

/// What a consent receipt keeps of the screen on which the buyer agrees: the SHA-256 of its bytes, in hexadecimal.
/// Session-bound secrets and the time of day are left out, so that the same words give the same hash.
std::string page_hash(PageView view);

}  // namespace saldo::web
