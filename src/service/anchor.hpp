#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "service/event_store.hpp"
#include "service/store_fault.hpp"
#include "subject/sealing.hpp"

namespace saldo::service {

/// The text is no anchor that was signed for this store.
class AnchorUnusable : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Where the chain of one bucket ended.
struct ChainEnd {
    foundation::Bucket bucket = 0;
    std::int64_t position = 0;
    foundation::Digest hash{};
    bool operator==(const ChainEnd&) const = default;
};

/// Where all chains ended at one moment. Kept elsewhere, it proves later what the log alone cannot: that nothing was
/// cut off its end and that it was not written anew.
struct Anchor {
    foundation::Instant made_at;
    std::int64_t events = 0;
    std::vector<ChainEnd> ends = {};  ///< of the buckets that have events, in their order
    bool operator==(const Anchor&) const = default;
};

/// The anchor of a log, every chain of which is checked on the way: a broken one is not signed. `log` must see one
/// moment.
std::expected<Anchor, StoreFault> anchor_of(LogReader& log, foundation::Instant now,
                                            const std::function<void(std::int64_t done, std::int64_t total)>& progress);

/// The anchor as one line of JSON, signed under a key made from the master key.
std::string signed_text(const Anchor& anchor, const subject::Key& master_key);
/// The reverse. Throws AnchorUnusable, also when it was signed under another master key or changed since.
Anchor anchor_in(std::string_view text, const subject::Key& master_key);

}  // namespace saldo::service
