#pragma once

#include "foundation/json_writer.hpp"
#include "terms/instalment_offer.hpp"

namespace saldo::projection {

/// An offer as the API, the command line and the payment page show it: what a buyer must see before agreeing, each
/// instalment under the names of the status documents, and how every number came about. `terms` are those it was made
/// with.
void write_offer(foundation::JsonWriter& out, const terms::InstalmentTerms& terms, const terms::InstalmentOffer& offer);

}  // namespace saldo::projection
