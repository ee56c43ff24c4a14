#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "service/partners.hpp"

namespace saldo::cli {

// What the list commands give, as JSON arrays. With a partner's id only what is that partner's.

std::string partners_json(const service::PartnerDirectory& directory);
std::string shops_json(const service::PartnerDirectory& directory, const std::optional<std::string>& partner_id);
/// The operator's clients first; `partner_id` null for those that see every partner.
std::string clients_json(const service::PartnerDirectory& directory, const std::optional<std::string>& partner_id);

}  // namespace saldo::cli
