#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "http/router.hpp"
#include "service/clock.hpp"
#include "service/partners.hpp"
#include "service/purchases.hpp"
#include "service/sessions.hpp"
#include "web/view.hpp"

namespace saldo::web {

/// What the hosted payment page asks of the rest of the program. All of it outlives the routes and their answers.
struct PaymentPage {
    service::Sessions& sessions;
    service::Purchases& purchases;
    service::Clock& clock;  ///< the business clock
    /// Everybody as of now. May be called from any thread.
    std::function<std::shared_ptr<const service::PartnerDirectory>()> directory;
    enum class Kind : std::uint8_t { production, sandbox } kind = Kind::production;
    http::Scheme scheme = http::Scheme::http;  ///< in which buyers come: with https, cookies are Secure
    /// The text messages that the sandbox's phone has got, the newest first; nothing where there is no phone.
    std::function<std::vector<PhoneMessage>()> phone = {};
};

/// The buyer's page, and the sandbox's phone: `GET /pay/open/{token}` (`http::landing_path`) lets in,
/// `/pay/{session_id}` is the purchase, and its forms are POSTs below.
std::vector<http::Route> payment_page_routes(PaymentPage page);

}  // namespace saldo::web
