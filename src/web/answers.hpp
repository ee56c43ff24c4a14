#pragma once

#include <span>
#include <string>
#include <string_view>

#include "http/message.hpp"
#include "web/assets.hpp"

namespace saldo::web {

/// A page, with everything that keeps it from other sites: it may load from this server alone, be framed by pages of
/// these origins alone (by nobody without one), tell nobody where it was, and is kept by no cache.
http::Response page_response(int status, std::string html, std::span<const std::string> frame_ancestors = {});

/// 303 to a place: after a form, so that going back sends nothing again.
http::Response see_other(std::string_view place);

/// A file that may be kept for good, since its address changes with it.
http::Response asset_response(const Asset& asset);

/// Every field that a cookie of that name has, the first one only; empty without one.
std::string cookie_value(const http::Request& request, std::string_view name);

/// Whether the page may stand in a frame of another site.
enum class Framing { never, allowed };

/// The cookie that stands for the landing token, for the session's own paths: no script sees it, and no other site
/// sends a form with it. In a frame the browser sends it only over https, and keeps one for each site that frames.
std::string session_cookie(std::string_view value, std::string_view path, http::Scheme scheme, Framing framing);
inline constexpr std::string_view session_cookie_name = "saldo_page";

}  // namespace saldo::web
