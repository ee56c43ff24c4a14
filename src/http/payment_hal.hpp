#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "ledger/transaction.hpp"

namespace saldo::http {

/// How much of a resource is shown.
enum class Extent : std::uint8_t { minimal, full };

/// What can be done to a purchase after its authorisation, as the Payment API names it.
struct OperationNames {
    ledger::BasketChange::Kind kind;
    std::string_view collection;  ///< `captures`: in paths, in `_links` and in `_embedded`
    std::string_view id;          ///< `ratepay_capture_id`
    std::string_view not_found;   ///< `CAPTURE_NOT_FOUND`
};
/// Requires another kind than expiry.
const OperationNames& names_of(ledger::BasketChange::Kind kind);

/// Writes the resources of the Payment API: HAL, with links that are whole URLs, and a purchase as it stood at some
/// moment. A repeated request is rendered from the same moment and gets the same bytes.
class PaymentHal {
  public:
    /// `public_url`: what every link begins with.
    explicit PaymentHal(std::string_view public_url);

    std::string transaction_url(const ledger::Transaction& transaction) const;
    /// Where the code of a purchase is entered (`verify`), or a new one asked for (`regenerate`).
    std::string code_url(const ledger::Transaction& transaction, std::string_view what) const;
    std::string operation_url(const ledger::Transaction& transaction, const ledger::BasketChange& change) const;
    std::string shipping_url(const ledger::Transaction& transaction,
                             const ledger::Dated<ledger::ShippingInformationAdded>& shipping) const;

    /// The minimal one requires that the purchase was accepted.
    std::string transaction(const ledger::Transaction& transaction, Extent extent) const;
    /// What answers an authorisation that is declined. Requires that it was.
    std::string declined_authorisation(const ledger::Transaction& transaction) const;

    std::string operation(const ledger::Transaction& transaction, const ledger::BasketChange& change,
                          Extent extent) const;
    std::string operations(const ledger::Transaction& transaction, ledger::BasketChange::Kind kind) const;

    std::string shipping_information(const ledger::Transaction& transaction,
                                     const ledger::Dated<ledger::ShippingInformationAdded>& shipping,
                                     Extent extent) const;
    /// The parcels of one capture.
    std::string shipping_informations(const ledger::Transaction& transaction, std::string_view capture_id) const;

  private:
    std::string base_;
    std::string code_base_;
};

}  // namespace saldo::http
