#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "foundation/digest.hpp"

namespace saldo::foundation {

/// One of the 4,096 parts the log is cut into: the distribution key.
using Bucket = std::uint16_t;
constexpr int bucket_count = 4096;

/// Twenty characters of Crockford base32 (no I, L, O, U) from the first 100 bits of a digest: `6Z54V9SXRCRSKDXDGKZW`.
std::string id_text(const Digest& digest);
/// The same with the first 12 bits replaced by the bucket: an id that belongs into a given bucket.
std::string id_text_in(Bucket bucket, const Digest& digest);
/// True for exactly twenty characters of Crockford's alphabet in upper case.
bool is_id(std::string_view text);

/// True for a transaction id of either form: twenty characters of Crockford base32, or the older `12-3456789123456789`
/// (`[0-9]{1,3}-[0-9]{10,20}`, imported transactions).
bool is_transaction_id(std::string_view text);
/// Where a transaction's stream lies: the first 12 bits of the new form, the first 12 bits of SHA-256 of the old one.
/// Requires `is_transaction_id(text)`.
Bucket bucket_of(std::string_view transaction_id);

/// A UUID (version 4, lower case) from the first 128 bits of a digest: `53998820-2dcf-4187-b1d0-f0a78cb06d39`. Its
/// first three digits are its bucket.
std::string uuid_text(const Digest& digest);
/// True for 36 characters of a UUID in lower case, of any version.
bool is_uuid(std::string_view text);
/// The bucket that a UUID's first three digits name. Requires `is_uuid(text)`.
Bucket bucket_of_uuid(std::string_view text);

}  // namespace saldo::foundation
