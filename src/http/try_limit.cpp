#include "http/try_limit.hpp"

#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <string>

#include "foundation/digest.hpp"
#include "http/client_address.hpp"

namespace saldo::http {
namespace {

using foundation::Instant;
using std::chrono::microseconds;

constexpr std::chrono::minutes window{1};

microseconds price_of(int per_minute) {
    if (per_minute < 1) throw std::invalid_argument("a limit of tries must be at least 1");
    return microseconds(window) / per_minute;
}

bool is_mapped_ipv4(const IpAddress& address) {
    constexpr std::array<std::uint8_t, 12> prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
    return std::equal(prefix.begin(), prefix.end(), address.bytes.begin());
}

/// What counts as one place on the net.
std::string place_of(std::string_view text) {
    auto address = IpAddress::parse(text);
    if (!address) return std::string(text);
    if (!is_mapped_ipv4(*address)) std::fill(address->bytes.begin() + 8, address->bytes.end(), std::uint8_t{0});
    return {address->bytes.begin(), address->bytes.end()};
}

}  // namespace

TryLimit::TryLimit(TryLimits limits, service::Random& random)
    : price_for_client_(price_of(limits.per_client_and_address_per_minute)),
      price_for_address_(price_of(limits.per_address_per_minute)),
      secret_(random.bytes(32)),
      rows_(std::max<std::size_t>(1, limits.remembered_max / ways)) {}

std::optional<std::chrono::seconds> TryLimit::wait_before(const Try& attempt) {
    const Names names = names_of(attempt);
    const std::lock_guard lock(mutex_);
    // What each bucket would be after a failure; it cannot be emptier than empty.
    const Instant after = std::max(bucket(names.address, attempt.now).full_again + price_for_address_,
                                   bucket(names.client_and_address, attempt.now).full_again + price_for_client_);
    const Instant latest = attempt.now + window;
    if (after <= latest) return std::nullopt;
    return std::chrono::ceil<std::chrono::seconds>(after - latest);
}

void TryLimit::failed(const Try& attempt) {
    const Names names = names_of(attempt);
    const std::lock_guard lock(mutex_);
    bucket(names.address, attempt.now).full_again += price_for_address_;
    bucket(names.client_and_address, attempt.now).full_again += price_for_client_;
}

TryLimit::Names TryLimit::names_of(const Try& attempt) const {
    const auto name_of = [this](std::string_view text) {
        const auto digest = foundation::hmac_sha256(secret_, text);
        Name name{};
        std::copy_n(digest.begin(), name.size(), name.begin());
        return name;
    };
    const std::string place = place_of(attempt.address);
    std::string both = std::to_string(place.size()) + ':' + place;
    both += attempt.client_id;
    return {.client_and_address = name_of(both), .address = name_of(place)};
}

/// The bucket of that name as it stands now; a full one if it is not remembered.
TryLimit::Bucket& TryLimit::bucket(const Name& name, Instant now) {
    std::uint32_t number = 0;
    std::memcpy(&number, name.data(), sizeof number);
    Row& row = rows_[number % rows_.size()];
    auto found = std::ranges::find(row, name, &Bucket::name);
    if (found == row.end()) {
        found = std::ranges::min_element(row, {}, &Bucket::full_again);
        *found = {.name = name, .full_again = now, .seen_at = now};
    }
    // A clock that was set back takes nothing out of a bucket and puts nothing in.
    if (now < found->seen_at) found->full_again -= found->seen_at - now;
    found->seen_at = now;
    // Neither fuller than full nor, where tries came together, emptier than empty.
    found->full_again = std::clamp(found->full_again, now, now + window);
    return *found;
}

}  // namespace saldo::http
