#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "foundation/calendar.hpp"
#include "service/random.hpp"

namespace saldo::http {

/// How often somebody may fail to sign in. Each is a bucket that holds a minute's worth and fills evenly.
struct TryLimits {
    int per_client_and_address_per_minute = 10;
    int per_address_per_minute = 100;
    std::size_t remembered_max = 65'536;  ///< buckets in memory; above, the fullest of a few is forgotten
};

/// Counts failed sign-ins by client and address, and by address alone. A client is never locked out by tries from
/// elsewhere, and no address can try many clients. Of IPv6 the network (/64) counts: whoever has one address there has
/// them all.
///
/// May be used from several threads; tries under way at the same moment may exceed a limit by the number of threads.
/// `now` is the system's time.
class TryLimit {
  public:
    TryLimit(TryLimits limits, service::Random& random);

    struct Try {
        std::string_view client_id;
        std::string_view address;
        foundation::Instant now;
    };
    /// How long to wait before this may be tried, in whole seconds from 1 on; nothing if it may be tried now.
    std::optional<std::chrono::seconds> wait_before(const Try& attempt);
    /// This was tried and failed.
    void failed(const Try& attempt);

  private:
    using Name = std::array<std::uint8_t, 16>;
    /// A bucket is empty when `full_again` lies a minute ahead, and full when that has passed.
    struct Bucket {
        Name name{};
        foundation::Instant full_again{};
        foundation::Instant seen_at{};  ///< `full_again` is told by the clock of that moment
    };
    static constexpr std::size_t ways = 8;
    using Row = std::array<Bucket, ways>;

    struct Names {
        Name client_and_address;
        Name address;
    };
    Names names_of(const Try& attempt) const;
    Bucket& bucket(const Name& name, foundation::Instant now);

    const std::chrono::microseconds price_for_client_;
    const std::chrono::microseconds price_for_address_;
    const std::string secret_;  // so that nobody can choose names that share a row
    std::mutex mutex_;
    std::vector<Row> rows_;
};

}  // namespace saldo::http
