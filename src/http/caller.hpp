#pragma once

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "foundation/calendar.hpp"
#include "http/api.hpp"
#include "partner/partner.hpp"
#include "service/partners.hpp"

namespace saldo::http {

/// Everybody who may call, as of now.
using Directory = std::function<std::shared_ptr<const service::PartnerDirectory>()>;

/// The system's time, which rules tokens and limits; the business clock does not.
using SystemTime = std::function<foundation::Instant()>;

/// Who calls, as the token proves.
struct Caller {
    std::string client_id;
    std::string partner_id;  ///< `partner::every_partner` for the operator's own clients
    partner::ClientKind kind = partner::ClientKind::api;
    std::vector<partner::Scope> scopes;  ///< of an operator client; those of its token
    Api api = Api::payment;              ///< what the token is good for
    std::string audience;                ///< as the token says it

    bool sees_every_partner() const { return partner_id == partner::every_partner; }
    bool sees(std::string_view id) const { return sees_every_partner() || partner_id == id; }
    /// Whether a route that takes this scope is open: scopes divide the work of operators; a shop's client has what its
    /// audience gives.
    bool may(partner::Scope scope) const {
        return kind == partner::ClientKind::api || std::ranges::find(scopes, scope) != scopes.end();
    }
    bool operator==(const Caller&) const = default;
};
using CallerPtr = std::shared_ptr<const Caller>;

}  // namespace saldo::http
