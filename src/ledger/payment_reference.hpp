#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "foundation/id.hpp"

namespace saldo::ledger {

/// The reference that a buyer writes on a transfer, of the form `KK7709094U2`: two letters, seven digits, a letter and
/// a check digit (Luhn over the digits, letters counting A=10 ... Z=35), so that a wrong digit is noticed.
///
/// It is a permutation of (bucket, position of the authorisation in its bucket), hence unique in a store without a
/// table of those given out. `secret` scatters the references, so that one does not follow from the next.
std::string payment_reference(foundation::Bucket bucket, std::int64_t position, std::string_view secret);

/// Whether a text has the form and the right check digit.
bool is_payment_reference(std::string_view text);

/// The bucket of a reference that `payment_reference` made with this secret. Requires is_payment_reference(text).
foundation::Bucket bucket_of_reference(std::string_view text, std::string_view secret);

/// The reference of one invoice: `<payment reference>-<running number>`, three digits from 001, more when they run out.
std::string clearing_reference(std::string_view payment_reference, int number);

}  // namespace saldo::ledger
