#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "partner/partner.hpp"
#include "web/flow.hpp"

namespace saldo::web {

/// How the partner's shops look on the page, as its newest contract says.
Look look_of(const partner::Partner& partner);

/// The partner's logo as a file; nothing where there is none that can be shown.
struct Logo {
    std::string bytes;
    std::string_view media_type;
};
std::optional<Logo> logo_of(const partner::Partner& partner);

}  // namespace saldo::web
