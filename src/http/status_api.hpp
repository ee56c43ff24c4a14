#pragma once

#include <cstdint>
#include <vector>

#include "http/document_cache.hpp"
#include "http/router.hpp"
#include "service/clock.hpp"
#include "service/purchases.hpp"

namespace saldo::http {

/// What the two status reads ask of the rest of the program; all of it outlives the routes and their answers.
struct StatusApi {
    service::Purchases& purchases;
    service::Clock& clock;
    /// Whoever writes to a purchase calls `forget` when the write is durable and before it is answered.
    DocumentCache& cache;
    int processing_offset_hours = 0;  ///< setting of the operator, printed in every document
    /// The published reads ask for a Content-Type though they have no body; clients that cannot send one need not.
    enum class ContentType : std::uint8_t { required, ignored } content_type = ContentType::required;
};

/// Transaction Status and Order Status: one purchase, told in the two published shapes.
std::vector<Route> status_routes(StatusApi api);

}  // namespace saldo::http
